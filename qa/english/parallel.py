"""Like things in one sentence: "48 million in 2022 and 52 million in 2023", and which is asked for.

Words are told apart that stand in the same place of the sentence's parts: before or behind the same
word. The part that is asked for is that of the word which the question names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from footnoted.corpus.types import Span
from footnoted.corpus.words import STOP_WORDS, stem

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[,;]")
_YEAR = re.compile(r"(?:1\d|20)\d\d")
_BETWEEN = frozenset("and but while whereas to , ; or".split())
_POSSESSIVE = "s"
# Parts that run on for longer are clauses of their own, with more in them than one thing.
_LONGEST_PART = 20


class _Token(NamedTuple):
    text: str
    start: int
    end: int

    @property
    def key(self) -> str:
        """What it is known again by; of "Gate A", the letter is a name."""
        return self.text if len(self.text) == 1 and self.text.isupper() else stem(self.text)

    @property
    def is_year(self) -> bool:
        return _YEAR.fullmatch(self.text) is not None

    @property
    def tells(self) -> bool:
        """Whether it is a word that carries meaning, or a name."""
        if len(self.text) == 1:
            return self.text.isupper()
        return self.text.lower() not in STOP_WORDS | _BETWEEN


def asked_part(sentence: str, question: str) -> Span | None:
    """The part of ``sentence`` that is about what ``question`` names; None if it has none such."""
    named = {token.key for token in _tokens(question)}
    tokens = _tokens(sentence)
    for at, token in enumerate(tokens):
        if token.key not in named or not token.tells:
            continue
        others = [
            i
            for i, other in enumerate(tokens)
            if other.key not in named and _are_parallel(tokens, at, i)
        ]
        if others and (part := _part(tokens, at, others)):
            return part
    return None


def is_of_other_years(sentence: str, question: str) -> bool:
    """Whether ``sentence`` tells several years apart, and none of those ``question`` asks for."""
    asked = {token.text for token in _tokens(question) if token.is_year}
    tokens = _tokens(sentence)
    years = [at for at, token in enumerate(tokens) if token.is_year]
    if not asked or any(tokens[at].text in asked for at in years):
        return False
    return any(_are_parallel(tokens, a, b) for a, b in pairwise(years))


def _tokens(text: str) -> list[_Token]:
    found = (_Token(match.group(), *match.span()) for match in _TOKEN.finditer(text))
    return [token for token in found if token.text != _POSSESSIVE]


def _are_parallel(tokens: Sequence[_Token], one: int, other: int) -> bool:
    """Whether two different words stand in the same place: both years, or neither a figure."""
    a, b = tokens[one], tokens[other]
    if a.key == b.key or not b.tells or a.is_year != b.is_year:
        return False
    if not a.is_year and (a.text[0].isdigit() or b.text[0].isdigit()):
        return False
    before = one and other and tokens[one - 1].key == tokens[other - 1].key
    if before and (a.is_year or tokens[one - 1].tells):
        return True
    after = max(one, other) + 1 < len(tokens) and tokens[one + 1].key == tokens[other + 1].key
    return bool(after and tokens[one + 1].tells)


def _part(tokens: Sequence[_Token], at: int, others: Sequence[int]) -> Span | None:
    """From what divides the word ``at`` from the one before it to what divides it from the next."""
    before = max((other for other in others if other < at), default=None)
    after = min((other for other in others if other > at), default=None)
    first = 0 if before is None else _divides(tokens, before, at)
    last = len(tokens) if after is None else _divides(tokens, at, after)
    if first is None or last is None or last - first > _LONGEST_PART:
        return None
    inside = tokens[first + (before is not None) : last]
    return Span(inside[0].start, inside[-1].end) if inside else None


def _divides(tokens: Sequence[_Token], one: int, other: int) -> int | None:
    """Which token parts two that are parallel: one that follows the first, or the last."""
    between = [at for at in range(one + 1, other) if tokens[at].text.lower() in _BETWEEN]
    if not between:
        return None
    return between[0] if between[0] == one + 1 else between[-1]
