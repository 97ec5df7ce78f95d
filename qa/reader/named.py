"""The ids that a question names: passages and sentences that are about another do not answer it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from footnoted.corpus.ids import Id, ids
from footnoted.corpus.types import Span
from footnoted.corpus.words import stem, stems
from footnoted.index.types import Hit
from footnoted.qa.reader.candidates import Candidate, Excerpt

_GOES_ON = re.compile(
    r"(?:it|its|they|their|them|this|that|these|those|both|he|she|his|her)\b", re.I
)


def naming(named: Sequence[Id], excerpts: Sequence[Excerpt]) -> list[Excerpt]:
    """Those of documents in which one of the ids stands; all, if one may be written otherwise."""
    if not named or not all(id_.is_exact for id_ in named):
        return list(excerpts)
    texts = {one.hit.document.sha256: one.hit.document.text for one in excerpts}
    holding = {sha256 for sha256, text in texts.items() if _holds(named, text)}
    return [
        one
        for one in excerpts
        if one.hit.document.sha256 in holding or _holds(named, one.hit.document.title)
    ]


def is_about_another(named: Sequence[Id], found: Candidate) -> bool:
    """Whether a candidate's sentence is about another id of the same kind than those named.

    A sentence without one goes on with what the last sentence before it names.
    """
    for text in _back_from(found.hit, found.sentence) if named else ():
        if _holds(named, text):
            return False
        if any(one.is_told_from(other) for other in ids(text) for one in named):
            return True
    return False


def is_of_what_is_left_out(names: Sequence[str], found: Candidate) -> bool:
    """Whether a candidate's sentence, or the one that it goes on with, is about what has one of
    these ``names``."""
    if not names:
        return False
    left_out = {stem(name) for name in names}
    before = _back_from(found.hit, found.sentence)
    own = next(before)
    if left_out & stems(own):
        return True
    return bool(_GOES_ON.match(own) and left_out & stems(next(before, "")))


def _holds(named: Sequence[Id], text: str) -> bool:
    return any(id_.is_in(text) for id_ in named)


def _back_from(hit: Hit, sentence: Span) -> Iterator[str]:
    """The sentence, those before it in its passage that do not go on with another, its headings."""
    text = hit.document.text
    yield text[sentence.start : sentence.end]
    for start, end in reversed([one for one in hit.passage.sentences if one.end <= sentence.start]):
        if not _GOES_ON.match(text, start):
            yield text[start:end]
    yield from reversed(hit.document.structure.heading_path(sentence.start))
