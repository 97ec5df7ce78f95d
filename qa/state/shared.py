"""What several servers keep together, in a database of PostgreSQL's."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from secrets import randbelow

from footnoted.index.collections import Collection
from footnoted.index.protocols import Tables
from footnoted.qa.accounts.access import Access
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.accounts.private_file import Read
from footnoted.qa.accounts.rates import Rate, Rates
from footnoted.qa.accounts.sessions import Sessions
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.evaluation.history import History
from footnoted.qa.state.address import Address
from footnoted.qa.state.collections import SharedCollections
from footnoted.qa.state.protocols import IsShown
from footnoted.qa.state.tables import PostgresTables

_NOW = "extract(epoch FROM clock_timestamp())::double precision"
# A rate counts no longer than this, and about every so manyth time what is older is deleted.
_LONGEST_SECONDS = 3600
_CLEANED_EVERY = 100
# From where somebody signed in counts for so long.
_REMEMBERED_SECONDS = 90 * 24 * 3600


class SharedState:
    """A ``State`` in a database."""

    is_shared = True

    def __init__(self, address: Address) -> None:
        """
        Raises:
            UnusableInput: the database cannot be used.
            StateUnavailable: it cannot be reached.
        """
        self._tables = PostgresTables(address)
        self.accounts = Accounts(Row(self._tables, "accounts", str(address)))
        self.rates: Rates = SharedRates(self._tables)
        self.shelf = SharedCollections(self._tables)

    def conversations(self, is_shown: IsShown) -> Conversations:
        return Conversations(self._tables, is_shown)

    def evaluations(self) -> History:
        return History(self._tables)

    def sessions(self) -> Sessions:
        return Sessions(self._tables)

    def access(self, of: Collection) -> Access:
        return self.shelf.access(of)

    def set_access(self, of: Collection, access: Access) -> None:
        self.shelf.set_access(of, access)

    def check(self) -> None:
        self._tables.check()

    def close(self) -> None:
        self._tables.close()


class Row:
    """A ``Whole`` in a row of a table."""

    def __init__(self, tables: Tables, name: str, place: str) -> None:
        self._tables = tables
        self._name = name
        self.place = place

    def read(self, known: Hashable = None) -> Read:
        with self._tables.reading():
            found = self._tables.row(
                "SELECT stamp, CASE WHEN stamp = ? THEN NULL ELSE text END FROM wholes"
                " WHERE name = ? AND text IS NOT NULL",
                [known, self._name],
            )
        if not found:
            return Read(None, None)
        stamp, text = found
        return Read(stamp, None if text is None else text.encode())

    @contextmanager
    def changing(self) -> Iterator[Callable[[str], None]]:
        def replace(text: str) -> None:
            self._tables.do(
                "UPDATE wholes SET stamp = stamp + 1, text = ? WHERE name = ?", [text, self._name]
            )

        with self._tables.changing():
            self._tables.do(
                "INSERT INTO wholes (name, stamp) VALUES (?, 0) ON CONFLICT DO NOTHING",
                [self._name],
            )
            self._tables.row("SELECT 1 FROM wholes WHERE name = ? FOR UPDATE", [self._name])
            yield replace


class SharedRates:
    """``Rates`` of all servers together, by the database's clock."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def rate(self, of: str, most: int, minutes: int = 1) -> Rate:
        return SharedRate(self._tables, of, most, minutes)

    def remember(self, name: str, network: str) -> None:
        with self._tables.reading():
            self._tables.do(f"DELETE FROM known WHERE at < {_NOW} - {_REMEMBERED_SECONDS}")
            self._tables.do(
                f"INSERT INTO known VALUES (?, ?, {_NOW})"
                f" ON CONFLICT (name, network) DO UPDATE SET at = {_NOW}",
                [name, network],
            )

    def is_remembered(self, name: str, network: str) -> bool:
        with self._tables.reading():
            return bool(
                self._tables.row(
                    "SELECT 1 FROM known WHERE name = ? AND network = ?", [name, network]
                )
            )


class SharedRate:
    """At most ``most`` times in any ``minutes``, for each key, whichever server is asked."""

    def __init__(self, tables: Tables, of: str, most: int, minutes: int) -> None:
        self._tables = tables
        self._of, self._most, self._seconds = of, most, minutes * 60

    def wait(self, *key: str) -> int:
        key_ = "\n".join((self._of, *key))
        with self._tables.changing():
            # Of those who come at once for the same, one after the other.
            self._tables.do("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", [key_])
            count, left = self._tables.row(
                f"SELECT count(*), min(at) + ? - {_NOW} FROM done"
                f" WHERE key = ? AND at > {_NOW} - ?",
                [self._seconds, key_, self._seconds],
            )
            if count >= self._most:
                return int(max(math.ceil(left), 1))
            self._tables.do(f"INSERT INTO done VALUES (?, {_NOW})", [key_])
        if not randbelow(_CLEANED_EVERY):
            self._clean()
        return 0

    def _clean(self) -> None:
        """Delete what counts for no rate any more; two at once could wait for each other."""
        with self._tables.changing():
            if self._tables.row("SELECT pg_try_advisory_xact_lock(hashtext('done'))")[0]:
                self._tables.do(f"DELETE FROM done WHERE at < {_NOW} - {_LONGEST_SECONDS}")
