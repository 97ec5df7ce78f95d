"""Superlatives: what things are ordered by, and which way: "the cheapest", "the most seats"."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.words import STOP_WORDS, content_stems, stem

_KINDS = {
    kind: frozenset(map(stem, words.split()))
    for kind, words in {
        "price": "price cost costs fee fare rate charge rent tariff",
        "pay": "pay salary wage income earnings",
        "people": "population inhabitants residents people",
        "room": "capacity seats places people passengers persons guests",
        "size": "size area capacity seats population inhabitants members employees staff volume",
        "length": "length long",
        "height": "height high tall elevation altitude",
        "width": "width wide breadth beam",
        "depth": "depth deep draught",
        "weight": "weight mass tonnage displacement",
        "speed": "speed knots",
        "distance": "distance",
        "temperature": "temperature",
        "duration": "duration hours minutes days",
        "time": "time date starts start begins opens open departure departs arrival",
        "since": "year built founded established opened since born date launched commissioned",
        "age": "age",
    }.items()
}
"""What the header of a column may say where things are ordered by such a thing."""

_ORDERS = """
long: +length +duration
short: -length -duration -height
high tall: +height
low: -height
large big great: +size
small little: -size
old: -since +age
new young recent: +since -age
late: +time +since
early: -time -since
expensive dear costly pricey: +price
cheap: -price
heavy: +weight
light: -weight
fast quick: +speed -duration
slow: -speed +duration
deep: +depth
shallow: -depth
wide broad: +width
narrow: -width
far distant remote: +distance
near close: -distance
warm hot: +temperature
cool cold: -temperature
populous: +people
"""
_ADJECTIVES = {
    adjective: {kind[1:]: int(f"{kind[0]}1") for kind in kinds.split()}
    for adjectives, _, kinds in (line.partition(":") for line in _ORDERS.strip().splitlines())
    for adjective in adjectives.split()
}
"""What an adjective orders by, and whether by the largest figure or the smallest."""

_VERBS = {
    **dict.fromkeys("cost costs charge charges".split(), "price"),
    **dict.fromkeys("hold holds seat seats take takes carry carries fit fits".split(), "room"),
    **dict.fromkeys("weigh weighs weighed".split(), "weight"),
    **dict.fromkeys("earn earns pay pays earned paid".split(), "pay"),
}
"""What is meant by a verb alone: "Which room holds the most?"."""

_HAVING = frozenset("have has had cost costs hold holds offer offers contain contains".split())

_MUCH = {"most": 1, "least": -1, "fewest": -1}
# "At most", "most of them", "most recently": no superlatives.
_SUPERLATIVE = re.compile(
    r"(?<!\bat )\b(?P<much>most|least|fewest)\b(?!\s+(?:of|likely|often|importantly|\w+ly)\b)"
    rf"(?:\s+(?P<adjective>{'|'.join(_ADJECTIVES)})\b)?"
    r"|\b[a-z]{2,}est\b",
    re.I,
)
_VERB = re.compile(r"(?P<verb>\w+)\s+(?P<the>the\s+)?$", re.I)
_ITSELF = re.compile(r"^\W*(?:what|which)(?:\s+(?:is|was|are|were)|['’]s)\s+the\s+$", re.I)


class Superlative(NamedTuple):
    """What a question orders things by.

    - ``words``: its stems that say no more than this: "most", "expensive", "costs".
    - ``noun``: the stems of the noun behind it, which is what is ordered, or what it is ordered
      by: "the longest ferry", "the most seats". ``wants``: of that, whether the largest figure (1)
      or the smallest (-1).
    - ``ways``: for the stems that the header of a column may have where nothing names it, which
      figure of it is wanted: of the oldest, the smallest of "built" and the largest of "age".
    - ``is_of_size``: whether figures of any kind may be meant, if there is but one: "the largest".
    - ``is_itself``: whether it is the figure that is asked for: "What is the highest fee?".
    """

    words: frozenset[str]
    noun: tuple[str, ...]
    wants: int
    ways: tuple[tuple[str, int], ...]
    is_of_size: bool
    is_itself: bool


def superlative(question: str) -> Superlative | None:
    """The superlative in a question; None where there is none, or several."""
    found = [one for match in _SUPERLATIVE.finditer(question) if (one := _read(question, match))]
    return found[0] if len(found) == 1 else None


def _read(question: str, match: re.Match[str]) -> Superlative | None:
    before, said, behind = question[: match.start()], match.group().lower(), question[match.end() :]
    if adjective := match["adjective"] or _POSITIVES.get(said, ""):
        way = _MUCH.get((match["much"] or "most").lower(), 1)
        return _by_adjective(before, said, adjective.lower(), way, behind)
    return _by_number(before, said, behind) if match["much"] else None


def _by_adjective(
    before: str, said: str, adjective: str, way: int, behind: str
) -> Superlative | None:
    """ "The cheapest room", "the highest fee"."""
    if adjective not in _ADJECTIVES:
        return None
    kinds = _ADJECTIVES[adjective]
    return Superlative(
        words=frozenset(map(stem, said.split())),
        noun=_noun(behind),
        wants=way * next(iter(kinds.values())),
        ways=tuple((word, way * each) for kind, each in kinds.items() for word in _KINDS[kind]),
        is_of_size="size" in kinds,
        is_itself=_ITSELF.search(before) is not None,
    )


def _by_number(before: str, much: str, behind: str) -> Superlative | None:
    """ "The most seats", "costs the most"."""
    noun, verb = _noun(behind), _VERB.search(before)
    if verb is None or not (noun or verb["the"] or not re.search(r"\w", behind)):
        return None
    kind = _VERBS.get(verb["verb"].lower()) if verb and not noun else None
    return Superlative(
        words=frozenset({stem(much)} | ({stem(verb["verb"])} if verb and kind else set())),
        noun=noun,
        wants=_MUCH[much],
        ways=tuple((word, _MUCH[much]) for word in _KINDS[kind]) if kind else (),
        is_of_size=not noun,
        is_itself=False,
    )


def _noun(behind: str) -> tuple[str, ...]:
    """The stems of the words that a superlative stands before, up to three."""
    found: list[str] = []
    for word in re.findall(r"\w+|[^\w\s]", behind)[:3]:
        if not word.isalpha() or word.lower() in STOP_WORDS | _HAVING:
            break
        found.append(stem(word))
    return tuple(found)


_LOOSE = "size", "room"
"""Kinds whose words are not the same thing: a capacity may be of seats, or of passengers."""


def alike(word: str) -> frozenset[str]:
    """The stems of words that head a column of the same kind as the stem ``word``, and itself."""
    kinds = (kind for name, kind in _KINDS.items() if word in kind and name not in _LOOSE)
    return frozenset({word}).union(*kinds)


def says_most(text: str) -> bool:
    """Whether a text says by itself that something is the most of its kind."""
    return _SUPERLATIVE.search(text) is not None or not _AT_THE_END.isdisjoint(content_stems(text))


_AT_THE_END = frozenset(map(stem, "maximum max minimum min peak record top first last".split()))


def _raised(adjective: str) -> list[str]:
    """ "Large" -> "largest", "early" -> "earliest", "big" -> "biggest"."""
    if adjective.endswith("e"):
        return [f"{adjective}st"]
    if adjective.endswith("y"):
        return [f"{adjective[:-1]}iest"]
    return [f"{adjective}est", f"{adjective}{adjective[-1]}est"]


_POSITIVES = {raised: one for one in _ADJECTIVES for raised in _raised(one)}
