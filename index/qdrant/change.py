"""A change on its way: its points are written ahead of the moment from which readers see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from qdrant_client import models

from footnoted.corpus.errors import DamagedIndex
from footnoted.index.qdrant import state
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.lease import Lease
from footnoted.index.qdrant.points import (
    DENSE,
    KEPT,
    after,
    by,
    embedding_id,
    equals,
    one_of,
    seen,
    weight,
)
from footnoted.index.qdrant.state import State

# Sent at once: a server takes 32 MB.
_MOST_POINTS = 256
_MOST_BYTES = 8_000_000


class Change:
    """The change that follows on ``before``: what it adds is sent in batches, what it removes is
    marked, and readers see nothing of either before ``commit``."""

    def __init__(self, client: Client, lease: Lease, before: State) -> None:
        """Begin, and undo what was left of a change that did not end."""
        self._client, self._lease, self._before = client, lease, before
        self.version = before.version + 1
        self.told: dict[str, Any] = {}
        """What the manifest will say."""
        self._points: list[models.PointStruct] = []
        self._bytes = 0
        self._removed: list[str] = []
        self._numbered = 0
        clean(client, before.version)

    def number(self) -> int:
        """The next of the numbers by which is told what was read after what."""
        self._numbered += 1
        return (self.version << 32) + self._numbered

    def add(self, points: Iterable[models.PointStruct]) -> None:
        for point in points:
            self._points.append(point)
            self._bytes += weight(point)
            if len(self._points) >= _MOST_POINTS or self._bytes > _MOST_BYTES:
                self.flush()

    def remove_document(self, document_id: str) -> None:
        """Take out what there was of it before this change."""
        self._removed.append(document_id)
        if len(self._removed) >= _MOST_POINTS:
            self.flush()

    def remove(self, *conditions: models.Condition) -> None:
        """Take out what meets the conditions and was there before this change."""
        self._client.mark({"until": self.version}, seen(self._before.version, *conditions))

    def flush(self) -> None:
        """Send what is waiting, so that reads at this change see it."""
        if removed := self._removed:
            self._removed = []
            self.remove(one_of("document", removed))
        points, self._points, self._bytes = self._points, [], 0
        self._embed(points)
        self._client.put(points)

    def commit(self) -> None:
        """Let readers see it, all at once.

        Raises:
            IndexUnavailable: somebody else has changed the index; nothing of this is seen.
        """
        self.flush()
        expected = {"writer": self._lease.word, "version": self._before.version}
        found = state.exchange(self._client, expected, {**self.told, "version": self.version})
        if found.writer != self._lease.word or found.version != self.version:
            raise self._lease.lost()

    def _embed(self, points: Sequence[models.PointStruct]) -> None:
        """Give passages their vectors, which were kept ahead or stand in others."""
        waiting = [point for point in points if (point.payload or {}).get("kind") == "passage"]
        keys = {point.payload["key"] for point in waiting if point.payload}
        vectors = self._vectors(sorted(keys))
        for point in waiting:
            key = (point.payload or {})["key"]
            point.vector = {**cast(dict[str, Any], point.vector), DENSE: vectors[key]}

    def _vectors(self, keys: Sequence[str]) -> dict[str, Any]:
        kept = self._client.get([embedding_id(key) for key in keys], ["key"], [KEPT])
        found = {(one.payload or {})["key"]: cast(Any, one.vector)[KEPT] for one in kept}
        if missing := [key for key in keys if key not in found]:
            where = models.Filter(must=[equals("kind", "passage"), one_of("key", missing)])
            for one in self._client.scroll(where, ["key"], [DENSE]):
                found[(one.payload or {})["key"]] = cast(Any, one.vector)[DENSE]
        if len(found) < len(keys):
            raise DamagedIndex(
                f"an embedding is gone from {self._client.address} that was kept there; try again"
            )
        return found


def clean(client: Client, version: int) -> None:
    """Leave nothing of what was removed, nor of changes that did not end."""
    client.delete(models.Filter(must=[after("since", version)]))
    client.delete(models.Filter(must=[by("until", version)]))
    client.unmark("until", models.Filter(must=[after("until", version)]))
