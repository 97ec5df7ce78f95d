"""Folders of the server's machine: what is offered is read where it lies, and nothing outside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from footnoted.corpus.errors import UnusableInput
from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.service import Service
from support.accounts import error_of, group, signed_in
from support.embedder import HashedEmbedder
from support.stub import Stub

VAULT = "The vault opens at midnight."


def furnished(folder: Path) -> Path:
    """A machine with a folder that is offered, ``papers``, beside one that is not, ``private``."""
    for name, text in {
        "papers/2024/march.txt": "The ferry left in March.",
        "papers/2024/june/notes.txt": "The ferry came back in June.",
        "papers/.hidden/key.txt": VAULT,
        "private/secret.txt": VAULT,
        "papers extra/other.txt": VAULT,
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"{text}\n")
    return folder


@contextmanager
def served(machine: Path) -> Iterator[TestClient]:
    from footnoted.qa.page.app import create_app

    library = Library.create(machine / "index", HashedEmbedder())
    offered = OfferedFolders.beside([machine / "papers"], [machine / "index"])
    service = Service(Stub(library), Home(machine / "home"), offered=offered)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(machine / "gradio"))
        with TestClient(create_app(service), base_url="http://127.0.0.1") as client:
            client.post("/api/collections/create", json={"name": "ferries"})
            yield client
    service.close()
    library.close()


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return furnished(tmp_path)


@pytest.fixture
def client(machine: Path) -> Iterator[TestClient]:
    with served(machine) as client:
        yield client


@pytest.fixture(scope="module")
def linked_machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with links that lead out of what is offered, and in a circle."""
    machine = furnished(tmp_path_factory.mktemp("linked"))
    (machine / "papers/out").symlink_to(machine / "private")
    (machine / "papers/2024/deep").mkdir()
    (machine / "papers/2024/deep/out").symlink_to("../../../private")
    (machine / "papers/round").symlink_to("round")
    return machine


@pytest.fixture(scope="module")
def refusing(linked_machine: Path) -> Iterator[TestClient]:
    """Nothing that it is asked may change anything: many ask the same one."""
    with served(linked_machine) as client:
        yield client


def add(client: TestClient, folder: str, **more: str) -> Any:
    return client.post("/api/add", data={"collection": "ferries", "folder": folder, **more})


def listed(client: TestClient) -> set[str]:
    found = client.get("/api/documents", params={"collection": "ferries"}).json()
    return {one["id"] for one in found}


@pytest.mark.parametrize("named", ["papers/2024", "2024", "papers/2024/", "./2024", "{}/2024"])
def test_a_folder_is_read_where_it_lies(client: TestClient, machine: Path, named: str) -> None:
    reply = add(client, named.format(machine / "papers"))
    assert reply.status_code == 200, reply.text
    assert {one["path"] for one in reply.json()["files"]} == {
        "2024/march.txt",
        "2024/june/notes.txt",
    }
    assert str(machine) not in reply.text
    assert listed(client) == {"march.txt", "june/notes.txt"}
    assert (machine / "papers/2024/march.txt").is_file()
    (machine / "papers/2024/april.txt").write_text("The ferry sank in April.\n")
    assert client.post("/api/refresh", data={"collection": "ferries"}).is_success
    assert listed(client) == {"march.txt", "june/notes.txt", "april.txt"}


@pytest.mark.parametrize(
    "named",
    [
        *("..", "../private", "papers/../private", "papers/2024/../../private", "2024/.."),
        *("/", "{}", "{}/private", "{}/papers extra", "{}/papers/../private", "{}/papers/.hidden"),
        *("/etc", "/proc/self/root", "~", "~/", "$HOME", "file:///etc", "\\\\host\\share"),
        *("private", "papers extra", ".hidden", "papers/.hidden", "nothing", "2024/march.txt"),
        *("out", "papers/out", "2024/deep/out", "out/secret.txt", "round", "2024\0", "\u202e4202"),
        *("x" * 5000, "papers/" + "a/" * 3000, " ", "*", "2024/*"),
    ],
)
def test_what_lies_outside_is_told_as_what_is_not_there(
    refusing: TestClient, linked_machine: Path, named: str
) -> None:
    reply = add(refusing, named.format(linked_machine))
    assert reply.status_code == 400
    said = error_of(reply)
    assert said.startswith(("There is no folder of that name below papers;", "Give", "No files"))
    assert str(linked_machine) not in said and listed(refusing) == set()


