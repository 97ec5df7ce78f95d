"""Lines to running text: what parts them, and which hyphens at their ends belong to the words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.corpus.formats.pdf.characters import SOFT_HYPHEN

HARD_HYPHEN = "\ufdd1"
"""Stands for a hyphen at a line's end that seems to belong to the word."""

_AT_LINE_END = re.compile(
    rf"(?P<before>[^\W\d_]*)(?P<hyphen>[{SOFT_HYPHEN}{HARD_HYPHEN}])(?=(?P<after>[^\W_]*))"
)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def joined(lines: Sequence[str]) -> str:
    """The lines of a paragraph as one."""
    said: list[str] = []
    last = ""
    for line in lines:
        if not line:
            continue
        line = line[:-1].replace(SOFT_HYPHEN, "-") + line[-1]
        if said:
            said[-1], between = parted(last, line)
            said.append(between)
        said.append(line)
        last = line
    return "".join(said)


def parted(before: str, after: str) -> tuple[str, str]:
    """What stands above and below a line's end, as (the line above, what parts them)."""
    end, following = before[-2:], after[:1]
    if before.endswith(SOFT_HYPHEN):
        return before, ""
    if len(end) == 2 and end[0].isalnum():
        if end[1] in "-‐" and (following.isalnum() or following == "/"):
            return before[:-1] + HARD_HYPHEN, ""
        if end[1] == "/" or (end[1] == "–" and end[0].isdigit() and following.isdigit()):
            return before, ""
    return before, " "


class Vocabulary:
    """The words of a document, by which is told what a hyphen at a line's end was."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def add(self, text: str) -> None:
        """The words of a text that is joined already."""
        self._words.update(_WORD.findall(text.lower()))

    def resolve(self, text: str) -> str:
        """``text`` with each hyphen at a line's end taken out, or put there for good."""
        if SOFT_HYPHEN not in text and HARD_HYPHEN not in text:
            return text
        return _AT_LINE_END.sub(self._resolved, text)

    def _resolved(self, match: re.Match[str]) -> str:
        before, hyphen, after = match["before"], match["hyphen"], match["after"]
        together, compound = (before + after).lower(), f"{before}-{after}".lower()
        if not before or not after or not after[0].isalpha():
            return before + "-"
        if together in self._words:
            return before
        if hyphen == HARD_HYPHEN or compound in self._words or after[0].isupper():
            return before + "-"
        return before
