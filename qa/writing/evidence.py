"""Which sentences of passages a written sentence rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from footnoted.corpus.rendering import render_alone
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stems
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.writing.particulars import particulars

_MOST = 3
"""Quotations of one written sentence: more are no longer read."""
_OF_A_PARTICULAR = 2
_GAIN = 2
"""A further quotation has to say so much more: a particular, or two words."""


@dataclass(frozen=True)
class Source:
    """A passage that a language model is given: its document, and its sentences, in order."""

    document: Document
    sentences: tuple[Span, ...]

    @cached_property
    def held(self) -> tuple[frozenset[str], ...]:
        """The stems of the words of each sentence, as it is read."""
        return tuple(stems(Place(self.document, span).said) for span in self.sentences)


class Place(NamedTuple):
    """A sentence, or several, of a document, to be quoted."""

    document: Document
    span: Span

    @property
    def said(self) -> str:
        """What is read there, on one line."""
        return " ".join(render_alone(self.document, self.span).text.split())


def evidence(sentence: str, sources: Iterable[Source]) -> list[Place]:
    """The places that say most of ``sentence``, first that which says most by itself.

    A further one is added where it says what none did before it. None where nothing is said of it.
    """
    weights = dict.fromkeys(content_stems(sentence), 1)
    weights |= dict.fromkeys(particulars(sentence), _OF_A_PARTICULAR)
    left = set(weights)
    every = [
        (source, span, held)
        for source in sources
        for span, held in zip(source.sentences, source.held, strict=True)
    ]
    chosen: list[Place] = []
    while every and left and len(chosen) < _MOST:
        source, span, held = max(
            every, key=lambda one: (sum(weights[w] for w in left & one[2]), -len(one[2]))
        )
        gained = sum(weights[word] for word in left & held)
        if gained < (_GAIN if chosen else 1):
            break
        left -= held
        whole = with_speaker(source.document, source.sentences, span)
        chosen = _joined(chosen, Place(source.document, whole))
    return chosen


def _joined(places: Sequence[Place], new: Place) -> list[Place]:
    """``places`` with a new one, which takes up those that it overlaps."""
    found: list[Place] = []
    for one in places:
        if one.document.id == new.document.id and one.span.overlaps(new.span):
            start, end = min(one.span.start, new.span.start), max(one.span.end, new.span.end)
            new = Place(one.document, Span(start, end))
        else:
            found.append(one)
    return [*found, new]
