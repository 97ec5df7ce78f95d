"""An index made anew where it is: all of it read, cut and embedded again, in one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from footnoted.corpus.errors import IndexMismatch
from footnoted.index.embedding import load_embedder
from footnoted.index.options import DEFAULT
from footnoted.index.protocols import Embedder, IndexStore, Progress
from footnoted.index.types import Receipt
from footnoted.index.update import update
from footnoted.index.work import Here

if TYPE_CHECKING:
    from footnoted.index.qdrant.store import QdrantStore


@dataclass(frozen=True, slots=True)
class Described:
    """What an index was made of, as far as it can be read."""

    sources: Sequence[Path] = ()
    stand_in: str | None = None
    embedder: str | None = None

    @classmethod
    def of(cls, store: IndexStore) -> Described:
        sources = [Path(source) for source in store.sources()]
        return cls(sources, store.stand_in(), store.manifest().embedder)

    def here(self, store: IndexStore) -> Sequence[Path]:
        """The sources that are not another machine's."""
        return [one for one in self.sources if not store.is_shared or one.exists()]


def remade(
    store: QdrantStore,
    paths: Sequence[Path],
    embedder: Embedder | str | None,
    progress: Progress,
    password: str | None,
) -> tuple[Embedder, Receipt]:
    """Make an index anew, of ``paths`` or of what was indexed, and with its embedder or another.

    What lies on another machine, or cannot be opened now, is cut and embedded from the texts that
    the index has of it.

    Raises:
        IndexMismatch: the embedder's vectors are of another length than those of the collection.
        UnusableInput: nothing would be left; nothing is changed.
    """
    with store.writing():
        manifest, known = store.manifest(), Described.of(store)
        named = embedder or manifest.embedder
        loaded = load_embedder(named) if isinstance(named, str) else named
        if loaded.dimension != manifest.dimension:
            raise IndexMismatch(
                f"{store.place} is for vectors of {manifest.dimension} numbers, and those of "
                f"{loaded.name} have {loaded.dimension}; index into another collection"
            )
        to_be = replace(
            manifest,
            embedder=named if isinstance(named, str) else named.name,
            embedder_name=loaded.name,
            passage_tokens=min(DEFAULT.passage_tokens, loaded.max_tokens),
        )
        # Named ones are all that it is to hold.
        others = {*store.sources()} - {str(path.resolve()) for path in paths} if paths else set()
        with store.made_with(to_be):
            receipt = update(
                store,
                Here(loaded),
                paths or known.here(store),
                progress,
                stand_in=known.stand_in is not None and not paths,
                password=password,
                anew=True,
                without=others,
            )
    return loaded, receipt
