"""The choices of the search that were measured, each with what was measured of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """How passages are cut, proposed and ranked; the defaults are what is shipped.

    ``passage_tokens`` counts when an index is made, the others whenever it is asked.
    """

    passage_tokens: int = 128
    """The longest passage, in tokens of the embedder.

    Half of what the embedder reads. Measured at 128, 200 and 230, the fused ranking puts the right
    paragraph of SQuAD 2.0 first in 0.82, 0.79 and 0.77 of the questions; SciFact's nDCG@10 is
    0.716 at 128 and 0.713 at 200. The rest leaves room for the document's title.
    """

    proposed: int = 50
    """How many passages each of the two searches proposes.

    On SQuAD 2.0, 30 and 100 give the same hit@1 and hit@5 to 0.001.
    """

    weights: tuple[float, float] = (0.59, 0.41)
    """Of the cosine and of the share of the words.

    Of SQuAD 2.0's 2,910 answered questions, the right paragraph is first for 0.882, 0.881, 0.880
    and 0.874 at a cosine's weight of 0.55, 0.59, 0.6 and 0.65; SciFact's nDCG@10 is 0.719, 0.723,
    0.723 and 0.727.
    """

    pair_weight: float = 0.3
    """Of the rarity of a pair of words, beside that of a word.

    On eleven articles of SQuAD 2.0 (4,172 questions), the right paragraph is first in the fused
    ranking for 0.829 of the questions without pairs, for 0.853 at 0.2, 0.857 at 0.3, 0.856 at 0.4
    and 0.853 at 0.6; SciFact's nDCG@10 is 0.729 without pairs and 0.727 at 0.3.
    """

    of_sentence: float = 0.5
    """Of the share of the words, how much is that of the best sentence.

    Without it, the right paragraph is first for 0.878 of SQuAD 2.0's answered questions instead of
    0.881, and among the first five for 0.972 instead of 0.974; SciFact's nDCG@10 is 0.719 instead
    of 0.723.
    """


DEFAULT = SearchOptions()
