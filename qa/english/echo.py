"""A sentence that repeats the question with the answer in the place of what asks for it."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_ASKS = re.compile(r"^(?:who|what|which\s+\w+)\s+", re.I)
_FEWEST_WORDS = 3


def echo(question: str) -> tuple[str, ...]:
    """The words that follow the answer where a sentence repeats ``question``: "may park in the
    yard" of "Who may park in the yard?"; none where it asks otherwise, or in few words."""
    asks = _ASKS.match(question.strip())
    words = _words(question.strip()[asks.end() :]) if asks else ()
    return words if len(words) >= _FEWEST_WORDS else ()


def follows(said: tuple[str, ...], behind: str) -> bool:
    """Whether ``behind``, what stands behind an answer, begins with these words."""
    return bool(said) and _words(behind)[: len(said)] == said


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(text))
