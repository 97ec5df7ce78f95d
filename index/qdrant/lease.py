"""One writer at a time: whose word stands in the manifest, as long as it keeps raising a number."""

from __future__ import annotations

import logging
import os
import platform
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from footnoted.corpus.errors import FootnotedError, IndexUnavailable
from footnoted.index.qdrant import state
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.state import State

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
"""A writer that gave no sign of life for so long, by the clock of who waits, is dead."""
_BEAT_SECONDS = 5.0
# A small change of another writer is done by then, and nothing needs to be said.
_PATIENCE_SECONDS = 1.0
_LOOK_SECONDS = 0.25

# Of this process, in which a folder is open: whoever wrote to it in another has ended.
_HERE = uuid.uuid4().hex


class Lease:
    """The right to write to one index; it is had by one thread of one process at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        client.guard = self._check
        self._thread = threading.RLock()
        self._depth = 0
        self._renewed = 0.0
        self._word = ""
        self._beats = 0

    @property
    def word(self) -> str:
        return self._word

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the writer, once any other is done or dead; one line says who that is."""
        with self._thread:
            if self._depth:
                yield
                return
            self._take()
            self._depth, ended = 1, threading.Event()
            beating = threading.Thread(target=self._beat, args=(ended,), daemon=True)
            beating.start()
            try:
                yield
            finally:
                self._depth = 0
                ended.set()
                beating.join()
                with suppress(FootnotedError):  # then it runs out
                    free = {"writer": "", "who": ""}
                    state.exchange(self._client, {"writer": self._word}, free)

    def _check(self) -> None:
        """Before anything is written.

        Raises:
            IndexUnavailable: somebody else may be writing by now.
        """
        # Half of it: what is sent is done or given up within the other half.
        if not self._depth or time.monotonic() - self._renewed > LEASE_SECONDS / 2:
            raise self.lost()

    def lost(self) -> IndexUnavailable:
        return IndexUnavailable(
            f"{self._client.address} could not be reached for too long, so somebody else may write "
            "to it now; nothing was changed; try again"
        )

    def _take(self) -> None:
        word = f"{_HERE}/{os.getpid()}/{uuid.uuid4().hex}"
        since = datetime.now().astimezone().strftime("%d %B, %H:%M:%S")
        who = f"process {os.getpid()} on {platform.node()}, since {since}"
        began = seen_at = time.monotonic()
        found, told = state.read(self._client), False
        seen = found.writer, found.beat
        while True:
            if not found.writer or self._is_dead(found, seen_at):
                expected = {"writer": found.writer, "beat": found.beat}
                sent = time.monotonic()
                new = {"writer": word, "beat": found.beat + 1, "who": who}
                found = state.exchange(self._client, expected, new)
                if found.writer == word:
                    self._word, self._beats, self._renewed = word, found.beat, sent
                    return
            if not told and time.monotonic() - began > _PATIENCE_SECONDS:
                told = True
                log.warning(
                    "another footnoted (%s) is writing to %s; waiting; Ctrl+C ends the wait",
                    found.who,
                    self._client.address,
                )
            time.sleep(_LOOK_SECONDS)
            found = state.read(self._client)
            if (found.writer, found.beat) != seen:
                seen, seen_at = (found.writer, found.beat), time.monotonic()

    def _is_dead(self, found: State, seen_at: float) -> bool:
        """Whether the writer gives no sign of life; a folder's ends with its process."""
        here = f"{_HERE}/{os.getpid()}/"
        if self._client.is_local and not found.writer.startswith(here):
            return True
        return time.monotonic() - seen_at > LEASE_SECONDS

    def _beat(self, ended: threading.Event) -> None:
        while not ended.wait(_BEAT_SECONDS):
            sent = time.monotonic()
            with suppress(FootnotedError):  # the next may do
                self._beats += 1
                own, new = {"writer": self._word}, {"beat": self._beats}
                found = state.exchange(self._client, own, new)
                if found.writer != self._word:
                    self._renewed = float("-inf")
                    return
                self._renewed = sent
