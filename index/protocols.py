"""The parts of the index that can be exchanged, each as what it must do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.ids import Id
from footnoted.corpus.types import Document, Listed, Passage
from footnoted.index.options import DEFAULT, SearchOptions
from footnoted.index.types import (
    Coverage,
    Entry,
    FileField,
    FileReceipt,
    Filter,
    Manifest,
    Origin,
    Place,
    Retrieved,
    Sketched,
    Stamp,
    StoredDocument,
    StoredFile,
)

Vectors = NDArray[np.float32]
"""Rows are texts: shape (n, dimension), each row of length 1."""

Rows = NDArray[np.int64]
"""The numbers of passages in an index, never given twice: shape (n,)."""

Among = Any
"""Some passages, as their store has its searches take them: see ``IndexStore.among``."""

Fetch = Callable[[Rows], Iterable[Vectors]]
"""The vectors of rows, in their order, in batches of shape (some, dimension)."""

Keep = Callable[[Mapping[bytes, Vectors]], None]
"""Stores embeddings, by their keys."""

Made = TypeVar("Made")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is to do."""


def silent(_: str, __: int, ___: int) -> None:
    """Progress that nobody watches."""


class Tables(Protocol):
    """Tables of SQL that several threads use at once, each between ``reading`` or ``changing``,
    with ``?`` where values stand. What the two kinds have in common, SQLite's and PostgreSQL's."""

    def reading(self) -> AbstractContextManager[None]:
        """Inside, rows are looked at, or one is written."""

    def changing(self) -> AbstractContextManager[None]:
        """Everything inside happens, or nothing does."""

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """What a query finds, row by row."""

    def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row that a query finds, or None."""

    def do(self, sql: str, values: Sequence[Any] = ()) -> None: ...

    def settle(self) -> None:
        """Leave nothing of what was deleted, as far as that is in the hands of who calls it."""

    def close(self) -> None: ...


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Which model, exactly: vectors of embedders with different names are never mixed."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    @property
    def max_tokens(self) -> int:
        """The longest text it reads whole, in its own tokens, special tokens not counted."""

    def count_tokens(self, text: str) -> int:
        """The number of its tokens in ``text``, special tokens not counted."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""

    def embed_question(self, text: str) -> Vectors:
        """The vector of a question, shape (1, dimension)."""


class Dense(Protocol):
    """Passages by their vectors."""

    def search(
        self, vector: Vectors, limit: int, among: Among | None = None
    ) -> list[tuple[int, float]]:
        """The rows nearest to ``vector``, shape (1, dimension), best first, with their cosines.

        Where ``among`` is given, the nearest of those.
        """

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosines of ``vector`` with the vectors of ``rows``, as exact as those of a search."""


class VectorSearch(Dense, Protocol):
    """The same in a file, derived from the store, so that it can always be built again."""

    @classmethod
    def build(cls, rows: Rows, fetch: Fetch, dimension: int, before: Path | None = None) -> Self:
        """Index the vectors of ``rows``, taking over what it can from the file ``before``."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what ``write`` wrote; for anything else, a RuntimeError, ValueError or OSError."""

    def write(self, path: Path) -> None:
        """Write all of it into one file."""

    def __len__(self) -> int:
        """The number of its rows."""


class Lexical(Protocol):
    """Passages by their words and pairs of words, each counted by its rarity."""

    def __len__(self) -> int:
        """The number of passages."""

    def frequency(self, word: str | Id) -> int:
        """The number of passages that hold ``word``, in any of its forms."""

    def holders(self, word: str) -> list[int] | None:
        """The rows that hold ``word`` in any of its forms; None if it is not one word here."""

    def alike(self, word: str, distance: int, limit: int) -> list[int]:
        """Rows that hold a word whose stem is at most so many letters from that of ``word``."""

    def search(
        self,
        question: str,
        limit: int,
        among: Among | None = None,
        pair_weight: float = DEFAULT.pair_weight,
    ) -> list[tuple[int, float]]:
        """The rows that share words with ``question``, best first, with the share that they hold:
        see ``LexicalIndex.search``."""


@dataclass(frozen=True, slots=True)
class Searches:
    """What finds the passages that a store holds after one change."""

    change: str
    dense: Dense
    lexical: Lexical


class Overtaken(Exception):
    """What was read was of a generation that is not there any more; to be read once more."""


