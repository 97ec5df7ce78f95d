"""Answers that are laid out, for a terminal: pairs one below the other, dates, sides."""

from __future__ import annotations

from collections.abc import Iterator

from footnoted.qa.escape import one_line
from footnoted.qa.show.style import Style, statement_lines, wrap
from footnoted.qa.types import Answer, Row

_LETTERS = "AB"


def laid_out_lines(answer: Answer, style: Style) -> Iterator[str]:
    """The rows of an answer, under what they stand under; of a comparison, whose each is."""
    letters = dict(zip(answer.columns, _LETTERS, strict=False))
    for column, letter in letters.items():
        yield from wrap(f"{letter}  {one_line(column)}", style, indent="")
    if letters:
        yield ""
    for under, rows in answer.laid_out:
        if under:
            yield from (style.bold(line) for line in wrap(one_line(under), style, indent=""))
            yield ""
        for row in rows:
            yield from _row(row, answer, style)


def _row(row: Row, answer: Answer, style: Style) -> Iterator[str]:
    if said := answer.labelled(row):
        yield from (style.bold(line) for line in wrap(f"• {one_line(said)}", style, indent=""))
    for at, numbers in enumerate(row.quoted):
        for statement in answer.quoted_in(numbers):
            if row.is_paired:
                yield f"  {style.dim(_LETTERS[at])}"
            yield from statement_lines(statement, answer, style)
