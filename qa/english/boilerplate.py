"""Lines that belong to the page and not to the text: headlines, credits, "please log in"."""

from __future__ import annotations

import re

_FURNITURE = re.compile(
    r"\bphoto(?:graph)?\s*:|\blog in\b|\bsign (?:in|up)\b|\bterms of use\b|\ball rights reserved\b"
    r"|\bcookies?\b|\bcomments? (?:section|below)\b|\bsee also\b|\bread more\b|\bsubscribe\b"
    r"|\bcopyright\b|©|\[email|@\w+\.",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’')\]»]*\s*$")


def is_furniture(line: str, title: str) -> bool:
    """Whether a line is likely part of the page: it ends like no sentence, or is boilerplate."""
    ended = _SENTENCE_END.search(line.strip(" \t\n#*")) is not None
    return not ended or is_boilerplate(line, title)


def is_boilerplate(line: str, title: str) -> bool:
    """Whether a line surely is: it repeats the title, or says what pages say."""
    text, title = line.strip(" \t\n#*"), title.strip(" \t\n#*.")
    return text.rstrip(".") == title or _FURNITURE.search(text) is not None
