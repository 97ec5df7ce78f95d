"""The terms that passages are found by: words, pairs of neighbouring words, and figures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import tantivy

from footnoted.corpus.ids import figures
from footnoted.corpus.words import content_words, words

TEXT = "text"
PAIRS = "pairs"
FIGURES = "figures"

Term = tuple[str, str]
"""A field, and what stands in it."""


def analyzer() -> tantivy.TextAnalyzer:
    """Words, lower-cased, without accents, English ones stemmed; as queries and passages alike."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(100))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The terms of a text, in their order, as often as they stand there."""

    stems: list[str]
    pairs: list[str]
    figures: list[str]

    @classmethod
    def by(cls, text: str, analyzed: tantivy.TextAnalyzer) -> Held:
        stems = analyzed.analyze(text)
        return cls(stems, pairs_of(stems), [one.key for one in figures(text)])


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is searched by, each once: its words and figures, and its pairs of words.

    Words like "how" and "the" are asked for only where there are no others: in a small corpus they
    are as rare as any, and would count as much. A pair holds at least one that is asked for.
    """

    words: list[Term]
    pairs: list[Term]

    @classmethod
    def by(cls, question: str, analyzed: tantivy.TextAnalyzer) -> Asked:
        """The question is taken as words only: it holds no operators, whatever stands in it."""
        meant = " ".join(word.text for word in content_words(question))
        asked = dict.fromkeys(analyzed.analyze(meant))
        if not asked:
            return cls([], [])
        stems = analyzed.analyze(" ".join(word.text for word in words(question)))
        keys = dict.fromkeys(one.key for one in figures(question))
        return cls(
            [(TEXT, word) for word in asked] + [(FIGURES, key) for key in keys],
            [(PAIRS, pair) for pair in dict.fromkeys(pairs_of(stems, asked))],
        )


def rarity(held: int, count: int) -> float:
    """How much a term tells that ``held`` of ``count`` passages hold."""
    return math.log(1 + (count - held + 0.5) / (held + 0.5))


def pairs_of(stems: Sequence[str], wanted: Iterable[str] | None = None) -> list[str]:
    """Each two neighbours as one term, of those with one of ``wanted`` in them, if given.

    The analyzer leaves neither spaces nor ``_`` in a word, so that pairs cannot be mistaken.
    """
    among = set(stems if wanted is None else wanted)
    return [f"{a}_{b}" for a, b in pairwise(stems) if a in among or b in among]
