"""Whether quotations deny what a written sentence says, or say it of something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.corpus.words import STOP_WORDS, content_stems, stems, words
from footnoted.qa.english import lexicon
from footnoted.qa.english.contrast import telling_otherwise
from footnoted.qa.english.polarity import is_negation, polarity
from footnoted.qa.writing.exchanges import exchanged, turned_round

# What says no without a negation.
_NEGATIVE = frozenset(
    "absent against avoid cannot cease deny fail forbid impossible lack missing neither none nobody"
    " nothing oppose prohibit refuse reject stop unable unclear unknown unlikely".split()
)
_FIGURE = re.compile(r"\d[\d.,]*")
_NEGATIVE_STEMS = stems(" ".join(_NEGATIVE))


def contradicting(sentence: str, quoted: Sequence[str]) -> Iterator[str]:
    """What speaks against ``sentence`` in the sentences that are ``quoted``, in words for its
    reader."""
    together = " ".join(quoted)
    for other in quoted:
        yield from exchanged(sentence, other)
        yield from turned_round(sentence, other)
    if telling_otherwise(_without_figures_but_of(together, sentence), quoted):
        yield "what is quoted says it of something else"
    if _has_negation(sentence) and not _denies_at_all(together):
        yield "nothing that is quoted denies it"
    elif _are_at_odds(sentence, together):
        yield "what is quoted says the opposite"


def _without_figures_but_of(quoted: str, sentence: str) -> str:
    """``sentence`` without the figures that are written otherwise there, which were compared."""
    return _FIGURE.sub(lambda it: it.group() if it.group() in quoted else " ", sentence)


def _has_negation(text: str) -> bool:
    return any(is_negation(text, word) for word in words(text))


def _denies_at_all(text: str) -> bool:
    return _has_negation(text) or not _NEGATIVE_STEMS.isdisjoint(stems(text))


def _are_at_odds(sentence: str, quoted: str) -> bool:
    """Whether a word that both say is denied by one of them alone."""
    for one in content_stems(sentence):
        own, other = polarity(sentence, {one}), polarity(quoted, {one})
        if not (other.says or other.denies) or own.says == own.denies:
            continue
        if own.denies and not other.denies:
            return True
        if own.says and not other.says and _is_predicate(sentence, one):
            return True
    return False


def _is_predicate(sentence: str, one: str) -> bool:
    """Whether the word of this stem is a verb, or stands behind an auxiliary."""
    found = [word for word in words(sentence) if word.text.lower() not in STOP_WORDS]
    return any(
        word.stem == one
        and (lexicon.is_participle(word.text) or lexicon.known_base(word.text) is not None)
        for word in found
    )
