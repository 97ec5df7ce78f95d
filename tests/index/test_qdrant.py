"""What is Qdrant's alone: addresses, servers that fail, and writers in several processes."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import Request, Response
from fastapi.responses import JSONResponse
from qdrant_client import QdrantClient, models

import footnoted
from footnoted import cli
from footnoted.corpus.errors import (
    DamagedIndex,
    FootnotedError,
    IndexUnavailable,
    StoreUnavailable,
    UnusableInput,
)
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder, silent
from footnoted.index.qdrant import client as client_module
from footnoted.index.qdrant import lease, outages, points
from footnoted.index.qdrant import search as search_module
from footnoted.index.qdrant import store as store_module
from footnoted.index.qdrant.address import Address, is_address
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.options import Options
from footnoted.index.types import Filter
from support.certificates import certificate
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, opened, started
from support.qdrant_rest import application, serving_here, serving_qdrant
from support.serving import serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """What speaks as a server of Qdrant's does, with a collection that is not made yet."""
    with serving_qdrant(tmp_path / "qdrant") as served:
        yield f"{served}/{uuid4().hex}"


# -- addresses -------------------------------------------------------------------------------------


def test_addresses_are_read_and_written() -> None:
    local = Address.parse("qdrant:some/where")
    assert local.folder == Path("some/where").absolute() and local.url is None
    assert Address.parse(str(local)) == local
    plain = Address.parse("qdrant+http://there/reports")
    assert (plain.url, plain.collection) == ("http://there:6333", "reports")
    behind = Address.parse("qdrant+https://there.org/vectors/reports")
    assert (behind.url, behind.collection) == ("https://there.org:443/vectors", "reports")
    assert Address.parse("qdrant+http://[::1]:99/a").url == "http://[::1]:99"
    assert str(behind) == "qdrant+https://there.org:443/vectors/reports"
    for meant in ("qdrant:x", "qdrant+https://a/b", "qdrant+http://a", "http://a/b", "qdrnt://a"):
        assert is_address(meant)
    for folder in ("qdrant", "a/b", "C:\\a", "/a:b//c", "./qdrant:x"):
        assert not is_address(folder)


@pytest.mark.parametrize(
    "text",
    [
        *("", "reports/", "qdrant:", "qdrant: ", "http://there/reports"),
        *("qdrant+http://there", "qdrant+http://there/", "qdrant+http:///reports"),
        *("qdrant+ftp://there/reports", "qdrant+http://there:port/reports"),
        *("qdrant+http://there/a b", "qdrant+http://there/ä", "qdrant+http://there:99999/reports"),
        *("qdrant://there:6333/reports", "qdrant:there:6333/reports", "qdrant://reports"),
    ],
)
def test_what_is_no_address_says_what_one_is(text: str) -> None:
    with pytest.raises(UnusableInput, match="qdrant:PATH") as raised:
        Address.parse(text)
    assert "\n" not in str(raised.value)


def test_no_key_stands_in_an_address() -> None:
    for text in ("qdrant+http://me:s3cret@there/a", "qdrant+http://there/a?api-key=s3cret"):
        with pytest.raises(UnusableInput, match="QDRANT_API_KEY") as raised:
            Address.parse(text)
        assert "s3cret" not in str(raised.value)


def test_options_stand_behind_an_address_and_are_no_part_of_the_place() -> None:
    asked = "shards=3&copies=2&on_disk=true&quantisation=int8"
    address = Address.parse(f"qdrant+https://there/reports?{asked}")
    assert address.options == Options(shards=3, copies=2, on_disk=True, quantisation="int8")
    assert address.options.needed == 2
    assert address == Address.parse("qdrant+https://there/reports") and "?" not in str(address)
    fewer = Address.parse("qdrant+http://there/a?copies=3&confirmed=2").options
    assert (fewer.copies, fewer.needed) == (3, 2)
    assert Address.parse("qdrant+http://there/a").options == Options()
    assert Address.parse("qdrant:what?").folder == Path("what?").absolute()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        *(("shard=3", "shards=N, copies=N"), ("shards", "shards=N"), ("shards=3&&x", "shards=N")),
        *(("shards=3&shards=4", "shards=N"), ("shards=", "a number from 1 on, not ''")),
        *(("shards=0", "from 1 on, not '0'"), ("copies=two", "copies .* not 'two'")),
        ("confirmed=2", "confirmed=2 needs as many copies: copies=N"),
        ("copies=2&confirmed=3", "confirmed=3 needs as many copies"),
        ("on_disk=yes", "on_disk .* true or false, not 'yes'"),
        ("quantisation=binary", "quantisation .* int8, not 'binary'"),
    ],
)
def test_a_wrong_option_says_what_is_right(query: str, told: str) -> None:
    with pytest.raises(UnusableInput, match=told) as raised:
        Address.parse(f"qdrant+http://there/reports?{query}")
    assert "\n" not in str(raised.value)


