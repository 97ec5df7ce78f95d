"""Files read by all cores at once, in processes of their own, and handed on in their order."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.protocols import Format
from footnoted.corpus.reader_process import ReaderProcess
from footnoted.corpus.reading import Reply, attempt, detected, is_read_here, not_opened

# Files that are begun ahead of whoever takes them, for each core: enough that no core waits for one
# that takes long, and few enough that their texts fit into memory.
_AHEAD = 4


class Timed(NamedTuple):
    """What came of a file, and how many seconds that took."""

    reply: Reply
    seconds: float


Result = Callable[[], Timed]
"""Waits for what was begun."""


class ReaderPool:
    """As many processes as there are cores, each started when there is a file for it.

    Small plain texts are read in this process, when they are waited for. ``close`` ends whatever is
    still being read.
    """

    def __init__(self, password: str | None = None) -> None:
        self._password = password
        self._cores = len(os.sched_getaffinity(0))
        self._threads: ThreadPoolExecutor | None = None
        self._idle: list[ReaderProcess] = []
        self._started: set[ReaderProcess] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def ahead(self) -> int:
        """How many files should be begun before the first of them is waited for."""
        return _AHEAD * self._cores

    def begin(self, path: Path, size: int) -> Result:
        """Begin to read a regular file of ``size`` bytes."""
        try:
            chosen = detected(path)
        except UnusableInput as error:
            return partial(Timed, Reply(failure=str(error)), 0.0)
        except OSError as error:
            return partial(Timed, not_opened(error), 0.0)
        if is_read_here(chosen, size):
            return partial(self._here, path, chosen)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._cores, "reading")
        return self._threads.submit(self._apart, path, size).result

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for process in self._started:
                process.kill()
        if self._threads:
            self._threads.shutdown(cancel_futures=True)
        for process in self._started:
            process.close()

    def _here(self, path: Path, chosen: Format | None) -> Timed:
        began = time.monotonic()
        reply = attempt(path, self._password, chosen)
        return Timed(reply, time.monotonic() - began)

    def _apart(self, path: Path, size: int) -> Timed:
        process = self._process()
        began = time.monotonic()
        reply = process.read(path, size, self._password)
        seconds = time.monotonic() - began
        with self._lock:
            if process.is_usable:
                self._idle.append(process)
            else:
                process.close()
                self._started.remove(process)
        return Timed(reply, seconds)

    def _process(self) -> ReaderProcess:
        """One that is idle, or another."""
        with self._lock:
            if self._closed:
                raise CancelledError
            if self._idle:
                return self._idle.pop()
            process = ReaderProcess()
            self._started.add(process)
            return process
