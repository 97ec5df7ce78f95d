"""What this process knows of servers of Qdrant's that do not answer.

Who asks first waits for one, as while it starts anew. Where it stays away, nobody who comes after
is kept waiting as long: a question would stand in line behind others that nobody can answer.
"""

from __future__ import annotations

import threading
import time
from functools import cache

from footnoted.corpus.errors import StoreUnavailable

PATIENCE_SECONDS = 10.0
"""So long a server that does not answer is tried again."""
_IMPATIENCE_SECONDS = 0.5
# Who comes so soon after another was refused is refused without a try.
_FRESH_SECONDS = 1.0


class Outage:
    """Of one server. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: float | None = None
        self._refused_at = 0.0
        self._why = ""

    def until(self, now: float) -> float:
        """Up to when is tried, by the clock ``time.monotonic``, what begins now.

        Raises:
            StoreUnavailable: it did not answer a moment ago, and has not for long.
        """
        with self._lock:
            if self._since is None:
                return now + PATIENCE_SECONDS
            if now - self._refused_at < _FRESH_SECONDS:
                raise StoreUnavailable(self._why)
            return max(self._since + PATIENCE_SECONDS, now + _IMPATIENCE_SECONDS)

    def goes_on(self, error: StoreUnavailable, since: float) -> None:
        """It did not answer what began then."""
        with self._lock:
            self._since = self._since or since
            self._refused_at, self._why = time.monotonic(), str(error)

    def is_over(self) -> None:
        self._since = None


@cache
def outage_of(url: str | None) -> Outage:
    """What is known of the server with this address."""
    return Outage()
