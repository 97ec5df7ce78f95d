"""What a question names to say that it wants others: "besides the Greens", "the other port"."""

from __future__ import annotations

import re

from footnoted.qa.english.coordination import items
from footnoted.qa.english.lexicon import DEMONSTRATIVES, PRONOUNS

_BESIDES = re.compile(
    r",?\s+(?:besides|apart\s+from|aside\s+from|other\s+than|in\s+addition\s+to|not\s+counting)\s+"
    r"(?P<known>(?!which\b|what\b|who\b|how\b)[^,;?]+?)(?:,(?=\s)|(?=\s*[?.]*\Z))",
    re.I,
)
_OPENING = re.compile(
    r"^(?:besides|apart\s+from|aside\s+from|other\s+than|in\s+addition\s+to)\s+(?P<known>[^,;?]+),\s+",
    re.I,
)
_OTHER = re.compile(r"\b(?:(?:the\s+|an?)other|other|else)\s+", re.I)


def besides(question: str) -> tuple[str, tuple[str, ...]]:
    """``question`` without what it names as known, and that: "Who signed it besides Ada Holm?" asks
    "Who signed it?", and knows of Ada Holm."""
    found = _BESIDES.search(question) or _OPENING.search(question)
    if found is None or found["known"].lower() in PRONOUNS | DEMONSTRATIVES:
        return question, ()
    known = found["known"]
    named = tuple(known[start:end] for start, end in items(known))
    rest = f"{question[: found.start()]}{question[found.end() :]}"
    return f"{rest[:1].upper()}{rest[1:]}", named


def without_other(question: str) -> str:
    """``question`` as it is asked of any, the known among them: "Who else signed the other bill?"
    asks "Who signed the bill?"."""
    return _OTHER.sub(lambda m: "the " if m.group().lower().startswith("the") else "", question)


def is_apposed(one: str, other: str, sentence: str) -> bool:
    """Whether ``sentence`` names one thing by both, side by side: "the minister, Ada Holm"."""
    pair = [re.escape(re.sub(r"^(?:the|an?)\s+", "", name, flags=re.I)) for name in (one, other)]
    beside = r"(?:,\s+(?:the\s+|an?\s+)?|\s+)"
    return any(
        re.search(rf"\b{first}{beside}{second}\b", sentence, re.I) is not None
        for first, second in (pair, reversed(pair))
    )
