"""Lines of quotations to a composition: each place cited once, in the order of the lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.composing import cite, declined
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import Citation, Form, Row, ShortAnswer, Statement

Place = tuple[Document, Span]


class Quoted(NamedTuple):
    """A quotation, and the places beside it that tell who says it, or when."""

    place: Place
    beside: tuple[Place, ...] = ()


class Line(NamedTuple):
    """A row to be: its quotations, by column. ``answer``: whether its label is a short answer, and
    of whom, if that is known."""

    quoted: tuple[tuple[Quoted, ...], ...]
    label: str = ""
    under: str = ""
    dated: str = ""
    answer: bool = False
    speaker: str | None = None
    confidence: float = 1.0


def laid_out(
    form: Form,
    lines: Sequence[Line],
    confidence: float,
    columns: Sequence[str] = (),
    note: str = "",
) -> Composition:
    """``lines`` as an answer: each quotation a statement, each label that is one a short answer."""
    number_of: dict[tuple[str, Span], int] = {}
    citations: list[Citation] = []

    def cited(place: Place) -> int:
        document, span = place
        if (document.id, span) not in number_of:
            number_of[document.id, span] = len(citations) + 1
            citations.append(cite(len(citations) + 1, document, span))
        return number_of[document.id, span]

    statements: dict[int, tuple[int, ...]] = {}
    rows: list[Row] = []
    answers: dict[str, list[tuple[Line, tuple[int, ...]]]] = {}
    for line in lines:
        columns_of: list[tuple[int, ...]] = []
        for column in line.quoted:
            numbers = tuple(cited(one.place) for one in column)
            columns_of.append(numbers)
            for number, one in zip(numbers, column, strict=True):
                beside = (cited(place) for place in one.beside)
                known = statements.get(number, (number,))
                statements[number] = tuple(dict.fromkeys((*known, *beside)))
        rows.append(Row(tuple(columns_of), line.label, line.under, line.dated))
        if line.answer:
            quoted = (statements[number] for column in columns_of for number in column)
            numbers = tuple(dict.fromkeys(number for some in quoted for number in some))
            answers.setdefault(line.label, []).append((line, numbers))
    return Composition(
        "answered",
        confidence,
        tuple(_answer(label, some) for label, some in answers.items()),
        tuple(_statement(citations[number - 1], all_) for number, all_ in statements.items()),
        tuple(citations),
        form=form,
        columns=tuple(columns),
        rows=tuple(rows),
        note=note,
    )


def _answer(label: str, of_it: Iterable[tuple[Line, tuple[int, ...]]]) -> ShortAnswer:
    lines = list(of_it)
    numbers = tuple(dict.fromkeys(number for _, some in lines for number in some))
    speaker = next((line.speaker for line, _ in lines if line.speaker), None)
    return ShortAnswer(label, max(line.confidence for line, _ in lines), numbers, speaker)


def _statement(quoted: Citation, numbers: tuple[int, ...]) -> Statement:
    return Statement(quoted.quote, "verbatim", numbers, quoted.rendered)


def not_laid_out(hits: Sequence[Hit], note: str) -> Composition:
    """That it cannot be given, and why; with the nearest passages."""
    found = declined(Reading((), 1.0), hits)
    return Composition(found.outcome, found.confidence, nearest=found.nearest, note=note)
