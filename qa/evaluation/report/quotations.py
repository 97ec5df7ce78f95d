"""Quotations, gold and given: where each stands, and what of it the other side quotes too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from footnoted.corpus.types import Span

_LEAST_SHARED = 20  # characters alike that make two quotations without offsets the same place


class _Piece(NamedTuple):
    """A stretch of a quotation; ``shared`` with the quotations on the other side."""

    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A quotation as the report shows it, gold or given."""

    document: str
    title: str
    where: str
    pieces: tuple[_Piece, ...]
    number: int | None = None

    @property
    def shared(self) -> bool:
        return any(piece.shared for piece in self.pieces)


class Quoted(NamedTuple):
    """What is compared: a stretch of a document, its place known or not."""

    document: str
    start: int | None
    quote: str


def quoted(citation: Mapping[str, Any]) -> Quoted:
    return Quoted(str(citation["document"]), int(citation["start"]), str(citation["quote"]))


def characters(start: int, length: int) -> str:
    return f"characters {start:,} to {start + length:,}"


def cut(place: Quoted, others: Iterable[Quoted]) -> tuple[_Piece, ...]:
    """The quotation, cut where it begins or ceases to be shared with one of ``others``."""
    shared = sorted(filter(None, (_shared(place, other) for other in others)))
    pieces, done = [], 0
    for start, end in shared:
        start = max(start, done)
        if start < end:
            pieces += [_Piece(place.quote[done:start], False), _Piece(place.quote[start:end], True)]
            done = end
    pieces.append(_Piece(place.quote[done:], False))
    return tuple(piece for piece in pieces if piece.text)


def _shared(place: Quoted, other: Quoted) -> Span | None:
    """Where ``place`` overlaps ``other``, counted from its own first character."""
    if place.document != other.document:
        return None
    if place.start is not None and other.start is not None:
        start = max(0, other.start - place.start)
        end = min(len(place.quote), other.start + len(other.quote) - place.start)
        return Span(start, end) if start < end else None
    # Evidence may come without offsets; then the same words stand for the same place.
    match = SequenceMatcher(None, place.quote, other.quote, autojunk=False).find_longest_match()
    enough = min(_LEAST_SHARED, len(place.quote), len(other.quote))
    return Span(match.a, match.a + match.size) if match.size >= max(1, enough) else None
