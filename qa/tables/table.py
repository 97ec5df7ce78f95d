"""Tables as things in rows: each with cells under headers, which can be compared as figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from footnoted.corpus.spans import Annotation
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stem, words
from footnoted.index.types import Hit
from footnoted.qa.english import lexicon
from footnoted.qa.english.figures import Figure
from footnoted.qa.english.superlative import alike

# Of the cells that are compared, so many have to be figures.
_FIGURES = 0.8
_ABSENT = frozenset(("", "-", "–", "—", "?", "…", "...", "n/a", "na", "n.a.", "unknown"))
_PLAIN = re.compile(r"\D{0,3}?([-−]?\d+(?:,\d{3})*(?:\.\d+)?)\s*%?")
_OF_ALL = frozenset(map(stem, "total totals sum all average mean overall subtotal".split()))
# What a question says of the thing that has something, and nothing else: "has", "carries".
_HAVING = frozenset(
    map(stem, "hold take carry have get offer sit receive make contain list name thing one".split())
)

Order = tuple[float, ...]


class Row(NamedTuple):
    """A row, and its cells by their headers, in their order."""

    span: Span
    cells: dict[str, Annotation]


@dataclass(frozen=True)
class Table:
    """The ``rows`` of things, of which there is one at least, and those ``of_all`` together."""

    document: Document
    rows: Sequence[Row]
    of_all: Sequence[Row]
    rank: int
    """Of the best passage that holds some of it."""

    def said(self, cell: Annotation) -> str:
        return self.document.structure.words_of(cell)

    def stems(self, row: Row, header: str) -> set[str]:
        """Those of what a row says under a header."""
        return content_stems(self.said(row.cells[header])) if header in row.cells else set()

    @property
    def key(self) -> str:
        """The first header, under which the things are named."""
        return next(iter(self.rows[0].cells))

    @property
    def headers(self) -> list[str]:
        """The others."""
        return [one for one in self.rows[0].cells if one != self.key]

    @cached_property
    def figures(self) -> list[str]:
        """The headers under which figures stand."""
        return [header for header in self.headers if self.ordered(self.rows, header)]

    @cached_property
    def about(self) -> set[str]:
        """The stems of what it is about: its first header, and what it stands under."""
        structure, first = self.document.structure, self.rows[0].span.start
        above = " ".join([self.document.title, *structure.heading_path(first), self.key])
        return content_stems(above)

    def left_of(self, question: str) -> set[str]:
        """The stems of a question that what the table is about does not account for; nor do verbs:
        "spent", of a table of spending."""
        bases = {word.stem: lexicon.known_base(word.text) for word in words(question)}
        told = self.about | _HAVING
        verbs = {word for word, base in bases.items() if base and stem(base) in told}
        return content_stems(question) - self.about - verbs

    def among(self, left: set[str]) -> tuple[list[Row], set[str]]:
        """The rows that a question asks about, by what stands in their cells, and which of its
        stems tell nothing of them: "Which room on floor 1 is the cheapest?"."""
        rows = list(self.rows)
        for header in (self.key, *self.headers):
            held = [(row, self.stems(row, header)) for row in rows]
            named = [(row, said) for row, said in held if said and said <= left]
            if named:
                left = left.difference(content_stems(header), *(said for _, said in named))
                rows = [row for row, _ in named]
        return rows, left

    def ordered(self, rows: Sequence[Row], header: str) -> dict[Span, Order]:
        """What stands under a header as numbers that can be compared, by row; none where there are
        not enough, or of several kinds."""
        every = {row.span: self.said(row.cells[header]) for row in rows if header in row.cells}
        said = {at: one for at, one in every.items() if one.casefold() not in _ABSENT}
        for read in (_number, Figure.of):
            found = {at: figure for at, one in said.items() if (figure := read(one))}
            kinds = {(one.unit, one.is_time) for one in found.values()}
            if len(found) >= _FIGURES * max(len(said), len(rows) / 2) and len(kinds) == 1:
                return {at: one.number for at, one in found.items()}
        return {}


def having(left: set[str]) -> set[str]:
    """``left`` without the stems of verbs that only say that a thing has something."""
    return left - _HAVING


def naming(header: str) -> set[str]:
    """The stems by which a header may be asked for."""
    return {one for word in content_stems(header) for one in alike(word)}


def tables(hits: Sequence[Hit]) -> Iterator[Table]:
    """The tables of which passages were found, those first that are nearest."""
    seen = set[tuple[str, int]]()
    for rank, hit in enumerate(hits):
        structure = hit.document.structure
        for one in structure.within(Span(hit.passage.start, hit.passage.end), "table"):
            if (at := (hit.document.id, one.start)) not in seen:
                seen.add(at)
                things, of_all = _rows(hit.document, one)
                if len(things) > 1:
                    yield Table(hit.document, things, of_all, rank)


def _rows(document: Document, table: Annotation) -> tuple[list[Row], list[Row]]:
    """The rows of things, and those of sums and means; no headers."""
    structure, rows = document.structure, list[Row]()
    for row in structure.within(Span(table.start, table.end), "row"):
        span = Span(row.start, row.end)
        cells = {cell.value: cell for cell in structure.within(span, "cell") if cell.value}
        if row.value != HEADER and cells:
            rows.append(Row(span, cells))
    named = [content_stems(structure.words_of(next(iter(row.cells.values())))) for row in rows]
    of_all = [row for row, said in zip(rows, named, strict=True) if said & _OF_ALL]
    return [row for row in rows if row not in of_all], of_all


def _number(said: str) -> Figure | None:
    """What a cell says that holds a number and its sign at the most: "€450"."""
    if said.casefold() == "free":
        return Figure((0.0,), "", False)
    found = _PLAIN.fullmatch(said)
    number = float(found[1].replace(",", "").replace("−", "-")) if found else 0.0
    return Figure((number,), "", False) if found else None
