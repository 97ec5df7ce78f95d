"""Comparisons of two things: what is asked of each, and which of two figures then answers."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.qa.english import lexicon
from footnoted.qa.english.figures import Figure

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
    rf"|(?P<more>higher|lower|larger|smaller|greater|more|less|longer|shorter|older|newer)\s+than)\s+"
    rf"(?:(?:that\s+|the\s+(?P=noun)\s+)?(?P=how)\s+)?(?P<other>.+?)$",
    re.I,
)
_WHICH = r"^(?:which|who|what)\s+(?:one\s+|of\s+the\s+two\s+)?(?:(?P<noun>[a-z]\w+)\s+)?"
_BETWEEN = r"\s*[,:]?\s+(?P<one>.+?)\s+or\s+(?P<other>.+)$"
_IN_TIME = r"(?P<more>earlier|first|sooner|later|last)"
_MORE = r"(?P<more>[a-z]+er|(?:more|less)\s+\w+)"
_WHICH_IS = re.compile(
    rf"{_WHICH}(?P<be>is|was)\s+(?:the\s+)?{_MORE}(?:\s+\w+(?=,))?{_BETWEEN}", re.I
)
_WHICH_WAS = re.compile(rf"{_WHICH}(?P<be>is|was)\s+(?P<verb>\w+)\s+{_IN_TIME}{_BETWEEN}", re.I)
_WHICH_DID = re.compile(rf"{_WHICH}(?P<verb>\w+)\s+{_IN_TIME}{_BETWEEN}", re.I)
_WHICH_HAS = re.compile(
    rf"{_WHICH}(?P<verb>(?!(?:is|was)\b)\w+)\s+(?:the\s+)?(?P<more>more|fewer|less|most|fewest|least)\s+"
    rf"(?P<what>(?!than\b)\w+(?:\s+(?!than\b)\w+)?){_BETWEEN}",
    re.I,
)
_IS_MORE = re.compile(
    rf"^(?P<be>is|was)\s+(?P<one>.+?)\s+{_MORE}\s+than\s+(?P<other>(?!\d).+)$", re.I
)
_WAS_BEFORE = re.compile(
    r"^(?P<be>is|was)\s+(?P<one>.+?)\s+(?P<verb>\w+ed|built|founded|held|begun|laid\s+out)\s+"
    r"(?P<more>earlier\s+than|before|later\s+than|after)\s+(?P<other>(?!\d).+)$",
    re.I,
)
_ATTRIBUTE = re.compile(r"^the\s+(?:\w+\s+)?(?P<noun>\w+)\s+of\s", re.I)
_NOT_COMPARATIVE = frozenset("other either neither whether rather ever never over under".split())
_LESS = frozenset(
    "less fewer fewest least lower smaller shorter narrower lighter slower cheaper cooler colder"
    " weaker thinner nearer closer earlier first sooner before".split()
)
_OF_PRICE = "cheap", "dear", "expensive"
_SINCE_WHEN = "When was {} founded or built?"
_OF_AGE = {"older": 1, "elder": 1, "newer": -1, "younger": -1}


class Comparison(NamedTuple):
    """Two things, as the question names them, and the questions for what is compared of each.

    The questions are pairs, to be asked in turn until one is answered for both. ``wants``: whether
    the larger figure (1) or the smaller (-1) answers, or neither (0); of an age, the earlier date
    is the larger one. ``yes_or_no``: whether it is asked if the first thing is the one.
    """

    questions: tuple[tuple[str, str], ...]
    sides: tuple[str, str]
    wants: int = 0
    of_age: bool = False
    yes_or_no: bool = False

    def chosen(self, one: Figure | None, other: Figure | None) -> int | None:
        """Which side the figures found for both decide for, 0 or 1; None if they do not."""
        if one is None or other is None or not self.wants or (order := one.compared(other)) is None:
            return None
        wants = -self.wants if self.of_age and one.is_time else self.wants
        return int(order != wants) if order else None


def compared(question: str) -> Comparison | None:
    """What ``question`` compares, and by what; None if it compares nothing.

    "Are the fees of A and B the same?" asks for two fees, "Which is older, A or B?" for two ages.
    """
    words = " ".join(question.split()).rstrip(" ?!.")
    return _alike(words) or _in_time(words) or _in_number(words) or _in_degree(words)


def _alike(words: str) -> Comparison | None:
    """By something that both have: "the same fee"."""
    if found := _SHARED.match(words):
        aux = {"do": "does", "have": "has"}.get(found["aux"].lower(), found["aux"].lower())
        asks = f"What {found['noun']} {aux} {{}} {found['verb']}{found['rest'] or ''}?"
    elif (found := _SAME_OF.match(words) or _SAME_AS.match(words)) and _is_measured(found):
        asks = f"What {found['be'].lower()} the {found['noun']} {found['how']} {{}}?"
    else:
        return None
    more = (found.groupdict().get("more") or "").lower()
    return Comparison(*_of_both(found, asks), _wants(more) if more else 0, yes_or_no=bool(more))


def _is_measured(found: re.Match[str]) -> bool:
    """Whether it is a fee or an age that is higher; "the port of A" may be older itself."""
    return not found.groupdict().get("more") or lexicon.is_attribute(found["noun"].split()[-1])


def _in_time(words: str) -> Comparison | None:
    """By when something was done: "Which was opened first, A or B?"."""
    if found := _WHICH_WAS.match(words) or _WAS_BEFORE.match(words):
        asks = f"When {found['be'].lower()} {{}} {found['verb']}?"
    elif found := _WHICH_DID.match(words):
        base = lexicon.known_base(found["verb"])
        if base is None or base == "be":
            return None
        asks = _SINCE_WHEN if base == "come" else f"When did {{}} {base}?"
    else:
        return None
    more = found["more"].lower().split()[0]
    return Comparison(*_of_both(found, asks), _wants(more), yes_or_no=_asks_whether(words))


def _in_number(words: str) -> Comparison | None:
    """By how many: "Which carries more passengers, A or B?"."""
    found = _WHICH_HAS.match(words)
    base = lexicon.base_form(found["verb"]) if found else None
    if found is None or base is None:
        return None
    many = "many" if lexicon.is_plural(found["what"].split()[-1]) else "much"
    past = lexicon.is_past(found["verb"])
    asks = f"How {many} {found['what']} {'did' if past else 'does'} {{}} {base}?"
    return Comparison(*_of_both(found, asks), _wants(found["more"].lower()))


def _in_degree(words: str) -> Comparison | None:
    """By how much: "Which is higher, A or B?"."""
    found = _WHICH_IS.match(words) or _IS_MORE.match(words)
    if found is None or (more := found["more"].lower()) in _NOT_COMPARATIVE:
        return None
    be, whether = found["be"].lower(), _asks_whether(words)
    attribute = _ATTRIBUTE.match(found["one"])
    if attribute and lexicon.is_attribute(attribute["noun"]):
        return Comparison(*_of_both(found, f"What {be} {{}}?"), _wants(more), yes_or_no=whether)
    positive = _positive(more)
    asks = "How much does {} cost?" if positive in _OF_PRICE else f"How {positive} {be} {{}}?"
    questions, sides = _of_both(found, asks)
    if more in _OF_AGE:
        questions += _of_both(found, _SINCE_WHEN)[0]
    return Comparison(questions, sides, _wants(more), more in _OF_AGE, whether)


def _of_both(
    found: re.Match[str], asks: str
) -> tuple[tuple[tuple[str, str], ...], tuple[str, str]]:
    """The questions for both sides, each named by the noun where that stands apart: "Which ferry is
    newer, Astrid or Solveig?" is one for the ferry Astrid."""
    one, other = found["one"], found["other"]
    noun = found.groupdict().get("noun") if found.re.pattern.startswith(_WHICH) else None
    named = [
        side if noun is None or _is_whole(side, noun) else f"the {noun} {side}"
        for side in (one, other)
    ]
    return ((asks.format(named[0]), asks.format(named[1])),), (one, other)


def _is_whole(side: str, noun: str) -> bool:
    return side.lower().startswith(("the ", "a ", "an ")) or noun.lower() in side.lower()


def _asks_whether(words: str) -> bool:
    return words.split()[0].lower() in lexicon.BE


def _wants(more: str) -> int:
    return _OF_AGE.get(more, -1 if more.split()[0] in _LESS else 1)


def _positive(comparative: str) -> str:
    """What it is raised from: "higher" -> "high", "larger" -> "large", "bigger" -> "big"."""
    if " " in comparative:
        return comparative.split()[1]
    stem = comparative[:-2]
    if stem.endswith("i"):
        return f"{stem[:-1]}y"
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "ls":
        return stem[:-1]
    return f"{stem}e" if stem.endswith(("rg", "id", "at", "af", "os", "im", "ur")) else stem
