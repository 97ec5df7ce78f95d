"""A server for a group, and those who use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.accounts.accounts import Accounts, Role
from footnoted.qa.service.limits import Limits
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.service import Service
from support.embedder import HashedEmbedder
from support.stub import Stub

PASSWORD = "correct horse battery"  # noqa: S105
URL = "http://127.0.0.1"
PEOPLE: dict[str, Role] = {"anna": "editor", "bob": "editor", "carl": "reader"}


@contextmanager
def group(
    folder: Path, offered: OfferedFolders | None = None, **options: Any
) -> Iterator[tuple[FastAPI, Accounts]]:
    """A server that anna and bob, editors, and carl, a reader, have accounts on.

    It is asked as many questions as anybody likes.
    """
    from footnoted.qa.page.app import create_app

    (folder / "documents").mkdir()
    (folder / "documents/shared.txt").write_text("The harbour has forty boats.\n")
    library = Library.create(folder / "index", HashedEmbedder())
    library.update([folder / "documents"])
    accounts = Accounts(folder / "home")
    for name, role in PEOPLE.items():
        accounts.add(name, PASSWORD, role)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "gradio"))
        service = Service(
            Stub(library), Home(folder / "home"), accounts, Limits(questions=0), offered
        )
        app = create_app(service, with_mcp=True, **options)
        with TestClient(app, base_url=URL) as running:
            app.state.portal = running.portal  # one event loop for all who visit
            yield app, accounts
        service.close()


def visitor(app: FastAPI, url: str = URL, **options: Any) -> TestClient:
    client = TestClient(app, base_url=url, follow_redirects=False, **options)
    client.portal = app.state.portal
    return client


def signed_in(app: FastAPI, name: str, url: str = URL, address: str = "") -> TestClient:
    """A browser of somebody's, each at an address of its own."""
    client = visitor(app, url, client=(address or f"10.0.0.{len(name)}{ord(name[0])}", 50000))
    reply = client.post("/sign-in", data={"name": name, "password": PASSWORD, "to": "/"})
    assert reply.status_code == 303, reply.text
    return client


def error_of(reply: Any) -> str:
    error = reply.json()["error"]
    assert isinstance(error, str) and error and "\n" not in error and len(error) < 1000
    return error


def event(client: TestClient, name: str, data: list[Any], said: Any = None, page: str = "p") -> Any:
    """What comes of an event of the page: the outcomes, the last of them whole."""
    numbers = {one["api_name"]: one["id"] for one in client.get("/config").json()["dependencies"]}
    call = {"data": data, "event_data": said, "fn_index": numbers[name], "session_hash": page}
    joined = client.post("/gradio_api/queue/join", json=call)
    assert joined.status_code == 200, joined.text
    lines = client.get(f"/gradio_api/queue/data?session_hash={page}").text.splitlines()
    return [json.loads(line.removeprefix("data: ")) for line in lines if line]
