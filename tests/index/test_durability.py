"""What an index survives: kills at any moment, a full disk, damage, a folder that is closed."""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sqlite3
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from footnoted.corpus.errors import DamagedIndex, FootnotedError, IndexUnavailable, UnusableInput
from footnoted.index import work
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.store import FILE
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, opened, started

pytestmark = [pytest.mark.crash, pytest.mark.usefixtures("hashed")]

KILLS = 100
REFUSED = 3
QUESTIONS = ("Which boat was seen at sea?", "rye bread", "Who is the harbour master?")


@pytest.fixture
def embedder(hashed: Embedder) -> Embedder:
    return hashed


Places = dict[tuple[str, int, int], float]
"""Where passages stand that were found, and their scores."""


# -- kills ---------------------------------------------------------------------------------------


class Trial:
    """A folder that changes, an index that follows it, and processes that are killed at that."""

    def __init__(self, place: Path, seed: int) -> None:
        self.chance = random.Random(seed)
        self.folder, self.index, self.scratch, self.empty = (
            place / name for name in ("folder", "index", "scratch", "empty")
        )
        self.folder.mkdir()
        for index in (self.index, self.empty):
            Library.create(index).close()
        self.embedder: Any = HashedEmbedder()
        self.held: dict[str, str] = {}
        for number in range(12):
            self._write(f"{number}.txt")
        self._index()
        self.held = self._wanted()
        self.seconds = 0.5
        self.survived = {"old": 0, "new": 0}

    def change(self) -> None:
        """Add, change and remove some documents."""
        names = sorted(path.name for path in self.folder.iterdir())
        for name in self.chance.sample(names, 2):
            self._write(name)
        if len(names) > 8:
            (self.folder / self.chance.choice(names)).unlink()
        self._write(f"{self.chance.randrange(10**6)}.txt")

    def kill(self) -> None:
        """Index in a process of its own, and kill that at a random moment."""
        began = time.monotonic()
        process = started(self._index)
        time.sleep(self.chance.uniform(0, 1.2 * self.seconds))
        os.kill(process, signal.SIGKILL)
        code = ended(process)
        assert code in (0, -signal.SIGKILL)
        if not code:  # it was quicker: the next waits are shorter
            self.seconds = 0.5 * (self.seconds + time.monotonic() - began)

    def check(self) -> None:
        """The index is as it was or as it should be, lists nothing twice, and finds the same."""
        library, wanted = self._open(self.index), self._wanted()
        listed = library.documents()
        held = {document.id: document.text for document in listed}
        assert len(held) == len(listed)
        assert held in (self.held, wanted)
        self.survived["new" if held == wanted else "old"] += 1
        found = {question: self._found(library, question) for question in QUESTIONS}
        library.close()
        for question, expected in self._found_from_scratch(held).items():
            assert found[question].keys() == expected.keys()
            assert all(found[question][at] == pytest.approx(expected[at]) for at in expected)
        self.held = held

    def finish(self) -> None:
        """Finish the run: it embeds what no process before it has kept."""
        kept = self._embeddings()
        embedded = self._index()
        assert embedded == len(self._embeddings() - kept)
        self.held = self._wanted()
        self.check()

    def _write(self, name: str) -> None:
        number = self.chance.randrange(10**6)
        paragraphs = [
            f"Report {number + i}. Boat {number} was seen at sea with {i} crates of rye bread."
            for i in range(self.chance.randrange(1, 4))
        ]
        (self.folder / name).write_text("\n\n".join(paragraphs))

    def _wanted(self) -> dict[str, str]:
        return {path.name: path.read_text() for path in self.folder.iterdir()}

    def _open(self, index: Path) -> Library:
        return Library.open(index, self.embedder)

    def _index(self) -> int:
        library = self._open(self.index)
        try:
            return library.update([self.folder]).embedded
        finally:
            library.close()

    def _embeddings(self) -> set[bytes]:
        with sqlite3.connect(self.index / FILE) as database:
            return {row[0] for row in database.execute("SELECT key FROM embeddings")}

    def _found(self, library: Library, question: str) -> Places:
        found = library.search(question, 100)
        places = {(hit.document.id, hit.passage.start, hit.passage.end): hit.score for hit in found}
        assert len(places) == len(found)
        return places

    def _found_from_scratch(self, held: dict[str, str]) -> dict[str, Places]:
        shutil.rmtree(self.scratch, ignore_errors=True)
        documents = self.scratch / "documents"
        documents.mkdir(parents=True)
        for name, text in held.items():
            (documents / name).write_text(text)
        library = self._open(shutil.copytree(self.empty, self.scratch / "index"))
        library.update([documents])
        found = {question: self._found(library, question) for question in QUESTIONS}
        library.close()
        return found


