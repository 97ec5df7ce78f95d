"""Ranges of years, and whether what stands beside one was so in a year: "chair, 2019–2023"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import NamedTuple

from footnoted.corpus.types import Span
from footnoted.corpus.words import stems

_RANGE = re.compile(
    r"\b(?P<first>(?:1\d|20)\d\d)\s*(?:[-–—]|to|until|and)\s*(?P<last>(?:1\d|20)\d\d|\d\d(?!\d)|(?=\)))"
    r"|\bsince\s+(?P<since>(?:1\d|20)\d\d)\b",
    re.I,
)
_IN_YEAR = re.compile(r",?\s+(?:in|during)\s+(?:the\s+year\s+)?(?P<year>(?:1\d|20)\d\d)\b", re.I)
_LEAD = re.compile(r"[^(,;]*")
_FURTHEST = 60


class _Range(NamedTuple):
    at: Span
    first: int
    last: int


def in_one_year(question: str) -> tuple[str, str] | None:
    """``question`` without the year that it asks for, and that; None where it asks for none."""
    found = list(_IN_YEAR.finditer(question))
    if len(found) != 1:
        return None
    return f"{question[: found[0].start()]}{question[found[0].end() :]}", found[0]["year"]


def covers(sentence: str, year: str) -> bool:
    """Whether a range of years in ``sentence`` holds ``year``."""
    return year.isdigit() and any(one.first <= int(year) <= one.last for one in _ranges(sentence))


def was_so_in(year: str, asked: Set[str], sentence: str, answer: Span) -> bool:
    """Whether ``sentence`` says all of the stems ``asked`` of ``answer``, an offset of it, with a
    range of years that holds ``year``: its own, the next one behind it, or the last before it.

    What it says of others, with ranges of theirs, is not said of it; what runs on behind a range
    names several.
    """
    every = list(_ranges(sentence))
    own = [one for one in every if answer.start <= one.at.start < answer.end]
    if any(one.at.end < answer.end - 1 for one in own):
        return False
    behind = [one for one in every if 0 <= one.at.start - answer.end <= _FURTHEST]
    near = next(iter([*own, *behind[:1], *every[-1:]]), None)
    if near is None or not near.first <= int(year) <= near.last:
        return False
    before = max((one.at.end for one in every if one.at.end <= answer.start), default=0)
    lead = _LEAD.match(sentence)
    told = f"{lead.group() if lead else ''} {sentence[before : max(near.at.end, answer.end)]}"
    return asked <= stems(told if near.at.start >= answer.start else sentence)


def _ranges(text: str) -> Iterator[_Range]:
    for found in _RANGE.finditer(text):
        first, last = found["first"] or found["since"], found["last"] or "9999"
        yield _Range(Span(*found.span()), int(first), int(first[: 4 - len(last)] + last))
