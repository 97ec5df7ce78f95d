"""The rows that a question names by their first cells: others of their tables do not answer it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from footnoted.corpus.spans import Annotation
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stem
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import same
from footnoted.qa.reader.candidates import Candidate

_Place = tuple[str, int]
"""A document's id, and where in it something begins."""
_Keys = dict[int, frozenset[str]]
"""Where the rows of a table begin, and the stems of their first cells."""


@dataclass(frozen=True, slots=True)
class AskedRows:
    """The tables in passages, as far as a question tells their rows apart.

    A row is named by the question if all of its first cell stands there, and something of it as a
    name: "What does the Team plan cost?"
    """

    asked: AskedFor
    tables: dict[_Place, _Keys]
    _said: dict[tuple[str, str], bool] = field(default_factory=dict)
    """Whether a document, by its id, says a name."""

    @classmethod
    def of(cls, asked: AskedFor, hits: Sequence[Hit]) -> AskedRows:
        tables: defaultdict[_Place, _Keys] = defaultdict(dict)
        for hit in hits if asked.names else ():
            document, passage = hit.document, Span(hit.passage.start, hit.passage.end)
            for row in document.structure.within(passage, "row"):
                table = document.structure.around(row.start, "table")
                if table and row.value != HEADER and (cells := _cells(document, row)):
                    key = document.structure.words_of(cells[0])
                    tables[document.id, table.start][row.start] = frozenset(content_stems(key))
        return cls(asked, dict(tables))

    def are_about_another(self, found: Candidate) -> bool:
        """Whether a candidate stands in a row of another thing than what is asked about.

        Another row is named, and it is not the first cells that are asked for; or none is, and what
        would tell its row from the others stands nowhere in the document.
        """
        document, at = found.hit.document, found.sentence.start
        table = document.structure.around(at, "table") if self.tables else None
        keys = self.tables.get((document.id, table.start), {}) if table else {}
        row = document.structure.around(at, "row")
        if row is None or row.start not in keys:
            return False
        if named := self._named(keys):
            return row.start not in named and not self._is_key(document, row, found.answer)
        telling = [name for name in self.asked.names if _tells_apart(name, keys)]
        return bool(telling) and not any(self._is_told(name, document, row) for name in telling)

    def _named(self, keys: _Keys) -> set[int]:
        wanted = content_stems(self.asked.text)
        names = {stem(name) for name in self.asked.names}
        return {start for start, key in keys.items() if key & names and key <= wanted}

    def _is_key(self, document: Document, row: Annotation, answer: Span) -> bool:
        key = _cells(document, row)[0]
        return answer.is_inside(Span(key.start, key.end))

    def _is_told(self, name: str, document: Document, row: Annotation) -> bool:
        if (document.id, name) not in self._said:
            said = re.compile(rf"\b{re.escape(name)}", re.I)
            texts = document.title, document.text
            self._said[document.id, name] = any(said.search(text) for text in texts)
        cells = (document.structure.words_of(cell) for cell in _cells(document, row))
        return self._said[document.id, name] or any(same(name, cell) for cell in cells)


def _cells(document: Document, row: Annotation) -> list[Annotation]:
    return document.structure.within(Span(row.start, row.end), "cell")


def _tells_apart(name: str, keys: _Keys) -> bool:
    """Whether a name is none that several first cells share, as "House" in "Oak House"."""
    return list(chain.from_iterable(keys.values())).count(stem(name)) < 2
