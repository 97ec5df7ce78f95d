"""What tells whether a span answers a question: the network's logits, and how it was found.

The network reads one passage at a time and knows nothing of the others, nor of the search.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.types import Span
from footnoted.index.types import Hit
from footnoted.qa.reader.edges import whole
from footnoted.qa.reader.finder import PassageReading, without_overlap

Matrix = NDArray[np.float64]

Place = tuple[str, Span]
"""A document's id, and a sentence of it."""

_MOST_LOGIT = 15.0

FEATURES = (
    "margin",  # the span's logit less that of "no answer here"; a statement's, all its spans'
    "answerable",  # the logit of its passage holding an answer
    "outranked",  # how far the score of its passage is below that of the first
)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What the network reads at once: a passage or a sentence of it, as offsets of the document."""

    hit: Hit
    outranked: float
    span: Span

    @property
    def text(self) -> str:
        return self.hit.document.text[self.span.start : self.span.end]

    @property
    def sentences(self) -> list[Span]:
        """Those of the passage that are in it, as offsets in ``text``."""
        first, last = self.span
        return [
            Span(start - first, end - first)
            for start, end in self.hit.passage.sentences
            if first <= start and end <= last
        ]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, with the sentence that holds it; both as offsets of the document."""

    hit: Hit
    outranked: float
    answer: Span
    sentence: Span
    margin: float
    answerable: float

    @property
    def place(self) -> Place:
        """Where its sentence stands."""
        return self.hit.document.id, self.sentence

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
class Candidates:
    """What the network found, best first: spans that may answer, and every sentence that it read.

    A sentence's margin is that of all spans in it together: it may hold an answer that nobody could
    cut out exactly.
    """

    spans: tuple[Candidate, ...]
    sentences: tuple[Candidate, ...]

    def without(self, unfit: Callable[[Candidate], bool]) -> Candidates:
        """The same without those that are ``unfit`` to answer."""
        spans, sentences = (
            tuple(one for one in found if not unfit(one)) for found in (self.spans, self.sentences)
        )
        return Candidates(spans, sentences)


def passages(hits: Sequence[Hit]) -> list[Excerpt]:
    """The passages as they were found."""
    return [
        Excerpt(hit, hits[0].score - hit.score, Span(hit.passage.start, hit.passage.end))
        for hit in hits
    ]


def look(excerpts: Sequence[Excerpt], readings: Sequence[PassageReading]) -> Candidates:
    """What the readings of the excerpts say, together; of what overlaps, the best."""
    together = list(zip(excerpts, readings, strict=True))
    return Candidates(
        _best_first(one for excerpt, reading in together for one in _spans(excerpt, reading)),
        _best_first(one for excerpt, reading in together for one in _sentences(excerpt, reading)),
    )


def _best_first(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    ordered = sorted(found, key=lambda one: -one.margin)
    return tuple(without_overlap(ordered, lambda one: (one.hit.document.id, one.answer)))


def _spans(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    hit, first = excerpt.hit, excerpt.span.start
    for found in reading.spans:
        if found.span.start < found.span.end:
            answer = Span(first + found.span.start, first + found.span.end)
            sentence = _sentence_round(hit, answer)
            answer = _whole(hit.document.text, answer, sentence)
            margin, answerable = found.margin, reading.answerable
            yield Candidate(hit, excerpt.outranked, answer, sentence, margin, answerable)


def _whole(text: str, answer: Span, sentence: Span) -> Span:
    """``answer``, grown to the words of its ``sentence`` that it cuts."""
    first, last = sentence
    start, end = whole(text[first:last], Span(answer.start - first, answer.end - first))
    return Span(first + start, first + end)


def _sentences(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    hit, first = excerpt.hit, excerpt.span.start
    for within in excerpt.sentences:
        sentence = Span(first + within.start, first + within.end)
        margin, answerable = reading.evidence(within), reading.answerable
        yield Candidate(hit, excerpt.outranked, sentence, sentence, margin, answerable)


def _sentence_round(hit: Hit, answer: Span) -> Span:
    """The sentences of the passage that the answer touches."""
    touched = [span for span in hit.passage.sentences if span.overlaps(answer)]
    if not touched:
        return answer
    return Span(min(touched[0].start, answer.start), max(touched[-1].end, answer.end))


def describe(found: Sequence[Candidate]) -> Matrix:
    """The candidates' features, shape (candidates, len(FEATURES))."""
    rows = [
        (np.clip(one.margin, -_MOST_LOGIT, _MOST_LOGIT), one.answerable, one.outranked)
        for one in found
    ]
    return np.array(rows, dtype=np.float64)
