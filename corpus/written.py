"""Words as they are written, with their signs and joints: "ERR-4042", "4.2(b)", "-18", "C++"."""

from __future__ import annotations

import re
from collections.abc import Iterator

PIECE = r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*"
"""Letters and figures without a sign between them; marks that combine with a letter are part."""

HYPHENS = r"\-‐‑"
"""To stand in a class of a regular expression."""

# What joins pieces to one word. A full stop before a sentence that follows without a space joins
# nothing ("ended.Then"), nor does the apostrophe of a possessive.
_JOINT = (
    rf"(?:_+|[{HYPHENS}]|[@&\\/]"
    r"|\.(?!(?<=[a-z\d]\.)[A-Z][a-z])"
    r"|['’](?!s\b|\d)"
    r"|(?<=\d)[,:](?=\d)|:(?=\d{2,5}\b)|(?<=[A-Fa-f0-9]):(?=[A-Fa-f0-9]{2}\b))"
)
# "4.2(b)(iii)", "load()"
_BRACKETED = r"(?:\((?:[a-z]{0,4}|\d\d?|[A-Z])\))*"
_BEFORE = (
    # a figure's: "-18", "+/-4", "<5", "US$5"
    r"(?:(?<![\w.–-])(?:[-−–+±~≈<>≤≥=≠§/]{0,3}(?:\b[A-Z]{1,3})?[$€£¥]\s?|[-−–+±~≈<>≤≥=≠§/]{1,3})(?=\.?\d)\.?"
    # a path's, an option's, and the like: "/srv", "~/.config", "--all", ".NET", "#quiet"
    r"|(?<![\w.\-/\\])(?:(?:~|\.{1,2})?[\\/]\.?|\.|--?(?=[a-z\d])|[#@§]))"
)
_AFTER = (
    r"(?:\+\+?(?!\w)|#(?!\w)|[€£$¥′″™®](?!\w)"
    r"|(?<=\d)\s?(?:°\s?[CFK]\b|[%‰°])|(?<=\d)\s[€£¥](?!\s?\d))"
)
_ADDRESS = r"\b(?:[a-z]{3,10}://|www\.)[^\s<>\"“”]*[\w/]"
_WRITTEN = re.compile(
    rf"{_ADDRESS}|{_BEFORE}?{PIECE}{_BRACKETED}(?:{_JOINT}{PIECE}{_BRACKETED})*{_AFTER}?"
)


def written_words(text: str) -> Iterator[re.Match[str]]:
    """The words of ``text`` as they are written, in order.

    Signs belong to them ("-18", "5 %", "C++"), quotation marks, the punctuation of sentences and
    the possessive s do not.
    """
    return _WRITTEN.finditer(text)
