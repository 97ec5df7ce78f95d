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
