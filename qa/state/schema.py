"""The tables in which servers share what they keep, made and brought up to date by the first."""

from __future__ import annotations

from psycopg import Connection

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.state.address import Address

SCHEMA = "footnoted"
"""The schema that all tables are in, so that they get along with others of the same database."""

# Any number, so long as it is always the same: of those who come at once, one after the other.
_LOCK = 0x466F6F746E6F7465

# Asked of the catalogue itself: to_regclass would answer as before somebody else was waited for.
_HAS_SCHEMA = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s"
_HAS_TABLES = "SELECT 1 FROM pg_catalog.pg_tables WHERE schemaname = %s AND tablename = 'version'"

# What each version brought. A step that was published stays as it is: a change is another step.
_STEPS = (
    (
        "CREATE TABLE conversations (id TEXT PRIMARY KEY, owner TEXT NOT NULL,"
        " collection TEXT NOT NULL, title TEXT NOT NULL, updated TEXT NOT NULL,"
        # SQLite numbers rows by itself, and calls that so.
        " rowid BIGINT GENERATED ALWAYS AS IDENTITY)",
        "CREATE INDEX of_owner ON conversations (owner, updated)",
        "CREATE TABLE turns (conversation TEXT NOT NULL REFERENCES conversations"
        " ON DELETE CASCADE, number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT,"
        " error TEXT, verdict TEXT, place TEXT, choice TEXT, alone INTEGER NOT NULL DEFAULT 0,"
        " PRIMARY KEY (conversation, number))",
        "CREATE TABLE evaluations (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
        " owner TEXT NOT NULL, collection TEXT NOT NULL, asked TEXT NOT NULL,"
        " finished TEXT NOT NULL, questions TEXT NOT NULL, warnings TEXT NOT NULL,"
        " result TEXT NOT NULL)",
        "CREATE TABLE sessions (hash TEXT PRIMARY KEY, account TEXT NOT NULL,"
        " begun DOUBLE PRECISION NOT NULL, used DOUBLE PRECISION NOT NULL)",
        "CREATE TABLE wholes (name TEXT PRIMARY KEY, stamp BIGINT NOT NULL, text TEXT)",
        "CREATE TABLE collections (name TEXT PRIMARY KEY, place TEXT NOT NULL,"
        " access TEXT NOT NULL)",
        # What happens often and counts for minutes need not outlive a crash of the database.
        "CREATE UNLOGGED TABLE done (key TEXT NOT NULL, at DOUBLE PRECISION NOT NULL)",
        "CREATE INDEX of_key ON done (key, at)",
        "CREATE TABLE known (name TEXT NOT NULL, network TEXT NOT NULL,"
        " at DOUBLE PRECISION NOT NULL, PRIMARY KEY (name, network))",
    ),
)


def bring_up_to_date(connection: Connection, address: Address) -> None:
    """Make what is missing, whoever else is at it.

    Raises:
        UnusableInput: a later version was here.
        psycopg.Error: it cannot be made.
    """
    if _version(connection) == len(_STEPS):
        return
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        version = _version(connection)
        if version > len(_STEPS):
            raise UnusableInput(
                f"{address} was used by a later version of Footnoted; update this one"
            )
        if not version:
            if not connection.execute(_HAS_SCHEMA, [SCHEMA]).fetchone():
                connection.execute(f"CREATE SCHEMA {SCHEMA}")
            connection.execute("CREATE TABLE version (number INTEGER NOT NULL)")
            connection.execute("INSERT INTO version VALUES (0)")
        for step in _STEPS[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute("UPDATE version SET number = %s", [len(_STEPS)])


def _version(connection: Connection) -> int:
    """Which version's tables there are; 0 for none."""
    if not connection.execute(_HAS_TABLES, [SCHEMA]).fetchone():
        return 0
    found = connection.execute("SELECT number FROM version").fetchone()
    return int(found[0]) if found else 0