def _kill_again_and_again(place: Path, seed: int) -> None:
    work.Here.at_once = 2
    trial = Trial(place, seed)
    for number in range(KILLS):
        trial.change()
        trial.kill()
        trial.check()
        if number % 3 == 0:
            trial.finish()
    # Kills came before and after the moment that counts: the trial has tried something.
    assert min(trial.survived.values()) > KILLS / 10, trial.survived


@pytest.mark.parametrize("seed", [20221122, 20221123])
def test_kills_at_any_moment_lose_nothing(seed: int, tmp_path: Path) -> None:
    in_one_thread(_kill_again_and_again, tmp_path, seed)


# -- damage --------------------------------------------------------------------------------------


@pytest.fixture
def filled(library: Library, folder: Path) -> Path:
    """The folder of an index over two documents; closed, so that one file holds everything."""
    library.update([folder])
    library.close()
    return library.folder


def flip_a_bit(file: Path, chance: random.Random) -> None:
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    exchange(file, bytes(content))


def exchange(file: Path, content: bytes) -> None:
    """Give a file another content, whoever has the old one open."""
    beside = file.with_name("beside")
    beside.write_bytes(content)
    beside.replace(file)


def places(library: Library) -> list[tuple[str, int, str]]:
    found = library.search("Which boat is the oldest?", 5)
    return [(hit.document.id, hit.passage.start, hit.text) for hit in found]


@pytest.mark.parametrize("seed", range(20))
def test_any_search_file_may_be_damaged_anywhere(
    filled: Path, seed: int, embedder: Embedder
) -> None:
    with opened(filled, embedder) as library:
        expected = places(library)
    chance = random.Random(seed)
    files = [path for path in (filled / "derived").rglob("*") if path.is_file()]
    damaged = chance.choice(sorted(file for file in files if file.stat().st_size))
    if seed % 2:
        flip_a_bit(damaged, chance)
    else:
        exchange(damaged, damaged.read_bytes()[: chance.randrange(damaged.stat().st_size)])
    with opened(filled, embedder) as library:
        assert places(library) == expected


def test_a_damaged_database_is_noticed_or_does_no_harm(
    filled: Path, folder: Path, embedder: Embedder, tmp_path: Path
) -> None:
    """Whatever bit is flipped: the right text, or a line that says what to do."""
    texts = {path.name: path.read_text() for path in folder.rglob("*.*")}
    chance, noticed = random.Random(7), 0
    for number in range(80):
        index = shutil.copytree(filled, tmp_path / f"copy-{number}")
        for _ in range(20):
            flip_a_bit(index / FILE, chance)
        try:
            with opened(index, embedder) as library:
                for document_id, start, text in places(library):
                    assert texts[Path(document_id).name].startswith(text, start)
        except FootnotedError as error:
            noticed += 1
            assert "\n" not in str(error)
            assert str(error).count("--rebuild") <= 1
        shutil.rmtree(index)
    assert 10 < noticed < 80


