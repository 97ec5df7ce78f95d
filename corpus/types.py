"""The types every later stage stands on. All offsets count Unicode code points."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import NamedTuple

from footnoted.corpus.spans import Annotation, Annotations, Kind, Page, Span
from footnoted.corpus.structure import Structure

__all__ = [
    "Annotation",
    "Annotations",
    "Attachment",
    "Contents",
    "Document",
    "Extracted",
    "Kind",
    "Listed",
    "Page",
    "Passage",
    "Span",
]


@dataclass(frozen=True, slots=True)
class Extracted:
    """One text as it was read from a file, with what the file tells of it.

    ``title`` is empty where it tells none. Formats that hold several texts in a file give each its
    ``id``, or a ``part``, which follows the file's own id and ``#``. ``date`` is as written or,
    where the format has dates, ``YYYY-MM-DD``. ``pages`` and ``annotations`` are in the order of
    their places; annotations that begin together, the outer first.
    """

    text: str = field(repr=False)
    title: str = ""
    id: str | None = None
    publisher: str | None = None
    author: str | None = None
    date: str | None = None
    pages: tuple[Page, ...] = field(default=(), repr=False)
    annotations: Annotations = field(default_factory=Annotations, repr=False)
    part: str | None = None


class Attachment(NamedTuple):
    """A file inside another, to be read as if it stood beside it."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a file holds, and what whoever gave it should know of how it was read.

    ``lost`` are those of the ``warnings`` that tell of a part of the file which was to be read and
    could not be: it may hold an answer. The others are merely noted.
    """

    texts: tuple[Extracted, ...]
    warnings: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document and its canonical text, in which every citation counts its offsets.

    ``sha256`` is the hash of the canonical text in UTF-8: it tells whether a source has changed.
    ``language`` is a code of ISO 639-1, None where it cannot be told. ``reader`` is what read it,
    and in which version.
    """

    id: str
    text: str = field(repr=False)
    title: str
    publisher: str | None = None
    date: str | None = None
    author: str | None = None
    language: str | None = None
    reader: str = ""
    pages: tuple[Page, ...] = field(default=(), repr=False)
    annotations: Sequence[Annotation] = field(default=(), repr=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        digest = hashlib.sha256(self.text.encode("utf-8")).hexdigest()
        object.__setattr__(self, "sha256", digest)

    @cached_property
    def structure(self) -> Structure:
        """What stands where, as the document's annotations and pages say."""
        return Structure(self.text, self.annotations, self.pages)


@dataclass(frozen=True, slots=True)
class Listed:
    """A document as lists of documents show it, without its text.

    ``pages`` is the number of the last page that holds text, None where the format has none.
    """

    id: str
    title: str
    publisher: str | None
    date: str | None
    characters: int
    sha256: str
    author: str | None = None
    language: str | None = None
    pages: int | None = None
    reader: str = ""

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