def test_links_inside_a_folder_lead_nowhere(client: TestClient, machine: Path) -> None:
    (machine / "papers/2024/out").symlink_to(machine / "private")
    (machine / "papers/2024/secret.txt").symlink_to(machine / "private/secret.txt")
    (machine / "papers/2024/far.txt").symlink_to("/etc/hostname")
    reply = add(client, "papers")
    assert reply.is_success
    assert listed(client) == {"2024/march.txt", "2024/june/notes.txt"}
    assert VAULT not in reply.text
    for place in (str(machine), "private", "/etc"):
        assert place not in reply.text


def test_a_link_that_is_laid_later_is_not_followed(client: TestClient, machine: Path) -> None:
    assert add(client, "papers/2024").is_success
    removed = client.post("/api/remove", json={"ids": ["march.txt"], "collection": "ferries"})
    (machine / "papers/2024").rename(machine / "elsewhere")
    (machine / "papers/2024").symlink_to(machine / "private")
    restored = {"token": removed.json()["token"], "collection": "ferries"}
    for reply in (
        client.post("/api/refresh", data={"collection": "ferries"}),
        client.post("/api/restore", json=restored),
        add(client, "papers"),
        add(client, "papers/2024"),
    ):
        said = error_of(reply)
        assert "is a link by now" in said and str(machine) not in said and "private" not in said
    assert listed(client) == {"june/notes.txt"}
    # What is brought, and taken out, has nothing to do with it.
    files = [("files", ("letter.txt", b"The letter came by ferry."))]
    assert client.post("/api/add", files=files, data={"collection": "ferries"}).is_success
    assert client.post(
        "/api/remove", json={"ids": ["june/notes.txt"], "collection": "ferries"}
    ).is_success
    assert listed(client) == {"letter.txt"}


def test_what_tells_of_a_folder_is_no_link_either(client: TestClient, machine: Path) -> None:
    (machine / "private/told.toml").write_text(f'["march.txt"]\ntitle = "{VAULT}"\n')
    (machine / "papers/2024.toml").symlink_to(machine / "private/told.toml")
    assert add(client, "papers/2024").status_code == 400
    (machine / "papers/2024.toml").unlink()
    assert add(client, "papers/2024").is_success
    (machine / "papers/2024.toml").symlink_to(machine / "private/told.toml")
    refused = client.post("/api/refresh", data={"collection": "ferries"})
    assert "beside one" in error_of(refused)
    listed_now = client.get("/api/documents", params={"collection": "ferries"})
    assert VAULT not in listed_now.text


def test_files_and_a_folder_are_not_given_at_once(client: TestClient) -> None:
    files = [("files", ("a.txt", b"A boat."))]
    reply = client.post("/api/add", files=files, data={"collection": "ferries", "folder": "2024"})
    assert error_of(reply) == "Give files or a folder, not both"


def test_an_unreadable_folder_is_one_line(client: TestClient, machine: Path) -> None:
    (machine / "papers/empty").mkdir()
    said = error_of(add(client, "papers/empty"))
    assert said.startswith("papers/empty holds no files") or "Papers/empty holds no files" in said
    assert str(machine) not in said


def test_without_an_offer_nothing_is_read(tmp_path: Path) -> None:
    (tmp_path / "group").mkdir()
    with group(tmp_path / "group") as (app, _):
        anna = signed_in(app, "anna")
        anna.post("/api/collections/create", json={"name": "own"})
        reply = anna.post("/api/add", data={"collection": "own", "folder": str(tmp_path)})
        assert "offers no folders" in error_of(reply) and str(tmp_path) not in reply.text


def test_who_may_not_change_a_collection_learns_nothing_of_folders(machine: Path) -> None:
    (machine / "group").mkdir()
    with group(machine / "group", OfferedFolders([machine / "papers"])) as (app, _):
        carl = signed_in(app, "carl")
        for named in ("papers/2024", "papers/nothing", "/etc"):
            reply = carl.post("/api/add", data={"folder": named})
            assert reply.status_code == 403 and "papers" not in reply.text
        assert signed_in(app, "anna").post("/api/add", data={"folder": "papers/2024"}).is_success


def test_the_servers_own_folders_are_not_offered(machine: Path) -> None:
    own = [machine / "index", machine / "home"]
    for offered in (machine, machine / "home", machine / "home/letters", Path("/")):
        offered.mkdir(parents=True, exist_ok=True)
        with pytest.raises(UnusableInput, match="the server's own; name a folder beside it"):
            OfferedFolders.beside([offered], own)
    with pytest.raises(UnusableInput, match="there is no folder"):
        OfferedFolders.beside([machine / "nothing"], own)
    (machine / "alias").symlink_to(machine / "papers")  # the server's owner may name a link
    assert OfferedFolders.beside([machine / "alias"], own).folder("2024").is_dir()