class IndexStore(Protocol):
    """What an index holds, and how it changes: what ``Library`` and updates stand on.

    It may be used from several threads, one at a time.
    """

    @property
    def place(self) -> Place:
        """Where it is kept, as errors name it."""

    @property
    def folder(self) -> Path:
        """A folder on this machine for what lies beside it; it need not be there."""

    @property
    def is_shared(self) -> bool:
        """Whether other machines change it, too: what is not here may be there."""

    @property
    def is_replaced(self) -> bool:
        """Whether another index has taken this one's place since it was opened."""

    def close(self) -> None:
        """It cannot be used any more."""

    # -- reading

    def snapshot(self) -> AbstractContextManager[None]:
        """Reads inside it see one generation, whatever a writer does meanwhile.

        Raises:
            Overtaken: where that cannot be promised, at its end, if a writer was quicker.
        """

    def searches(self) -> Searches:
        """What finds passages of its generation."""

    def manifest(self) -> Manifest:
        """What it was made with, and its generation."""

    def generation(self) -> int:
        """The manifest's."""

    def coverage(self, documents: Iterable[str] | None = None) -> Coverage:
        """How much there is of all documents, or of those with these ids."""

    def unreadable(self) -> int:
        """How many files were not read, or not as a whole."""

    def languages(self, documents: Iterable[str] | None = None) -> dict[str, int]:
        """The number of documents in each language, as far as it is known: of all, or of these."""

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[StoredFile]:
        """Every file that was read, or could not be, in the order of the paths.

        ``unreadable``: those alone that were not read, or not as a whole. ``most``: the first of
        them; all, where it is negative.
        """

    def files_by(self, field: FileField, values: Collection[str]) -> list[StoredFile]:
        """The files of which a field has one of these values, in the order of the paths."""

    def origin(self, document_id: str) -> Origin | None:
        """Where a document comes from; None where nothing is known of its file."""

    def origins(self) -> dict[str, Origin]:
        """The same of all documents, by id."""

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        """The document of each of these files, or the first of several, by path."""

    def stamps(self) -> dict[str, Stamp]:
        """When each file that holds documents is from, by path."""

    def sketches_of(self, paths: Collection[str]) -> list[Sketched]:
        """What tells of the documents of these files whether others are nearly the same."""

    def sketches_sharing(self, marks: Collection[int]) -> list[Sketched]:
        """The same of all documents that share one of these ``marks`` with few others: see
        ``nearness.sharing``."""

    def documents(self, ids: Iterable[str] | None = None) -> list[StoredDocument]:
        """Every document, or those of these that are there, in the order of the ids."""

    def listing(self) -> list[Listed]:
        """Every document without its text, in the order of the ids."""

    def document(self, document_id: str) -> StoredDocument | None:
        """The document with this id, proved to be what was stored."""

    def document_and_file(self, document_id: str) -> tuple[Document, str] | None:
        """The document with this id, and the hash of the bytes of the file it was read from."""

    def entries(
        self, *, ids: Collection[str] | None = None, sources: Collection[str] | None = None
    ) -> dict[str, Entry]:
        """All that is stored of each document but its text, by id; or of those with these ids, or
        of these sources."""

    def passage_counts(self, ids: Collection[str] | None = None) -> dict[str, int]:
        """The number of passages of each document that has any, by id; or of each of these."""

    def sources(self) -> list[str]:
        """The folders and files that were named."""

    def stand_in(self) -> str | None:
        """The source that stands in until another is named, if there is one."""

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """The passages in these rows; rows that do not exist are left out."""

    def among(self, documents: Collection[str]) -> Among:
        """What lets its searches find passages of these documents alone."""

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosines of ``vector``, shape (1, dimension), with the passages' in ``rows``, from the
        vectors themselves."""

    def known_embeddings(self, keys: Iterable[bytes]) -> set[bytes]:
        """Which of these embeddings are stored."""

    # -- writing

    def writing(self) -> AbstractContextManager[None]:
        """Be the only writer, once any other is done; who is the writer already goes on."""

    def keep_embeddings(self, vectors: Mapping[bytes, Vectors]) -> None:
        """Store embeddings at once, ahead of the change that will use them."""

    def keeper(self) -> Keep | None:
        """What does the same on any machine, beside the writer; None where only this process can.

        It can be sent there, and whatever comes of it, however late, nobody sees before a change of
        the writer's, which leaves nothing of it.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """Everything inside happens, or nothing does."""

    def put(
        self, stored: StoredDocument, passages: Sequence[tuple[Passage, bytes]], sketch: bytes
    ) -> None:
        """Add or replace a document with its passages and the keys of their embeddings."""

    def remove(self, document_id: str) -> None:
        """Take a document out, if it is there."""

    def remember(self, source: str) -> None:
        """A folder or file was named, and is a source from now on."""

    def remove_files(self, source: str, paths: Collection[str]) -> None:
        """Nothing came of these files of ``source`` any more."""

    def put_files(self, files: Iterable[StoredFile]) -> None:
        """Add or replace what came of these files."""

    def forget_file(self, path: str) -> None:
        """Nothing is known of a file any more, nor of those that are the same."""

    def forget(self, source: str) -> None:
        """A source is none any more."""

    def set_stand_in(self, source: str | None) -> None:
        """Mark the source that stands in until another is named; or none."""

    def raise_generation(self) -> None:
        """End a change: drop embeddings that no passage uses, and let readers notice."""

    def make_searches(self, before: str) -> None:
        """Make the searches of a change, inside it and after its generation was raised.

        What can be taken over from those of the change ``before`` is not made again.
        """

    def settle(self) -> None:
        """Leave nothing of what was removed, after a change."""


