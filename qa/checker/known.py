"""What the check has computed of texts, which is kept for the next questions on them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from footnoted.index.networks.compiled import Arrays

# Of the shipped network, 23 kB a token: 276 MB. Fifty to eighty passages are known then.
_MOST_TOKENS = 12_000


class KnownTexts:
    """The texts that were last asked about, for any number of threads.

    Each is computed by itself, so that whether it was known changes nothing of an answer.
    """

    def __init__(self, most_tokens: int = _MOST_TOKENS) -> None:
        self._most_tokens = most_tokens
        self._lock = threading.Lock()
        self._known: dict[tuple[int, ...], Future[Arrays]] = {}
        self._tokens = 0

    def of(self, text: Sequence[int], begin: Callable[[], Future[Arrays]]) -> Future[Arrays]:
        """What is known of a text, or begun now, by its tokens."""
        key = tuple(text)
        with self._lock:
            found = self._known.pop(key, None)
            if found:
                self._tokens -= len(key)
            if found is None or (found.done() and found.exception()):
                found = begin()
            self._known[key] = found  # as the last
            self._tokens += len(key)
            self._forget_oldest()
        return found

    def _forget_oldest(self) -> None:
        while self._tokens > self._most_tokens:
            oldest = next(iter(self._known))
            self._tokens -= len(oldest)
            del self._known[oldest]
