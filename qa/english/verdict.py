"""Yes or no, where a sentence says what is asked in the question's own words.

What a sentence implies is not told: of the verdicts that are given, nine in ten are to be right.
On public questions with a text, 24 of 25 are, but they are few: a sentence has to hold all words
that carry meaning, in the question's order, with at most one other between them, and must not
hedge. Asked for "Yes" and "No" instead, our checker is right at chance.
"""

from __future__ import annotations

from footnoted.corpus.words import STOP_WORDS, Word, content_words, words
from footnoted.qa.english.lexicon import MODALS
from footnoted.qa.english.polarity import NEGATIONS, is_negation, polarity
from footnoted.qa.english.question_kind import asks_yes_or_no

_MOST_BETWEEN = 1
_FEWEST_WORDS = 2
_MODALS = MODALS - {"can", "can't", "cannot", "will", "won't"}
_HEDGES = frozenset(
    """
    if unless except only some most often usually sometimes rarely until before but however although
    though proposed plan plans planned alleged reported said say says claim claims claimed claiming
    or all every any always first more less than largest same both still other
    """.split()
)


def verdict(question: str, sentence: str) -> bool | None:
    """Whether ``sentence`` says yes to ``question``; None where it is not sure, or not asked so."""
    if not asks_yes_or_no(question):
        return None
    wanted, said = content_words(question), words(sentence)
    stems = [word.stem for word in wanted]
    place = _in_order(stems, said)
    if len(set(stems)) < _FEWEST_WORDS or place is None or _hedges(question, said):
        return None
    first, last = place
    between = [word for word in said[first : last + 1] if _is_extra(word, set(stems))]
    if len(between) > _MOST_BETWEEN:
        return None
    asked, told = polarity(question, set(stems)), polarity(sentence, set(stems))
    if not told.denies and any(is_negation(sentence, word) for word in said):
        return None
    return told.denies == asked.denies


def _in_order(stems: list[str], said: list[Word]) -> tuple[int, int] | None:
    """From where to where ``said`` holds the stems, one after the other."""
    at, first = -1, None
    for wanted in stems:
        at = next((i for i in range(at + 1, len(said)) if said[i].stem == wanted), -1)
        if at < 0:
            return None
        first = at if first is None else first
    return None if first is None else (first, at)


def _is_extra(word: Word, stems: set[str]) -> bool:
    return word.stem not in stems and word.text.lower() not in STOP_WORDS | NEGATIONS


def _hedges(question: str, said: list[Word]) -> bool:
    """Whether either says it by halves. "May" in both of them is what is asked."""
    asked, told = ({w.text.lower() for w in found} for found in (words(question), said))
    return bool((asked | told) & _HEDGES or (asked ^ told) & _MODALS)
