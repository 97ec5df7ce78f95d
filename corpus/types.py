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


class Annotation(NamedTuple):
    """What a stretch of a text is, where its format says so: a heading, a cell of a table."""

    start: int
    end: int
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Extracted:
    """One text as it was read from a file, with what the file tells of it.

    ``title`` is empty where it tells none; ``id`` is given by formats that hold several texts in a
    file. ``pages`` are the offsets where each page begins, none where the format has no pages;
    ``annotations`` are in the order of their places.
    """

    text: str = field(repr=False)
    title: str
    id: str | None = None
    publisher: str | None = None
    date: str | None = None
    pages: tuple[int, ...] = ()
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a file holds, and what whoever gave it should know of how it was read."""

    texts: tuple[Extracted, ...]
    warnings: tuple[str, ...] = ()


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
