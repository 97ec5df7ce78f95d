"""What tells whether a span answers a question: the network's logits, and how it was found.

The network reads one passage at a time and knows nothing of the others, nor of the search.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.rendering import Rendering, render, render_said
from footnoted.corpus.types import Document, Kind, Span
from footnoted.corpus.words import stem, stems
from footnoted.index.types import Hit
from footnoted.qa.english.attribution import Speaker, speaker_of
from footnoted.qa.reader.edges import whole
from footnoted.qa.reader.finder import PassageReading, without_overlap

Matrix = NDArray[np.float64]

Place = tuple[str, Span]
"""A document's id, and a sentence of it."""

_MOST_LOGIT = 15.0
_ALONE = "row", "item"
_MOST_OF_NAME = 5
_IN_NAME = re.compile(r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*|of|the|de|den|der|di|da|la|le|van|von|bin|al")

FEATURES = (
    "margin",  # the span's logit less that of "no answer here"; a statement's, all its spans'
    "answerable",  # the logit of its passage holding an answer
    "outranked",  # how far the score of its passage is below that of the first
)


@dataclass(frozen=True)
class Excerpt:
    """What the network reads at once: a passage or a sentence of it, as offsets of the document."""

    hit: Hit
    outranked: float
    span: Span
    speaker: Speaker | None = None
    """Who says it, to be read with it where that is asked for, or what somebody says."""
    asks_who: bool = False
    """Whether it is the speaker that is asked for, who alone may answer then."""

    @cached_property
    def rendering(self) -> Rendering:
        """The excerpt as it is read."""
        if self.name:
            return render_said(self.hit.document, self.span, self.name)
        passage = self.hit.passage
        if self.span == (passage.start, passage.end):
            return self.hit.rendering
        return render(self.hit.document, self.span)

    @property
    def text(self) -> str:
        return self.rendering.text

    @property
    def checked(self) -> str:
        """What a check of it is shown: its passage, but of rows and items no other one."""
        if self.speaker:
            return self.text
        is_alone = _kind_at(self.hit, self.span.start) in _ALONE
        return self.text if is_alone else self.hit.text

    @cached_property
    def sentences(self) -> dict[Span, Span]:
        """Its sentences, each with where it stands in what is read."""
        first, last = self.span
        inside = (one for one in self.hit.passage.sentences if first <= one.start < one.end <= last)
        found = ((one, self.rendering.rendered(one)) for one in inside)
        return {one: place for one, place in found if place}

    @property
    def units(self) -> list[Span]:
        """Where an answer may stand in what is read, each in one of them."""
        if self.asks_who and self.name and (name := self.rendering.rendered(self.name)):
            return [name]
        return list(self.sentences.values())

    @property
    def name(self) -> Span | None:
        """Where the document names the speaker."""
        return self.speaker.named if self.speaker else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may answer, with the sentence that holds it; both as offsets of the document.

    ``text`` is what a check of it is shown.
    """

    hit: Hit
    text: str
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
    def kind(self) -> Kind | None:
        """What its sentence is a part of: a paragraph, an item; None if nothing is known of it."""
        return _kind_at(self.hit, self.sentence.start)

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


def excerpts(hits: Sequence[Hit]) -> list[Excerpt]:
    """The passages as they were found; rows and items each for themselves.

    Read together, a row is answered with its neighbour's cell.
    """
    return [
        Excerpt(hit, hits[0].score - hit.score, span) for hit in hits for span in _read_at_once(hit)
    ]


def with_speakers(hits: Sequence[Hit]) -> Iterator[Excerpt]:
    """What is said in the passages, each sentence for itself with who says it."""
    for hit in hits:
        for sentence in hit.passage.sentences:
            speaker = speaker_of(hit.document, sentence)
            if speaker and speaker.named:
                yield Excerpt(hit, hits[0].score - hit.score, sentence, speaker, True)


def said_by(names: Sequence[str], hits: Sequence[Hit]) -> Iterator[Excerpt]:
    """What those with these names say in the passages, where its sentence does not name them."""
    wanted = {stem(name) for name in names}
    for excerpt in with_speakers(hits):
        name = excerpt.speaker.name if excerpt.speaker else ""
        hit, (start, end) = excerpt.hit, excerpt.span
        own = wanted & stems(name)
        if own and not own & stems(hit.document.text[start:end]):
            yield replace(excerpt, asks_who=False)


def _read_at_once(hit: Hit) -> Iterator[Span]:
    passage = Span(hit.passage.start, hit.passage.end)
    blocks = hit.document.structure.blocks_in(passage)
    if len(blocks) < 2:
        yield passage
        return
    for _, some in groupby(blocks, key=lambda block: block.kind in _ALONE and block):
        together = list(some)
        start, end = max(together[0].start, passage.start), min(together[-1].end, passage.end)
        yield Span(start, end)


def _kind_at(hit: Hit, offset: int) -> Kind | None:
    block = hit.document.structure.block_at(offset)
    return block.kind if block else None


def look(read: Sequence[Excerpt], readings: Sequence[PassageReading]) -> Candidates:
    """What the readings of what was read say, together; of what overlaps, the best."""
    together = list(zip(read, readings, strict=True))
    spans = [(excerpt, one) for excerpt, reading in together for one in _spans(excerpt, reading)]
    # Where a speaker is named, the answer to who says something is cited with what he says.
    asked = ((e.hit.document.id, e.speaker) for e in read if e.asks_who)
    named = {(id_, span) for id_, speaker in asked if speaker for span in speaker.places}
    said = _best_first(one for excerpt, one in spans if excerpt.asks_who)
    found = (one for excerpt, one in spans if not excerpt.asks_who and not _is_among(named, one))
    return Candidates(
        _best_first([*said, *found]),
        _best_first(one for excerpt, reading in together for one in _sentences(excerpt, reading)),
    )


def _is_among(places: Collection[Place], one: Candidate) -> bool:
    id_ = one.hit.document.id
    return any(other == id_ and span.overlaps(one.answer) for other, span in places)


def _best_first(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    ordered = sorted(found, key=lambda one: -one.margin)
    return tuple(without_overlap(ordered, lambda one: (one.hit.document.id, one.answer)))


def _spans(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    hit = excerpt.hit
    name = excerpt.name if excerpt.asks_who else None
    for found in reading.spans[: 1 if name else None]:
        answer = excerpt.rendering.source(found.span)
        if answer and answer.start < answer.end:
            text = hit.document.text
            sentence = excerpt.span if name else _sentence_round(hit, answer)
            if name:
                answer = _part(text, answer, name)
            else:
                answer = _whole_name(hit.document, _whole(text, answer, sentence))
            margin, answerable = found.margin, reading.answerable
            yield Candidate(
                hit, excerpt.checked, excerpt.outranked, answer, sentence, margin, answerable
            )


def _part(text: str, answer: Span, name: Span) -> Span:
    """``answer``, grown to the commas of the name that it is a part of: "Ada Holm, chair".

    What stands in small letters is an office, which goes with the name.
    """
    start = text.rfind(",", name.start, answer.start) + 1 or name.start
    end = text.find(",", answer.end, name.end)
    start += len(text[start : answer.start]) - len(text[start : answer.start].lstrip())
    return Span(start, end if end >= 0 else name.end) if text[start].isupper() else name


def _whole(text: str, answer: Span, sentence: Span) -> Span:
    """``answer``, grown to the words of its ``sentence`` that it cuts."""
    first, last = sentence
    start, end = whole(text[first:last], Span(answer.start - first, answer.end - first))
    return Span(first + start, first + end)


def _whole_name(document: Document, answer: Span) -> Span:
    """``answer``, grown to its cell where that is nothing but a name: of "Per Moe", a reader of
    prose takes "per" for a preposition."""
    cell = document.structure.around(answer.start, "cell")
    if cell is None or answer.end > cell.end:
        return answer
    whole_cell = Span(cell.start, cell.end)
    words = document.text[cell.start : cell.end].split()
    is_name = len(words) <= _MOST_OF_NAME and all(_IN_NAME.fullmatch(word) for word in words)
    return whole_cell if is_name else answer


def _sentences(excerpt: Excerpt, reading: PassageReading) -> Iterator[Candidate]:
    for sentence, place in excerpt.sentences.items():
        margin, answerable = reading.evidence(place), reading.answerable
        where = (excerpt.hit, excerpt.checked, excerpt.outranked)
        yield Candidate(*where, sentence, sentence, margin, answerable)


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