class WordSearch(Protocol):
    """Passages by the words that they hold, whatever they mean; needs no model."""

    def rarity(self, word: str) -> float:
        """How much a word tells: the more, the fewer passages hold it."""

    def holders(self, word: str, most: int) -> frozenset[str] | None:
        """The ids of the documents that hold ``word`` in any of its forms.

        None where more than ``most`` passages do, or where what is given is not one word.
        """

    def alike(self, word: str, distance: int) -> list[str]:
        """The words as written in passages that are at most so many letters from ``word``.

        The nearest come first, and of those the most frequent in what was looked at.
        """

    def candidates(
        self, text: str, limit: int, where: Filter | None = None
    ) -> list[tuple[Document, Passage]]:
        """The passages that share words with ``text``, best first; a filter is as in a search."""


class Passages(Protocol):
    """Documents, and the passages in them that are near to a question."""

    @property
    def manifest(self) -> Manifest:
        """What the index was made with, and its generation."""

    def coverage(self, where: Filter | None = None) -> Coverage:
        """How much it holds or, with a filter, may find."""

    def documents(self) -> list[Document]:
        """Every document, in the order of the ids."""

    def listing(self) -> list[Listed]:
        """The same without their texts."""

    def document(self, document_id: str) -> Document | None:
        """The document with this id, if there is one."""

    def retrieve(
        self,
        question: str,
        limit: int,
        where: Filter | None = None,
        options: SearchOptions | None = None,
    ) -> Retrieved:
        """The best passages for a question, best first, all of one generation.

        A filter changes which passages may be found and what is covered, and nothing of the scores.
        ``options``, if given, count instead of its own.
        """

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``, as passages have them: shape (texts, dimension)."""


class Receipts(Protocol):
    """What came of the files that documents were read from."""

    def unreadable(self) -> int:
        """How many files were not read, or not as a whole."""

    def files(self, *, unreadable: bool = False, most: int = -1) -> list[FileReceipt]:
        """What came of each file, in the order of the paths.

        ``unreadable``: of those alone that were not read, or not as a whole. ``most``: of the first
        of them; of all, where it is negative.
        """

    def sources(self) -> list[Path]:
        """The folders and files that were named."""

    def origin(self, document_id: str) -> Origin | None:
        """Where a document comes from; None where nothing is known of its file."""

    def origins(self) -> dict[str, Origin]:
        """The same of all documents, by id."""

    def held(self, paths: Sequence[str]) -> dict[str, str]:
        """The document of each of these files, or the first of several, by path."""

    def stamps(self) -> dict[str, Stamp]:
        """When each file that holds documents is from, by path."""


class Searchable(Passages, WordSearch, Receipts, Protocol):
    """What answers and look-ups stand on."""

    @property
    def place(self) -> Place:
        """Where it is kept, as errors name it."""

    @property
    def folder(self) -> Path:
        """A folder on this machine for what lies beside it; it need not be there."""

    def kept(self, make: Callable[[Any], Made]) -> Made:
        """What ``make`` makes of it; made again only when something in it has changed."""
