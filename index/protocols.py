"""The parts of the index that can be exchanged, each as what it must do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.types import Document, Listed, Passage
from footnoted.index.options import SearchOptions
from footnoted.index.types import (
    Coverage,
    FileReceipt,
    Filter,
    Manifest,
    Origin,
    Retrieved,
    Stamp,
)

Vectors = NDArray[np.float32]
"""Rows are texts: shape (n, dimension), each row of length 1."""

Rows = NDArray[np.int64]
"""The numbers of passages in an index, never given twice: shape (n,)."""

Fetch = Callable[[Rows], Iterable[Vectors]]
"""The vectors of rows, in their order, in batches of shape (some, dimension)."""

Made = TypeVar("Made")

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is to do."""


def silent(_: str, __: int, ___: int) -> None:
    """Progress that nobody watches."""


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


class VectorSearch(Protocol):
    """Passages by their vectors; derived from the store, so it can always be built again."""

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

    def search(
        self, vector: Vectors, limit: int, among: Rows | None = None
    ) -> list[tuple[int, float]]:
        """The rows nearest to ``vector``, shape (1, dimension), best first, with their cosines.

        Where ``among`` is given, the nearest of those.
        """

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosines of ``vector`` with the vectors of ``rows``, as exact as those of a search."""


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
    def folder(self) -> Path:
        """Where it is kept, as errors name it."""

    def kept(self, make: Callable[[Any], Made]) -> Made:
        """What ``make`` makes of it; made again only when something in it has changed."""
