"""Where something stands, in words: pages as they are printed, days as they are said."""

from __future__ import annotations

import re
from datetime import date

_LONGEST_TITLE = 120
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})\Z")


def page_in_words(number: int, label: str | None) -> str:
    """A page by what is printed on it; where that is not its number, by both."""
    if label and label != str(number):
        return f"p. {label} (sheet {number})"
    return f"p. {number}"


def date_in_words(written: str) -> str:
    """A day written ``YYYY-MM-DD`` as it is said, "12 March 2024"; all else as it is written."""
    if not (found := _DAY.match(written)):
        return written
    try:
        day = date(*map(int, found.groups()))
    except ValueError:  # there is no such day
        return written
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def in_short(title: str) -> str:
    """A title, or what is held for one, as far as it tells where something stands."""
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


# Not strftime, which speaks the language of the machine.
MONTHS = (
    "January February March April May June July August September October November December"
).split()
