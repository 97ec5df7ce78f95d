"""Answers that name the same thing: "the agency UNHCR" and "UNHCR" are one answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.corpus.words import STOP_WORDS, Word, words
from footnoted.qa.english.lexicon import TITLES

_POSSESSIVE = re.compile(r"['’]s?\b")


def same(one: str, other: str) -> bool:
    """Whether two answers name the same thing, as far as their words tell.

    The one's words open or close the other's ("Amnesty" and "Amnesty International", "party" and
    "the governing party"), unless they do so as its owner ("Denmark" and "Denmark's party") or with
    another figure; or the one is the other's initials.
    """
    pairs = ((_told(text), text) for text in (one, other))
    (short, _), (long, text) = sorted(pairs, key=lambda pair: len(pair[0]))
    if not short:
        return not long
    stems = [word.stem for word in long]
    wanted = [word.stem for word in short]
    if stems == wanted or "".join(stem[0] for stem in stems) == "".join(wanted):
        return True
    if _figures(short) != _figures(long) and _figures(short):
        return False
    opens = stems[: len(wanted)] == wanted and not _owns(text, long[len(wanted) - 1])
    return opens or stems[-len(wanted) :] == wanted


def distinct(answers: Sequence[str]) -> list[list[int]]:
    """The answers' positions, those that name the same thing in one group, by their first."""
    groups: list[list[int]] = []
    for at, answer in enumerate(answers):
        group = next((g for g in groups if same(answers[g[0]], answer)), None)
        if group is None:
            groups.append([at])
        else:
            group.append(at)
    return groups


def _told(text: str) -> list[Word]:
    """The words that carry meaning; "WHO" is one of them; titles only where alone."""
    told = [w for w in words(text) if w.text.lower() not in STOP_WORDS or w.text.isupper()]
    return [w for w in told if w.text.lower() not in TITLES] or told


def _figures(found: Sequence[Word]) -> set[str]:
    return {word.text for word in found if any(letter.isdigit() for letter in word.text)}


def _owns(text: str, word: Word) -> bool:
    return _POSSESSIVE.match(text, word.end) is not None
