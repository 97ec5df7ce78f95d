"""The types every later stage stands on. All offsets count Unicode code points."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range ``[start, end)`` of code points."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """A document and its canonical text, in which every citation counts its offsets.

    ``sha256`` is the hash of the canonical text in UTF-8: it tells whether a source has changed.
    """

    id: str
    text: str = field(repr=False)
    title: str
    publisher: str | None = None
    date: str | None = None
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.text.encode("utf-8")).hexdigest()
        object.__setattr__(self, "sha256", digest)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as lists of documents show it, without its text."""

    id: str
    title: str
    publisher: str | None
    date: str | None
    characters: int
    sha256: str

    def as_dict(self) -> dict[str, str | int | None]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document that is embedded and retrieved as one.

    ``sentences`` are the sentences inside it, in order, as offsets into the document.
    """

    document: str
    start: int
    end: int
    sentences: tuple[Span, ...]
