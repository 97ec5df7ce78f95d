"""The stretch of a text that is most like what was given, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from footnoted.qa.lookup.folding import Word

LEAST_SIMILARITY = 0.6
"""What is less alike is not shown as close. See ``align`` for what is counted.

Measured over 490 Wikipedia articles: of 1,000 sentences from elsewhere, 999 are less like anything
there (median 0.30, 98th percentile 0.50); of 200 sentences from there with every fourth word
exchanged for another, 198 are found first (median 0.75, 5th percentile 0.64), with every third 193.
"""

# Below it two words are two words, not one in two spellings: "view" and "views" are 0.89 alike,
# "organisation" and "organization" 0.92, "see" and "view" 0.29.
_LEAST_WORD_SIMILARITY = 0.75

# A longer stretch is taken for the quotation if it holds a tenth more of what was given, with at
# most six letters between for each of these.
_WORTH_WIDENING = 0.1
_WIDE_RATE = 0.3

# How many words at either end of what was given may stand for others in the source.
_MOST_EXCHANGED = 3
_SENTENCE_END = re.compile(r"[.!?…]\s|\n\s*\n")

Floats = NDArray[np.float64]


class Stretch(NamedTuple):
    """Words from ``start`` to ``end``, with the letters they share with a query."""

    similarity: float
    shared: float
    start: int
    end: int


def with_exchanged_ends(
    found: Stretch, query: Sequence[Word], words: Sequence[Word], text: str, given: float
) -> Stretch:
    """The stretch with the words that stand where the query's first or last ones do not.

    "in Kigali in 2023" is like "in Kigali in" most, but what the source says is "2022". Only a few
    words of the same sentence are added, and none that would make it too little alike.
    """
    stretch = [word.text for word in words[found.start : found.end]]
    steps = Indel.opcodes([word.text for word in query], stretch)
    same = [step for step in steps if step.tag == "equal"]
    if not same:
        return found
    before = same[0].src_start - same[0].dest_start
    after = (len(query) - same[-1].src_end) - (len(stretch) - same[-1].dest_end)
    start, end = found.start, found.end
    if 0 < before <= _MOST_EXCHANGED and before <= start:
        between = text[words[start - before].start : words[start].start]
        start -= 0 if _SENTENCE_END.search(between) else before
    if 0 < after <= _MOST_EXCHANGED and end + after <= len(words):
        between = text[words[end - 1].end : words[end + after - 1].end]
        end += 0 if _SENTENCE_END.search(between) else after
    letters = sum(len(word.text) for word in words[start:end])
    similarity = found.shared / (given + letters)
    if similarity < LEAST_SIMILARITY:
        return found
    return Stretch(similarity, found.shared, start, end)


def shared_letters(query: Sequence[str], words: Sequence[str]) -> Floats:
    """Letters that two words share, counted in both: shape (len(query), len(words)).

    Words less alike than ``_LEAST_WORD_SIMILARITY`` share none, and a number shares with itself
    alone: 2021 is not a way to write 2022.
    """
    rows, columns = list(dict.fromkeys(query)), list(dict.fromkeys(words))
    alike = cdist(
        rows, columns, scorer=Indel.normalized_similarity, score_cutoff=_LEAST_WORD_SIMILARITY
    ).astype(np.float64)
    numbers = [[any(map(str.isdigit, word)) for word in side] for side in (rows, columns)]
    alike[np.logical_or.outer(*numbers) & (alike < 1)] = 0
    alike *= np.add.outer([len(word) for word in rows], [len(word) for word in columns])
    row, column = ({word: i for i, word in enumerate(side)} for side in (rows, columns))
    chosen: Floats = alike[np.ix_([row[w] for w in query], [column[w] for w in words])]
    return chosen


def align(shared: Floats, letters: Floats, given: float) -> Stretch | None:
    """The stretch of words that is most like the query, and how much; None below the least.

    The similarity of two texts is Dice's, over the letters of their words: those in words that
    they share in the same order, counted in both, over all. 1 is the same words.

    The greatest ratio is found by Dinkelbach's method: the greatest of ``shared - rate * all`` is
    at least 0 as long as ``rate`` can be reached; each round's stretch gives the next ``rate``.
    """
    best = None
    rate = LEAST_SIMILARITY
    while True:
        found = _stretch(shared, letters, given, rate)
        if found.similarity < rate or (best and found.similarity <= best.similarity + 1e-9):
            break
        best, rate = found, found.similarity
    if best is None:
        return None
    # A quotation cut short in the middle: its end stands far from its beginning, and without the
    # one the other is more alike. It is one quotation all the same, if there is enough of it.
    wide = _stretch(shared, letters, given, _WIDE_RATE)
    more = wide.shared - best.shared >= 2 * _WORTH_WIDENING * given
    return wide if more and wide.similarity >= LEAST_SIMILARITY else best


def _stretch(shared: Floats, letters: Floats, given: float, rate: float) -> Stretch:
    """The stretch whose shared letters exceed ``rate`` times its words' letters most.

    Rows of the table are words of the query. ``total[j]`` is the best of stretches that end before
    word ``j``, with the costs of all words before its start added, so that to pass over a word of
    either text is to keep the value, and a whole row is found at once.
    """
    columns = np.arange(len(letters) + 1)
    paid = np.concatenate([[0.0], np.cumsum(rate * letters)])
    total, start = paid.copy(), columns.copy()
    for row in shared[shared.any(axis=1)]:
        paired = total[:-1] + row
        better = paired > total[1:]
        start[1:] = np.where(better, start[:-1], start[1:])
        total[1:] = np.where(better, paired, total[1:])
        highest = np.maximum.accumulate(total)
        start = start[np.maximum.accumulate(np.where(total >= highest, columns, 0))]
        total = highest
    end = int(np.argmax(total - paid))
    begin = int(start[end])
    alike = float(total[end] - paid[begin])
    similarity = alike / (given + float(letters[begin:end].sum()))
    return Stretch(min(similarity, 1.0), alike, begin, end)
