"""Who is for something and who is against it, in whose words, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.composing import compose
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.request import Request
from footnoted.qa.english.sameness import same
from footnoted.qa.english.written_dates import dates_in
from footnoted.qa.forms.laying_out import Line, Place, Quoted, laid_out, not_laid_out
from footnoted.qa.forms.text_dates import date_of
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import Citation, Ledger, LeftOut, ShortAnswer

SIDES = FOR, AGAINST = "For", "Against"
"""What rows stand under."""

_THE_PLAN = "the plan"
"""What is asked about where nothing is named: whatever course it is called by counts as one."""
_MOST_WORDS_OF_ONE = 2
_FEWEST_WORDS = 4
"""Words of a quotation; "Mr Hughes said" tells who says it, and is cited beside it."""
_NOBODY = {FOR: "Nobody is found who is for it.", AGAINST: "Nobody is found who is against it."}


class _Side(NamedTuple):
    """Those on a side, as they are quoted, and the documents of what is quoted."""

    under: str
    composed: Composition
    documents: dict[str, Document]


def of_both_sides(request: Request) -> tuple[AskedFor, AskedFor]:
    """The questions for who is for it and who against it."""
    what = request.topic or _THE_PLAN
    return AskedFor.of(f"Who supports {what}?"), AskedFor.of(f"Who opposes {what}?")


def positions(request: Request, readings: Sequence[Reading], hits: Sequence[Hit]) -> Composition:
    """What was read for the questions ``of_both_sides`` as a table; or that nobody is found."""
    sides = [
        _Side(under, compose(reading, ()), {f.document.id: f.document for f in reading.findings})
        for under, reading in zip(SIDES, readings, strict=True)
    ]
    lines = [*_lines(sides[0], sides[1]), *_lines(sides[1], sides[0])]
    if not lines:
        what = request.topic or _THE_PLAN
        doubtful = tuple(one for reading in readings for one in reading.doubtful)
        if doubtful:
            return compose(Reading((), max(r.confidence for r in readings), doubtful), ())
        return not_laid_out(hits, f"Nobody is found who is for or against {what}.")
    found = {line.under for line in lines}
    note = "".join(_NOBODY[under] for under in SIDES if under not in found)
    sure = min(line.confidence for line in lines)
    return laid_out("positions", lines, sure, note=note)


def _lines(side: _Side, other: _Side) -> Iterator[Line]:
    """A row for each on ``side``, but for those who are more surely on the other one."""
    for short in side.composed.answers:
        again = [one for one in other.composed.answers if same(one.text, short.text)]
        if any(one.confidence > short.confidence for one in again):
            continue
        quoted, dated = _words(side, short)
        yield Line(
            (quoted,),
            label=short.text,
            under=side.under,
            dated=dated,
            answer=True,
            speaker=short.speaker,
            confidence=short.confidence,
        )


def _words(side: _Side, short: ShortAnswer) -> tuple[tuple[Quoted, ...], str]:
    """What is quoted for an answer, and the date that stands in it or is its text's."""
    citations = {one.number: one for one in side.composed.citations}
    cited = set(short.citations)
    every = [s for s in side.composed.statements if not cited.isdisjoint(s.citations)]
    said = [s for s in every if len(s.text.split()) >= _FEWEST_WORDS] or every
    quoted: list[Quoted] = []
    dated = ""
    for statement in said[:_MOST_WORDS_OF_ONE]:
        first, *_ = (citations[number] for number in statement.citations)
        shown = {s.citations[0] for s in said}
        beside = [_place(side, citations[n]) for n in sorted(cited - shown)] if not quoted else []
        document, span = _place(side, first)
        if not dated:
            dated, line = _when(document, span)
            beside += [(document, line)] if line and not line.overlaps(span) else []
        quoted.append(Quoted((document, span), tuple(beside)))
    return tuple(quoted), dated


def _place(side: _Side, citation: Citation) -> Place:
    return side.documents[citation.document], Span(citation.start, citation.end)


def _when(document: Document, span: Span) -> tuple[str, Span | None]:
    """The date that a sentence names; else that of its text, and where it stands."""
    said = document.text[slice(*span)]
    for one in dates_in(said):
        return said[slice(*one.span)], None
    of_text = date_of(document)
    return (of_text.written, of_text.line) if of_text else ("", None)


def merged(ledgers: Sequence[Ledger | None], said: Sequence[ShortAnswer]) -> Ledger | None:
    """What was read for both sides, and who of those found there stands on neither."""
    known = [one for one in ledgers if one]
    if not known:
        return None
    names = [one.text for one in said]
    left: list[LeftOut] = []
    for one in (one for ledger in known for one in ledger.left_out):
        if not any(same(one.text, name) for name in names):
            names.append(one.text)
            left.append(one)
    return Ledger(
        max(one.documents for one in known),
        max(one.passages for one in known),
        sum(one.candidates for one in known),
        tuple(sorted(left, key=lambda one: -one.confidence)),
    )
