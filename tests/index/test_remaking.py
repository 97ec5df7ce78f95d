"""An index in Qdrant that is made anew: whole or not at all, and its readers go over to it."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from qdrant_client import models

from footnoted import cli
from footnoted.corpus.errors import IndexMismatch, NoIndex, UnusableInput
from footnoted.index.embedding import DEFAULT_EMBEDDER, EMBEDDERS, embedder_name
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder, Vectors
from footnoted.index.qdrant import lease
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.client import Client
from footnoted.index.types import Receipt
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, opened, started
from support.qdrant_rest import serving_qdrant


class Turned(HashedEmbedder):
    """Another model, with vectors of the same length that are far from the first one's."""

    def __init__(self) -> None:
        self.name = embedder_name("turned")

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        turned: Vectors = np.roll(super().embed_passages(texts), 7, axis=1)
        return turned


class Longer(HashedEmbedder):
    dimension = 65

    def __init__(self) -> None:
        self.name = embedder_name("longer")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving_qdrant(tmp_path_factory.mktemp("qdrant")) as address:
        yield address


@pytest.fixture(params=["folder", "server"])
def place(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    hashed: Embedder,
    monkeypatch: pytest.MonkeyPatch,
) -> Address:
    monkeypatch.setitem(EMBEDDERS, "turned", lambda _: Turned())
    monkeypatch.setitem(EMBEDDERS, "longer", lambda _: Longer())
    if request.param == "server":
        return Address.parse(f"{request.getfixturevalue('served')}/{uuid4().hex}")
    return Address.parse(f"qdrant:{tmp_path / 'store'}")


@pytest.fixture
def filled(place: Address, folder: Path) -> Iterator[Library]:
    library = Library.create(place)
    library.update([folder])
    yield library
    library.close()


def similarities(library: Library) -> dict[str, float]:
    hits = library.search("How is the oldest boat called?", 9)
    return {hit.document.id: round(hit.similarity, 5) for hit in hits}


def changes(receipt: Receipt) -> dict[str, str]:
    return {Path(file.path).name: file.change for file in receipt.files}


def test_all_of_it_is_read_and_embedded_again(filled: Library, folder: Path) -> None:
    expected = similarities(filled)
    (folder / "sub" / "bread.md").unlink()
    (folder / "new.txt").write_text("The newest boat is called Freja.")
    anew, receipt = Library.rebuild(filled.place)
    assert changes(receipt) == {
        "boats.txt": "updated",
        "bread.md": "removed",
        "new.txt": "added",
    }
    assert receipt.embedded == receipt.coverage.passages == 2 and receipt.generation == 2
    assert [one.id for one in filled.documents()] == ["boats.txt", "new.txt"]
    assert similarities(filled)["boats.txt"] == expected["boats.txt"]
    assert filled.manifest == anew.manifest and filled.manifest.generation == 2
    assert filled.update([folder]).embedded == 0
    anew.close()


def test_readers_see_what_was_there_until_it_is_whole(filled: Library, folder: Path) -> None:
    (folder / "boats.txt").write_text("The oldest boat is called Ida.")
    seen: list[str] = []

    def look(what: str, *_: object) -> None:
        if what == "writing the search files":
            seen.append(filled.search("How is the oldest boat called?", 1)[0].text)

    anew, _ = Library.rebuild(filled.place, progress=look)
    assert "Maren" in seen[0] and len(seen) == 2
    assert "Ida" in filled.search("How is the oldest boat called?", 1)[0].text
    anew.close()


def test_nothing_is_left_of_what_was_there(filled: Library, folder: Path, place: Address) -> None:
    client = Client(place)

    def held() -> list[tuple[str, int]]:
        found = [one.payload or {} for one in client.scroll(models.Filter())]
        return sorted((one["kind"], one.get("since", 0)) for one in found)

    before = held()
    Library.rebuild(place)[0].close()
    after = held()
    assert [kind for kind, _ in after] == [kind for kind, _ in before]
    passages = [since for kind, since in after if kind in ("passage", "body", "document")]
    assert passages and all(since > max(since for _, since in before) for since in passages)
    client.close()


def test_readers_go_over_to_another_embedder(filled: Library, place: Address) -> None:
    before = similarities(filled)
    anew, receipt = Library.rebuild(place, embedder="turned")
    assert receipt.embedded == receipt.coverage.passages
    assert anew.manifest.embedder == "turned" and anew.embedder.name == Turned().name
    # Cosines are those of a question and passages by one model, whichever it is.
    assert similarities(filled) == similarities(anew) == before
    assert filled.embedder.name == Turned().name and filled.manifest == anew.manifest
    again = Library.open(place)
    assert similarities(again) == before
    again.close()
    anew.close()


def test_searches_beside_it_mix_no_vectors(filled: Library, place: Address) -> None:
    """A question is embedded as the passages are that it is compared with."""
    expected, done, seen = similarities(filled), threading.Event(), list[dict[str, float]]()

    def read() -> None:
        while not done.is_set():
            seen.append(similarities(filled))

    reading = threading.Thread(target=read)
    reading.start()
    try:
        for name in ("turned", DEFAULT_EMBEDDER, "turned"):
            Library.rebuild(place, embedder=name)[0].close()
    finally:
        done.set()
        reading.join()
    assert len(seen) > 2 and all(one == expected for one in seen)


