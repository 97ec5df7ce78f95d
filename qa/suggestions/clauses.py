"""A plain sentence taken apart, as far as its first words tell: who or what, the verb, the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.qa.english import lexicon
from footnoted.qa.suggestions.phrases import Token, joined, names_nothing_else, tokens

_LONGEST_SUBJECT = 9
_LONGEST_REST = 12
# What opens a clause of its own, or a phrase that a question can do without.
_OPENS = frozenset(
    "which that who whom whose when while because after before if until unless although though"
    " where so as whether but since despite including such due following".split()
)
_BE = frozenset("is are was were be been being".split())
_ADVERBS = frozenset("also now then still already soon currently later previously both all".split())
_NO_SUBJECT = (
    lexicon.WH | lexicon.PREPOSITIONS | lexicon.LINKS | lexicon.PRONOUNS | lexicon.ADVERBS
) - {"of", "for", "and", "on", "in", "at", "not"}


class Clause(NamedTuple):
    """ "The bridge | will | be opened in May", "The mayor | opened | it in May".

    ``auxiliary`` is "" where there is none, and ``verb``, which is finite, where there is one.
    """

    subject: tuple[Token, ...]
    auxiliary: str
    verb: str
    rest: tuple[Token, ...]

    @property
    def is_plural(self) -> bool:
        return self.auxiliary in {"are", "were", "have"} or (
            bool(self.verb) and not self.verb.endswith("s")
        )

    def asked(self, subject: str) -> tuple[str, str]:
        """The auxiliary of a question, and what stands behind its subject of the verb: "does",
        "open"; "was", ""."""
        if self.auxiliary in {"has", "have", "had"} and not _is_participle(self.rest[:1]):
            return {"has": "does", "have": "do", "had": "did"}[self.auxiliary], "have"
        if self.auxiliary:
            return self.auxiliary, ""
        base = lexicon.base_form(self.verb) or self.verb
        if lexicon.is_past(self.verb):
            return "did", base
        return "does", base


def clause_of(text: str) -> Clause | None:
    """The clause with which ``text`` begins; None where it is none that can be told apart."""
    found = tokens(text)
    at = _verb_at(found)
    if at is None:
        return None
    subject = tuple(found[:at])
    if not names_nothing_else(subject) or not _is_noun_phrase(subject):
        return None
    word = found[at].lower
    behind = at + 1
    while behind < len(found) and found[behind].lower in _ADVERBS:
        behind += 1
    is_auxiliary = word in lexicon.AUXILIARIES
    rest = tuple(found[behind:])
    return Clause(subject, word if is_auxiliary else "", "" if is_auxiliary else word, rest)


def until_stop(words: Sequence[Token], most: int = _LONGEST_REST) -> tuple[Token, ...] | None:
    """The words up to where their clause ends; None where that is too far."""
    taken: list[Token] = []
    for word in words:
        if word.lower in _OPENS:
            return tuple(taken)
        taken.append(word)
        if len(taken) > most:
            return None
        if word.is_last:
            break
    return tuple(taken)


def is_finite(word: str) -> bool:
    """Whether a word is surely a verb that has a subject: "opened", "opposes", not "plans"."""
    base = lexicon.known_base(word)
    if base is None or not word.islower() or word == base:
        return False
    return lexicon.is_past(word) or (word.endswith("s") and base in lexicon.VERBS)


def _verb_at(words: Sequence[Token]) -> int | None:
    for at, word in enumerate(words[: _LONGEST_SUBJECT + 1]):
        if at and (word.lower in lexicon.AUXILIARIES or is_finite(word.text)):
            before = words[at - 1].lower
            if before in lexicon.DETERMINERS | lexicon.PREPOSITIONS | {"to", "and", "or"}:
                return None
            return at
        if word.is_last or word.lower in _NO_SUBJECT:
            return None
    return None


def _is_noun_phrase(words: Sequence[Token]) -> bool:
    first = words[0]
    return (
        (first.is_name or first.lower in {"the", "a", "an"})
        and first.lower not in lexicon.PREPOSITIONS
        and not joined(words).isupper()
        and not words[-1].lower.endswith("ing")
        and not any(lexicon.is_participle(word.text) for word in words[1:-1] if not word.is_name)
    )


def _is_participle(words: Sequence[Token]) -> bool:
    return bool(words) and (
        lexicon.is_participle(words[0].text) or words[0].lower in _BE | {"not", "never"}
    )
