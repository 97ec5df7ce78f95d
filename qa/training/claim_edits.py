"""Sentences to others that say another thing.

Each edit takes a sentence and gives another, or None where the sentence offers no hold. They are
those of the reader's negatives (``negatives``), and those that written answers break: roles,
negation, modality.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from itertools import combinations

from footnoted.qa.english import lexicon
from footnoted.qa.training.claim_wordings import (
    PASSIVE,
    Edit,
    active,
    fits,
    lower,
    same,
    upper,
)
from footnoted.qa.training.negatives import OPPOSED, OPPOSITE

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+(?: (?:of (?:the )?)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\w,.]*\d)")
_NUMERALS = "two three four five six seven eight nine ten eleven twelve twenty thirty".split()
_NUMERAL = re.compile(rf"\b({'|'.join(_NUMERALS)})\b")
_MONTHS = (
    "January February March April June July August September October November December".split()
)
_UNITS: tuple[tuple[str, ...], ...] = tuple(
    tuple(group.split())
    for group in (
        "thousand million billion trillion",
        "kilometres miles metres feet",
        "kilograms pounds tonnes",
        "days weeks months years decades centuries",
        "hours minutes seconds",
        "day week month year decade century",
        "dollars euros pounds",
        "first second third fourth fifth",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        " ".join(_MONTHS),
        "north south east west",
        "northern southern eastern western",
    )
)
_UNIT = {word: group for group in _UNITS for word in group}
_OF_UNIT = re.compile(rf"\b({'|'.join(sorted(_UNIT, key=len, reverse=True))})\b")
_DENIABLE = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?! not\b| never\b|n['’]t| no\b)(?= [a-z])"
)
_DENIAL = re.compile(
    r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|might|must)"
    r"(?: (?:not|never|no longer)\b|n['’]t\b)(?: yet\b| only\b| just\b)?| never(?= [a-z]+ed\b)"
)
_DO_DENIAL = re.compile(r"\b(?:did|does|do) not ([a-z]+)\b")
_PAST = re.compile(r"(?<=[\w,] )([a-z]+ed)\b(?! by\b)")
_NO_SUBJECT = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|and|or|the|an?|of|in|,) $"
)
_STRONGER = tuple(
    (re.compile(rf"\b(?:{weak})\b", re.I), strong)
    for weak, strong in (
        (r"may have", "has"),
        (r"might have", "has"),
        (r"(?:may|might|could)(?! have)", "will"),
        (r"can", "must"),
        (r"should", "must"),
        (
            r"(?:plans|plan|planned|hopes|hope|hoped|wants|want|wanted|intended|intends) to be",
            "was",
        ),
        (r"(?:some|many|most|several)(?= (?!of\b)[a-z]+s\b)", "all"),
        (r"(?:some|many|most|several) of", "all of"),
        (r"(?:probably|possibly|perhaps|reportedly|allegedly|supposedly|likely) ", ""),
        (
            r"(?:often|sometimes|usually|frequently|generally|typically|occasionally|rarely)",
            "always",
        ),
        (r"(?:nearly|almost|about|approximately|around) (?=\d)", "exactly "),
        (r"(?:is|was) (?:thought|believed|said|reported|alleged|estimated) to be", "is"),
        (r"(?:are|were) (?:thought|believed|said|reported|alleged|estimated) to be", "are"),
        (r"one of the", "the only one of the"),
        (r"attempted to|tried to|sought to", "managed to"),
        (r"proposed|suggested|considered", "adopted"),
        (r"mainly|mostly|primarily|largely", "exclusively"),
        (r"contributed to|was linked to|is linked to|is associated with", "caused"),
        (r"(?:is|are) expected to", "will certainly"),
        (r"aims? to|plans? to|wants? to|hopes? to", "already managed to"),
    )
)
_JOINED = re.compile(r"\s*(?:,|and|or|,\s*and|&)\s*(?:the |its |his |her )?")


def turned_wrong(sentence: str, chance: random.Random) -> str | None:
    """ "It was damaged by the fire." to "It damaged the fire.", or the fire was damaged by it."""
    found = PASSIVE.fullmatch(sentence)
    if found is None or not fits(found):
        return None
    if chance.random() < 0.5 or found["be"] in ("is", "are"):
        agent, patient = upper(found["agent"]), lower(found["patient"])
        return f"{agent} {found['be']} {found['verb']} by {patient}{found['rest']}"
    return active(found, found["patient"], found["agent"])


def exchanged(sentence: str, chance: random.Random) -> str | None:
    """Two names that stand in each other's place."""
    names = [m for m in _NAME.finditer(sentence) if m.group() not in _MONTHS]
    starts = re.match(r"(?:The )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*(?= [a-z])", sentence)
    if starts and starts.group().lower() not in _NO_NAMES and " " in starts.group():
        names.insert(0, starts)
    pairs = [
        (a, b)
        for a, b in combinations(names, 2)
        if a.end() < b.start()
        and a.group() not in b.group()
        and b.group() not in a.group()
        and not _is_list(sentence[a.end() : b.start()])
    ]
    if not pairs:
        return None
    a, b = chance.choice(pairs)
    one, two = a.group(), b.group()
    if one.startswith("The "):
        one = one[0].lower() + one[1:]
    between = sentence[a.end() : b.start()]
    return f"{sentence[: a.start()]}{upper(two)}{between}{one}{sentence[b.end() :]}"


