"""The row of a table that has the most or the least of something, found by comparing all rows.

"Which is the cheapest room?" is answered by no row alone: that it is the cheapest, the others say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from footnoted.corpus.spans import Annotation
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stem, words
from footnoted.index.types import Hit
from footnoted.qa.composing import NEAREST, cite
from footnoted.qa.english import lexicon
from footnoted.qa.english.figures import Figure
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.superlative import Superlative, alike, says_most
from footnoted.qa.protocols import Composition
from footnoted.qa.types import ShortAnswer, Statement

_SURE, _LESS_SURE = 0.9, 0.75
"""Where a header says what is compared by, and where there is but one column of figures."""

# Of the cells that are compared, so many have to be figures.
_FIGURES = 0.8
_ABSENT = frozenset(("", "-", "–", "—", "?", "…", "...", "n/a", "na", "n.a.", "unknown"))
_PLAIN = re.compile(r"\D{0,3}?([-−]?\d+(?:,\d{3})*(?:\.\d+)?)\s*%?")
_SUMS = frozenset(map(stem, "total totals sum all average mean overall subtotal".split()))
# What a question says of the thing that has the most, and nothing else: "has", "carries".
_HAVING = frozenset(
    map(stem, "hold take carry have get offer sit receive make contain list name thing one".split())
)
_ASKS_WHICH = re.compile(r"\W*(?:which|who|what|name)\b", re.I)

_Order = tuple[float, ...]


class _Row(NamedTuple):
    """A row, and its cells by their headers, in their order."""

    span: Span
    cells: dict[str, Annotation]


@dataclass(frozen=True)
class _Table:
    document: Document
    rows: Sequence[_Row]
    rank: int
    """Of the best passage that holds some of it."""

    def said(self, cell: Annotation) -> str:
        return self.document.structure.words_of(cell)

    @property
    def headers(self) -> list[str]:
        return list(self.rows[0].cells)

    def about(self) -> set[str]:
        """The stems of what it is about: its first header, and what it stands under."""
        structure, first = self.document.structure, self.rows[0].span.start
        above = " ".join([self.document.title, *structure.heading_path(first), self.headers[0]])
        return content_stems(above)


class _Extreme(NamedTuple):
    """The rows of a table that have the most, the header of what is asked of them, and how many
    were compared by which column."""

    table: _Table
    rows: list[_Row]
    asked: str
    column: _Column
    compared: int


def of_extremes(asked: AskedFor, hits: Sequence[Hit], composed: Composition) -> Composition:
    """What is ``composed`` for a question with a superlative, or what comparing rows answers.

    Where the documents say it themselves, ahead of any table, that stays. A row that says nothing
    of it answers only by comparison.
    """
    if asked.superlative is None:
        return composed
    found = [one for table in _tables(hits) if (one := _of_table(asked, table))]
    if found and not _is_said_before(composed, hits, found[0].table.rank):
        most = max(one.column.surely for one in found)
        return _answer([one for one in found if one.column.surely == most])
    return _without_rows(composed, hits, asked)


def _is_said_before(composed: Composition, hits: Sequence[Hit], rank: int) -> bool:
    """Whether what answers is no row, and stands in a passage that is nearer than a table."""
    if not composed.answered or not composed.answers:
        return False
    cited = composed.answers[0].citations[0]
    place = next(one for one in composed.citations if one.number == cited)
    at = next(
        (n for n, hit in enumerate(hits) if hit.holds(place.document, place.start)), len(hits)
    )
    return at < rank and not _is_row(hits, place.document, place.start)


def _is_row(hits: Sequence[Hit], document: str, at: int) -> bool:
    held = next((hit.document for hit in hits if hit.document.id == document), None)
    return held is not None and held.structure.around(at, "row") is not None


def _without_rows(composed: Composition, hits: Sequence[Hit], asked: AskedFor) -> Composition:
    """``composed``, but for answers from rows that do not say that they have the most."""
    if not composed.answered:
        return composed
    places = {one.number: one for one in composed.citations}

    def stands(cited: Sequence[int]) -> bool:
        rows = [places[n] for n in cited if _is_row(hits, places[n].document, places[n].start)]
        names = {stem(name) for name in asked.names}
        return not rows or any(
            says_most(one.said) or names & content_stems(one.said) for one in rows
        )

    answers = tuple(one for one in composed.answers if stands(one.citations))
    if len(answers) == len(composed.answers):
        return composed
    if not answers:
        nearest = composed.citations[:NEAREST]
        return Composition("uncertain", 1 - composed.confidence, nearest=nearest)
    statements = tuple(one for one in composed.statements if stands(one.citations))
    kept = {number for one in answers for number in one.citations}
    kept |= {number for one in statements for number in one.citations}
    citations = tuple(one for one in composed.citations if one.number in kept)
    return replace(composed, answers=answers, statements=statements, citations=citations)


# -- tables ----------------------------------------------------------------------------------------


def _tables(hits: Sequence[Hit]) -> Iterator[_Table]:
    """The tables of which passages were found, those first that are nearest."""
    seen = set[tuple[str, int]]()
    for rank, hit in enumerate(hits):
        structure = hit.document.structure
        for one in structure.within(Span(hit.passage.start, hit.passage.end), "table"):
            if (at := (hit.document.id, one.start)) not in seen:
                seen.add(at)
                rows = list(_rows(hit.document, one))
                if len(rows) > 1:
                    yield _Table(hit.document, rows, rank)


def _rows(document: Document, table: Annotation) -> Iterator[_Row]:
    """The rows of things, without headers and sums."""
    structure = document.structure
    for row in structure.within(Span(table.start, table.end), "row"):
        span = Span(row.start, row.end)
        cells = {cell.value: cell for cell in structure.within(span, "cell") if cell.value}
        first = next(iter(cells.values()), None)
        if row.value != HEADER and first and not _SUMS & content_stems(structure.words_of(first)):
            yield _Row(span, cells)


# -- comparing -------------------------------------------------------------------------------------


class _Column(NamedTuple):
    """What is compared: its header, and whether the most (1) or the least (-1) of it is wanted.

    ``surely``: whether the question names the header (3) or one of its kind (2), an adjective says
    it (1), or there is but one column of figures (0).
    """

    header: str
    way: int
    surely: int


def _of_table(asked: AskedFor, table: _Table) -> _Extreme | None:
    """The rows of ``table`` that have what is wanted; None where that is not clear.

    Each word of the question has to be accounted for: by what the table is about, by a header, or
    by the cells of the rows that it asks about.
    """
    wanted, said = asked.superlative, content_stems(asked.text)
    column = _column(wanted, said, table) if wanted else None
    if wanted is None or column is None:
        return None
    left = said - wanted.words - table.about() - _told_by_verbs(asked.text, table)
    if column.surely > 1:
        left -= _alike(column.header)
    rows, left = _among(left, table)
    is_itself = wanted.is_itself and not table.about() & set(wanted.noun[:1])
    what = column.header if is_itself else _asked_of(left, table)
    left -= _alike(what or "") | _HAVING
    if what is None and not _ASKS_WHICH.match(asked.text):
        return None
    ordered = _ordered(table, rows, column.header)
    if left or not ordered:
        return None
    best = max(ordered.values()) if column.way > 0 else min(ordered.values())
    having = [row for row in rows if ordered.get(row.span) == best]
    return _Extreme(table, having, what or table.headers[0], column, len(ordered))


def _told_by_verbs(question: str, table: _Table) -> set[str]:
    """The stems of verbs that say what the table is about: "spent", of a table of spending."""
    bases = {word.stem: lexicon.known_base(word.text) for word in words(question)}
    told = table.about() | _HAVING
    return {word for word, base in bases.items() if base and stem(base) in told}


def _column(wanted: Superlative, said: set[str], table: _Table) -> _Column | None:
    """What is compared, by a question with these stems."""
    headers = sorted(table.headers[1:], key=lambda one: -len(content_stems(one) & said))
    noun, about, ways = set(wanted.noun[:1]), table.about(), dict(wanted.ways)
    found = [_Column(one, wanted.wants, 3) for one in headers if noun & content_stems(one)]
    found += [_Column(one, wanted.wants, 2) for one in headers if noun & _alike(one)]
    for one in headers:
        found += [_Column(one, ways[word], 1) for word in content_stems(one) & ways.keys()]
    figures = [one for one in headers if _ordered(table, table.rows, one)]
    named = [one for one in figures if content_stems(one) and content_stems(one) <= said - about]
    if noun <= about and not ways and len(named) == 1:  # "the most inhabitants in 2023"
        found.append(_Column(named[0], wanted.wants, 2))
    if len(figures) == 1 and (wanted.is_of_size or (noun <= about and not ways)):
        found.append(_Column(figures[0], wanted.wants, 0))
    return next((one for one in found if one.header in figures), None)


def _alike(header: str) -> set[str]:
    """The stems by which a header may be asked for."""
    return {one for word in content_stems(header) for one in alike(word)}


def _asked_of(left: set[str], table: _Table) -> str | None:
    """The header of what is asked of a thing: "When was the longest ferry built?"."""
    return next((header for header in table.headers[1:] if left & _alike(header)), None)


def _among(left: set[str], table: _Table) -> tuple[list[_Row], set[str]]:
    """The rows that a question asks about, by what stands in their cells, and the words of it that
    tell nothing of them: "Which room on floor 1 is the cheapest?"."""
    rows = list(table.rows)
    for header in table.headers:
        held = [
            (row, content_stems(table.said(row.cells[header])))
            for row in rows
            if header in row.cells
        ]
        named = [(row, said) for row, said in held if said and said <= left]
        if named:
            left = left.difference(content_stems(header), *(said for _, said in named))
            rows = [row for row, _ in named]
    return rows, left


def _ordered(table: _Table, rows: Sequence[_Row], header: str) -> dict[Span, _Order]:
    """What stands in a column as numbers that can be compared, by row; none where there are not
    enough, or of several kinds."""
    every = {row.span: table.said(row.cells[header]) for row in rows if header in row.cells}
    said = {at: one for at, one in every.items() if one.casefold() not in _ABSENT}
    for read in (_number, Figure.of):
        found = {at: figure for at, one in said.items() if (figure := read(one))}
        kinds = {(one.unit, one.is_time) for one in found.values()}
        if len(found) >= _FIGURES * max(len(said), len(rows) / 2) and len(kinds) == 1:
            return {at: one.number for at, one in found.items()}
    return {}


def _number(said: str) -> Figure | None:
    """What a cell says that holds a number and its sign at the most: "€450"."""
    if said.casefold() == "free":
        return Figure((0.0,), "", False)
    found = _PLAIN.fullmatch(said)
    number = float(found[1].replace(",", "").replace("−", "-")) if found else 0.0
    return Figure((number,), "", False) if found else None


def _answer(found: Sequence[_Extreme]) -> Composition:
    """The rows, each cited, and one line on what they were compared with."""
    rows = [(one, row) for one in found for row in one.rows if one.asked in row.cells]
    citations = tuple(cite(n, one.table.document, row.span) for n, (one, row) in enumerate(rows, 1))
    confidence = _SURE if all(one.column.surely for one in found) else _LESS_SURE
    answers = tuple(
        ShortAnswer(one.table.said(row.cells[one.asked]), confidence, (number,))
        for number, (one, row) in enumerate(rows, 1)
    )
    statements = tuple(Statement(c.quote, "verbatim", (c.number,), c.rendered) for c in citations)
    note = "; ".join(_compared(one) for one in found if one.compared > 1)
    return Composition("answered", confidence, answers, statements, citations, note=note)


def _compared(one: _Extreme) -> str:
    most = "Highest" if one.column.way > 0 else "Lowest"
    place = f"{one.compared} rows of “{one.table.document.title}”"
    return f"{most} under “{one.column.header}” of the {place}"
