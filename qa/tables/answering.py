"""Answers that the rows of a table give together, and none of them alone.

"Which is the cheapest room?" is answered by no row: that it is the cheapest, the others say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems
from footnoted.index.types import Hit
from footnoted.qa.composing import NEAREST, cite
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.superlative import says_most
from footnoted.qa.protocols import Composition
from footnoted.qa.tables.extremes import extreme
from footnoted.qa.tables.found import Found
from footnoted.qa.tables.table import Table, tables
from footnoted.qa.tables.totals import together
from footnoted.qa.types import Citation, ShortAnswer, Statement

_NO_ROW = "Rows of a table were found, but none tells this of all of them."

_SURE, _LESS_SURE = 0.9, 0.75
"""Where the question or an adjective says what is compared, and where there is nothing else."""


def of_rows(asked: AskedFor, hits: Sequence[Hit], composed: Composition) -> Composition:
    """What is ``composed``, or, where it is asked for the most of something or for all of it
    together, what rows of tables answer.

    Where the documents say it themselves, ahead of any table, that stays. No single row answers
    such a question that does not say so.
    """
    is_of_documents = asked.request is not None and composed.answered
    if is_of_documents or not (asked.superlative or asked.aggregate):
        return composed
    found = [one for table in tables(hits) if (one := _in_table(asked, table))]
    if found and not _is_said_before(composed, hits, found[0].table.rank):
        surest = max(one.surely for one in found)
        return _answer([one for one in found if one.surely == surest])
    return _without_rows(composed, hits, asked)


def _in_table(asked: AskedFor, table: Table) -> Found | None:
    if asked.superlative:
        return extreme(asked.text, asked.superlative, table)
    return together(asked.text, asked.aggregate, table) if asked.aggregate else None


def _is_said_before(composed: Composition, hits: Sequence[Hit], rank: int) -> bool:
    """Whether what answers is no row, and stands in a passage that is nearer than a table."""
    if not composed.answers or not composed.answers[0].citations:
        return False
    cited = composed.answers[0].citations[0]
    place = next(one for one in composed.citations if one.number == cited)
    holding = (number for number, hit in enumerate(hits) if hit.holds(place.document, place.start))
    return next(holding, len(hits)) < rank and _row(hits, place) is None


def _row(hits: Sequence[Hit], place: Citation) -> tuple[Document, Span] | None:
    """The row of a table that is cited; None where none is."""
    document = next((hit.document for hit in hits if hit.document.id == place.document), None)
    row = document.structure.around(place.start, "row") if document else None
    return (document, Span(row.start, row.end)) if document and row else None


def _without_rows(composed: Composition, hits: Sequence[Hit], asked: AskedFor) -> Composition:
    """``composed``, but for answers from rows that are not named, and do not say so themselves."""
    if not composed.answered:
        return composed
    places = {one.number: one for one in composed.citations}

    def stands(cited: Sequence[int]) -> bool:
        rows = [row for number in cited if (row := _row(hits, places[number]))]
        says_so = any(_says_so(asked, places[number].said) for number in cited)
        return not rows or says_so or any(_is_about(asked, *row) for row in rows)

    answers = tuple(one for one in composed.answers if stands(one.citations))
    if len(answers) == len(composed.answers):
        return composed
    if not answers:
        nearest = composed.citations[:NEAREST]
        doubt = 1 - composed.confidence
        return Composition("uncertain", doubt, nearest=nearest, note=_NO_ROW)
    statements = tuple(one for one in composed.statements if stands(one.citations))
    kept = {number for one in answers for number in one.citations}
    kept |= {number for one in statements for number in one.citations}
    citations = tuple(one for one in composed.citations if one.number in kept)
    return replace(composed, answers=answers, statements=statements, citations=citations)


def _says_so(asked: AskedFor, row: str) -> bool:
    most = asked.superlative is not None and says_most(row)
    return most or (asked.aggregate is not None and asked.aggregate.is_said(row))


def _is_about(asked: AskedFor, document: Document, row: Span) -> bool:
    """Whether the question names the thing that a row is of, or a cell says what is counted, as a
    sentence in it does."""
    structure = document.structure
    cells = [content_stems(structure.words_of(cell)) for cell in structure.within(row, "cell")]
    is_named = bool(cells and cells[0]) and cells[0] <= content_stems(asked.text)
    counted = asked.aggregate.counted if asked.aggregate else frozenset[str]()
    return is_named or (bool(counted) and any(counted <= cell for cell in cells))


def _answer(found: Sequence[Found]) -> Composition:
    """The rows, each cited, and a line on what they were compared with."""
    rows = [(one, row) for one in found for row in one.quoted]
    citations = tuple(cite(n, one.table.document, row.span) for n, (one, row) in enumerate(rows, 1))
    confidence = _SURE if all(one.surely for one in found) else _LESS_SURE
    answers = tuple(
        ShortAnswer(one.table.said(row.cells[one.asked]), confidence, (number,))
        for number, (one, row) in enumerate(rows, 1)
    )
    statements = tuple(Statement(c.quote, "verbatim", (c.number,), c.rendered) for c in citations)
    note = "; ".join(one.told for one in found if one.told)
    return Composition("answered", confidence, answers, statements, citations, note=note)
