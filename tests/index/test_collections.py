"""Collections under a home: made, found, renamed, deleted; where files that are brought to go."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.index.collections import Collection, Home, NoCollection
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def test_collections_are_made_listed_and_found(home: Home, hashed: Embedder) -> None:
    assert home.collections() == []
    home.create("minutes", hashed)
    made = home.create("  Board papers 2024 ", hashed)
    assert made.folder == home.folder / "Board papers 2024"
    assert [one.name for one in home.collections()] == ["Board papers 2024", "minutes"]
    assert home.collection("MINUTES").name == "minutes"
    library = Library.open(made.folder, hashed)
    assert library.listing() == []
    library.close()
    assert home.folder.stat().st_mode & 0o077 == 0


def test_what_is_no_collection_is_not_listed(home: Home, hashed: Embedder) -> None:
    home.create("minutes", hashed)
    (home.folder / "letters").mkdir()
    (home.folder / "note.txt").write_text("no index")
    assert [one.name for one in home.collections()] == ["minutes"]


def test_an_unknown_name_tells_the_closest(home: Home, hashed: Embedder) -> None:
    with pytest.raises(NoCollection, match="collections create NAME makes one"):
        home.collection("minutes")
    home.create("minutes", hashed)
    with pytest.raises(NoCollection, match="there is no collection 'minuts'; the closest: 'minut"):
        home.collection("minuts")


@pytest.mark.parametrize(
    "name",
    ["", "  ", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "a\0b", "con", "x" * 81, "\u202ea"],
)
def test_names_that_no_folder_should_have_are_refused(home: Home, name: str) -> None:
    with pytest.raises(UnusableInput, match="a collection cannot be called"):
        home.create(name)
    assert not home.folder.exists()


def test_a_name_is_given_once(home: Home, hashed: Embedder) -> None:
    home.create("Café", hashed)
    for same in ("café", "Cafe\u0301"):
        with pytest.raises(UnusableInput, match="already"):
            home.create(same, hashed)


def test_a_collection_is_renamed(home: Home, hashed: Embedder) -> None:
    home.create("minutes", hashed)
    home.create("letters", hashed)
    with pytest.raises(UnusableInput, match="already"):
        home.rename("minutes", "letters")
    assert home.rename("minutes", "Minutes").name == "Minutes"
    assert [one.name for one in home.collections()] == ["letters", "Minutes"]


def test_a_deleted_collection_leaves_nothing(home: Home, hashed: Embedder) -> None:
    made = home.create("minutes", hashed)
    (made.brought / "secret.txt").write_text("of the board")
    home.remove("minutes")
    assert list(home.folder.iterdir()) == []
    with pytest.raises(NoCollection):
        home.remove("minutes")


def test_a_home_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    home = Home(tmp_path / "file")
    with pytest.raises(UnusableInput, match="name another with --home"):
        home.create("minutes")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("2024/March/report.pdf", "2024/March/report.pdf"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\reports\\one.txt", "C:/reports/one.txt"),
        ("./a//b.txt", "a/b.txt"),
        ("été 😀 \u202e\x1b[31m.txt", "été 😀 [31m.txt"),
        (".hidden/..notes.txt", "hidden/notes.txt"),
    ],
)
def test_a_file_is_kept_below_the_collection(tmp_path: Path, name: str, kept: str) -> None:
    collection = Collection("c", tmp_path)
    assert collection.place(name) == tmp_path / "files" / kept


@pytest.mark.parametrize("name", ["", "..", "/", "\0", "a/\0"])
def test_what_no_file_can_be_called_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnusableInput, match="no file can be called"):
        Collection("c", tmp_path).place(name)


def test_a_name_that_is_too_long_keeps_its_ending(tmp_path: Path) -> None:
    place = Collection("c", tmp_path).place("é" * 300 + ".pdf")
    place.parent.mkdir()
    place.write_bytes(b"")  # the file system takes it
    assert place.suffix == ".pdf" and len(place.name) > 100


def test_what_an_embedder_is_loaded_by_is_kept(home: Home, hashed: Embedder) -> None:
    made = home.create("minutes", hashed, loaded_as="models/hashed")
    library = Library.open(made.folder, hashed)
    assert (library.manifest.embedder, library.manifest.embedder_name) == (
        "models/hashed",
        hashed.name,
    )
    library.close()


def test_of_a_collection_that_cannot_be_made_nothing_is_left(home: Home, hashed: Embedder) -> None:
    (home.folder / "letters").mkdir(parents=True)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for name in ("minutes", "letters"):
        with pytest.raises(UnusableInput, match="No space left"):
            home.create(name, hashed, full)
    assert [one.name for one in home.folder.iterdir()] == ["letters"]  # which was there
    home.create("minutes", hashed)
