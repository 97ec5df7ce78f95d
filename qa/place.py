"""Where something stands, in words: pages as they are printed, days as they are said."""

from __future__ import annotations

import re
from datetime import date

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


# Not strftime, which speaks the language of the machine.
MONTHS = (
    "January February March April May June July August September October November December"
).split()
