"""A change on its way: its points are written ahead of the moment from which readers see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from qdrant_client import models

from footnoted.corpus.errors import IndexUnavailable
from footnoted.index.qdrant import state
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.lease import Lease
from footnoted.index.qdrant.points import (
    DENSE,
    KEPT,
    Moment,
    between,
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
# Of all numbers that changes may have.
_LAST = 1 << 53


class Change:
    """The change that follows on ``before``: what it adds is sent in batches, what it removes is
    marked, and readers see nothing of either before ``commit``."""

    def __init__(self, client: Client, lease: Lease, before: State) -> None:
        """Begin, and undo what was left of a change that did not end.

        Raises:
            IndexUnavailable: somebody else is the writer.
        """
        self._client, self._lease, self._before = client, lease, before
        self.version = _given(client, lease, before)
        self.moment = before.after(self.version)
        """What has counted when this does."""
        self.told: dict[str, Any] = {}
        """What the manifest will say."""
        self._points: list[models.PointStruct] = []
        self._bytes = 0
        self._removed: list[str] = []
        self._numbered = 0
        clean(client, before.moment, self.version)

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
        where = seen(self._before.moment, *conditions)
        # A writer who comes too late does not take back what a later one has marked.
        marked = between("until", self.version, _LAST)
        where.must_not = [*cast(list[models.Condition], where.must_not), marked]
        self._client.mark({"until": self.version}, where)

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
        new = {**self.told, "version": self.version, "void": [*map(list, self.moment.void)]}
        found = state.exchange(self._client, expected, new)
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
            raise IndexUnavailable(
                f"an embedding is gone from {self._client.address} that was kept there: somebody "
                "else may write to it now; nothing was changed; try again"
            )
        return found


def _given(client: Client, lease: Lease, before: State) -> int:
    """A number that no change ever had.

    Raises:
        IndexUnavailable: somebody else is the writer.
    """
    number = before.tried + 1
    found = state.exchange(client, {"writer": lease.word}, {"tried": number})
    if found.writer != lease.word or found.tried != number:
        raise lease.lost()
    return number


def clean(client: Client, at: Moment, number: int) -> None:
    """Leave nothing of what was removed, nor of changes before ``number`` that came to nothing.

    What has this number or a later one is not touched: who calls this may be the writer no more
    when it arrives.
    """
    given_up = Moment(at.change, (*at.void, (at.change + 1, number - 1)))
    client.delete(models.Filter(should=given_up.is_void("since")))
    client.delete(models.Filter(must=[at.counts("until")]))
    client.unmark("until", models.Filter(should=given_up.is_void("until")))
