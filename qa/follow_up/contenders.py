"""Which of two things that were asked of in the same words is meant: "Which one is older?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.qa.follow_up.grammar import Asked, Phrase

_WHICH = re.compile(
    r"(?:which|what)(?:\s+(?:one|of\s+(?:the\s+)?(?:two|both|them|these|those)|[a-z]+))?\s+"
    r"(?:(?P<be>is|was|are|were)\s+(?:the\s+)?(?P<verb>\w+\s+)?|(?P<other>[a-z]+)\s+)"
    r"(?P<more>[a-z]+er|(?:more|less)\s+\w+|more|less|most|first|last)\W*",
    re.I,
)
_IN_TIME = {"older": "earlier", "elder": "earlier", "newer": "later", "younger": "later"}
_SMALLER = frozenset("smaller less fewer lower".split())


def compared(question: str, memory: Sequence[Asked]) -> str:
    """``question`` as one for the two things that the newest two questions were about; "" where
    they differ in more than that, or it compares nothing.

    "Which one is older?" after "When was the Astrid built?" and "When was the Maren built?" is
    "Which was built earlier, the Astrid or the Maren?".
    """
    asked = _WHICH.fullmatch(question)
    if asked is None or len(memory) < 2:
        return ""
    one, other = memory[-2:]
    sides = _sides(one, other)
    if sides is None:
        return ""
    between = f"{sides[0].text} or {sides[1].text}"
    return f"{_by(asked, one, sides[0])}, {between}?"


def _by(asked: re.Match[str], earlier: Asked, side: Phrase) -> str:
    """What is compared: what was asked before, where the word fits that."""
    more, be = asked["more"].lower(), (asked["be"] or "is").lower()
    rest = earlier.text[side.end :].strip()
    if asked["verb"] or asked["other"]:
        return " ".join(asked.group().rstrip(" ?!.").split())
    if earlier.wh_words == "when" and more in _IN_TIME and rest and earlier.auxiliary:
        return f"Which {earlier.tokens[earlier.auxiliary].lower} {rest} {_IN_TIME[more]}"
    noun = earlier.asked_for
    if noun and noun.is_plural and earlier.auxiliary and rest and more not in _IN_TIME:
        did = earlier.tokens[earlier.auxiliary].lower == "did"
        verb, _, further = rest.partition(" ")
        said = verb if did else _third_person(verb)
        many = "fewer" if more in _SMALLER else "more"
        return f"Which {said} {many} {noun.text.removeprefix('the ')} {further}".rstrip()
    return f"Which {be} {more}"


def _sides(one: Asked, other: Asked) -> tuple[Phrase, Phrase] | None:
    """The phrases in which alone two questions differ."""
    for phrase in sorted(one.phrases, key=lambda phrase: len(phrase.text)):
        for another in other.phrases:
            is_rest = one.text[: phrase.start] == other.text[: another.start]
            if is_rest and one.text[phrase.end :] == other.text[another.end :]:
                return _whole(one, phrase), _whole(other, another)
    return None


def _whole(asked: Asked, inside: Phrase) -> Phrase:
    """The longest phrase that holds another: "the port of Lund" for "Lund"."""
    around = (p for p in asked.phrases if p.start <= inside.start and inside.end <= p.end)
    return max(around, key=lambda phrase: phrase.end - phrase.start)


def _third_person(verb: str) -> str:
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    ends = verb.endswith("y") and verb[-2:-1] not in "aeiou"
    return {"have": "has"}.get(verb) or (f"{verb[:-1]}ies" if ends else f"{verb}s")
