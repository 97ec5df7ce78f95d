"""What tells whether a span answers a question: the network's logits, and what words say.

The network reads one passage at a time and knows nothing of the others, nor of how they were found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
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
    def is_statement(self) -> bool:
        """Whether the whole sentence is the answer, not a part of it."""
        return self.answer == self.sentence

    @property
    def answer_text(self) -> str:
        return self.hit.document.text[self.answer.start : self.answer.end]

    @property
    def sentence_text(self) -> str:
        return self.hit.document.text[self.sentence.start : self.sentence.end]


@dataclass(frozen=True, slots=True)
class Found:
    """What the network found, best first: spans that may answer, and every sentence that it read.

    A sentence's margin is that of all spans in it together: it may hold an answer that nobody could
    cut out exactly.
    """

    spans: tuple[Candidate, ...]
    sentences: tuple[Candidate, ...]


def passages(hits: Sequence[Hit]) -> list[Excerpt]:
    """The passages as they were found."""
    return [
        Excerpt(hit, rank, Span(hit.passage.start, hit.passage.end))
        for rank, hit in enumerate(hits)
    ]


def look(excerpts: Sequence[Excerpt], readings: Sequence[PassageReading]) -> Found:
    """What the readings of the excerpts say, together; of what overlaps, the best."""
    together = list(zip(excerpts, readings, strict=True))
    return Found(
        _best_first(one for excerpt, reading in together for one in _spans(excerpt, reading)),
        _best_first(one for excerpt, reading in together for one in _sentences(excerpt, reading)),
    )


def _best_first(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    ordered = sorted(found, key=lambda one: -one.margin)
    return tuple(without_overlap(ordered, lambda one: (one.hit.document.id, one.answer)))


def _spans(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    hit, first = excerpt.hit, excerpt.span.start
    for found in reading.spans:
        answer = Span(first + found.span.start, first + found.span.end)
        if answer.start < answer.end:
            sentence = _sentence_round(hit, answer)
            margin, answerable = found.margin, reading.answerable
            yield Candidate(hit, excerpt.rank, answer, sentence, margin, answerable)


def _sentences(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    hit, (first, last) = excerpt.hit, excerpt.span
    for sentence in hit.passage.sentences:
        if first <= sentence.start and sentence.end <= last:
            margin = reading.evidence(Span(sentence.start - first, sentence.end - first))
            yield Candidate(hit, excerpt.rank, sentence, sentence, margin, reading.answerable)


def _sentence_round(hit: Hit, answer: Span) -> Span:
    """The sentences of the passage that the answer touches."""
    touched = [span for span in hit.passage.sentences if span.overlaps(answer)]
    if not touched:
        return answer
    return Span(min(touched[0].start, answer.start), max(touched[-1].end, answer.end))


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
