"""Which store keeps an index: SQLite in a folder, or Qdrant at an address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from footnoted.corpus.errors import UnusableInput
from footnoted.index.database import explained
from footnoted.index.protocols import IndexStore, VectorSearch
from footnoted.index.qdrant.address import Address
from footnoted.index.store import Store, make_folder
from footnoted.index.types import Place
from footnoted.index.writer import writing

if TYPE_CHECKING:
    from footnoted.index.qdrant.store import QdrantStore


def open_store(place: Place, vectors: type[VectorSearch] | None = None) -> IndexStore:
    """Open the index at ``place``; ``vectors`` searches a folder's by meaning, if not the usual.

    Raises:
        NoIndex: there is none.
        UnusableInput: what is there is not an index of this version.
        DamagedIndex, IndexUnavailable: it cannot be read.
    """
    if isinstance(place, Path):
        return Store.open(place, vectors)
    return open_collection(place)


def open_collection(address: Address) -> QdrantStore:
    """The same in Qdrant."""
    return _qdrant().open(address)


def create_store(
    place: Place,
    vectors: type[VectorSearch] | None = None,
    *,
    embedder: str,
    embedder_name: str,
    dimension: int,
    passage_tokens: int,
) -> IndexStore:
    """Make an empty index at ``place``, generation 0."""
    if isinstance(place, Path):
        return Store.create(
            place,
            vectors,
            embedder=embedder,
            embedder_name=embedder_name,
            dimension=dimension,
            passage_tokens=passage_tokens,
        )
    return _qdrant().create(
        place,
        embedder=embedder,
        embedder_name=embedder_name,
        dimension=dimension,
        passage_tokens=passage_tokens,
    )


def _qdrant() -> type[QdrantStore]:
    try:
        from footnoted.index.qdrant.store import QdrantStore
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "qdrant_client":
            raise
        raise UnusableInput(
            'an index in Qdrant needs one more package: pip install "footnoted[qdrant]"'
        ) from None
    return QdrantStore


@contextmanager
def making(place: Place) -> Iterator[None]:
    """Inside, nobody else makes an index in the same folder; a server sees to that itself."""
    if not isinstance(place, Path):
        yield
        return
    make_folder(place)
    with explained(place), writing(place):
        yield
