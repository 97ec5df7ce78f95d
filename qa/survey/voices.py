"""Voices: who may take a side in a passage, as the speaker of a sentence or as named in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.english.actors import may_be_actor, named, small_words
from footnoted.qa.english.attribution import Speaker, speaker_of
from footnoted.qa.english.boilerplate import is_boilerplate, is_furniture
from footnoted.qa.english.coordination import items
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import same
from footnoted.qa.english.stance import holder_of, is_of_speaker
from footnoted.qa.reader.candidates import Excerpt
from footnoted.qa.reader.finder import PassageReading

# Beyond so many, a sentence is a list of those present.
_MOST_NAMES = 12
# In logits: a span of the reader this much below all of its sentence together is cut at random.
_CLEAR = 1.5


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who may take a side, and the sentence that may tell which.

    ``name`` is where the document names them, in the ``sentence`` or elsewhere, and ``place`` what
    to quote for that. ``text`` is what a check of it is shown; ``margin`` the reader's logit of the
    sentence answering the question, and ``own`` that of the name being the answer. ``agreement``:
    1 where its words say that they are on the side that is asked for, -1 where on the other, else
    0. ``speaks``: whether they say the sentence.
    """

    hit: Hit
    sentence: Span
    name: Span
    place: Span
    text: str
    margin: float
    own: float
    agreement: int
    speaks: bool

    @property
    def document(self) -> Document:
        return self.hit.document

    @property
    def said(self) -> str:
        """The name as a person reads it."""
        return _said(self.document, self.name)


def voices(asked: AskedFor, excerpt: Excerpt, reading: PassageReading) -> Iterator[Voice]:
    """All voices of what was read."""
    document = excerpt.hit.document
    small = small_words(document.text)
    for sentence in excerpt.sentences:
        text = document.text[slice(*sentence)]
        block = document.structure.block_at(sentence.start)
        of_page = is_furniture if block is None or block.kind == "paragraph" else is_boilerplate
        if (block and block.kind == "heading") or of_page(text, document.title):
            continue
        yield from _in_sentence(asked, excerpt, reading, sentence, small)


def _in_sentence(
    asked: AskedFor,
    excerpt: Excerpt,
    reading: PassageReading,
    sentence: Span,
    small: frozenset[str],
) -> Iterator[Voice]:
    document = excerpt.hit.document
    text = document.text[slice(*sentence)]
    margin = reading.evidence(excerpt.sentences[sentence])
    agreement = asked.agreement(text)
    holder = holder_of(text).moved(sentence.start)
    speaker = speaker_of(document, sentence)
    spoken = (speaker.named or speaker.place) if speaker else None
    names = list(_acting(excerpt, reading, sentence, small))
    if speaker and spoken and not any(same(speaker.name, _said(document, name)) for name in names):
        names.insert(0, spoken)
    for name in _apart(names)[:_MOST_NAMES]:
        if asked.sides and same(_said(document, name), asked.sides.what):
            continue  # the plan itself, by its name or its initials
        if asked.is_known(_said(document, name), text):
            continue
        speaks = speaker is not None and same(speaker.name, _said(document, name))
        rendered = excerpt.rendering.rendered(name) if name.is_inside(sentence) else None
        yield Voice(
            excerpt.hit,
            sentence,
            name,
            speaker.place if name is spoken and speaker and speaker.place else name,
            _shown(excerpt, speaker) if name is spoken else excerpt.checked,
            margin,
            reading.margin_of(rendered) if rendered else margin,
            agreement if name.is_inside(holder) or (speaks and is_of_speaker(text)) else 0,
            speaks,
        )


def _acting(
    excerpt: Excerpt, reading: PassageReading, sentence: Span, small: frozenset[str]
) -> Iterator[Span]:
    """Whom a sentence names, and what of it the reader would answer."""
    document = excerpt.hit.document
    for name in named(document.text[slice(*sentence)], small):
        yield name.moved(sentence.start)
    least = reading.evidence(excerpt.sentences[sentence]) - _CLEAR
    for found in reading.spans:
        source = excerpt.rendering.source(found.span)
        if found.margin >= least and source and source.is_inside(sentence):
            for item in items(document.text[slice(*source)]):
                if may_be_actor(document.text[slice(*item.moved(source.start))]):
                    yield item.moved(source.start)


def _apart(names: Sequence[Span]) -> list[Span]:
    """Of those that overlap, the first."""
    kept: list[Span] = []
    for name in names:
        if name.start < name.end and not any(name.overlaps(other) for other in kept):
            kept.append(name)
    return kept


def _shown(excerpt: Excerpt, speaker: Speaker | None) -> str:
    """The passage; under its speaker, where it does not name them."""
    if speaker is None or speaker.name in excerpt.checked:
        return excerpt.checked
    lead = f"Press release by {speaker.name}.\n" if speaker.is_issuer else f"{speaker.name}: "
    return lead + excerpt.checked


def _said(document: Document, name: Span) -> str:
    return " ".join(document.structure.words_of(name).split())
