"""A second look at the likeliest passages: does one sentence hold what the question names?

Words that stand together answer more often than the same words scattered over a passage.
"""

from __future__ import annotations

from collections.abc import Mapping

from footnoted.corpus.types import Document, Passage
from footnoted.corpus.words import stems

# Of the share of the words, how much is that of the best sentence. Without it, the right paragraph
# is first for 0.878 of SQuAD 2.0's answered questions instead of 0.881, and among the first five
# for 0.972 instead of 0.974; SciFact's nDCG@10 is 0.719 instead of 0.723.
_OF_SENTENCE = 0.5


def share_of_words(
    share: float, wanted: Mapping[str, float], document: Document, passage: Passage
) -> float:
    """The share of a question's words that a passage holds, and its best sentence, as one score.

    ``share`` is the passage's, as the lexical search tells it; ``wanted`` maps the stems of the
    question's words to their weights.
    """
    if not wanted:
        return share
    held = (stems(document.text[start:end]) for start, end in passage.sentences)
    best = max((sum(wanted[s] for s in wanted.keys() & found) for found in held), default=0.0)
    return (1 - _OF_SENTENCE) * share + _OF_SENTENCE * best / sum(wanted.values())
