"""Comparisons of two things, as the questions for what is compared of each."""

from __future__ import annotations

import re

_NOUN = r"(?P<noun>[\w-]+(?:\s+[\w-]+)?)"
_SAME = r"(?:the\s+same|equal|an?\s+equal|the\s+same\s+sort\s+of|different|a\s+different)"
_SHARED = re.compile(
    rf"^(?P<aux>do|did|have|had)\s+(?P<one>.+?)\s+and\s+(?P<other>.+?)\s+(?P<verb>[a-z]+)\s+{_SAME}\s+"
    r"(?P<noun>[\w-]+(?:\s+of\s+[\w-]+)?)(?P<rest>\s+.*)?$",
    re.I,
)
_SAME_OF = re.compile(
    rf"^(?P<be>is|are|was|were)\s+the\s+{_NOUN}\s+(?P<how>of|in|at|for)\s+(?P<one>.+?)\s+and\s+"
    rf"(?:(?P=how)\s+)?(?P<other>.+?)\s+{_SAME}$",
    re.I,
)
_SAME_AS = re.compile(
    rf"^(?P<be>is|was)\s+the\s+{_NOUN}\s+(?P<how>of|in|at|for)\s+(?P<one>.+?)\s+(?:the\s+same\s+as"
    rf"|(?:higher|lower|larger|smaller|greater|more|less|longer|shorter|older|newer)\s+than)\s+"
    rf"(?:(?:that\s+|the\s+(?P=noun)\s+)?(?P=how)\s+)?(?P<other>.+?)$",
    re.I,
)
_WHICH_IS = re.compile(
    r"^(?:which|who|what)\s+(?:\w+\s+)?(?P<be>is|was)\s+(?P<more>[a-z]+er)\s*[,:]?\s+(?P<one>.+?)\s+or\s+"
    r"(?P<other>.+)$",
    re.I,
)
_IS_MORE = re.compile(
    r"^(?P<be>is|was)\s+(?P<one>.+?)\s+(?P<more>[a-z]+er)\s+than\s+(?P<other>.+)$", re.I
)
_NOT_COMPARATIVE = frozenset("other either neither whether rather ever never over under".split())


def compared(question: str) -> tuple[str, ...]:
    """The questions for what ``question`` compares two things by; none where it compares nothing.

    "Are the fees of A and B the same?" asks for two fees, "Which is older, A or B?" for two ages.
    """
    words = " ".join(question.split()).rstrip(" ?!.")
    both = ("one", "other")
    if found := _SHARED.match(words):
        aux = {"do": "does", "have": "has"}.get(found["aux"].lower(), found["aux"].lower())
        rest = found["rest"] or ""
        return tuple(f"What {found['noun']} {aux} {found[s]} {found['verb']}{rest}?" for s in both)
    if found := _SAME_OF.match(words) or _SAME_AS.match(words):
        be, noun, how = found["be"].lower(), found["noun"], found["how"]
        return tuple(f"What {be} the {noun} {how} {found[side]}?" for side in both)
    found = _WHICH_IS.match(words) or _IS_MORE.match(words)
    if found and found["more"].lower() not in _NOT_COMPARATIVE:
        more = _positive(found["more"].lower())
        return tuple(f"How {more} {found['be'].lower()} {found[side]}?" for side in both)
    return ()


def _positive(comparative: str) -> str:
    """What it is raised from: "higher" -> "high", "larger" -> "large", "bigger" -> "big"."""
    stem = comparative[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y"
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return f"{stem}e" if stem.endswith(("rg", "id", "at", "af", "os", "im", "ur")) else stem
