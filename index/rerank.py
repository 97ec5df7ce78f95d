"""A second look at the likeliest passages: does one sentence hold what the question names?

Words that stand together answer more often than the same words scattered over a passage.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from footnoted.corpus.ids import figures
from footnoted.corpus.types import Document, Passage
from footnoted.corpus.words import stems


def share_of_words(
    share: float,
    wanted: Mapping[str, float],
    document: Document,
    passage: Passage,
    of_sentence: float,
) -> float:
    """The share of a question's words that a passage holds, and its best sentence, as one score.

    ``share`` is the passage's, as the lexical search tells it; ``wanted`` maps the stems of the
    question's words, and the keys of its figures, to their weights, and ``of_sentence`` is how
    much the best sentence counts.
    """
    if not wanted:
        return share
    held = (_terms(document.text[start:end]) for start, end in passage.sentences)
    best = max((sum(wanted[s] for s in wanted.keys() & found) for found in held), default=0.0)
    return (1 - of_sentence) * share + of_sentence * best / sum(wanted.values())


@lru_cache(maxsize=20_000)
def _terms(sentence: str) -> frozenset[str]:
    return stems(sentence).union(one.key for one in figures(sentence))
