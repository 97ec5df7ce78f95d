"""What is asked of many together: how many there are, how much in total, on average."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from footnoted.corpus.words import STOP_WORDS, content_stems, stem

Kind = Literal["sum", "mean", "count"]

_SUM = re.compile(
    r"\b(?:(?:in|the|a|grand)\s+total|total|altogether|in\s+all|overall|combined|sum)\b"
    r"(?:\s+(?:number|amount|sum)s?)?",
    re.I,
)
_MEAN = re.compile(r"\b(?:on\s+)?average\b|\bthe\s+mean\s+of\b", re.I)
_COUNT = re.compile(
    r"^\W*(?:how\s+many\s+(?P<many>[\w\s-]+?)\s+(?:(?:are|were)\s+(?:there|listed)\b"
    r"|(?:do|does|did)\s+(?:we|they|it|the\s+(?-i:[a-z]+))\s+have\b)"
    r"|what\s+is\s+the\s+number\s+of\s+(?P<number>[\w\s-]+?))(?=\s|\W*$)",
    re.I,
)
_SAID = {
    "sum": frozenset(map(stem, "total totals sum all overall altogether combined".split())),
    "mean": frozenset(map(stem, "average mean".split())),
    "count": frozenset[str](),
}


class Aggregate(NamedTuple):
    """``words`` are the stems of the question that say no more than what is asked of all;
    ``counted`` those of what is counted."""

    kind: Kind
    words: frozenset[str]
    counted: frozenset[str] = frozenset()

    def is_said(self, text: str) -> bool:
        """Whether a text says by itself that it tells of all together."""
        return not _SAID[self.kind].isdisjoint(content_stems(text))

    def is_total(self, name: str) -> bool:
        """Whether a row of this name is of all together; of a count, that of the sum."""
        kind: Kind = "mean" if self.kind == "mean" else "sum"
        return not _SAID[kind].isdisjoint(content_stems(name))


def aggregate(question: str) -> Aggregate | None:
    """What ``question`` asks of many together; None where it does not."""
    kinds: tuple[tuple[Kind, re.Pattern[str]], ...] = ("sum", _SUM), ("mean", _MEAN)
    for kind, pattern in kinds:
        if found := pattern.search(question):
            return Aggregate(kind, frozenset(map(stem, found.group().split())))
    if found := _COUNT.match(question):
        counted = (found["many"] or found["number"]).lower().split()
        if 0 < len(counted) < 4 and not STOP_WORDS.intersection(counted):
            number = {stem("number")} if found["number"] else set()
            return Aggregate("count", frozenset(number), frozenset(map(stem, counted)))
    return None
