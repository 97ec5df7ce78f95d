"""What the index hands on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

from footnoted.corpus.rendering import Rendering, render
from footnoted.corpus.types import Document, Passage, Span
from footnoted.index.qdrant.address import Address

Place = Path | Address
"""Where an index is kept: a folder, or a collection of Qdrant's."""

State = Literal["read", "read with warnings", "partly read", "failed"]


@dataclass(frozen=True, slots=True)
class Filter:
    """Among which passages a search looks; what is None is not asked about."""

    documents: frozenset[str] | None = None
    """The ids of the documents that may be found; those that are not there find nothing."""


@dataclass(frozen=True)
class Hit:
    """A passage that was found, its document, and what its finders say of it.

    ``score`` is the fused score, comparable within one search only. ``similarity`` is the cosine
    between question and passage, from -1 to 1, for every hit, whichever way it was found.
    """

    passage: Passage
    document: Document
    score: float
    similarity: float

    @cached_property
    def rendering(self) -> Rendering:
        """The passage as it is read."""
        return render(self.document, Span(self.passage.start, self.passage.end))

    @property
    def text(self) -> str:
        """What is read of the passage."""
        return self.rendering.text

    def holds(self, document: str, at: int) -> bool:
        """Whether the passage holds this place of a document, named by its id."""
        return self.document.id == document and self.passage.start <= at < self.passage.end


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index was made with. ``embedder`` loads the model, ``embedder_name`` proves it.

    ``change`` names what was done last and, unlike ``generation``, is never given twice: a change
    that was begun and not committed leaves its number to the next.
    """

    id: str
    generation: int
    change: str
    embedder: str
    embedder_name: str
    dimension: int
    passage_tokens: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much an index holds: documents, passages, and files that were not all read.

    ``unreadable`` counts files that failed, and those of which a part could not be read, such as
    pages without text: what was not read may hold an answer.
    """

    documents: int
    passages: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The passages found for a question, best first, and the state of the index that held them.

    ``languages`` says of how many documents it is known that they are in which, by the code.
    """

    hits: tuple[Hit, ...]
    coverage: Coverage
    manifest: Manifest
    languages: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FileReceipt:
    """What came of one file. ``pages`` is null for formats that have none."""

    path: str
    documents: int
    characters: int
    pages: int | None
    passages: int
    change: str
    """``added``, ``updated``, ``unchanged``, ``removed`` or ``failed``.

    What a file held leaves the index with the file, and when the file holds something that cannot
    be used: it is ``removed``, in the latter case with a ``failure``.
    """
    warnings: tuple[str, ...] = ()
    failure: str | None = None
    sha256: str = ""
    """Of the file's bytes; "" if they were not read."""
    size: int = 0
    """In bytes."""
    reader: str = ""
    """The name and the version of what read it."""
    seconds: float = 0.0
    """How long that took when it was read last."""
    languages: tuple[str, ...] = ()
    """Of its documents, as codes of ISO 639-1."""
    same_as: str | None = None
    """The path of a file with the same bytes, which holds the document of both."""
    near: str | None = None
    """The path of a file before it that has most of its sentences, and about as many."""
    lost: tuple[str, ...] = ()
    """Those of the warnings that tell of a part of it which could not be read."""

    @property
    def is_unreadable(self) -> bool:
        """Whether it, or a part of it, could not be read: it may hold an answer."""
        return bool(self.failure or self.lost)

    @property
    def state(self) -> State:
        """How much of it was read."""
        if self.failure:
            return "failed"
        if self.lost:
            return "partly read"
        return "read with warnings" if self.warnings else "read"

    def as_dict(self) -> dict[str, Any]:
        """The receipt as ``footnoted documents --files --json`` prints it."""
        return {"state": self.state, **asdict(self)}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document comes from: the file that holds it, and what there is of others like it.

    ``copies`` are the paths of files with the same bytes, ``near`` those of files that are nearly
    the same.
    """

    file: FileReceipt
    copies: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: FileReceipt, copies: Iterable[str], after: Iterable[str]) -> Origin:
        """``after`` are the paths of the files of which this one is told to be near."""
        return cls(file, tuple(copies), (file.near, *after) if file.near else tuple(after))


class Stamp(NamedTuple):
    """What tells when a file is from: the date that its document gives, if one does, and its place
    among all files in the order in which they were read."""

    date: str | None
    number: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What came of a file when it was read last, and the folder or file that the user named.

    ``told`` is what the file beside the folder told of its documents.
    """

    source: str
    receipt: FileReceipt
    told: str = ""


def origins_by_place(files: Iterable[StoredFile]) -> dict[tuple[str, str], Origin]:
    """The origin of what each file holds, by the file's source and path."""
    copies: dict[str, list[str]] = {}
    after: dict[str, list[str]] = {}
    receipts = {(file.source, file.receipt.path): file.receipt for file in files}
    for one in receipts.values():
        if one.same_as:
            copies.setdefault(one.same_as, []).append(one.path)
        if one.near:
            after.setdefault(one.near, []).append(one.path)
    return {
        at: Origin.of(one, copies.get(one.path, ()), after.get(one.path, ()))
        for at, one in receipts.items()
    }


FileField = Literal["source", "path", "same_as", "near", "sha256"]
"""What files are asked for by: of the last three, those of their receipts."""


class Sketched(NamedTuple):
    """A document's id, the path of its file, and what tells whether another is nearly the same."""

    document: str
    path: str
    sketch: bytes


class Entry(NamedTuple):
    """What tells whether a stored document is still as it was read."""

    sha256: str
    title: str
    publisher: str | None
    date: str | None
    author: str | None
    language: str | None
    reader: str
    path: str
    source: str


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document with the path it was read from and the folder or file that the user named."""

    document: Document
    path: str
    source: str

    @property
    def entry(self) -> Entry:
        d = self.document
        about = (d.title, d.publisher, d.date, d.author, d.language, d.reader)
        return Entry(d.sha256, *about, self.path, self.source)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an update did: file by file, and what the index holds after it."""

    files: tuple[FileReceipt, ...]
    embedded: int
    """Passages that were embedded, as opposed to known."""
    coverage: Coverage
    generation: int
    notes: tuple[str, ...] = ()
    """What became of whole folders, a line each."""

    @property
    def nothing_read(self) -> bool:
        """Whether files were there to be read, and not one of them could be."""
        failed = [file for file in self.files if file.failure]
        return bool(failed) and not any(file.documents for file in self.files)

    def changes(self) -> Receipt:
        """The receipt without the files that are as they were."""
        changed = tuple(file for file in self.files if file.change != "unchanged")
        return replace(self, files=changed)

    def as_dict(self) -> dict[str, Any]:
        """The receipt as ``footnoted index --json`` prints it."""
        return asdict(self)