def test_a_collection_is_made_as_its_address_says(
    served: str,
    hashed: Embedder,
    folder: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And stays so: another address is told of it, and answered all the same."""
    monkeypatch.setattr(search_module, "_EXACT_UP_TO", 0)
    asked = f"{served}?shards=3&copies=2&on_disk=true&quantisation=int8"
    library = Library.create(Address.parse(asked))
    library.update([folder])
    library.close()
    host, name = served.removeprefix("qdrant+").rsplit("/", 1)
    params = QdrantClient(host).get_collection(name).config.params
    assert (params.shard_number, params.replication_factor) == (3, 2)
    assert params.write_consistency_factor == 2 and isinstance(params.vectors, dict)
    dense, kept = params.vectors["dense"], params.vectors["kept"]
    assert dense.on_disk and dense.hnsw_config and dense.hnsw_config.on_disk
    assert isinstance(dense.quantization_config, models.ScalarQuantization)
    assert dense.quantization_config.scalar.always_ram and not kept.quantization_config
    assert params.sparse_vectors and params.sparse_vectors["words"].index
    for same in (asked, served):
        Library.open(Address.parse(same)).close()
    assert caplog.messages == []
    other = Library.open(Address.parse(f"{served}?shards=4&on_disk=false&copies=2"))
    [line] = caplog.messages
    assert line.startswith(f"{served} stays as it was made: shards=3, not 4; on_disk=true, not ")
    assert "copies" not in line and "\n" not in line
    assert other.search("rye bread", 1)[0].document.id == "sub/bread.md"
    other.close()


def test_without_its_package_one_line_says_how_to_install_it(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['qdrant_client'] = None\n"
        "from footnoted.__main__ import main\n"
        "sys.exit(main())"
    )
    command = [sys.executable, "-c", program, "documents", "--store", f"qdrant:{tmp_path}/x"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr == (
        'footnoted: an index in Qdrant needs one more package: pip install "footnoted[qdrant]"\n'
    )


# -- the command line ------------------------------------------------------------------------------


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"qdrant:{tmp_path / 'store'}"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = 0
    try:
        cli.main([str(one) for one in arguments])
    except SystemExit as ending:
        code = int(ending.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.models
def test_the_commands_take_a_store(
    store: str, folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = run(capsys, "index", folder, "--store", store)
    assert code == 0 and "2 documents" in out
    code, out, _ = run(capsys, "ask", "How is the oldest boat called?", "--store", store, "--json")
    answer = json.loads(out)
    assert code == 0 and "Maren" in answer["answers"][0]["text"]
    saved = tmp_path / "answer.json"
    saved.write_text(out)
    assert run(capsys, "verify", saved, "--store", store)[0] == 0
    code, out, _ = run(capsys, "lookup", "baked for three hours", "--store", store)
    assert code == 0 and "sub/bread.md" in out
    assert run(capsys, "documents", "remove", "boats.txt", "--store", store)[0] == 0
    code, out, _ = run(capsys, "verify", saved, "--store", store)
    assert code == 1 and "missing source" in out
    code, out, _ = run(capsys, "documents", "--store", store)
    assert code == 0 and "bread.md" in out and "boats.txt" not in out


@pytest.mark.browser
@pytest.mark.models
def test_a_server_s_page_answers_from_a_store_and_changes_it(
    served: str, folder: Path, tmp_path: Path
) -> None:
    """What is brought to it is answered from another process, too."""
    store = Address.parse(served)
    assert run_alone("index", str(folder), "--store", served).returncode == 0
    with serving(store, os.environ, tmp_path / "home") as url:

        def asked(question: str) -> str:
            answer = httpx.post(f"{url}api/ask", json={"question": question}, timeout=60).json()
            return " ".join(one["text"] for one in answer["statements"])

        assert "Maren" in asked("How is the oldest boat called?")
        files = {"files": ("ferry.txt", b"The ferry of Aarhus is called Ida.")}
        assert httpx.post(f"{url}api/add", files=files, timeout=60).status_code == 200
        assert "Ida" in asked("How is the ferry called?")
        told = run_alone("documents", "--store", served).stdout
        assert [line.split()[0] for line in told.splitlines()] == [
            *("boats.txt", "ferry.txt", "sub/bread.md")
        ]
        [listed] = httpx.get(f"{url}api/collections", timeout=60).json()
        assert (listed["name"], listed["documents"]) == (store.collection, 3)
        [kept] = (tmp_path / "home" / "stores").rglob("ferry.txt")
        assert kept.read_text() == "The ferry of Aarhus is called Ida."
        removed = httpx.post(f"{url}api/remove", json={"ids": ["ferry.txt"]}, timeout=60)
        assert removed.status_code == 200
        assert "Ida" not in asked("How is the ferry called?")


def run_alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    command = [sys.executable, "-m", "footnoted", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_one_place_is_named(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "documents", "--store", store, "--index", "x")
    assert code == 2 and "give --index or --store, not both" in err
    code, _, err = run(capsys, "documents", "--store", store)
    assert code == 2 and err == (
        f"footnoted: there is no index in {store}; footnoted index PATH --store {store} makes one\n"
    )
    code, _, err = run(capsys, "index", "--rebuild", "--store", store)
    assert code == 2 and "there is no index in" in err


def test_on_a_server_nothing_is_made_of_a_name_that_is_mistyped(
    served: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who asks makes no collection there, which everybody would find."""
    saved = tmp_path / "answer.json"
    saved.write_text("{}")
    for asking in (["ask", "Who?"], ["lookup", "x"], ["suggest"], ["evaluate"]):
        code, out, err = run(capsys, *asking, "--store", served)
        assert (code, out) == (2, "") and err.startswith(
            f"footnoted: there is no index in {served}"
        )
    host, name = served.removeprefix("qdrant+").rsplit("/", 1)
    assert not QdrantClient(host).collection_exists(name)


@pytest.mark.parametrize("option", ["--index", "--home"])
def test_an_address_is_no_folder(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for given in ("qdrant+http://there/reports", "postgresql://there/kept", "http://there"):
        code, out, err = run(capsys, "ask", "Who?", option, given)
        assert (code, out, err.count("\n")) == (2, "", 1) and "address" in err
    code, _, err = run(capsys, "ask", "Who?", "--index", "qdrant:there")
    assert code == 2 and "give it as --store" in err
    with pytest.raises(UnusableInput, match="not an address"):
        footnoted.open("https://example.org/a.html")
    with pytest.raises(UnusableInput, match="is no store"):
        footnoted.open(index="http://there/reports")
    assert not [*tmp_path.iterdir()]


def test_an_index_comes_to_lie_among_nothing_else(
    store: str, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is named wrongly stays as it is: documents, and an index of the other kind."""
    plain, qdrants = tmp_path / "plain", Path(store.removeprefix("qdrant:"))
    file = tmp_path / "a.txt"
    file.write_text("A.")
    assert run(capsys, "index", str(folder), "--index", str(plain))[0] == 0
    assert run(capsys, "index", str(folder), "--store", store)[0] == 0
    before = {one: sorted(one.rglob("*")) for one in (folder, plain, qdrants)}
    for wrong, said in (
        (["--store", f"qdrant:{plain}"], f"without Qdrant: --index {plain}\n"),
        (["--index", str(qdrants)], f"in Qdrant: --store qdrant:{qdrants}\n"),
        (["--store", f"qdrant:{folder}"], "holds other files; name a folder for the index alone\n"),
        (["--store", f"qdrant:{file}"], "cannot be used: it is a file; name a folder\n"),
    ):
        for asking in (["ask", "Who?"], ["index", str(folder)]):
            code, _, err = run(capsys, *asking, *wrong)
            assert code == 2 and err.count("\n") == 1 and err.endswith(said)
    assert before == {one: sorted(one.rglob("*")) for one in (folder, plain, qdrants)}


# -- folders and servers ---------------------------------------------------------------------------


def test_a_folder_that_another_process_has_open_says_so(
    store: str, hashed: Embedder, folder: Path
) -> None:
    library = Library.create(Address.parse(store))
    other = run_alone("documents", "--store", store)
    assert other.returncode == 2 and other.stderr.count("\n") == 1
    assert f"another process has {store} open" in other.stderr
    library.close()


def test_a_damaged_folder_says_so(store: str, hashed: Embedder, folder: Path) -> None:
    library = Library.create(Address.parse(store))
    library.update([folder])
    library.close()
    for file in Path(store.removeprefix("qdrant:")).rglob("*.sqlite"):
        os.truncate(file, file.stat().st_size // 2)
    with pytest.raises(FootnotedError) as raised:
        Library.open(Address.parse(store)).documents()
    assert "\n" not in str(raised.value) and "damaged" in str(raised.value)


def test_a_server_that_is_not_there_or_wants_a_key_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Address.parse("qdrant+http://127.0.0.1:9/reports")
    with pytest.raises(IndexUnavailable, match=r"does not answer .*refused.*is Qdrant running"):
        Library.open(nowhere)
    with serving_qdrant(tmp_path, {**os.environ, "QDRANT_API_KEY": "s3cret"}) as served:
        at = Address.parse(f"{served}/reports")
        with pytest.raises(StoreUnavailable, match="refuses the key; set QDRANT_API_KEY"):
            Library.open(at)
        monkeypatch.setenv("QDRANT_API_KEY", "s3cret")
        with pytest.raises(UnusableInput, match="there is no index in"):
            Library.open(at)
        monkeypatch.setenv("QDRANT_API_KEY", "s3cret\n")  # as a file holds it
        with pytest.raises(UnusableInput, match="there is no index in"):
            Library.open(at)
        for wrong in ("s3c\nret", "s3crét"):
            monkeypatch.setenv("QDRANT_API_KEY", wrong)
            with pytest.raises(UnusableInput, match="QDRANT_API_KEY holds what no key") as raised:
                Library.open(at)
            assert "s3c" not in str(raised.value)


def test_a_certificate_that_nobody_known_has_signed_is_told(
    tmp_path: Path, hashed: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = certificate(tmp_path)
    with serving_here(application(tmp_path / "qdrant"), tls) as served:
        at = Address.parse(f"{served}/reports")
        with pytest.raises(StoreUnavailable, match=r"is not trusted .*as SSL_CERT_FILE") as raised:
            Library.create(at)
        assert "\n" not in str(raised.value)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "nothing.pem"))
        with pytest.raises(UnusableInput, match="SSL_CERT_FILE cannot be read"):
            Library.create(at)
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.certificate))
        with contextlib.closing(Library.create(at)) as library:
            library.update([folder])
            assert len(library.listing()) == 2


def test_a_server_that_starts_anew_is_waited_for(
    tmp_path: Path, hashed: Embedder, folder: Path
) -> None:
    with serving_qdrant(tmp_path / "qdrant") as served:
        library = Library.create(Address.parse(f"{served}/reports"))
        library.update([folder])
    port, ending = int(served.rsplit(":", 1)[1]), threading.Event()

    def again() -> None:
        time.sleep(1)
        with serving_qdrant(tmp_path / "qdrant", port=port):
            ending.wait()

    serving = threading.Thread(target=again)
    serving.start()
    try:
        assert [one.id for one in library.listing()] == ["boats.txt", "sub/bread.md"]
    finally:
        ending.set()
        serving.join()
        library.close()


def test_what_is_not_on_this_machine_stays_until_it_is_named(
    served: str, hashed: Embedder, folder: Path, tmp_path: Path
) -> None:
    """As a folder of another machine's does: its documents stay, and keep their ids."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "ferry.txt").write_text("The ferry is called Ida.")
    library = Library.create(Address.parse(served))
    library.update([folder, own])
    folder.rename(tmp_path / "elsewhere")
    assert library.refresh().notes == ()
    assert library.coverage().documents == 3
    (own / "boats.txt").write_text("Another boat.")
    receipt = library.update([own])
    [refused] = [file for file in receipt.files if file.failure]
    assert f"its id 'boats.txt' is taken by {folder / 'boats.txt'}" in str(refused.failure)
    assert receipt.notes == () and library.coverage().documents == 3
    library.update([folder])
    assert [one.id for one in library.listing()] == ["ferry.txt"]
    library.close()


def test_the_sample_of_another_machine_goes_on_to_stand_in(
    served: str, hashed: Embedder, folder: Path, tmp_path: Path
) -> None:
    library = Library.create(Address.parse(served))
    library.fill(folder)
    folder.rename(tmp_path / "elsewhere")
    assert library.refresh().notes == ()
    assert library.coverage().documents == 2 and library.stands_in
    Library.rebuild(library.place)[0].close()
    assert library.coverage().documents == 2 and library.stands_in
    (tmp_path / "own.txt").write_text("The ferry is called Ida.")
    library.update([tmp_path / "own.txt"])
    assert [one.id for one in library.listing()] == ["own.txt"] and not library.stands_in
    library.close()


def test_a_search_among_some_names_documents_however_many_passages_they_have(
    faltering: tuple[Faltering, str], hashed: Embedder, tmp_path: Path
) -> None:
    server, address = faltering
    texts = tmp_path / "texts"
    texts.mkdir()
    for number in range(3):
        said = [f"Boat {number} was at sea on day {day}. " * 30 for day in range(100)]
        (texts / f"{number}.txt").write_text("\n\n".join(said))
    library = Library.create(Address.parse(address))
    library.update([texts])
    assert library.coverage().passages > 200
    library.search("Which boat was at sea?", 10)
    before = len(server.requests)
    chosen = Filter(frozenset(["0.txt", "2.txt"]))
    found = library.retrieve("Which boat was at sea?", 10, chosen)
    assert {hit.document.id for hit in found.hits} <= {"0.txt", "2.txt"} and found.hits
    sent = server.requests[before:]
    assert len(sent) < 15 and max(size for _, size in sent) < 4_000
    library.close()


def test_what_is_another_program_s_is_left_alone(store: str, hashed: Embedder) -> None:
    address = Address.parse(store)
    theirs = QdrantClient(path=str(address.folder))
    size = models.VectorParams(size=2, distance=models.Distance.DOT)
    theirs.create_collection(address.collection, vectors_config=size)
    theirs.upsert(address.collection, [models.PointStruct(id=1, vector=[0.5, 0.5])])
    theirs.close()
    with pytest.raises(UnusableInput, match="holds something else; name another collection"):
        Library.open_or_create(address)
    client = Client(address)
    assert client.count(models.Filter()) == 1
    client.close()


@pytest.mark.parametrize(
    ("dense", "sparse"),
    [({"dense": 3, "kept": 3}, True), ({"dense": 64, "kept": 64}, False), ({"text": 64}, True)],
)
def test_a_collection_of_other_vectors_is_left_alone(
    served: str, hashed: Embedder, dense: dict[str, int], sparse: bool
) -> None:
    """Though it is empty."""
    address = Address.parse(served)
    theirs = QdrantClient(url=address.url, check_compatibility=False)
    vectors = {
        name: models.VectorParams(size=size, distance=models.Distance.DOT)
        for name, size in dense.items()
    }
    words = {"words": models.SparseVectorParams()} if sparse else None
    theirs.create_collection(
        address.collection, vectors_config=vectors, sparse_vectors_config=words
    )
    with pytest.raises(UnusableInput, match="holds something else; name another collection"):
        Library.open_or_create(address)
    assert theirs.count(address.collection).count == 0
    theirs.close()


def test_who_makes_an_index_slowly_takes_what_another_has_made(
    store: str, hashed: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, index_payload = Address.parse(store), Client.index_payload

    def slowly(self: Client) -> None:
        monkeypatch.setattr(Client, "index_payload", index_payload)
        index_payload(self)
        monkeypatch.setattr(store_module, "_MADE_WITHIN_SECONDS", 0.0)
        with contextlib.closing(Library.create(address)) as other:
            other.update([folder])

    monkeypatch.setattr(Client, "index_payload", slowly)
    with contextlib.closing(Library.create(address)) as library:
        assert [one.id for one in library.listing()] == ["boats.txt", "sub/bread.md"]


READS: dict[str, Callable[[Library, Path], object]] = {
    "documents": lambda library, _: library.documents(),
    "listing": lambda library, _: library.listing(),
    "files": lambda library, _: library.files(),
    "search": lambda library, _: library.search("Which boat carries bread?", 9),
    "alike": lambda library, _: library.alike("boet", 1),
    "origins": lambda library, _: library.origins(),
    "stamps": lambda library, _: library.stamps(),
    "update": lambda library, folder: library.update([folder]),
}
# Of which point, what is written over, and what then cannot be done.
WRITTEN_OVER: list[tuple[str, dict[str, Any], str]] = [
    ("manifest", {"version": "abc"}, "documents update"),
    ("manifest", {"beat": "x"}, "update"),
    ("manifest", {"generation": None}, "documents update"),
    ("manifest", {"void": [[1]]}, "search"),
    ("document", {"pages": "all"}, "documents listing search"),
    ("document", {"pages": [[1, 2]]}, "listing"),
    ("document", {"title": 7}, "listing"),
    ("document", {"path": None}, "stamps origins"),
    ("body", {"text": "Another."}, "documents search"),
    ("passage", {"start": "a"}, "search alike"),
    ("passage", {"sentences": [[1]]}, "search"),
    ("file", {"receipt": None}, "files origins"),
    ("source", {"source": None}, "update"),
]


@pytest.mark.parametrize(("kind", "new", "lost"), WRITTEN_OVER)
def test_what_somebody_else_wrote_over_is_told_in_a_line(
    store: str, hashed: Embedder, folder: Path, kind: str, new: dict[str, Any], lost: str
) -> None:
    address = Address.parse(store)
    with contextlib.closing(Library.create(address)) as library:
        library.update([folder])
        client = Client(address)
        where = models.Filter(must=[points.equals("kind", kind)])
        client.put([models.PointStruct(id=7, payload={"kind": "mine", "text": "?"}, vector={})])
        for read in READS.values():
            read(library, folder)
        client.mark(new, where)
        client.close()
    for name, read in READS.items():
        try:
            with contextlib.closing(Library.open(address)) as library:
                read(library, folder)
            assert name not in lost.split()
        except DamagedIndex as error:
            assert "\n" not in str(error)


def test_a_key_that_goes_out_unencrypted_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QDRANT_API_KEY", "s3cret")
    for address in ("http://there.example/a", "https://there.example/a", "http://127.0.0.1/a"):
        Client(Address.parse(f"qdrant+{address}")).close()
    [line] = caplog.messages
    assert "unencrypted; use qdrant+https" in line and "there.example" in line
    assert "s3cret" not in line


def test_the_python_api_takes_an_address(store: str, hashed: Embedder, folder: Path) -> None:
    with footnoted.open(folder, index=store) as library:
        assert [one.id for one in library.documents()] == ["boats.txt", "sub/bread.md"]
    with footnoted.open(index=store) as again:
        assert again.lookup("forty boats")[0].citation.document == "boats.txt"


# -- servers that have too much to do --------------------------------------------------------------


class Faltering:
    """A server that is ``busy`` for the next requests, and counts them all."""

    def __init__(self, folder: Path) -> None:
        self.app = application(folder)
        self.busy: list[tuple[int, dict[str, str]]] = []
        self.nonsense: list[str] = []
        self.seconds = 0.0
        self.requests: list[tuple[str, int]] = []
        self.app.middleware("http")(self._answer)

    async def _answer(self, request: Request, answer: Callable[..., Any]) -> Response:
        self.requests.append((request.url.path, len(await request.body())))
        if self.seconds:
            await asyncio.sleep(self.seconds)
        if self.busy:
            status, headers = self.busy.pop(0)
            return JSONResponse({"status": {"error": "too much to do"}}, status, headers)
        if self.nonsense:
            return Response(self.nonsense.pop(0), media_type="text/html")
        answered: Response = await answer(request)
        return answered


@pytest.fixture
def faltering(tmp_path: Path) -> Iterator[tuple[Faltering, str]]:
    server = Faltering(tmp_path / "qdrant")
    with serving_here(server.app) as address:
        yield server, f"{address}/reports"


def test_a_busy_server_is_asked_again_when_it_says(
    faltering: tuple[Faltering, str], hashed: Embedder, folder: Path
) -> None:
    server, address = faltering
    library = Library.create(Address.parse(address))
    library.update([folder])
    server.busy = [(503, {}), (502, {}), (429, {"Retry-After": "2"})]
    began = time.monotonic()
    assert [one.id for one in library.listing()] == ["boats.txt", "sub/bread.md"]
    assert 3.2 <= time.monotonic() - began < 8
    (folder / "new.txt").write_text("Boat 17 is new.")
    server.busy = [(503, {"Retry-After": "2"})]
    began = time.monotonic()
    assert library.coverage().documents == 2 and time.monotonic() - began > 1.9
    server.busy = [
        (503, {"Retry-After": "Fri, 31 Dec 1999 23:59:59 GMT"}),
        (429, {"Retry-After": "soon"}),
    ]
    assert library.coverage().documents == 2
    server.busy = [(500, {})] * 2
    assert library.update([folder]).embedded == 1
    assert library.coverage().documents == 3
    library.close()


def test_a_server_that_stays_busy_or_silent_is_told_in_a_line(
    faltering: tuple[Faltering, str],
    hashed: Embedder,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, address = faltering
    monkeypatch.setattr(client_module, "_WAITS_SECONDS", (0.1, 0.1))
    monkeypatch.setattr(client_module, "_TIMEOUT_SECONDS", 1)
    monkeypatch.setattr(outages, "_FRESH_SECONDS", 0.0)
    library = Library.create(Address.parse(address))
    library.update([folder])
    before, server.busy = len(server.requests), [(503, {})] * 9
    with pytest.raises(IndexUnavailable, match=r"refuses: 503 .*too much to do") as raised:
        library.listing()
    assert "\n" not in str(raised.value) and len(server.requests) - before == 3
    server.busy, server.seconds = [], 1.5
    with pytest.raises(IndexUnavailable, match=r"does not answer \(timed out\)"):
        library.listing()
    server.seconds = 0
    assert len(library.listing()) == 2
    library.close()


NONSENSE = ("<html>Bad gateway</html>", '{"result": {"points": [', '{"result": null}', "null", "")


def test_what_is_no_answer_is_asked_for_again_or_told_in_a_line(
    faltering: tuple[Faltering, str],
    hashed: Embedder,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As of a proxy that is alone, or breaks off."""
    server, address = faltering
    monkeypatch.setattr(client_module, "_WAITS_SECONDS", (0.01, 0.01))
    monkeypatch.setattr(outages, "_FRESH_SECONDS", 0.0)
    library = Library.create(Address.parse(address))
    for said in NONSENSE:
        server.nonsense = [said, said]
        library.update([folder])
        assert len(library.listing()) == 2
    for said in NONSENSE:
        server.nonsense = [said] * 99
        with pytest.raises(StoreUnavailable, match="does not answer") as raised:
            library.listing()
        assert "\n" not in str(raised.value)
        server.nonsense = []
        assert len(library.listing()) == 2
    library.close()


def test_of_a_server_that_stays_away_nobody_is_kept_waiting(
    faltering: tuple[Faltering, str],
    hashed: Embedder,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server, address = faltering
    monkeypatch.setattr(client_module, "_WAITS_SECONDS", (0.1, 0.1))
    library = Library.create(Address.parse(address))
    library.update([folder])
    monkeypatch.setattr(outages, "_FRESH_SECONDS", 60.0)
    before, server.busy = len(server.requests), [(503, {})] * 99
    for _ in range(5):  # one after the other, as they come to the index
        with pytest.raises(StoreUnavailable, match="too much to do"):
            library.listing()
    assert len(server.requests) - before == 3
    server.busy = []
    monkeypatch.setattr(outages, "_FRESH_SECONDS", 0.0)
    assert len(library.listing()) == 2
    # A search that nobody can do says nothing of others.
    server.busy = [(500, {})] * 3
    with pytest.raises(StoreUnavailable, match="500"):
        library.listing()
    assert len(library.listing()) == 2
    library.close()


def test_no_request_is_larger_than_a_server_takes(
    faltering: tuple[Faltering, str], hashed: Embedder, tmp_path: Path
) -> None:
    """Of long texts as of many: 32 MB at once, and far less as a rule."""
    server, address = faltering
    chance = random.Random(2)
    texts = tmp_path / "texts"
    texts.mkdir()
    words = ["".join(chance.choices("abcdefghij", k=7)) for _ in range(3000)]
    (texts / "long.txt").write_text("\n\n".join(" ".join(words) for _ in range(120)))
    for number in range(300):
        (texts / f"{number}.txt").write_text(f"Boat {number} carries {words[number]}.")
    library = Library.create(Address.parse(address))
    library.update([texts])
    most = max(size for _, size in server.requests)
    assert 1_000_000 < most < 16_000_000
    puts = [path for path, size in server.requests if path.endswith("/points") and size > 10_000]
    assert len(puts) < 0.1 * library.coverage().passages
    library.close()


# -- writers in several processes ------------------------------------------------------------------


def _outlive_a_writer(served: str, folder: Path, kill: int) -> None:
    """A writer ends, or sleeps, just before its change is seen; another one takes its place."""
    lease.LEASE_SECONDS, lease._BEAT_SECONDS = 3.0, 0.5
    embedder, at = HashedEmbedder(), Address.parse(served)
    Library.create(at).close()
    with opened(at, embedder) as library:
        library.update([folder])
    (folder / "new.txt").write_text("Boat 17 is new.")

    def stop(what: str, done: int, _: int) -> None:
        if what == "writing the search files" and not done:
            os.kill(os.getpid(), kill)

    def write() -> None:
        with opened(at, embedder) as library:
            try:
                library.update([folder], stop)
            except IndexUnavailable as error:
                assert "nothing was changed" in str(error)
                os._exit(3)

    process = started(write)
    os.waitid(os.P_PID, process, os.WEXITED | os.WSTOPPED | os.WNOWAIT)
    with opened(at, embedder) as library:
        assert library.manifest.generation == 1
        assert library.holders("new", 9) == frozenset()
        (folder / "other.txt").write_text("Boat 18 is another.")
        (folder / "new.txt").unlink()
        began = time.monotonic()
        receipt = library.update([folder])
        assert time.monotonic() - began > 2
        assert (receipt.embedded, receipt.generation) == (1, 2)
        if kill == signal.SIGSTOP:
            os.kill(process, signal.SIGCONT)
            assert ended(process) == 3
        else:
            assert ended(process) == -kill
        assert [one.id for one in library.listing()] == ["boats.txt", "other.txt", "sub/bread.md"]
        assert library.holders("new", 9) == frozenset()
        assert library.update([folder]).embedded == 0


@pytest.mark.crash
@pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "asleep"])
def test_a_writer_that_gives_no_sign_of_life_is_replaced(
    served: str, folder: Path, kill: int
) -> None:
    in_one_thread(_outlive_a_writer, served, folder, kill)


def _wake_too_late(served: str, folder: Path, write: str) -> None:
    """A writer sleeps between its last look at its lease and what it then sends."""
    lease.LEASE_SECONDS, lease._BEAT_SECONDS, lease._LOOK_SECONDS = 3.0, 0.5, 0.05
    embedder = HashedEmbedder()
    slept = 0
    for number, is_between in ((1, False), (2, False), (3, False), (1, True), (2, True)):
        at = Address.parse(f"{served}-{number}-{is_between}")
        Library.create(at, embedder).close()
        for name in ("0.txt", "1.txt", "2.txt"):
            (folder / name).write_text(f"Boat {name} carries rye bread.")
        with opened(at, embedder) as library:
            library.update([folder])
        (folder / "0.txt").write_text("Boat 0 carries old wheat.")
        (folder / "1.txt").write_text("Boat 1 carries old wheat.")
        process = started(partial(_sleep_at, at, folder, write, number))
        os.waitid(os.P_PID, process, os.WEXITED | os.WSTOPPED | os.WNOWAIT)
        (folder / "0.txt").write_text("Boat 0 is new and blue.")
        (folder / "1.txt").unlink()
        wanted = {path.name: path.read_text() for path in folder.iterdir()}

        def wake(what: str, *_: int, process: int = process) -> None:
            if what == "writing the search files":  # and so all else is written
                with suppress(ProcessLookupError, ChildProcessError):
                    os.kill(process, signal.SIGCONT)
                    os.waitid(os.P_PID, process, os.WEXITED | os.WNOWAIT)

        with opened(at, embedder) as library:
            library.update([folder], wake if is_between else silent)
            os.kill(process, signal.SIGCONT)
            slept += ended(process) == 3
            for _ in range(2):
                found = {hit.document.id: hit.text for hit in library.search("Boat bread", 99)}
                assert {one.id: one.text for one in library.documents()} == found == wanted
                assert library.coverage().passages == len(found)
                library.update([folder])
        client = Client(at)
        kinds = [(one.payload or {})["kind"] for one in client.scroll(models.Filter())]
        assert kinds.count("document") == kinds.count("passage") == len(found)
        client.close()
    assert slept > 0


def _sleep_at(at: Address, folder: Path, write: str, number: int) -> None:
    """Write, and sleep just before this is sent for the so manyth time."""
    with opened(at, HashedEmbedder()) as library:
        qdrant: Any = library._store._client._qdrant  # type: ignore[attr-defined]
        send, sent = getattr(qdrant, write), list[object]()

        def sending(**arguments: Any) -> Any:
            if "beat" not in arguments.get("payload", {}):
                sent.append(arguments)
                if len(sent) == number:
                    os.kill(os.getpid(), signal.SIGSTOP)
            return send(**arguments)

        setattr(qdrant, write, sending)
        try:
            library.update([folder])
        except IndexUnavailable:
            os._exit(3)


@pytest.mark.crash
@pytest.mark.parametrize("write", ["upsert", "set_payload", "delete", "delete_payload"])
def test_what_a_writer_sends_too_late_counts_for_nothing(
    served: str, tmp_path: Path, write: str
) -> None:
    (tmp_path / "texts").mkdir()
    in_one_thread(_wake_too_late, served, tmp_path / "texts", write)


def _write_in_turns(served: str, folder: Path) -> None:
    embedder, at = HashedEmbedder(), Address.parse(served)
    Library.create(at).close()

    def write(number: int) -> None:
        own = folder / f"writer {number}"
        own.mkdir()
        with opened(at, embedder) as library:
            for round_ in range(3):
                (own / f"{number}-{round_}.txt").write_text(f"Boat {number} in round {round_}.")
                library.update([own])

    writers = [started(partial(write, number)) for number in range(3)]
    assert [ended(writer) for writer in writers] == [0, 0, 0]
    with opened(at, embedder) as library:
        assert library.coverage().documents == 9
        assert library.manifest.generation == 9
        assert len(library.search("Boat in round", 50)) == 9


@pytest.mark.crash
def test_writers_in_several_processes_take_turns(served: str, folder: Path) -> None:
    in_one_thread(_write_in_turns, served, folder)


# -- points ----------------------------------------------------------------------------------------


def test_after_a_change_nothing_is_left_of_what_was_removed(
    store: str, hashed: Embedder, folder: Path
) -> None:
    """Of no kind, seen or unseen; and of an equal change, equal points."""
    address = Address.parse(store)
    library = Library.create(address)
    library.update([folder])
    library.remove(["boats.txt"])
    client = Client(address)
    held = list(client.scroll(models.Filter()))
    kinds = sorted((one.payload or {})["kind"] for one in held)
    assert kinds == ["body", "document", "file", "manifest", "passage", "source"]
    assert not any("until" in (one.payload or {}) for one in held)
    assert "Maren" not in json.dumps([one.payload for one in held])
    assert all(0 <= int(one.id) < 2**63 for one in held)
    client.close()
    library.close()


def test_numbers_of_points_and_terms_are_the_same_everywhere() -> None:
    assert points.point_id("passage", "a.txt", 0, 9, "key", 1) == 242844264632364325
    assert points.term_number(("text", "boat")) == 1040098319
