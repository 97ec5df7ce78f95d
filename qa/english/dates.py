"""Days, months and years as they are written out."""

from __future__ import annotations

import re

from footnoted.qa.place import MONTHS

_MONTH = rf"(?:{'|'.join(MONTHS)})\b"
_DAY = r"(?<!\d)\d{1,2}(?:st|nd|rd|th)?\b(?![.,]\d)"
_YEAR = r"\b(?:1\d|20)\d\d\b(?![.,]\d)"
# A month alone may be a name, as in "Theresa May".
DATE = re.compile(
    rf"\b\d{{4}}-\d\d-\d\d\b|{_DAY}\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR})?"
    rf"|{_MONTH}\s+{_DAY}(?:,?\s+{_YEAR})?|{_MONTH},?\s+{_YEAR}"
    rf"|(?<=\b[io]n\s){_MONTH}|(?<=\bsince\s){_MONTH}|(?<=\buntil\s){_MONTH}|{_YEAR}"
)

DECADE = re.compile(r"(?<![\w.,])(?:(?P<century>1\d|20)|['’])(?P<tens>\d)0['’]?s\b")
"""“The 1990s”, “the '90s”."""

_IN_CAPITALS = re.compile(rf"\b(?:{'|'.join(month.upper() for month in MONTHS)})\b")
_ORDINAL = re.compile(r"(?<=\d)(?:ST|ND|RD|TH)\b")


def capitalised(text: str) -> str:
    """``text``, letter for letter, with months and ordinals that are in capitals as ``DATE`` knows
    them: "3RD JUNE"."""
    text = _IN_CAPITALS.sub(lambda month: month.group().capitalize(), text)
    return _ORDINAL.sub(lambda ordinal: ordinal.group().lower(), text)
