"""What tells whether a span answers a question: the network's logits, and what words say.

The network reads one passage at a time and knows nothing of the others, nor of how they were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.types import Span
from corpus.words import content_words, stems, words
from index.types import Hit
from qa.figures import figure_asked_for, holds_figure
from qa.spans import PassageReading, without_overlap

Matrix = NDArray[np.float64]

_MOST_LOGIT = 15.0

FEATURES = (
    "margin",  # the span's logit less that of "no answer here"; a statement's, all its spans'
    "answerable",  # the logit of its passage holding an answer
    "behind",  # how far its margin is below the best of all passages
    "rank",  # log2(1 + its passage's rank, from 0)
    "similarity",  # the cosine of question and passage
    "absent",  # share of the question's words, by rarity, that no passage holds
    "lacks_figure",  # a number, date, length of time or sum is asked for, and the span has none
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the network reads at once: a passage or a sentence of it, as offsets of the document."""

    hit: Hit
    rank: int
    span: Span

    @property
    def text(self) -> str:
        return self.hit.document.text[self.span.start : self.span.end]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, with the sentence that holds it; both as offsets of the document."""

    hit: Hit
    rank: int
    answer: Span
    sentence: Span
    margin: float
    answerable: float

    @property
    def answer_text(self) -> str:
        return self.hit.document.text[self.answer.start : self.answer.end]

    @property
    def sentence_text(self) -> str:
        return self.hit.document.text[self.sentence.start : self.sentence.end]


def passages(hits: Sequence[Hit]) -> list[Excerpt]:
    """The passages as they were found."""
    return [
        Excerpt(hit, rank, Span(hit.passage.start, hit.passage.end))
        for rank, hit in enumerate(hits)
    ]


def candidates(
    excerpts: Sequence[Excerpt], readings: Sequence[PassageReading], *, statements: bool
) -> list[Candidate]:
    """The spans that were found, best first; of those that overlap, the best.

    For ``statements`` they are the sentences that hold those spans, each with the margin of all its
    spans together.
    """
    found = [
        candidate
        for excerpt, reading in zip(excerpts, readings, strict=True)
        for candidate in _of_excerpt(excerpt, reading, statements=statements)
    ]
    best_first = sorted(found, key=lambda one: -one.margin)
    return without_overlap(best_first, lambda one: (one.hit.document.id, one.answer))


def _of_excerpt(
    excerpt: Excerpt, reading: PassageReading, *, statements: bool
) -> Iterator[Candidate]:
    first = excerpt.span.start
    for found in reading.spans:
        answer, margin = Span(first + found.span.start, first + found.span.end), found.margin
        if answer.start == answer.end:
            continue
        sentence = _sentence_round(excerpt.hit, answer)
        if statements:
            answer = sentence
            margin = reading.evidence(Span(sentence.start - first, sentence.end - first))
        yield Candidate(excerpt.hit, excerpt.rank, answer, sentence, margin, reading.answerable)


def _sentence_round(hit: Hit, answer: Span) -> Span:
    """The sentences of the passage that the answer touches."""
    start, end = answer
    touched = [span for span in hit.passage.sentences if span.start < end and start < span.end]
    return Span(min(touched[0].start, start), max(touched[-1].end, end)) if touched else answer


def describe(question: str, found: Sequence[Candidate], rarity: Callable[[str], float]) -> Matrix:
    """The candidates' features, shape (candidates, len(FEATURES))."""
    best = max(one.margin for one in found)
    kind = figure_asked_for(question)
    known = frozenset(word.stem for word in words(question))
    absent = _absent(question, found, rarity)
    rows = [
        (
            np.clip(one.margin, -_MOST_LOGIT, _MOST_LOGIT),
            one.answerable,
            min(best - one.margin, _MOST_LOGIT),
            np.log2(1 + one.rank),
            one.hit.similarity,
            absent,
            kind is not None and not holds_figure(kind, one.answer_text, known),
        )
        for one in found
    ]
    return np.array(rows, dtype=np.float64)


def _absent(question: str, found: Sequence[Candidate], rarity: Callable[[str], float]) -> float:
    """The share of the question's words that stand nowhere: it is about something else."""
    held = frozenset[str]().union(
        *(stems(one.hit.text) | stems(one.hit.document.title) for one in found)
    )
    weights = {word.stem: rarity(word.text) for word in content_words(question)}
    missing = sum(weight for stem, weight in weights.items() if stem not in held)
    return missing / sum(weights.values())
