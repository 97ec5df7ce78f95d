"""Qdrant as it is talked to: patient with a server, and every failure one line."""

from __future__ import annotations

import json
import logging
import math
import os
import sqlite3
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NoReturn

from httpx import HTTPError
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ResponseHandlingException, UnexpectedResponse

from footnoted.corpus.errors import IndexUnavailable, NoIndex, StoreUnavailable, UnusableInput
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.collection import asked, fits, indexed, made
from footnoted.index.qdrant.folders import leave, of_folder, told
from footnoted.index.qdrant.options import Options
from footnoted.index.qdrant.outages import outage_of
from footnoted.index.qdrant.points import ids as having

log = logging.getLogger(__name__)

KEY = "QDRANT_API_KEY"
"""The variable of the environment that holds a server's key."""

AUTHORITY = "SSL_CERT_FILE"
"""The same of a file with the certificates of those who sign certificates of servers."""

_TIMEOUT_SECONDS = 30
# Between tries of what a server did not do, as when it starts anew or has too much to do.
_WAITS_SECONDS = (0.2, 1.0, 3.0, 6.0)
# A server that has too much to do may ask for longer, but not for ever.
_MOST_SECONDS = 10.0
_BUSY = {408, 429, 500, 502, 503, 504}
# Said by what stands before a server that is not there.
_AWAY = {502, 503, 504}
# An answer that is none, or half of one: of a proxy, or of another program.
_NO_ANSWER = (
    *(ResponseHandlingException, HTTPError, QdrantException),
    *(json.JSONDecodeError, AssertionError),
)
_AT_ONCE = 6
_PAGE = 500
# Vectors are long as JSON.
_PAGE_WITH_VECTORS = 100
# Points of the graph for each search: of the fifty nearest of 100,000, a hundred find 0.97, four
# hundred 0.99 in twice the time, half a millisecond; see ``benchmarks/stores.py``.
LOOKED_AT = 400
# Of quantised vectors, so many times as many are looked at as are wanted.
OVERSAMPLING = 3.0

Selected = bool | list[str]
"""Of a payload or of vectors: all, none, or those named."""


