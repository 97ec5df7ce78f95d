"""A real server of PostgreSQL's, and what is kept in it or in a home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from footnoted.qa.state.home import HomeState
from footnoted.qa.state.named import shared_state
from footnoted.qa.state.protocols import State
from support.postgresql import PASSWORD, Postgres, serving_postgres

Opened = Callable[[], State]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with serving_postgres() as server:
        yield server


@pytest.fixture
def database(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty one, whose password is in the environment."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return postgres.new_database(uuid4().hex)


@pytest.fixture(params=["home", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens the same state, once more with each call, as another process does."""
    url = request.getfixturevalue("database") if request.param == "postgresql" else None
    every: list[State] = []

    def open_() -> State:
        every.append(shared_state(url) if url else HomeState(tmp_path / "home"))
        return every[-1]

    yield open_
    for one in every:
        one.close()
