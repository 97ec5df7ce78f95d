"""PostgreSQL as it is talked to: patient while it is away, and every failure one line."""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NoReturn

import psycopg
from psycopg import Connection, Cursor, errors
from psycopg_pool import ConnectionPool, PoolTimeout, TooManyRequests

from footnoted.corpus.errors import FootnotedError, StateUnavailable, UnusableInput
from footnoted.qa.state import schema
from footnoted.qa.state.address import Address

log = logging.getLogger(__name__)

# What goes wrong is told in a line of ours.
logging.getLogger("psycopg").setLevel(logging.CRITICAL)

PATIENCE_SECONDS = 10.0
"""So long a server that is away is waited for, as while it starts anew or another takes over."""

# Where it has been away for longer, whoever comes is not kept waiting.
_IMPATIENCE_SECONDS = 0.5
_MOST_CONNECTIONS = 8
_MOST_WAITING = 200
_OPTIONS: dict[str, Any] = {
    "application_name": "footnoted",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    # A server that has vanished without a word is noticed.
    "tcp_user_timeout": 10_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "options": f"-c search_path={schema.SCHEMA} -c statement_timeout=20s",
}

_REMEDY = "put the right one into the environment, as PGPASSWORD, or into ~/.pgpass"
# Of a connection that fails there is no code, but the words of libpq, or of the server.
_LASTING = {
    re.compile("connection is bad: invalid"): "is no address",
    re.compile('database ".*" does not exist'): "is not there; createdb makes a database",
    re.compile(
        "not support SSL|SSL negotiation|root certificate|certificate verify failed|"
        "does not match host name"
    ): "is not as its sslmode wants it: name the server's certificate, as sslrootcert=FILE, or "
    "sslmode=disable where nobody else is on the way",
}


class PostgresTables:
    """The ``Tables`` of a database. Threads share its connections.

    All its methods raise ``StateUnavailable`` where the server cannot be reached, or refuses.
    """

    def __init__(self, address: Address) -> None:
        """Make what is missing.

        Raises:
            UnusableInput: it cannot be used, or wants another password.
        """
        self.address = address
        with _opened(address) as connection, _explained(address, UnusableInput):
            schema.bring_up_to_date(connection, address)
        self._own = threading.local()
        self._away_since: float | None = None
        self._pool = ConnectionPool(
            str(address),
            kwargs={**_OPTIONS, "prepare_threshold": None},  # which poolers in between cannot keep
            min_size=1,
            max_size=_MOST_CONNECTIONS,
            max_waiting=_MOST_WAITING,
            reconnect_timeout=PATIENCE_SECONDS,
            open=True,
        )

    def close(self) -> None:
        self._pool.close()

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._used(autocommit=True):
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        with self._used(autocommit=False):
            yield

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        yield from self._do(sql, values)

    def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return self._do(sql, values).fetchone()

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        self._do(sql, values)

    def settle(self) -> None:
        """What is deleted goes when the server cleans up, which it does by itself."""

    def check(self) -> None:
        """See whether the tables can be read, without patience."""
        with self._used(autocommit=True, patience=_IMPATIENCE_SECONDS):
            self.do("SELECT number FROM version")

    def _do(self, sql: str, values: Sequence[Any]) -> Cursor[Any]:
        use: _Use | None = getattr(self._own, "use", None)
        assert use, "tables are used between reading and changing"
        return use.do(sql.replace("%", "%%").replace("?", "%s"), [*map(_plain, values)])

    @contextmanager
    def _used(self, *, autocommit: bool, patience: float = PATIENCE_SECONDS) -> Iterator[None]:
        """Inside, what this thread does it does on one connection; one use inside another is part
        of that."""
        if getattr(self._own, "use", None):
            yield
            return
        now = time.monotonic()
        until = max((self._away_since or now) + patience, now + _IMPATIENCE_SECONDS)
        use = self._own.use = _Use(self._pool, until, autocommit)
        try:
            with _explained(self.address):
                try:
                    yield
                    use.commit()
                finally:
                    self._own.use = None
                    use.leave()
        except StateUnavailable as error:
            if self._away_since is None:
                self._away_since = now
                log.warning("%s", error)  # once, however many ask
            raise
        if self._away_since is not None:
            self._away_since = None
            log.warning("%s answers again", self.address)


