"""Folders and files as people name them: inside each other, emptied, closed, moved and gone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.sample import add_sample, open_or_sample
from footnoted.index.types import Receipt


def ids(library: Library) -> list[str]:
    return [document.id for document in library.listing()]


def changes(receipt: Receipt) -> dict[str, str]:
    return {Path(file.path).name: file.change for file in receipt.files}


def found(library: Library, question: str) -> str:
    return library.search(question, 1)[0].text


# -- one inside the other --------------------------------------------------------------------------


def test_a_folder_above_an_indexed_one_holds_no_file_twice(library: Library, folder: Path) -> None:
    library.update([folder / "sub"])
    receipt = library.update([folder])
    assert ids(library) == ["boats.txt", "sub/bread.md"]
    assert changes(receipt) == {"boats.txt": "added", "bread.md": "updated"}
    assert receipt.embedded == 1  # what is known is not embedded again
    assert receipt.notes == (
        f"{folder / 'sub'} is part of {folder}: its files are indexed once, as that one's",
    )
    assert library.sources() == [folder]
    assert not library.update([folder]).notes


def test_a_folder_inside_an_indexed_one_brings_that_one_up_to_date(
    library: Library, folder: Path
) -> None:
    library.update([folder])
    (folder / "sub" / "cake.txt").write_text("Cakes are baked on Sundays.")
    receipt = library.update([folder / "sub"])
    assert ids(library) == ["boats.txt", "sub/bread.md", "sub/cake.txt"]
    assert "is part of" in receipt.notes[0] and library.sources() == [folder]


@pytest.mark.parametrize("first", ["sub", ""])
def test_both_at_once(library: Library, folder: Path, first: str) -> None:
    library.update([folder / first, folder, folder / "sub"])
    assert ids(library) == ["boats.txt", "sub/bread.md"]
    assert library.sources() == [folder]


def test_a_single_file_and_then_its_folder(library: Library, folder: Path) -> None:
    library.update([folder / "boats.txt"])
    receipt = library.update([folder])
    assert receipt.coverage.documents == 2 and receipt.embedded == 1
    assert library.sources() == [folder]


def test_a_folder_above_has_a_file_of_the_same_name(library: Library, folder: Path) -> None:
    (folder / "sub" / "boats.txt").write_text("The inner boats are all rowing boats.")
    library.update([folder / "sub"])
    library.update([folder])
    assert ids(library) == ["boats.txt", "sub/boats.txt", "sub/bread.md"]
    assert "rowing boats" in found(library, "What are the inner boats?")


def test_what_a_folder_passes_over_is_read_where_it_is_named(
    library: Library, folder: Path
) -> None:
    papers, hidden = folder / "papers.jsonl", folder / ".notes"
    papers.write_text('{"_id": "p1", "text": "The paper on tides."}')
    hidden.mkdir()
    (hidden / "secret.txt").write_text("The harbour will be sold.")
    library.update([papers, hidden, folder])
    everything = ["boats.txt", "p1", "secret.txt", "sub/bread.md"]
    assert ids(library) == everything and library.coverage().unreadable == 0
    papers.write_text('{"_id": "p1", "text": "The paper on winds."}')
    receipt = library.update([folder])
    assert ids(library) == everything and changes(receipt)["papers.jsonl"] == "updated"
    papers.unlink()
    assert library.update([folder]).notes == (
        f"{papers} is not there any more; nothing of it is indexed now",
    )
    assert ids(library) == ["boats.txt", "secret.txt", "sub/bread.md"]
    assert set(library.sources()) == {folder, hidden}


def test_the_inner_of_two_folders_may_be_deleted(library: Library, folder: Path) -> None:
    library.update([folder])
    shutil.rmtree(folder / "sub")
    with pytest.raises(UnusableInput, match=f"sub does not exist; footnoted index {folder} takes"):
        library.update([folder / "sub"])
    library.update([folder])
    assert ids(library) == ["boats.txt"]


# -- indexes inside what is indexed ----------------------------------------------------------------


def test_the_files_of_indexes_are_passed_over(folder: Path, hashed: Embedder) -> None:
    """The index's own, another's, one beside the documents themselves, one made anew."""
    for place in (folder / "index", folder / "sub" / "other", folder, folder / "index"):
        library = Library.open_or_create(place)
        for _ in range(2):
            receipt = library.update([folder])
            assert set(changes(receipt)) == {"boats.txt", "bread.md"}
            assert receipt.coverage.unreadable == 0
        library.close()
    rebuilt, receipt = Library.rebuild(folder / "index")
    assert set(changes(receipt)) == {"boats.txt", "bread.md"}
    rebuilt.close()


def test_what_only_looks_like_an_index_is_reported(library: Library, folder: Path) -> None:
    (folder / "index.sqlite").write_bytes(b"somebody else's")
    (folder / "sub" / "derived").mkdir()
    (folder / "sub" / "derived" / "table.xyz").write_text("1,2")
    receipt = library.update([folder])
    assert changes(receipt)["index.sqlite"] == changes(receipt)["table.xyz"] == "failed"


# -- what is gone ----------------------------------------------------------------------------------


@pytest.fixture
def other(tmp_path: Path) -> Path:
    other = tmp_path / "other"
    other.mkdir()
    (other / "choir.txt").write_text("The choir meets on Thursdays in the old school.")
    return other


def test_a_folder_that_is_gone_leaves_when_it_is_named(
    library: Library, folder: Path, other: Path
) -> None:
    library.update([folder, other])
    shutil.rmtree(other)
    receipt = library.update([folder])
    assert "choir.txt" in ids(library)
    assert receipt.notes == (
        f"{other} is not there any more, but what was read of it still answers; "
        f"to take it out: footnoted index {other}",
    )
    receipt = library.update([folder, other])
    assert changes(receipt)["choir.txt"] == "removed"
    assert receipt.notes == (f"{other} is not there any more; nothing of it is indexed now",)
    assert ids(library) == ["boats.txt", "sub/bread.md"] and library.sources() == [folder]
    with pytest.raises(UnusableInput, match="other does not exist; name a file or a folder"):
        library.update([other])


def test_a_folder_that_was_renamed_is_indexed_once(library: Library, other: Path) -> None:
    library.update([other])
    renamed = other.rename(other.with_name("renamed"))
    receipt = library.update([renamed])
    assert [(Path(file.path), file.change) for file in receipt.files] == [
        (renamed / "choir.txt", "added"),
        (other / "choir.txt", "removed"),
    ]
    assert ids(library) == ["choir.txt"] and library.sources() == [renamed]
    assert receipt.embedded == 0 and not receipt.notes


def test_a_rebuild_goes_on_without_what_is_gone(
    library: Library, folder: Path, other: Path
) -> None:
    library.update([folder, other])
    library.close()
    shutil.rmtree(other)
    rebuilt, receipt = Library.rebuild(library.folder)
    assert ids(rebuilt) == ["boats.txt", "sub/bread.md"] and rebuilt.sources() == [folder]
    assert receipt.notes == (f"{other} is not there any more; nothing of it is indexed now",)
    rebuilt.close()


def test_a_rebuild_goes_on_though_a_folder_was_emptied(
    library: Library, folder: Path, other: Path
) -> None:
    library.update([folder, other])
    library.close()
    (other / "choir.txt").unlink()
    rebuilt, _ = Library.rebuild(library.folder)
    assert ids(rebuilt) == ["boats.txt", "sub/bread.md"]
    rebuilt.close()


@pytest.mark.parametrize("spare", [shutil.rmtree, lambda folder: (folder / "choir.txt").unlink()])
def test_a_rebuild_of_nothing_is_refused(
    library: Library, other: Path, spare: Callable[[Path], None]
) -> None:
    library.update([other])
    library.close()
    spare(other)
    with pytest.raises(UnusableInput, match="nothing of what was indexed can be read any more"):
        Library.rebuild(library.folder)
    assert not (library.folder / "rebuilding").exists()
    assert ids(Library.open(library.folder)) == ["choir.txt"]


# -- what cannot be used, and what cannot be opened ------------------------------------------------


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"", "holds no text"), (b" \n", "holds no text"), (b"\0\1\2", "binary")],
)
def test_what_holds_nothing_usable_any_more_leaves(
    library: Library, folder: Path, content: bytes, reason: str
) -> None:
    library.update([folder])
    (folder / "boats.txt").write_bytes(content)
    receipt = library.update([folder])
    (boats,) = (file for file in receipt.files if file.path.endswith("boats.txt"))
    assert boats.change == "removed" and reason in (boats.failure or "")
    assert ids(library) == ["sub/bread.md"] and receipt.coverage.unreadable == 1
    again = library.update([folder])
    assert changes(again)["boats.txt"] == "failed" and again.generation == receipt.generation
    assert not again.nothing_read


def test_a_file_that_cannot_be_opened_keeps_its_last_text(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([folder])
    opened = os.open

    def closed(path: str | Path, *how: int) -> int:
        if Path(path).name == "boats.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *how)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", closed)
        receipt = library.update([folder])
    boats = receipt.files[0]
    assert (boats.change, boats.failure) == ("failed", "cannot be opened: Permission denied")
    assert boats.warnings == ("what was read of it before stays indexed",)
    assert ids(library) == ["boats.txt", "sub/bread.md"] and receipt.coverage.unreadable == 1
    assert changes(library.update([folder]))["boats.txt"] == "unchanged"
    assert library.coverage().unreadable == 0


def test_a_folder_that_cannot_be_opened_keeps_its_documents(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([folder])
    opened = os.scandir

    def closed(path: str) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path)

    monkeypatch.setattr(os, "scandir", closed)
    receipt = library.update([folder])
    assert changes(receipt) == {"boats.txt": "unchanged", "sub": "failed"}
    assert ids(library) == ["boats.txt", "sub/bread.md"]


def test_a_file_replaced_by_a_folder_of_its_name(library: Library, folder: Path) -> None:
    library.update([folder])
    (folder / "boats.txt").unlink()
    (folder / "boats.txt").mkdir()
    (folder / "boats.txt" / "x.txt").write_text("The boats are in a folder.")
    library.update([folder])
    assert ids(library) == ["boats.txt/x.txt", "sub/bread.md"]


def test_the_first_of_two_folders_with_one_name_stays(
    library: Library, folder: Path, other: Path
) -> None:
    library.update([folder])
    (other / "boats.txt").write_text("Other boats.")
    receipt = library.update([other, folder])
    refused = next(file for file in receipt.files if file.failure)
    assert refused.path == str(other / "boats.txt") and "is taken by" in str(refused.failure)
    assert "Maren" in found(library, "What is the oldest boat called?")


# -- the sample ------------------------------------------------------------------------------------

SAMPLE = sorted(path.name for path in SHIPPED.iterdir())


def test_own_documents_take_the_place_of_an_untouched_sample(folder: Path, tmp_path: Path) -> None:
    library = open_or_sample(tmp_path / "index")
    assert ids(library) == SAMPLE
    receipt = library.update([folder])
    assert ids(library) == ["boats.txt", "sub/bread.md"] and library.sources() == [folder]
    (said,) = receipt.notes
    assert said.startswith("the sample documents made way for yours") and str(SHIPPED) in said
    assert not library.update([folder]).notes
    assert ids(open_or_sample(tmp_path / "index")) == ["boats.txt", "sub/bread.md"]


def test_a_sample_stays_until_something_can_take_its_place(tmp_path: Path) -> None:
    library = open_or_sample(tmp_path / "index")
    (tmp_path / "empty").mkdir()
    with pytest.raises(UnusableInput, match="holds no files"):
        library.update([tmp_path / "empty"])
    assert ids(library) == SAMPLE


def test_a_sample_that_was_brought_up_to_date_or_rebuilt_is_still_untouched(
    library: Library, folder: Path
) -> None:
    add_sample(library)
    add_sample(library)
    library.refresh()
    rebuilt, _ = Library.rebuild(library.folder)
    assert ids(rebuilt) == SAMPLE
    rebuilt.update([folder])
    assert ids(rebuilt) == ["boats.txt", "sub/bread.md"]
    rebuilt.close()


@pytest.mark.parametrize("wanted", ["named", "chosen from"])
def test_a_sample_that_is_wanted_stays(library: Library, folder: Path, wanted: str) -> None:
    add_sample(library)
    if wanted == "named":
        library.update([SHIPPED])
    else:
        library.remove([SAMPLE[0]])
    receipt = library.update([folder])
    assert not receipt.notes and SAMPLE[1] in ids(library) and "boats.txt" in ids(library)


def test_a_sample_that_is_added_to_own_documents_stays(library: Library, folder: Path) -> None:
    library.update([folder])
    assert library.fill(SHIPPED) is None
    add_sample(library)
    library.update([folder])
    assert ids(library) == sorted([*SAMPLE, "boats.txt", "sub/bread.md"])


# -- names that are not valid UTF-8 ----------------------------------------------------------------

BAD = os.fsdecode(b"bad\xff.txt")


def test_files_of_a_bad_name_in_two_folders_are_two(library: Library, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / BAD).write_text(f"The boat of folder {name} is red.")
    library.update([tmp_path / "one"])
    with pytest.raises(UnusableInput, match="is taken by"):
        library.update([tmp_path / "two"])
    assert ids(library) == ["bad\\xff.txt"]
    assert "folder one" in found(library, "Which boat is red?")


def test_a_name_spelt_like_a_bad_one_is_another(library: Library, tmp_path: Path) -> None:
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / BAD).write_text("The boat is red.")
    (tmp_path / "c" / "bad\\xff.txt").write_text("The boat is green.")
    receipt = library.update([tmp_path / "c"])
    assert sorted(file.change for file in receipt.files) == ["added", "failed"]
    assert not [file for file in library.update([tmp_path / "c"]).files if file.change == "updated"]


def test_a_folder_of_a_bad_name_is_refused_in_one_line(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"bad\xff")
    folder.mkdir()
    (folder / "a.txt").write_text("The boat is red.")
    with pytest.raises(UnusableInput, match="not valid UTF-8; rename it"):
        library.update([folder])
    with pytest.raises(UnusableInput, match="not valid UTF-8; rename it"):
        Library.create(folder / "index", library.embedder)


def test_a_closed_library_says_so(library: Library, folder: Path) -> None:
    library.update([folder])
    library.close()
    with pytest.raises(UnusableInput, match="was closed; open it again"):
        library.listing()
