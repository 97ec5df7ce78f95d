"""Whether a server can be asked, for what sends it questions only while it can."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow

PATIENCE_SECONDS = 2.0
"""What does not answer for so long counts as what is not there."""

# What was found holds for so long, however many ask.
_FRESH_SECONDS = 1.0


class Health:
    """Threads may share it. It tells nothing of the documents but that there are some."""

    def __init__(self, needed: Mapping[str, Callable[[], None]]) -> None:
        """``needed``: what has to be there, by what it is called, each with a look that raises
        where it is not."""
        self.is_stopping = False
        """Whether it is going to end: nothing more should be sent to it."""
        self.is_closed = False
        """Whether nothing more is begun."""
        self._looks = {name: _Look(look) for name, look in needed.items()}

    def lacking(self) -> list[str]:
        """What it cannot be asked for want of; it is known within two seconds."""
        until = time.monotonic() + PATIENCE_SECONDS
        looked = [(name, look.begin()) for name, look in self._looks.items()]
        return [name for name, found in looked if not _is_well(found, until)]


class _Look:
    """A look in a thread of its own, one at a time."""

    def __init__(self, look: Callable[[], None]) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._thread = ThreadPoolExecutor(1, "health")
        self._last: Future[None] | None = None
        self._since = 0.0

    def begin(self) -> Future[None]:
        """What the last look found, if it is fresh or under way still."""
        with self._lock:
            now = time.monotonic()
            if self._last is None or (self._last.done() and now - self._since > _FRESH_SECONDS):
                self._last, self._since = self._thread.submit(self._look), now
            return self._last


def _is_well(found: Future[None], until: float) -> bool:
    try:
        return found.exception(timeout=max(until - time.monotonic(), 0)) is None
    except TooSlow:
        return False
