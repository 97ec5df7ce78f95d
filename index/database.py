"""A SQLite file whose errors say what to do, and that can be read where it cannot be written."""

from __future__ import annotations

import errno
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from footnoted.corpus.errors import (
    DamagedIndex,
    FootnotedError,
    IndexUnavailable,
    UnusableInput,
)

# What SQLite says, by the low byte of its code, and what the system says.
_FULL = {sqlite3.SQLITE_FULL}
_READ_ONLY = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_REFUSED = {sqlite3.SQLITE_IOERR}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NOT_ALLOWED = {errno.EACCES, errno.EPERM, errno.EROFS}


class Database:
    """One file, in WAL mode: readers and a writer do not wait for each other.

    It may be used from several threads, one at a time. All its methods raise what ``explained``
    does.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with explained(path.parent):
            self._connection = _connect(path)
        self._file = _identity(path)

    def close(self) -> None:
        self._connection.close()

    @property
    def is_replaced(self) -> bool:
        """Whether another file has taken this one's place since it was opened."""
        return _identity(self._path) != self._file

    def tables(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT name FROM sqlite_schema")}

    def rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """What a query finds, row by row."""
        with explained(self._path.parent):
            for row in self._connection.execute(sql, values):  # noqa: UP028 (closes the cursor)
                yield row

    def row(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first row that a query finds, or None."""
        with explained(self._path.parent):
            return self._connection.execute(sql, values).fetchone()

    def do(self, sql: str, values: Sequence[Any] = ()) -> None:
        with explained(self._path.parent):
            self._connection.execute(sql, values)

    def do_each(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """The same for each of ``values``."""
        with explained(self._path.parent):
            self._connection.executemany(sql, values)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Reads inside it see one state, whatever a writer does meanwhile."""
        self.do("BEGIN")
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens, or nothing does."""
        self.do("BEGIN IMMEDIATE")
        try:
            yield
            self.do("COMMIT")
        finally:
            self._leave()

    def settle(self) -> None:
        """Write the log of changes into the file and empty it, if readers and the disk let it.

        If not, nothing is lost: the log counts until the next time.
        """
        with suppress(FootnotedError):
            self.row("PRAGMA wal_checkpoint(TRUNCATE)")

    def _leave(self) -> None:
        """Leave a transaction; after some errors, SQLite has left it already."""
        if self._connection.in_transaction:
            self.do("ROLLBACK")


class SharedDatabase(Database):
    """The same for threads that use it at the same time: each between ``reading`` or ``changing``,
    which are not for one inside the other."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._in_use = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside, no other thread reads or changes anything."""
        with self._in_use:
            yield

    @contextmanager
    def changing(self) -> Iterator[None]:
        """The same, and everything inside happens, or nothing does."""
        with self._in_use, self.transaction():
            yield

    def settle(self) -> None:
        with self._in_use:
            super().settle()


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """What SQLite or the disk refuses inside, in a line that says what to do.

    Raises:
        DamagedIndex: the database cannot be read any more.
        IndexUnavailable: it cannot be written, or somebody else is writing.
        UnusableInput: it was closed.
    """
    full = f"the disk is full; nothing was changed in {folder}; make room and try again"
    read_only = f"{folder} cannot be written; ask what is in it, or index elsewhere with --index"
    try:
        yield
    except UnicodeDecodeError:  # SQLite quotes what it could not read
        raise DamagedIndex.of(folder, "it holds what is no text") from None
    except sqlite3.ProgrammingError:  # of what this file does with SQLite, one thing alone
        raise UnusableInput(f"the index in {folder} was closed; open it again") from None
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _FULL:
            raise IndexUnavailable(full) from None
        if code in _READ_ONLY:
            raise IndexUnavailable(read_only) from None
        if code in _BUSY:
            raise IndexUnavailable(
                f"another process keeps {folder} to itself; try again when it is done"
            ) from None
        if code in _REFUSED:
            raise IndexUnavailable(
                f"the disk refuses to read or write ({error}): is it full, or failing? "
                f"nothing was changed in {folder}"
            ) from None
        raise DamagedIndex.of(folder, str(error)) from None
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise IndexUnavailable(full) from None
        if error.errno in _NOT_ALLOWED and folder in Path(str(error.filename)).parents:
            raise IndexUnavailable(read_only) from None
        raise


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _connect(path: Path) -> sqlite3.Connection:
    try:
        connection = _opened(path.absolute().as_uri() + "?mode=rwc")
        connection.execute("PRAGMA journal_mode = WAL")
        return connection
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _READ_ONLY | _FULL | _REFUSED:
            raise
    return _connect_to_read(path)


def _connect_to_read(path: Path) -> sqlite3.Connection:
    """A database whose folder cannot be written, or has no room even for SQLite's own file.

    Beside a writer of another user, SQLite reads what that one shares. Without one, the file alone
    holds everything, and nobody will change it.
    """
    uri = path.absolute().as_uri()
    try:
        return _opened(f"{uri}?mode=ro")
    except sqlite3.OperationalError:
        pass
    log_beside = path.with_name(f"{path.name}-wal")
    if log_beside.is_file() and log_beside.stat().st_size:
        raise IndexUnavailable(
            f"a change of {path} was interrupted; open it once where it can be written, "
            "by footnoted documents"
        )
    return _opened(f"{uri}?mode=ro&immutable=1")


def _opened(uri: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, check_same_thread=False, timeout=30
    )
    # Of a new file: several vectors of 384 numbers fit into a page of this size, where SQLite's
    # usual pages would give each one a page of its own (1,955 bytes a vector instead of 4,690).
    connection.execute("PRAGMA page_size = 8192")
    connection.execute("PRAGMA foreign_keys = ON")
    # In KiB: enough for the upper levels of a large index, which every search passes through.
    connection.execute("PRAGMA cache_size = -32768")
    # What is removed is overwritten: a document that left the index cannot be read off its file.
    connection.execute("PRAGMA secure_delete = ON")
    # SQLite reads nothing before it must: what cannot be read is found out here.
    connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return connection
