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
from footnoted.index.store import FILE, Store, make_folder
from footnoted.index.types import Place
from footnoted.index.writer import writing

if TYPE_CHECKING:
    from footnoted.index.qdrant.store import QdrantStore

# What Qdrant's client keeps in a folder, and what of it a kill may leave alone.
_OF_QDRANT = {"meta.json", "collection"}
_BEGUN_BY_QDRANT = {".lock", *_OF_QDRANT}


def open_store(place: Place, vectors: type[VectorSearch] | None = None) -> IndexStore:
    """Open the index at ``place``; ``vectors`` searches a folder's by meaning, if not the usual.

    Raises:
        NoIndex: there is none.
        UnusableInput: what is there is not an index of this version.
        DamagedIndex, IndexUnavailable: it cannot be read.
    """
    _check_folder(place)
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
    _check_folder(place)
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


def _check_folder(place: Place) -> None:
    """Refuse a folder that holds something else, among which an index would come to lie.

    Raises:
        UnusableInput: it is kept otherwise, or is to be Qdrant's and holds other files.
    """
    folder = place if isinstance(place, Path) else place.folder
    if folder is None or not folder.exists():
        return
    try:
        held = {one.name for one in folder.iterdir()}
    except OSError:  # what opens it says so
        return
    is_plain, is_qdrants = FILE in held, held >= _OF_QDRANT
    if isinstance(place, Path) and is_qdrants and not is_plain:
        raise UnusableInput(f"{folder} holds an index in Qdrant: --store qdrant:{folder}")
    if isinstance(place, Path) or is_qdrants:
        return
    if is_plain:
        raise UnusableInput(f"{folder} holds an index without Qdrant: --index {folder}")
    if held - _BEGUN_BY_QDRANT:
        raise UnusableInput(f"{folder} holds other files; name a folder for the index alone")


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
