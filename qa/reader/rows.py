"""The rows that a question names by their first cells: others of their tables do not answer it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple, Self

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


class _Table(NamedTuple):
    """Where the rows of a table begin, and those of them that the question names.

    ``unknown``: where it names none, the names that would tell its row from the others, unless the
    document says one of them.
    """

    rows: frozenset[int]
    named: frozenset[int]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, asked: AskedFor, document: Document, keys: _Keys) -> Self:
        wanted, names = content_stems(asked.text), {stem(name) for name in asked.names}
        named = frozenset(at for at, key in keys.items() if key & names and key <= wanted)
        # "House" in "Oak House" and "Elm House" tells none of them apart.
        times = Counter(chain.from_iterable(keys.values()))
        telling = tuple(name for name in asked.names if times[stem(name)] < 2)
        is_known = bool(named) or any(_says(document, name) for name in telling)
        return cls(frozenset(keys), named, () if is_known else telling)


class AskedRows:
    """The tables in passages, as far as a question tells their rows apart.

    A row is named by the question if all of its first cell stands there, and something of it as a
    name: "What does the Team plan cost?"
    """

    def __init__(self, asked: AskedFor, hits: Sequence[Hit]) -> None:
        documents = {hit.document.id: hit.document for hit in hits}
        keys = _keys(hits) if asked.names else {}
        self._tables = {
            (id_, start): _Table.of(asked, documents[id_], of_table)
            for (id_, start), of_table in keys.items()
        }

    def are_about_another(self, found: Candidate) -> bool:
        """Whether a candidate stands in a row of another thing than what is asked about.

        Another row is named, and it is not the first cells that are asked for; or none is, and what
        would tell its row from the others stands nowhere in the document.
        """
        if not self._tables:
            return False
        document, at = found.hit.document, found.sentence.start
        around = document.structure.around(at, "table")
        table = self._tables.get((document.id, around.start)) if around else None
        row = document.structure.around(at, "row")
        if table is None or row is None or row.start not in table.rows:
            return False
        cells = _cells(document, row)
        if table.named:
            first = Span(cells[0].start, cells[0].end)
            return row.start not in table.named and not found.answer.is_inside(first)
        said = [document.structure.words_of(cell) for cell in cells]
        is_told = any(same(name, cell) for name in table.unknown for cell in said)
        return bool(table.unknown) and not is_told


def _keys(hits: Sequence[Hit]) -> dict[_Place, _Keys]:
    """Of the tables in passages, by where they begin."""
    tables: defaultdict[_Place, _Keys] = defaultdict(dict)
    for hit in hits:
        document, passage = hit.document, Span(hit.passage.start, hit.passage.end)
        for row in document.structure.within(passage, "row"):
            table = document.structure.around(row.start, "table")
            if table and row.value != HEADER and (cells := _cells(document, row)):
                key = document.structure.words_of(cells[0])
                tables[document.id, table.start][row.start] = frozenset(content_stems(key))
    return dict(tables)


def _cells(document: Document, row: Annotation) -> list[Annotation]:
    return document.structure.within(Span(row.start, row.end), "cell")


def _says(document: Document, name: str) -> bool:
    said = re.compile(rf"\b{re.escape(name)}", re.I)
    return any(said.search(text) for text in (document.title, document.text))
