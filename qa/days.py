"""Dates as they are written, as the days that they span: a year, a month or one day."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import NamedTuple

from footnoted.qa.place import MONTHS

_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name[3:] else name for name in MONTHS)
_YEAR = r"(?P<year>\d{4})(?!\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?!\d)"
_NUMBERS = re.compile(r"\s*(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?(?![\d-])")
_WORDS = (
    re.compile(rf"(?<!\d){_DAY}\.?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?,?\s+{_YEAR}", re.I),
    re.compile(rf"\b(?P<month>{_MONTH})\b\.?\s+(?:{_DAY},?\s+)?{_YEAR}", re.I),
)


class Days(NamedTuple):
    """From the first to the last day of what is meant, both included."""

    first: date
    last: date


def days(written: str) -> Days | None:
    """What a date says that begins with ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, or is in English
    words; None of anything else."""
    forms = (_NUMBERS.match(written), *(form.search(written) for form in _WORDS))
    found = next(filter(None, forms), None)
    if found is None:
        return None
    said = found.groupdict()
    month = said["month"] or ""
    number = int(month) if month.isdecimal() else _number(month) if month else None
    try:
        return _span(int(said["year"]), number, int(said["day"]) if said["day"] else None)
    except ValueError:  # there is no such day
        return None


def _number(name: str) -> int:
    return next(at for at, month in enumerate(MONTHS, 1) if month[:3].lower() == name[:3].lower())


def _span(year: int, month: int | None, day: int | None) -> Days:
    if month is None:
        return Days(date(year, 1, 1), date(year, 12, 31))
    first = date(year, month, day or 1)
    return Days(first, first if day else date(year, month, monthrange(year, month)[1]))
