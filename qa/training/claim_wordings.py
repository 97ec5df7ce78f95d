"""Sentences to others that say the same, or less.

Each takes a sentence and gives another, or None where the sentence offers no hold.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

Edit = Callable[[str, random.Random], str | None]

PASSIVE = re.compile(
    r"(?P<patient>(?!In |On |Before |After |During |When |While |Although )(?:The |An? |[A-Z])"
    r"(?:(?!which|who|that|and|was|were|is|are)[\w’'-]+ ){0,6}?[\w’'-]+)"
    r" (?P<be>was|were|is|are) (?P<verb>[a-z]+ed) by (?P<agent>(?:the |an? |[A-Z])[\w’' -]*?)"
    r"(?P<rest>(?: (?:in|on|during|after|before|at|for|as|from|to) .*)?[.])"
)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)")
_RELATIVE = re.compile(
    r", (?:which|who|whose|where|whom|a|an|the|including|such as) [^,;.]{4,90}"
    r"(?:,(?= [a-z])|(?=\.$))"
)
_TRAILING = re.compile(
    r"(?:, (?:although|though|while|because|since|when|after|despite|whereas)|,"
    r" [a-z]+ing) [^,;]{4,120}(?=\.$)"
)
_LEADING = re.compile(
    r"^(?P<lead>(?:In|On|During|After|Before|At|Since|From|For|Despite|Following)"
    r" [^,;]{2,60}), (?P<rest>(?:the|a|an|it|he|she|they|his|her|its|this|these|[A-Z])[^;]*)\.$"
)
_SECOND_HALF = re.compile(
    r"(?:,|;) (?:and |but |while )?(?=(?:the|it|he|she|they|this|these|[A-Z][\w’'-]+)\b[^,;]* "
    r"(?:is|are|was|were|has|had|have|can|could|will|would|\w+ed)\b)"
)


def same(pattern: re.Match[str], sentence: str, new: str) -> str:
    """The sentence with another wording where the match stands."""
    return f"{sentence[: pattern.start()]}{new}{sentence[pattern.end() :]}"


def shortened(sentence: str, chance: random.Random) -> str | None:
    """Without a parenthesis, a clause, or an adverbial."""
    ways = [_without_parenthesis, _without_relative, _without_trailing, _without_lead, _half]
    chance.shuffle(ways)
    found = next((new for way in ways if (new := way(sentence, chance)) is not None), None)
    if found is None or len(found.split()) < 4:
        return None
    return f"{found[0].upper()}{found[1:]}"


def _without_parenthesis(sentence: str, _: random.Random) -> str | None:
    new = _PARENTHESIS.sub("", sentence)
    return new if new != sentence else None


def _without_relative(sentence: str, _: random.Random) -> str | None:
    found = _RELATIVE.search(sentence)
    # What a comma joins may be a list.
    if found is None or " and " in found.group() or " or " in found.group():
        return None
    return same(found, sentence, "")


def _without_trailing(sentence: str, _: random.Random) -> str | None:
    found = _TRAILING.search(sentence)
    return same(found, sentence, "") if found else None


def _without_lead(sentence: str, _: random.Random) -> str | None:
    found = _LEADING.match(sentence)
    if found is None:
        return None
    return f"{found['rest']}."


def _half(sentence: str, chance: random.Random) -> str | None:
    joints = list(_SECOND_HALF.finditer(sentence))
    if not joints or re.match(r"(?:if|when|while|although|though|because|since)\b", sentence, re.I):
        return None
    joint = chance.choice(joints)
    halves = f"{sentence[: joint.start()]}.", sentence[joint.end() :]
    return chance.choice(halves)


def moved(sentence: str, chance: random.Random) -> str | None:
    """ "In 1999, it burned." to "It burned in 1999.": the same."""
    found = _LEADING.match(sentence)
    if found is None or "," in found["rest"]:
        return None
    lead, rest = found["lead"], found["rest"]
    return f"{rest[0].upper()}{rest[1:]} {lead[0].lower()}{lead[1:]}."


def turned(sentence: str, chance: random.Random) -> str | None:
    """ "It was damaged by the fire." to "The fire damaged it.": the same."""
    found = PASSIVE.fullmatch(sentence)
    if found is None or not fits(found) or found["be"] in ("is", "are"):
        return None
    return active(found, found["agent"], found["patient"])


def fits(found: re.Match[str]) -> bool:
    return len(found["agent"].split()) <= 6 and not re.search(r"\band\b", found["agent"])


def active(found: re.Match[str], subject: str, other: str) -> str:
    return f"{upper(subject)} {found['verb']} {lower(other)}{found['rest']}"


def upper(text: str) -> str:
    return text[0].upper() + text[1:]


def lower(text: str) -> str:
    return re.sub(r"^(The|An?|It|They|He|She|This|These)\b", lambda m: m.group().lower(), text)


TRUE: tuple[Edit, ...] = (shortened, moved, turned)