class Client:
    """A collection of Qdrant's, which several threads may use at once.

    Every method raises ``IndexUnavailable`` where Qdrant cannot be reached or refuses, as without
    the right key; of a server, ``StoreUnavailable``. Where there is no such collection, that is
    ``NoIndex``.
    """

    def __init__(self, address: Address, key: str | None = None) -> None:
        """Connect; what is in a folder is opened once in a process, for all.

        Without a ``key``, a server's is the environment's.
        """
        self.address = address
        self._is_closed = False
        self._outage = outage_of(address.url)
        self.guard: Callable[[], None] = lambda: None
        """Called before each try to write, and raises what forbids it."""
        self._lock: AbstractContextManager[Any] = nullcontext()
        if address.folder:
            self._qdrant, self._lock = of_folder(address)
            return
        key = _usable(key or os.environ.get(KEY) or "")
        if key and address.is_open:
            log.warning("%s is sent to %s unencrypted; use qdrant+https", KEY, address)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of the same, in several lines
                self._qdrant = QdrantClient(
                    url=address.url,
                    api_key=key or None,
                    timeout=_TIMEOUT_SECONDS,
                    check_compatibility=False,
                )
        except OSError as error:  # ssl.SSLError is one
            raise UnusableInput(
                f"the certificates in {AUTHORITY} cannot be read ({told(error)}); name a file in "
                "PEM, or none"
            ) from None

    @property
    def is_local(self) -> bool:
        return self.address.folder is not None

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        if self.address.folder:
            leave(self.address.folder)
        else:
            self._qdrant.close()

    # -- the collection

    def exists(self) -> bool:
        return bool(self._call("collection_exists"))

    def create(self, dimension: int) -> bool:
        """Make the collection as its address says; False where somebody else has."""
        if self.exists():
            return False
        try:
            self._call("create_collection", **asked(dimension, self.address.options))
        except (NoIndex, IndexUnavailable):
            if not self.exists():
                raise
            return False
        self.index_payload()
        return True

    def is_for(self, dimension: int) -> bool:
        """Whether the collection can hold an index with vectors of this length."""
        return fits(self._call("get_collection"), dimension)

    def compare(self) -> None:
        """Tell where a collection that is there is not as its address says."""
        options = self.address.options
        if options != Options() and (unlike := options.unlike(made(self._call("get_collection")))):
            log.warning(
                "%s stays as it was made: %s; what an address asks for counts for a new collection",
                self.address,
                "; ".join(unlike),
            )

    def index_payload(self) -> None:
        """Let a server find points by what they hold; in a folder, all are looked through."""
        if self.is_local:
            return
        for field, schema in indexed(self.address.options).items():
            self._call("create_payload_index", field_name=field, field_schema=schema, wait=True)

    # -- reading

    def get(
        self, ids: Sequence[int], payload: Selected = True, vectors: Selected = False
    ) -> list[models.Record]:
        """The points with these ids that are there, in any order."""
        size = _PAGE_WITH_VECTORS if vectors else _PAGE
        parts = (ids[at : at + size] for at in range(0, len(ids), size))
        wanted = {"with_payload": payload, "with_vectors": vectors}
        return [one for part in parts for one in self._call("retrieve", ids=list(part), **wanted)]

    def scroll(
        self,
        where: models.Filter,
        payload: Selected = True,
        vectors: Selected = False,
        page: int | None = None,
    ) -> Iterator[models.Record]:
        """Every point that meets a filter, in the order of the ids."""
        offset = None
        while True:
            found, offset = self._call(
                "scroll",
                scroll_filter=where,
                limit=page or (_PAGE_WITH_VECTORS if vectors else _PAGE),
                offset=offset,
                with_payload=payload,
                with_vectors=vectors,
            )
            yield from found
            if offset is None:
                return

    def first(self, where: models.Filter, field: str, limit: int) -> list[models.Record]:
        """The first points that meet a filter, in the order of a number that they hold."""
        found, _ = self._call(
            "scroll",
            scroll_filter=where,
            limit=limit,
            order_by=models.OrderBy(key=field, direction=models.Direction.ASC),
            with_payload=False,
        )
        return list(found)

    def count(self, where: models.Filter) -> int:
        return int(self._call("count", count_filter=where, exact=True).count)

    def counts(self, wheres: Sequence[models.Filter]) -> list[int]:
        """The same for several, at once where a server counts."""
        if self.is_local or len(wheres) < 2:
            return [self.count(where) for where in wheres]
        with ThreadPoolExecutor(_AT_ONCE) as beside:
            return list(beside.map(self.count, wheres))

    def values(self, field: str, where: models.Filter, limit: int) -> dict[Any, int]:
        """The values of a field, each with how many of the points hold it."""
        found = self._call("facet", key=field, facet_filter=where, limit=limit, exact=True)
        return {hit.value: hit.count for hit in found.hits}

    def search(
        self,
        query: Any,
        vector: str,
        where: models.Filter,
        limit: int,
        exact: bool = False,
    ) -> list[models.ScoredPoint]:
        """The nearest points, best first, those alike in the order of their numbers."""
        # In a folder, every search is exact. What was found by quantised vectors is ranked by the
        # vectors themselves.
        whole = models.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING)
        near = models.SearchParams(hnsw_ef=LOOKED_AT, quantization=whole)
        params = models.SearchParams(exact=True) if exact else near
        found = self._call(
            "query_points",
            query=query,
            using=vector,
            query_filter=where,
            limit=limit,
            search_params=None if self.is_local else params,
            with_payload=["number"],
        ).points
        return sorted(found, key=lambda one: (-one.score, (one.payload or {}).get("number", 0)))

    def scores(self, query: Sequence[float], vector: str, ids: Sequence[int]) -> dict[int, float]:
        """How near each of these points is, of those that are there; no vector is sent for that."""
        found: dict[int, float] = {}
        for at in range(0, len(ids), _PAGE):
            some = list(ids[at : at + _PAGE])
            near = self._call(
                "query_points",
                query=list(query),
                using=vector,
                query_filter=models.Filter(must=[having(some)]),
                limit=len(some),
                search_params=None if self.is_local else models.SearchParams(exact=True),
                with_payload=False,
            ).points
            found |= {int(one.id): float(one.score) for one in near}
        return found

    # -- writing: whatever returns is done, and done twice it is as if done once

    def put(self, points: Sequence[models.PointStruct]) -> None:
        if points:
            self._write("upsert", points=list(points))

    def mark(self, payload: dict[str, Any], where: models.Filter) -> None:
        """Set what points hold that meet a filter."""
        self._write("set_payload", payload=payload, points=where)

    def unmark(self, field: str, where: models.Filter) -> None:
        self._write("delete_payload", keys=[field], points=where)

    def delete(self, where: models.Filter) -> None:
        self._write("delete", points_selector=models.FilterSelector(filter=where))

    def exchange(self, payload: dict[str, Any], where: models.Filter) -> None:
        """As ``mark``, for what itself says who may write: one such change after the other."""
        strong = models.WriteOrdering.STRONG
        arguments = {"payload": payload, "points": where, "wait": True, "ordering": strong}
        self._tried("set_payload", arguments, lambda: None, is_patient=True)

    # -- calling

    def _write(self, name: str, **arguments: Any) -> None:
        self._tried(name, {**arguments, "wait": True}, self.guard, is_patient=True)

    def _call(self, name: str, **arguments: Any) -> Any:
        return self._tried(name, arguments, lambda: None)

    def _tried(
        self,
        name: str,
        arguments: dict[str, Any],
        guard: Callable[[], None],
        is_patient: bool = False,
    ) -> Any:
        """``is_patient``: of a server that takes very long, as while it writes, all tries are
        made."""
        began = time.monotonic()
        until = self._outage.until(began)
        try:
            done = self._done(name, arguments, guard, math.inf if is_patient else until)
        except _Away as away:
            self._outage.goes_on(away, began)
            raise StoreUnavailable(str(away)) from None
        self._outage.is_over()
        return done

    def _done(
        self, name: str, arguments: dict[str, Any], guard: Callable[[], None], until: float
    ) -> Any:
        call: Callable[..., Any] = getattr(self._qdrant, name)
        for wait in (*_WAITS_SECONDS, None):
            guard()
            try:
                with self._lock:
                    return call(collection_name=self.address.collection, **arguments)
            except Exception as error:
                is_last = wait is None or time.monotonic() > until
                if wait is None or is_last or self.is_local or not _may_pass(error):
                    self._refuse(error)
                log.debug("%s: %s; trying again", self.address, error)
                time.sleep(_patience(error, wait))
        raise AssertionError("the last try returns or raises")

    def _refuse(self, error: Exception) -> NoReturn:
        """What went wrong, in a line that says what to do; a fault of ours as it is."""
        place = self.address
        if isinstance(error, UnexpectedResponse):
            if error.status_code in (401, 403):
                raise StoreUnavailable(
                    f"{place} refuses the key; set {KEY} to one that may read and write it"
                ) from None
            if error.status_code == 404:
                raise NoIndex.of(place) from None
            reason = " ".join(error.content.decode("utf-8", "replace").split())[:200]
            is_away, is_busy = error.status_code in _AWAY, error.status_code in _BUSY
            refused = _Away if is_away else StoreUnavailable if is_busy else IndexUnavailable
            raise refused(f"{place} refuses: {error.status_code} {reason}") from None
        if _is_not_trusted(error):
            raise StoreUnavailable(
                f"the certificate of {place} is not trusted ({told(error)}); name a file in PEM "
                f"that holds the one it was signed with, as {AUTHORITY}"
            ) from None
        if not self.is_local and isinstance(error, _NO_ANSWER):
            raise _Away(
                f"{place} does not answer ({told(error)}); is Qdrant running there, and can this "
                "machine reach it?"
            ) from None
        if self.is_local and isinstance(error, ValueError) and "not found" in str(error):
            raise NoIndex.of(place) from None
        if self.is_local and isinstance(error, sqlite3.Error | OSError):
            raise IndexUnavailable(
                f"{place} cannot be read or written ({told(error)}): is the disk full, or the "
                "folder closed?"
            ) from None
        if isinstance(error, RuntimeError) and "closed" in str(error):
            raise UnusableInput(f"the index in {place} was closed; open it again") from None
        raise error


