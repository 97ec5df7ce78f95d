"""A conversation or an answer as Markdown, its footnotes below it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.qa.conversations.types import Turn
from footnoted.qa.escape import one_line
from footnoted.qa.types import Answer, Citation, Row, Statement


def markdown(title: str, turns: Sequence[Turn]) -> str:
    """All of a conversation; footnotes are numbered through it."""
    lines = [f"# {inert(title)}", ""]
    first = 0
    for turn in turns:
        lines += [f"## {inert(turn.question)}", ""]
        if turn.answer:
            lines += [*of_answer(turn.answer, first), ""]
            first += len(turn.answer.citations)
        else:
            lines += [f"*{inert(turn.error or 'Not answered yet.')}*", ""]
    return "\n".join(lines).rstrip() + "\n"


def of_answer(answer: Answer, first: int = 0) -> Iterator[str]:
    """An answer, line by line; its first footnote is number ``first`` and one."""
    if not answer.answered:
        yield f"*{inert(answer.refusal)}*"
        return
    if answer.laid_out:
        yield f"*{answer.told_first}*"
        yield from _laid_out(answer, first)
    else:
        for short in answer.short:
            yield f"- **{inert(short.said)}**{_notes(short.citations, first)}"
        for statement in (*answer.main, *answer.further):
            yield from _statement(statement, answer, first)
    if answer.note:
        yield ""
        yield inert(answer.note)
    if answer.not_found:
        yield ""
        yield inert(answer.not_found)
    if answer.written:
        yield ""
        yield inert(answer.written.said)
    yield ""
    yield from (_footnote(one, first) for one in answer.citations)


def _stated(one: Statement, first: int) -> str:
    said = inert(one.said)
    if one.doubt:
        return f"~~{said}~~ ({inert(one.doubt)})"
    return f"{'' if one.is_written else '> '}{said}{_notes(one.citations, first)}"


def _statement(statement: Statement, answer: Answer, first: int) -> Iterator[str]:
    speaker = answer.said_by(statement)
    yield ""
    yield _stated(statement, first)
    if speaker:
        yield f"> — {inert(speaker)}"


def _laid_out(answer: Answer, first: int) -> Iterator[str]:
    """Its rows under what they stand under; a comparison as a table of two columns."""
    for under, rows in answer.laid_out:
        yield ""
        if under:
            yield f"### {inert(under)}"
            yield ""
        if rows[0].is_paired:
            yield f"| {' | '.join(map(inert, answer.columns))} |"
            yield f"|{'---|' * len(answer.columns)}"
            yield from (_table_row(row, answer, first) for row in rows)
            continue
        for row in rows:
            if said := answer.labelled(row):
                yield ""
                yield f"**{inert(said)}**"
            for statement in answer.quoted_in(row.every):
                yield from _statement(statement, answer, first)


def _table_row(row: Row, answer: Answer, first: int) -> str:
    cells = (
        "<br>".join(
            inert(one.said) + _notes(one.citations, first) for one in answer.quoted_in(column)
        )
        for column in row.quoted
    )
    return f"| {' | '.join(cells)} |"


def _notes(numbers: Sequence[int], first: int) -> str:
    return "".join(f"[^{first + number}]" for number in numbers)


def _footnote(one: Citation, first: int) -> str:
    parts = (one.title, one.publisher, one.place, one.document)
    where = " · ".join(inert(part) for part in parts if part)
    return f"[^{first + one.number}]: {where}, characters {one.start} to {one.end}"


# What Markdown would read as its own signs, as HTML or as a link, in text of documents.
_SIGNS = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>#|~&"})
_BEGINNING = re.compile(r"^([-+=]|\d+(?=[.)]))")
_LINK = re.compile(r"(?<=:)(?=//)|(?<=\bwww)(?=\.)", re.IGNORECASE)


def inert(text: str) -> str:
    """Text of others, on one line, as Markdown shows it as it is."""
    text = _LINK.sub(r"\\", one_line(text).translate(_SIGNS))
    return _BEGINNING.sub(_not_a_list, text)


def _not_a_list(match: re.Match[str]) -> str:
    sign = match[0]
    return f"{sign}\\" if sign.isdigit() else f"\\{sign}"
