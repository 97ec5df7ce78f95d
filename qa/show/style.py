"""How a sentence is written for one terminal."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from footnoted.qa.escape import one_line
from footnoted.qa.types import Answer, Statement

_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Style:
    """How to write for one terminal: in colour or plainly, and how wide."""

    colour: bool = False
    width: int = 80

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def number(self, number: int) -> str:
        return f"\x1b[36m[{number}]\x1b[0m" if self.colour else f"[{number}]"


def wrap(text: str, style: Style, indent: str) -> list[str]:
    """``text`` in lines that are as wide as the terminal; one, if there is none of it."""
    return textwrap.wrap(
        text, style.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    ) or [indent]


def statement_lines(statement: Statement, answer: Answer, style: Style) -> list[str]:
    """A sentence with its footnotes' numbers, and who says it."""
    marks = "".join(style.number(number) for number in statement.citations)
    # The marks are wrapped as plain text of the same length, so that colours do not count.
    plain = "".join(f"[{number}]" for number in statement.citations)
    wrapped = wrap(f"{one_line(statement.said)} {plain}", style, indent=_INDENT)
    speaker = one_line(answer.said_by(statement))
    said_by = wrap(f"— {speaker}", style, indent=_INDENT) if speaker else []
    said_by += wrap(f"✗ {one_line(statement.doubt)}", style, _INDENT) if statement.doubt else []
    return [*wrapped[:-1], wrapped[-1].removesuffix(plain) + marks, *said_by, ""]
