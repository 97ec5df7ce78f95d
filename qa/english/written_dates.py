"""Dates that stand in a text, with what puts them in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from footnoted.corpus.types import Span
from footnoted.qa.english import lexicon
from footnoted.qa.english.dates import DATE, capitalised
from footnoted.qa.place import MONTHS

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_MONTH = re.compile("|".join(MONTHS))
# As in the head of a letter, "24 Mar 2026": shortened, a month is one with a day and a year alone.
_SHORT = rf"(?:{'|'.join(month[:3] for month in MONTHS)}|Sept)\b\.?"
_SHORTENED = re.compile(
    rf"(?<!\d)(?P<day>\d{{1,2}})\s+(?P<month>{_SHORT}),?\s+(?P<year>\d{{4}})\b"
    rf"|(?P<month_>{_SHORT})\s+(?P<day_>\d{{1,2}}),?\s+(?P<year_>\d{{4}})\b"
)
_DAY = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
# What makes a bare number an amount: "some 2000 letters", "2000 letters came".
_AMOUNT = re.compile(
    r"(?:[$€£#№]|\b(?:over|about|around|nearly|almost|than|some|approximately|least|most|no|nr|page|room"
    r"|section|article|act|number)\.?)\s*\Z",
    re.I,
)
_OF_TIME = re.compile(
    r"(?:\b(?:in|since|until|till|from|to|by|before|after|during|between|early|late|mid|spring|summer"
    r"|autumn|winter|year|the|an?|this|that|its|their|of)|['’]s|[-–—/(])\s*\Z",
    re.I,
)
_SEASON = re.compile(r"/\d")
_COUNTED = re.compile(r"\s+([a-z]+)")


class Dated(NamedTuple):
    """A date as it is written at ``span``: ``year``, ``month`` and ``day``, 0 where not told."""

    span: Span
    year: int
    month: int
    day: int

    @property
    def order(self) -> tuple[int, int, int]:
        """A year comes before its months, a month before its days."""
        return self.year, self.month, self.day


def dates_in(text: str) -> Iterator[Dated]:
    """The dates that are written in ``text``; what only points at one, as "last week", is none."""
    shortened = list(_shortened(text))
    yield from shortened
    for found in DATE.finditer(capitalised(text)):
        span, said = Span(*found.span()), found.group()
        if _YEAR.fullmatch(said) and not _is_year(text, span):
            continue
        if any(span.overlaps(one.span) for one in shortened):
            continue
        dated = parsed(said, span)
        if dated.month <= 12 and dated.day <= 31:
            yield dated


def _shortened(text: str) -> Iterator[Dated]:
    for found in _SHORTENED.finditer(text):
        day, month, year = (found[name] or found[f"{name}_"] for name in ("day", "month", "year"))
        number = next(at for at, one in enumerate(MONTHS, 1) if one.startswith(month[:3]))
        if int(day) <= 31:
            yield Dated(Span(*found.span()), int(year), number, int(day))


def parsed(said: str, span: Span) -> Dated:
    """The date ``said``, as ``DATE`` finds it, which stands at ``span``."""
    if iso := _ISO.fullmatch(said):
        return Dated(span, *map(int, iso.groups()))
    year, month, day = _YEAR.search(said), _MONTH.search(said), _DAY.search(said)
    return Dated(
        span,
        int(year.group()) if year else 0,
        MONTHS.index(month.group()) + 1 if month else 0,
        int(day.group()) if day else 0,
    )


def _is_year(text: str, span: Span) -> bool:
    before = text[max(span.start - 20, 0) : span.start]
    counted = _COUNTED.match(text, span.end)
    if _AMOUNT.search(before) or _SEASON.match(text, span.end):
        return False
    return bool(_OF_TIME.search(before)) or not (counted and lexicon.is_plural(counted[1]))