def _is_list(between: str) -> bool:
    return bool(_JOINED.fullmatch(between)) or ("," in between and len(between) < 25)


_NO_NAMES = lexicon.DETERMINERS | lexicon.PRONOUNS | lexicon.PREPOSITIONS | lexicon.LINKS


def another_name(names: Sequence[str]) -> Edit:
    """Another of ``names`` in place of one of the sentence."""

    def edit(sentence: str, chance: random.Random) -> str | None:
        there = [m for m in _NAME.finditer(sentence) if m.group() not in _UNIT]
        others = [name for name in names if name not in sentence and name not in _UNIT]
        if not there or not others:
            return None
        return same(chance.choice(there), sentence, chance.choice(others))

    return edit


def another_number(sentence: str, chance: random.Random) -> str | None:
    there = [*_NUMBER.finditer(sentence), *_NUMERAL.finditer(sentence)]
    if not there:
        return None
    found = chance.choice(there)
    return same(found, sentence, _other_number(found.group(), chance))


def _other_number(old: str, chance: random.Random) -> str:
    if old in _NUMERALS:
        return chance.choice([one for one in _NUMERALS if one != old])
    if chance.random() < 0.5:  # a digit
        at = chance.choice([i for i, one in enumerate(old) if one.isdigit()])
        digits = [d for d in "0123456789"[at == 0 :] if d != old[at]]
        return f"{old[:at]}{chance.choice(digits)}{old[at + 1 :]}"
    value = float(old.replace(",", ""))
    if old.isdigit() and len(old) == 4:
        return str(int(value) + chance.choice([-30, -20, -10, -7, -4, -2, -1, 1, 2, 3, 5, 10, 20]))
    new = value * chance.choice([0.1, 0.5, 2, 3, 10]) + chance.choice([0, 1])
    new = new if new != value else value + 2
    return f"{new:,.1f}" if "." in old else f"{new:,.0f}" if "," in old else f"{new:.0f}"


def another_unit(sentence: str, chance: random.Random) -> str | None:
    there = list(_OF_UNIT.finditer(sentence))
    if not there:
        return None
    found = chance.choice(there)
    others = [one for one in _UNIT[found.group()] if one != found.group()]
    return same(found, sentence, chance.choice(others))


def denied(sentence: str, chance: random.Random) -> str | None:
    there = list(_DENIABLE.finditer(sentence))
    past = [
        m
        for m in _PAST.finditer(sentence)
        if lexicon.known_base(m[1]) and not _NO_SUBJECT.search(sentence[: m.start()])
    ]
    if there and (not past or chance.random() < 0.7):
        found = chance.choice(there)
        no = chance.choice(["not", "not", "not", "never"])
        return same(found, sentence, f"{found[1]} {no}")
    if past:
        found = past[0]
        return same(found, sentence, f"did not {lexicon.known_base(found[1])}")
    return None


def affirmed(sentence: str, chance: random.Random) -> str | None:
    found = _DENIAL.search(sentence)
    if found:
        return same(found, sentence, found[1] or "")
    return None


def opposite(sentence: str, chance: random.Random) -> str | None:
    there = list(OPPOSED.finditer(sentence))
    if not there:
        return None
    found = chance.choice(there)
    return same(found, sentence, OPPOSITE[found.group()])


def stronger(sentence: str, chance: random.Random) -> str | None:
    there = [(m, new) for weak, new in _STRONGER for m in weak.finditer(sentence)]
    if not there:
        return None
    found, new = chance.choice(there)
    return same(found, sentence, upper(new) if new and found.group()[0].isupper() else new)
