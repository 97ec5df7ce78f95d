"""Figures and dates as answers give them, so that two can be compared."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.words import stem
from footnoted.qa.english.dates import DATE
from footnoted.qa.place import MONTHS

_NUMBER = re.compile(
    r"(?P<sign>[-−])?(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)"
    r"\s*(?P<scale>thousand|million|billion|m\b|bn\b)?\s*(?P<unit>%|°\w?|[^\W\d_]+)?",
    re.I,
)
_SCALES = {"thousand": 1e3, "million": 1e6, "m": 1, "billion": 1e9, "bn": 1e9}
_CLOCK = re.compile(r"\b(\d{1,2}):(\d\d)\b")
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")
_DAY = re.compile(r"\b\d{1,2}\b")


class Figure(NamedTuple):
    """A number with what it counts, or a time: year, month and day, as far as they are said."""

    number: tuple[float, ...]
    unit: str
    is_time: bool

    @classmethod
    def of(cls, text: str) -> Figure | None:
        """The figure that ``text`` gives; None without one, or with several."""
        if date := DATE.search(text):
            return cls(_date(date.group()), "", True)
        if clock := _CLOCK.search(text):
            return cls((float(clock[1]), float(clock[2])), "o'clock", True)
        found = list(_NUMBER.finditer(text))
        if len(found) != 1:
            return None
        one = found[0]
        number = float(one["number"].replace(",", "")) * _SCALES.get(
            (one["scale"] or "").lower(), 1
        )
        unit = "m" if (one["scale"] or "").lower() == "m" else one["unit"] or ""
        return cls((-number if one["sign"] else number,), stem(unit), False)

    def compared(self, other: Figure) -> int | None:
        """1 if it is more, or later, than ``other``, -1 if less, 0 if as much; None if they cannot
        be compared: of other units, or one said more exactly than the other and else alike."""
        units = {self.unit, other.unit} - {""}
        if self.is_time != other.is_time or len(units) > 1:
            return None
        for one, another in zip(self.number, other.number, strict=False):
            if one != another:
                return 1 if one > another else -1
        return 0 if len(self.number) == len(other.number) else None


def _date(written: str) -> tuple[float, ...]:
    if iso := _ISO.search(written):
        return tuple(map(float, iso.groups()))
    year = _YEAR.search(written)
    months = [number for number, name in enumerate(MONTHS, 1) if name.lower() in written.lower()]
    day = _DAY.search(written)
    if year is None:
        return ()
    parts = [float(year.group()), *map(float, months[:1])]
    return (*parts, float(day.group())) if months and day else tuple(parts)