def test_a_damaged_index_is_rebuilt_under_its_readers(
    filled: Path, folder: Path, embedder: Embedder
) -> None:
    """A cut database says so, is made anew from its documents, and readers go over to it."""
    with opened(filled, embedder) as library:
        expected = places(library)
        os.truncate(filled / FILE, (filled / FILE).stat().st_size // 2)
        with pytest.raises(DamagedIndex, match="footnoted index --rebuild makes it anew"):
            Library.open(filled).documents()
        with pytest.raises(UnusableInput, match="name it: footnoted index --rebuild PATH"):
            Library.rebuild(filled)
        rebuilt, receipt = Library.rebuild(filled, [folder])
        assert receipt.embedded == receipt.coverage.passages
        assert places(library) == places(rebuilt) == expected
        assert library.manifest.id == rebuilt.manifest.id
        rebuilt.close()


def test_a_rebuild_remembers_what_was_indexed(filled: Path, folder: Path) -> None:
    with pytest.raises(UnusableInput, match="does not exist"):
        Library.rebuild(filled, [folder / "nowhere"])
    assert not (filled / "rebuilding").exists()
    (folder / "new.txt").write_text("A new boat has come in.")
    rebuilt, receipt = Library.rebuild(filled)
    assert {document.id for document in rebuilt.documents()} == {
        "boats.txt",
        "new.txt",
        "sub/bread.md",
    }
    assert {file.change for file in receipt.files} == {"added"}
    assert not (filled / "rebuilding").exists()
    rebuilt.close()


# -- a disk that is full, a folder that is closed --------------------------------------------------


def _fill_disks(filled: Path, folder: Path) -> None:
    """No file may grow beyond a limit, which meets each of the index's files in turn."""
    embedder = HashedEmbedder()
    for number in range(150):
        (folder / f"{number}.txt").write_text(f"Report {number}. Boat {number} was seen at sea.")
    with opened(filled, embedder) as library:
        expected = places(library)

    def index_with_room_for(index: Path, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        with opened(index, embedder) as library:
            assert places(library) == expected
            try:
                library.update([folder])
            except IndexUnavailable as error:
                assert any(said in str(error) for said in ("nothing was changed", "be written"))
                os._exit(REFUSED)

    outcomes = []
    for size in (1, 10_000, 70_000, 100_000, 200_000, 300_000, 500_000, 700_000, 5_000_000):
        index = shutil.copytree(filled, folder.parent / f"copy-{size}")
        outcomes.append(ended(started(partial(index_with_room_for, index, size))))
        with opened(index, embedder) as library:
            if outcomes[-1] == REFUSED:
                assert places(library) == expected
            library.update([folder])
            assert library.coverage().documents == 152
    refused = outcomes.count(REFUSED)
    assert refused >= 3 and outcomes == [REFUSED] * refused + [0] * (len(outcomes) - refused)


def test_a_full_disk_changes_nothing(filled: Path, folder: Path) -> None:
    in_one_thread(_fill_disks, filled, folder)


def _ask_a_closed_folder(place: Path, folder: Path, damaged: bool) -> None:
    embedder, index = HashedEmbedder(), place / "index"
    with opened(index, embedder) as library:
        expected = places(library)
    if damaged:
        shutil.rmtree(index / "derived")
    for path in (*index.rglob("*"), index, place):
        path.chmod(0o555 if path.is_dir() else 0o444)

    def ask_and_try_to_index() -> None:
        if not os.getuid():  # whom nothing is closed to
            os.setuid(65534)
        with opened(index, embedder) as library:
            assert places(library) == expected
            with pytest.raises(IndexUnavailable, match="cannot be written; ask what is in it, or"):
                library.update([folder])
            assert places(library) == expected

    assert ended(started(ask_and_try_to_index)) == 0


@pytest.mark.parametrize("damaged", [False, True])
def test_an_index_that_cannot_be_written_can_be_asked(
    filled: Path, folder: Path, damaged: bool
) -> None:
    place = Path(tempfile.mkdtemp())  # pytest's own folders are closed to others
    try:
        shutil.copytree(filled, place / "index")
        in_one_thread(_ask_a_closed_folder, place, folder, damaged)
    finally:
        for path in (place, *place.rglob("*")):
            path.chmod(0o755)
        shutil.rmtree(place)


def test_clocks_do_not_matter(library: Library, folder: Path) -> None:
    library.update([folder])
    for moment in (0.0, 4e9):
        for path in folder.rglob("*.*"):
            os.utime(path, (moment, moment))
        assert {file.change for file in library.update([folder]).files} == {"unchanged"}
    same_size, moment = "The oldest boat is called Freja.\n", (folder / "boats.txt").stat().st_mtime
    old = (folder / "boats.txt").read_text()
    (folder / "boats.txt").write_text(old[: -len(same_size)] + same_size)
    os.utime(folder / "boats.txt", (moment, moment))
    assert library.update([folder]).embedded == 1
    assert "Freja" in library.search("Which boat is the oldest?", 1)[0].text
