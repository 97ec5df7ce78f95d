"""A text that somebody wrote, piece by piece: does what it quotes stand in the documents?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from footnoted.corpus.rendering import render_alone
from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document, Span
from footnoted.index.protocols import Searchable
from footnoted.qa.english.speech import quotations
from footnoted.qa.lookup.lookup import LONGEST, Match, lookup

MOST_PIECES = 500
"""Looked up of a text that is pasted; of a file, everything is."""

# What somebody left out of a quotation: what stands before and after it is looked up by itself.
_LEFT_OUT = re.compile(r"\s*(?:\[\s*(?:…|\.\.\.)\s*\]|…|\.\.\.)\s*")
# In American type, a comma or full stop of the sentence around a quotation stands inside it.
_OF_THE_SENTENCE_AROUND = ".,;: "
_MARKS = "“”„«»‘’‚‹›\"'"


@dataclass(frozen=True, slots=True)
class Piece:
    """What is looked up: a stretch of a text, and where in that it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A piece, with the places where it stands, or the closest; see ``lookup``."""

    piece: Piece
    matches: tuple[Match, ...]

    @property
    def stands(self) -> bool:
        """Whether the documents hold it word for word."""
        return any(match.match == "exact" for match in self.matches)

    def as_dict(self) -> dict[str, Any]:
        """What ``footnoted lookup --file … --json`` prints of it."""
        matches = [match.as_dict() for match in self.matches]
        piece = self.piece
        return {
            "text": piece.text,
            "start": piece.start,
            "end": piece.end,
            "stands": self.stands,
            "matches": matches,
        }


def quoted(draft: Document) -> list[Piece]:
    """What a document quotes: what stands in quotation marks, and its block quotations."""
    blocks = [one for one in draft.annotations if one.kind == "quotation"]
    found = [_rendered(draft, Span(one.start, one.end)) for one in blocks]
    for block in draft.structure.blocks:
        if any(one.start <= block.start and block.end <= one.end for one in blocks):
            continue
        for start, end in quotations(draft.text[block.start : block.end]):
            found.append(_rendered(draft, Span(block.start + start, block.start + end)))
    kept = {(one.start, one.end): one for one in found if _has_words(one.text)}
    return sorted(kept.values(), key=lambda one: (one.start, one.end))


def sentences_of(text: str) -> list[Piece]:
    """The sentences of a text that was pasted, without those that hold no word."""
    pieces = sentences(text)
    found = (
        Piece(" ".join(piece.split()), *span)
        for piece, span in zip(pieces, spans(pieces), strict=True)
    )
    return [one for one in found if _has_words(one.text)]


def check(library: Searchable, pieces: Iterable[Piece]) -> Iterator[Checked]:
    """Each piece, looked up.

    Raises:
        UnusableInput: there are no documents.
    """
    for piece in pieces:
        parts = [part for part in _LEFT_OUT.split(piece.text) if _has_words(part)]
        yield Checked(piece, tuple(_together([lookup(library, part[:LONGEST]) for part in parts])))


def _together(found: Sequence[Sequence[Match]]) -> Sequence[Match]:
    """Where the parts of a piece stand: exactly only in a document that holds all of them so."""
    exact = [{m.citation.document for m in of if m.match == "exact"} for of in found]
    common = set.intersection(*exact)
    if common:
        return [match for match in found[0] if match.citation.document in common]
    return next((of for of in found if not of or of[0].match != "exact"), ())


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _rendered(draft: Document, span: Span) -> Piece:
    text = " ".join(render_alone(draft, span).text.split())
    return Piece(text.strip(_MARKS + _OF_THE_SENTENCE_AROUND), *span)
