"""Words, their stems, and which of them carry meaning."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_stemmer = snowballstemmer.stemmer("english")

STOP_WORDS = frozenset(
    """
    a about according after all also an and any are as at be because been before being between
    both but by can could did do does doing done during each for from had has have having he
    her here his how i if in into is it its just many may me might more most much must my no
    nor not of off on one only or other our out own per s same shall she should since so some
    such t than that the their them then there these they this those through to too under
    until up upon us very was we were what when where which while who whom whose why will with
    within without would you your d ll m re ve name named called kind type sort
    """.split()
)
"""English words that say how a thing is asked or told, but not what it is about."""


class Word(NamedTuple):
    """A word of a text: as written, its stem, and where it stands."""

    text: str
    stem: str
    start: int
    end: int


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English stem, so that "parties" meets "party"; other languages pass mostly unchanged."""
    return str(_stemmer.stemWord(word.lower()))


def words(text: str) -> list[Word]:
    """The words of a text, in order."""
    return [Word(m.group(), stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


@lru_cache(maxsize=20_000)
def stems(text: str) -> frozenset[str]:
    """The stems of a text's words."""
    return frozenset(word.stem for word in words(text))


def content_stems(text: str) -> set[str]:
    """The stems of the words that carry meaning; none where none does."""
    return {word.stem for word in words(text) if word.text.lower() not in STOP_WORDS}


def content_words(text: str) -> list[Word]:
    """The words that carry meaning; all of them where none does ("Who is it?")."""
    every = words(text)
    return [word for word in every if word.text.lower() not in STOP_WORDS] or every