def test_vectors_of_another_length_are_refused(filled: Library, place: Address) -> None:
    before = filled.manifest, similarities(filled)
    with pytest.raises(IndexMismatch, match=r"of 64 numbers, .* have 65; index into another") as it:
        Library.rebuild(place, embedder="longer")
    assert "\n" not in str(it.value)
    assert (filled.manifest, similarities(filled)) == before


def test_paths_that_are_named_are_all_that_it_holds(
    filled: Library, place: Address, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "ferry.txt").write_text("The ferry is called Ida.")
    with pytest.raises(UnusableInput, match="does not exist"):
        Library.rebuild(place, [tmp_path / "nowhere"])
    assert filled.coverage().documents == 2 and filled.manifest.generation == 1
    anew, receipt = Library.rebuild(place, [own])
    assert changes(receipt) == {
        "ferry.txt": "added",
        "boats.txt": "removed",
        "bread.md": "removed",
    }
    assert [one.id for one in anew.listing()] == ["ferry.txt"] and anew.sources() == [own]
    assert [Path(file.path).name for file in anew.files()] == ["ferry.txt"]
    anew.close()


def test_of_nothing_it_is_refused(filled: Library, place: Address, folder: Path) -> None:
    """Of an index that machines share, its texts are there still."""
    shutil.rmtree(folder)
    if place.folder:
        with pytest.raises(UnusableInput, match="nothing of what was indexed can be read any more"):
            Library.rebuild(place)
        assert filled.manifest.generation == 1
    else:
        Library.rebuild(place)[0].close()
    assert filled.coverage().documents == 2


def test_one_that_is_not_there_is_made(place: Address, folder: Path) -> None:
    with pytest.raises(NoIndex):
        Library.rebuild(place)
    made, receipt = Library.rebuild(place, [folder])
    assert set(changes(receipt).values()) == {"added"} and made.manifest.generation == 1
    made.close()


def test_what_lies_on_another_machine_is_embedded_from_its_texts(
    served: str, folder: Path, tmp_path: Path, hashed: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(EMBEDDERS, "turned", lambda _: Turned())
    own = tmp_path / "own"
    own.mkdir()
    (own / "ferry.txt").write_text("The ferry is called Ida.")
    place = Address.parse(f"{served}/{uuid4().hex}")
    library = Library.create(place)
    library.update([folder, own])
    expected, files = similarities(library), library.files()
    folder.rename(tmp_path / "elsewhere")
    (own / "ferry.txt").write_text("The ferry is called Ida still.")
    anew, receipt = Library.rebuild(place, embedder="turned")
    assert changes(receipt) == {"ferry.txt": "updated"} and receipt.notes == ()
    assert receipt.embedded == receipt.coverage.passages == 3
    assert [one.id for one in anew.listing()] == ["boats.txt", "ferry.txt", "sub/bread.md"]
    assert similarities(anew)["boats.txt"] == expected["boats.txt"]
    kept = [file for file in anew.files() if "ferry" not in file.path]
    assert kept == [file for file in files if "ferry" not in file.path]
    assert anew.sources() == sorted([folder, own])
    anew.close()
    library.close()


class Cut(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("at", ["put", "raise_generation", "make_searches"])
def test_one_that_fails_changes_nothing(
    filled: Library, place: Address, at: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = filled.manifest, filled.documents(), similarities(filled)

    def cut(*_: object) -> None:
        raise Cut

    with monkeypatch.context() as patched:
        patched.setattr(type(filled._store), at, cut)
        with pytest.raises(Cut):
            Library.rebuild(place, embedder="turned")
    assert (filled.manifest, filled.documents(), similarities(filled)) == before
    anew, receipt = Library.rebuild(place, embedder="turned")
    assert receipt.generation == 2 and similarities(filled) == before[2]
    anew.close()


def _kill_at_each_stage(served: str, folder: Path) -> None:
    lease.LEASE_SECONDS, lease._BEAT_SECONDS = 2.0, 0.3
    place, embedder = Address.parse(f"{served}/killed"), HashedEmbedder()
    EMBEDDERS["turned"] = lambda _: Turned()
    Library.create(place).close()
    with opened(place, embedder) as library:
        library.update([folder])
        before = library.manifest, similarities(library), library.documents()
    for stage in ("cutting into passages", "embedding passages", "writing the search files"):

        def stop(what: str, *_: object, stage: str = stage) -> None:
            if what == stage:
                os.kill(os.getpid(), signal.SIGKILL)

        process = started(partial(Library.rebuild, place, embedder="turned", progress=stop))
        assert ended(process) == -signal.SIGKILL
        with opened(place, embedder) as library:
            assert (library.manifest, similarities(library), library.documents()) == before
    Library.rebuild(place, embedder="turned")[0].close()
    with opened(place, Turned()) as library:
        assert (similarities(library), library.documents()) == before[1:]


@pytest.mark.crash
def test_kills_leave_what_was_there(served: str, folder: Path) -> None:
    in_one_thread(_kill_at_each_stage, served, folder)


def test_the_command_line_makes_it_anew(
    filled: Library, place: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ending:
        cli.main(["index", "--rebuild", "--store", str(place)])
    assert not ending.value.code
    assert "2 documents and 2 passages indexed; 2 passages embedded now" in capsys.readouterr().out
    assert filled.manifest.generation == 2
