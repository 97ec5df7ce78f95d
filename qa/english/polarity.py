"""Whether a text says a thing or denies it: "Which gate is never locked?" """

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import pairwise, zip_longest
from typing import NamedTuple

from footnoted.corpus.words import STOP_WORDS, Word, stem, words
from footnoted.qa.english.lexicon import AUXILIARIES, is_participle, known_base
from footnoted.qa.english.speech import quotations

NEGATIONS = frozenset("not no never neither nor cannot without t".split())
"""The words that deny what follows them; "t" is what is left of "n't"."""

_REACHES = 3
# Between a negation and what it denies they take no place: "is no longer locked", "not yet paid".
_TRANSPARENT = frozenset(map(stem, "longer yet ever even also be been being".split()))


class Polarity(NamedTuple):
    """Whether a text says some words, and whether it denies them; it may do both, or neither."""

    says: bool
    denies: bool


def polarity(text: str, of: Set[str]) -> Polarity:
    """How ``text`` says the words whose stems are ``of``: a negation reaches three words on."""
    found = [denied for word, denied in _denied(text) if word.stem in of]
    return Polarity(not all(found), any(found))


def predicate(question: str) -> tuple[frozenset[str], bool]:
    """The stems of the verbs of a question, and whether it denies them.

    Of "Which animals are not allowed?" it is "allow", and that is denied. Where it denies another
    word, as in "Who is no member?", it is that; where it denies none, as in "and what not?", none.
    What it quotes is another's to say or deny.
    """
    for start, end in reversed(quotations(question)):
        question = question[:start] + question[end:]
    every = [
        (word, denied)
        for word, denied in _denied(question)
        if word.text.lower() not in STOP_WORDS | AUXILIARIES
    ]
    verbs = {word.start for word, _ in every if _is_verb(word.text)} | _behind_auxiliaries(question)
    of_verbs = {word.stem: denied for word, denied in every if word.start in verbs}
    if any(denied for _, denied in every):
        denied_verbs = {one for one, denied in of_verbs.items() if denied}
        return frozenset(denied_verbs or {word.stem for word, denied in every if denied}), True
    if any(is_negation(question, word) for word in words(question)):
        return frozenset(), False
    return frozenset(of_verbs), False


def is_negation(text: str, word: Word) -> bool:
    """Whether a word of ``text`` denies what follows; the "T" of "T cells" is none."""
    lower = word.text.lower()
    return lower in NEGATIONS and (lower != "t" or text.endswith(("'", "’"), 0, word.start))


def _denied(text: str) -> Iterator[tuple[Word, bool]]:
    """The words of a text but its negations, each with whether one reaches it.

    "No one may park" says who parks, which is nobody.
    """
    found = words(text)
    since = _REACHES
    for word, after in zip_longest(found, found[1:]):
        lower = word.text.lower()
        is_nobody = lower == "no" and after and after.text.lower() == "one"
        if is_negation(text, word) and not is_nobody:
            since = 0
            continue
        yield word, since < _REACHES
        since += word.stem not in _TRANSPARENT


def _is_verb(word: str) -> bool:
    return is_participle(word) or known_base(word) is not None


def _behind_auxiliaries(question: str) -> set[int]:
    """Where the words begin that stand right behind an auxiliary: "Who may (not) park here?"."""
    found = [word for word in words(question) if not is_negation(question, word)]
    return {word.start for before, word in pairwise(found) if before.text.lower() in AUXILIARIES}
