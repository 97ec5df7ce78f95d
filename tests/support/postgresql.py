"""A server of PostgreSQL's of the tests' own, as Debian packages it."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

USER = "footnoted"
PASSWORD = "a password of the tests' own"  # noqa: S105


class Postgres:
    """It listens on this machine alone, and wants the password of its one user."""

    def __init__(self, folder: Path) -> None:
        """``folder`` is reached by everybody: the server does not run as root."""
        self._bin = _programs()
        self._data = folder / "data"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        secret = folder / "password"
        secret.write_text(PASSWORD)
        if user := _unprivileged():
            shutil.chown(folder, user)
            shutil.chown(secret, user)
        encoding = ["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
        signing_in = ["--username", USER, "--pwfile", str(secret), "--auth", "scram-sha-256"]
        self._run("initdb", "-D", str(self._data), *encoding, *signing_in).wait()
        assert (self._data / "PG_VERSION").is_file(), (folder / "log").read_text()

    def start(self) -> None:
        options = f"-c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        fast = "-c fsync=off -c max_connections=60 -c shared_buffers=32MB"
        port = ["-p", str(self.port)]
        self._process = self._run(
            "postgres", "-D", str(self._data), *port, *options.split(), *fast.split()
        )
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres"), password=PASSWORD, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise AssertionError((self._folder / "log").read_text())

    def stop(self) -> None:
        """At once, as where its machine is switched off."""
        assert self._process
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(30)

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """The address of one."""
        self.do("postgres", f'CREATE DATABASE "{name}"')
        return self.url(name)

    def do(self, database: str, sql: str) -> list[Any]:
        """What comes of a statement, row by row, if rows do."""
        with psycopg.connect(self.url(database), password=PASSWORD, autocommit=True) as connection:
            done = connection.execute(sql.encode())
            return done.fetchall() if done.description else []

    def _run(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [str(self._bin / program), *arguments],
                cwd=self._folder,
                user=_unprivileged(),
                stdout=log,
                stderr=log,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            )


@contextmanager
def serving_postgres() -> Iterator[Postgres]:
    with tempfile.TemporaryDirectory(prefix="footnoted-postgresql-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postgres(folder)
        server.start()
        try:
            yield server
        finally:
            server.stop()


def _programs() -> Path:
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    newest = max(versions, key=lambda one: float(one.parts[4]), default=None)
    if newest is None:
        pytest.skip("no PostgreSQL found; on Debian: apt-get install postgresql")
    return newest.parent


def _unprivileged() -> str | None:
    """Who runs it where root tests, since it refuses to run as root."""
    if os.getuid():
        return None
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"
