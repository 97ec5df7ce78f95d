"""Who has signed in, in a SQLite file: of what a browser keeps, only the hash stands in it."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from footnoted.index.database import Database

IDLE_SECONDS = 12 * 3600
"""A session ends that was not used for so long: not over a meeting, but over a night."""

LONGEST_SECONDS = 7 * 24 * 3600
"""A session ends after so long, however much it is used: a stolen one is worth no more."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL,"
    " begun REAL NOT NULL, used REAL NOT NULL)"
)
_BYTES = 32  # of a token: nobody guesses it
# How exactly it is kept when a session was used: a page sends many requests a minute.
_USED_SECONDS = 60


class Sessions:
    """Those of all accounts. Threads may share it."""

    def __init__(self, file: Path, now: Callable[[], float] = time.time) -> None:
        """
        Raises:
            FootnotedError: the file cannot be used.
            OSError: it cannot be made.
        """
        file.touch(mode=0o600)
        self._database = Database(file)
        self._now = now
        self._lock = threading.Lock()
        self._database.do(_TABLE)

    def close(self) -> None:
        self._database.close()

    def begin(self, account: str) -> str:
        """Begin a session of the account of this id; what proves it."""
        token, now = secrets.token_urlsafe(_BYTES), self._now()
        with self._lock, self._database.transaction():
            self._database.do(
                "DELETE FROM sessions WHERE used < ? OR begun < ?",
                [now - IDLE_SECONDS, now - LONGEST_SECONDS],
            )
            self._database.do(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", [_hash(token), account, now, now]
            )
        return token

    def account(self, token: str) -> str | None:
        """The id of the account that a session is of, unless it has ended."""
        hashed, now = _hash(token), self._now()
        with self._lock:
            found = self._database.row(
                "SELECT account, begun, used FROM sessions WHERE hash = ?", [hashed]
            )
            if not found:
                return None
            account, begun, used = found
            if now - used > IDLE_SECONDS or now - begun > LONGEST_SECONDS:
                return None
            if now - used > _USED_SECONDS:
                self._database.do("UPDATE sessions SET used = ? WHERE hash = ?", [now, hashed])
        return str(account)

    def end(self, token: str) -> None:
        with self._lock:
            self._database.do("DELETE FROM sessions WHERE hash = ?", [_hash(token)])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
