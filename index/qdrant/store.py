"""An index in Qdrant, the only truth of it: any number of readers, and one writer at a time."""

from __future__ import annotations

import platform
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from platformdirs import user_data_path
from qdrant_client import models

from footnoted.corpus.errors import IndexUnavailable, NoIndex, UnusableInput
from footnoted.corpus.rendering import searched
from footnoted.corpus.types import Passage, Span
from footnoted.index.protocols import Keep, Vectors
from footnoted.index.qdrant import points, state
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.change import Change, clean
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.keeping import Keeper, keep
from footnoted.index.qdrant.lease import Lease
from footnoted.index.qdrant.points import equals, one_of
from footnoted.index.qdrant.reading import NAMED_AT_ONCE, Reading
from footnoted.index.terms import Held, analyzer
from footnoted.index.types import Manifest, StoredDocument, StoredFile

# Who makes a collection writes its manifest at once, or was killed.
_MADE_WITHIN_SECONDS = 5.0
_MADE_WITH = "embedder", "embedder_name", "passage_tokens"


class QdrantStore(Reading):
    """A collection of Qdrant's as a store; see ``IndexStore``."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self._lease = Lease(client)
        self._analyzer = analyzer()
        self._raised = False
        self._told: dict[str, Any] = {}

    @classmethod
    def open(cls, address: Address) -> QdrantStore:
        """Open the index at ``address``.

        Raises:
            NoIndex: there is none.
            UnusableInput: what is there is not an index of this version, or wants another key.
            IndexUnavailable: it cannot be reached.
        """
        if address.folder and not address.folder.exists():  # which looking would make
            raise NoIndex.of(address)
        client = Client(address)
        try:
            if not client.exists():
                raise NoIndex.of(address)
            state.read(client)
            client.compare()
        except BaseException:
            client.close()
            raise
        return cls(client)

    @classmethod
    def create(
        cls,
        address: Address,
        *,
        embedder: str,
        embedder_name: str,
        dimension: int,
        passage_tokens: int,
    ) -> QdrantStore:
        """Make an empty index, generation 0; one that somebody else makes just now is opened."""
        client = Client(address)
        try:
            is_ours = client.create(dimension)
            began = time.monotonic()
            while not is_ours and time.monotonic() - began < _MADE_WITHIN_SECONDS:
                with suppress(NoIndex):
                    state.read(client)
                    client.compare()
                    return cls(client)
                time.sleep(0.2)
            if not is_ours and (client.count(models.Filter()) or not client.is_for(dimension)):
                raise UnusableInput(f"{address} holds something else; name another collection")
            client.index_payload()  # once more, if whoever made it was killed at that
            with suppress(NoIndex):  # that took long, and another was quicker
                state.read(client)
                return cls(client)
            state.write_first(
                client,
                embedder=embedder,
                embedder_name=embedder_name,
                dimension=dimension,
                passage_tokens=passage_tokens,
            )
        except BaseException:
            client.close()
            raise
        return cls(client)

    @property
    def folder(self) -> Path:
        address = self.place
        if address.folder:
            return address.folder
        # Each machine has its own, by its name: what is not in that of another is not gone.
        host = urlsplit(address.url or "").netloc.replace(":", "-")
        named = f"{host}-{address.collection}-on-{platform.node()}"
        return (address.home or user_data_path("footnoted", appauthor=False)) / "stores" / named

    @property
    def is_shared(self) -> bool:
        return not self._client.is_local

    @property
    def is_replaced(self) -> bool:
        return False  # an index that is made anew has another change, and is read as it is

    def close(self) -> None:
        self._client.close()

    # -- writing ---------------------------------------------------------------------------

    def writing(self) -> AbstractContextManager[None]:
        return self._lease.held()

    def keep_embeddings(self, vectors: Mapping[bytes, Vectors]) -> None:
        keep(self._client, vectors)

    def keeper(self) -> Keep | None:
        return Keeper.of(self._client.address) if self.is_shared else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing does; reads inside see what it has done."""
        self._change = Change(self._client, self._lease, state.read(self._client))
        self._change.told |= self._told
        self._raised = False
        try:
            yield
            self._change.commit()
        finally:
            # What it wrote is seen by nobody, and cleaned up by the next.
            self._change = None

    @contextmanager
    def made_with(self, manifest: Manifest) -> Iterator[None]:
        """What is changed inside is as if the index was made with what this says."""
        self._told = {name: getattr(manifest, name) for name in _MADE_WITH}
        try:
            yield
        finally:
            self._told = {}

    def manifest(self) -> Manifest:
        return replace(super().manifest(), **self._told)

    def settle(self) -> None:
        """Delete what was removed, and what was kept for the change if it has come."""
        with suppress(IndexUnavailable):  # nobody sees any of it; the next writer deletes it
            now = state.read(self._client)
            clean(self._client, now.moment, now.tried + 1)
            if self._raised:
                self._client.delete(models.Filter(must=[equals("kind", "embedding")]))

    def put(
        self,
        stored: StoredDocument,
        passages: Sequence[tuple[Passage, bytes]],
        sketch: bytes,
    ) -> None:
        change, document = self._changing, stored.document
        change.remove_document(document.id)
        number = change.number()
        since = change.version
        change.add(points.document_points(stored, len(passages), sketch, since, number))
        for passage, key in passages:
            text = searched(document, Span(passage.start, passage.end))
            held = Held.by(text, self._analyzer)
            change.add(
                [points.passage_point(passage, key.hex(), held, change.version, change.number())]
            )

    def remove(self, document_id: str) -> None:
        self._changing.remove_document(document_id)

    def remember(self, source: str) -> None:
        if source not in self.sources():
            self._changing.add([points.source_point(source, self._changing.version)])

    def put_files(self, files: Iterable[StoredFile]) -> None:
        change = self._changing
        by_source: dict[str, list[StoredFile]] = defaultdict(list)
        for file in files:
            by_source[file.source].append(file)
        for source, each in by_source.items():
            self.remove_files(source, [file.receipt.path for file in each])
            change.add(points.file_point(file, change.version) for file in each)

    def remove_files(self, source: str, paths: Collection[str]) -> None:
        named = list(paths)
        for at in range(0, len(named), NAMED_AT_ONCE):
            some = one_of("path", named[at : at + NAMED_AT_ONCE])
            self._changing.remove(equals("kind", "file"), equals("source", source), some)

    def forget_file(self, path: str) -> None:
        for field in ("path", "same_as"):
            self._changing.remove(equals("kind", "file"), equals(field, path))

    def forget(self, source: str) -> None:
        self._changing.remove(one_of("kind", ["file", "source"]), equals("source", source))

    def set_stand_in(self, source: str | None) -> None:
        self._changing.told["stand_in"] = source or ""

    def raise_generation(self) -> None:
        generation = self.manifest().generation + 1
        self._changing.told |= {"generation": generation, "change": uuid4().hex}
        self._raised = True

    @property
    def _changing(self) -> Change:
        assert self._change, "what changes an index does so inside a transaction"
        return self._change