class _Away(StoreUnavailable):
    """It was not the server that answered, if anybody did: it will not answer others either."""


def _may_pass(error: Exception) -> bool:
    """Whether the same may be done a moment later."""
    if isinstance(error, UnexpectedResponse):
        return error.status_code in _BUSY
    return isinstance(error, _NO_ANSWER) and not _is_not_trusted(error)


def _is_not_trusted(error: Exception) -> bool:
    return isinstance(error, ResponseHandlingException) and "CERTIFICATE_VERIFY" in told(error)


def _usable(key: str) -> str:
    """A key without the end of the line that a file holds after it.

    Raises:
        UnusableInput: it is none; what it is, is not told.
    """
    key = key.strip()
    if not (key.isascii() and key.isprintable()):
        raise UnusableInput(f"{KEY} holds what no key can, such as ä or the end of a line; mend it")
    return key


def _patience(error: Exception, wait: float) -> float:
    """How long to wait before the next try: at least as long as the server asks for."""
    asked = ""
    if isinstance(error, ResourceExhaustedResponse):
        asked = str(error.retry_after_s)
    elif isinstance(error, UnexpectedResponse):
        asked = error.headers.get("retry-after", "")
    seconds = int(asked) if asked.isdecimal() else 0  # it may be a date, too
    return min(max(wait, seconds), _MOST_SECONDS)