class _Use:
    """One use of a connection, which is taken when something is first done, and taken anew if that
    fails for the server's having gone away since the last: until then, nothing is done."""

    def __init__(self, pool: ConnectionPool, until: float, autocommit: bool) -> None:
        """``until``: the time up to which is tried."""
        self._pool = pool
        self._until = until
        self._autocommit = autocommit
        self._connection: Connection | None = None

    def do(self, sql: str, values: Sequence[Any]) -> Cursor[Any]:
        if self._connection:
            return self._executed(self._connection, sql, values)
        while True:
            left = max(self._until - time.monotonic(), 0.05)
            self._connection = self._pool.getconn(timeout=left)
            try:
                self._connection.autocommit = self._autocommit
                return self._executed(self._connection, sql, values)
            except psycopg.OperationalError as error:
                if not self._connection.closed or time.monotonic() > self._until:
                    raise
                log.debug("a connection is gone: %s", error)
                self.leave()

    def _executed(self, connection: Connection, sql: str, values: Sequence[Any]) -> Cursor[Any]:
        try:
            return connection.execute(sql, values)
        except (
            errors.ReadOnlySqlTransaction
        ):  # another server has taken over, which a new one finds
            connection.close()
            raise

    def commit(self) -> None:
        if self._connection and not self._autocommit:
            self._connection.commit()

    def leave(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if self._connection:
            with suppress(psycopg.Error):
                self._connection.rollback()
            self._pool.putconn(self._connection)
            self._connection = None


def _plain(value: Any) -> Any:
    """A value as PostgreSQL takes it: no character of number 0, and no half of one."""
    if not isinstance(value, str):
        return value
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


@contextmanager
def _opened(address: Address) -> Iterator[Connection]:
    """A connection for what has to be done first."""
    began = time.monotonic()
    while True:
        try:
            connection = psycopg.connect(str(address), autocommit=True, **_OPTIONS)
            break
        except psycopg.ProgrammingError as error:  # no such parameter
            raise UnusableInput(f"{address} is no address: {_told(error)}") from None
        except psycopg.OperationalError as error:
            if lasting := _lasting(error):
                raise UnusableInput(f"{address} {lasting} ({_told(error)})") from None
            if time.monotonic() - began > PATIENCE_SECONDS:
                _refuse(address, error)
            time.sleep(0.5)
    with connection:
        yield connection


def _lasting(error: psycopg.OperationalError) -> str | None:
    """What is wrong, and what to do, where no waiting helps."""
    for sign, told in _LASTING.items():
        if sign.search(str(error)):
            return told
    if error.pgconn and error.pgconn.needs_password:
        return f"asks for a password; {_REMEDY}"
    if error.pgconn and error.pgconn.used_password:
        return f"refuses the password; {_REMEDY}"
    return None


# What a database says whose tables are not as they were made: somebody else, or a later version,
# has been at them.
_OTHER_TABLES = (
    *(errors.UndefinedTable, errors.InvalidSchemaName, errors.DuplicateTable),
    *(errors.UndefinedColumn, errors.NotNullViolation),
)


@contextmanager
def _explained(
    address: Address, not_let: type[FootnotedError] = StateUnavailable
) -> Iterator[None]:
    """Every failure in a line; ``not_let`` is that of a user who may not use the tables."""
    try:
        yield
    except (
        *(psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TooManyRequests),
        errors.ReadOnlySqlTransaction,
    ) as error:
        _refuse(address, error)
    except errors.InsufficientPrivilege as error:
        raise not_let(
            f"{address} does not let this user make or use the tables ({_told(error)}); let them "
            "own the database, or GRANT CREATE ON it"
        ) from None
    except _OTHER_TABLES as error:
        raise StateUnavailable(
            f"the tables in {address} are not as this version made them ({_told(error)}); put them "
            "back, or use the version that was here last"
        ) from None


def _refuse(address: Address, error: Exception) -> NoReturn:
    raise StateUnavailable(
        f"{address} does not answer ({_told(error)}); is PostgreSQL running there, and can this "
        "machine reach it?"
    ) from None


def _told(error: Exception) -> str:
    """The reason, as libpq or the server tells it; it says where, and quotes no values."""
    if isinstance(error, PoolTimeout):
        return "no connection in time"
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return (lines or [type(error).__name__])[0].rpartition("FATAL:")[2].strip()[:200]
