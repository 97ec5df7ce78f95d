"""What comes with a call: kept under its names, and nothing of it left behind."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.api.routes import create_api
from footnoted.qa.service.service import Service
from support.embedder import HashedEmbedder
from support.stub import Stub

BOUNDARY = "x0x"
KIND = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    library = Library.create(tmp_path / "index", HashedEmbedder())
    service = Service(Stub(library), Home(tmp_path / "home"))
    outer = FastAPI()
    outer.mount("/api", create_api(service))
    with TestClient(outer) as client:
        client.post("/api/collections/create", json={"name": "letters"})
        yield client
    assert list((tmp_path / "home").glob(".incoming-*/*")) == []
    service.close()
    assert not list((tmp_path / "home").glob(".incoming-*"))


def part(disposition: str, content: str = "Dogs are not allowed.") -> str:
    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n"


def file(name: str, content: str = "Dogs are not allowed.") -> str:
    return part(f'form-data; name="files"; filename="{name}"', content)


COLLECTION = part('form-data; name="collection"', "letters")
END = f"--{BOUNDARY}--\r\n"


def send(client: TestClient, *parts: str) -> Any:
    return client.post("/api/add", content="".join(parts), headers=KIND)


def kept(folder: Path) -> dict[str, str]:
    files = folder / "home/letters/files"
    return {str(one.relative_to(files)): one.read_text() for one in files.rglob("*.*")}


def test_files_are_kept_as_they_are_called(client: TestClient, tmp_path: Path) -> None:
    reply = send(client, COLLECTION, file("rules/dogs.txt"), file("cats.txt", "No cats."), END)
    assert {one["path"] for one in reply.json()["files"]} == {"rules/dogs.txt", "cats.txt"}
    assert kept(tmp_path) == {"rules/dogs.txt": "Dogs are not allowed.", "cats.txt": "No cats."}


@pytest.mark.parametrize(
    ("parts", "error"),
    [
        ([COLLECTION, COLLECTION, file("a.txt"), END], "The field 'collection' is given twice"),
        ([COLLECTION, file("a.txt"), file("a.txt"), END], "'a.txt' is given twice"),
        ([COLLECTION, file("a.txt"), file("/a.txt"), END], "two files would be called 'a.txt'"),
        ([COLLECTION, file("a.txt"), file("x/../a.txt"), file("x"), END], "one name"),
        ([COLLECTION, file("a.txt"), file("a.txt/b.txt"), END], "one name"),
        ([COLLECTION, file(".."), END], "no file can be called"),
        ([COLLECTION, file("a/" * 600 + "a.txt"), END], "no file can be called"),
        ([COLLECTION, file("a.txt"), part('form-data; name="other"'), END], "no field 'other'"),
        ([COLLECTION, part('form-data; name="files"'), END], "files are files"),
        ([file("a.txt"), part('form-data; name="collection"; filename="x"'), END], "are files"),
        ([part('form-data; name="collection"', "nowhere"), file("a.txt"), END], "no collection"),
        ([COLLECTION, END], "No files are given"),
        ([COLLECTION, file("a.txt"), file("b.txt").strip()], "before its last part"),
        ([COLLECTION, file("a.txt")], "before its last part"),
        ([COLLECTION, part("form-data"), END], "cannot be taken"),
        (["no multipart at all"], "cannot be taken"),
        ([], "before its last part"),
        ([COLLECTION, part('form-data; name="password"', "x" * 2_000_000), END], "cannot be"),
    ],
)
def test_what_cannot_be_taken_changes_nothing(
    client: TestClient, tmp_path: Path, parts: list[str], error: str
) -> None:
    reply = send(client, *parts)
    assert reply.status_code in (400, 404)
    assert error.casefold() in reply.json()["error"].casefold()
    assert kept(tmp_path) == {}
    assert client.get("/api/documents", params={"collection": "letters"}).json() == []


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/json", "text/plain", "x"])
def test_other_kinds_are_refused(client: TestClient, kind: str) -> None:
    for route in ("add", "refresh", "evaluate"):
        reply = client.post(f"/api/{route}", content=b"x", headers={"content-type": kind})
        assert reply.status_code == 400 and "\n" not in reply.json()["error"]


def test_fields_may_come_without_files(client: TestClient) -> None:
    assert client.post("/api/refresh", data={"collection": "letters"}).status_code == 200
    missing = client.post("/api/refresh", data={"collection": "nowhere"})
    assert missing.status_code == 404


def test_more_files_than_may_be_open_are_taken(client: TestClient, tmp_path: Path) -> None:
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    open_now = max(int(one.name) for one in Path("/dev/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (open_now + 60, limits[1]))
    try:
        many = [("files", (f"{number}.bin", b"\0" * 1_100_000)) for number in range(160)]
        reply = client.post("/api/add", files=many, data={"collection": "letters"})
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    assert len(reply.json()["files"]) == 160


def test_too_many_files_are_refused(client: TestClient) -> None:
    many = [("files", (f"{number}.txt", b"x")) for number in range(20_000)]
    reply = client.post("/api/add", files=many, data={"collection": "letters"})
    assert reply.status_code == 400 and "Too many files" in reply.json()["error"]


def test_what_is_brought_for_nothing_does_not_stay(client: TestClient) -> None:
    """Where the folder of what comes in is found empty afterwards: see the fixture."""
    for route in ("add", "evaluate"):
        files = [("files", ("a.txt", b"x"))]
        assert client.post(f"/api/{route}", files=files, data={"collection": "no"}).is_error
        assert client.post(f"/api/{route}", files=files * 2).is_error
