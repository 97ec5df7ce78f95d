"""Who has signed in, in a table: of what a browser keeps, only the hash stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from footnoted.index.database import SharedDatabase
from footnoted.index.protocols import Tables
from footnoted.qa.accounts.tokens import hashed, new_token

IDLE_SECONDS = 12 * 3600
"""A session ends that was not used for so long: not over a meeting, but over a night."""

LONGEST_SECONDS = 7 * 24 * 3600
"""A session ends after so long, however much it is used: a stolen one is worth no more."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL,"
    " begun REAL NOT NULL, used REAL NOT NULL)"
)
# How exactly it is kept when a session was used: a page sends many requests a minute.
_USED_SECONDS = 60


class Sessions:
    """Those of all accounts. Threads may share it."""

    def __init__(self, kept_in: Path | Tables, now: Callable[[], float] = time.time) -> None:
        """``kept_in``: a SQLite file, or tables that are there.

        Raises:
            FootnotedError: the file cannot be used.
            OSError: it cannot be made.
        """
        self._database = _of_file(kept_in) if isinstance(kept_in, Path) else kept_in
        self._now = now

    def close(self) -> None:
        self._database.close()

    def begin(self, account: str) -> str:
        """Begin a session of the account of this id; what proves it."""
        token, now = new_token(), self._now()
        with self._database.changing():
            self._database.do(
                "DELETE FROM sessions WHERE used < ? OR begun < ?",
                [now - IDLE_SECONDS, now - LONGEST_SECONDS],
            )
            self._database.do(
                "INSERT INTO sessions VALUES (?, ?, ?, ?)", [hashed(token), account, now, now]
            )
        return token

    def account(self, token: str) -> str | None:
        """The id of the account that a session is of, unless it has ended."""
        hash_, now = hashed(token), self._now()
        with self._database.reading():
            found = self._database.row(
                "SELECT account, begun, used FROM sessions WHERE hash = ?", [hash_]
            )
            if not found:
                return None
            account, begun, used = found
            if now - used > IDLE_SECONDS or now - begun > LONGEST_SECONDS:
                return None
            if now - used > _USED_SECONDS:
                self._database.do("UPDATE sessions SET used = ? WHERE hash = ?", [now, hash_])
        return str(account)

    def end(self, token: str) -> None:
        with self._database.reading():
            self._database.do("DELETE FROM sessions WHERE hash = ?", [hashed(token)])


def _of_file(file: Path) -> SharedDatabase:
    file.touch(mode=0o600)
    database = SharedDatabase(file)
    database.do(_TABLE)
    return database
