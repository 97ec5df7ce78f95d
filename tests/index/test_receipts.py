"""What is kept of each file: what came of it, so that it need not be read again, nor twice."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from email.message import EmailMessage
from pathlib import Path

import pytest

from footnoted.corpus import reading
from footnoted.corpus.formats.plain import PlainText
from footnoted.corpus.reader_pool import ReaderPool, Result
from footnoted.corpus.types import Contents
from footnoted.index.library import Library
from footnoted.index.types import FileReceipt, Receipt
from support.varied import (
    BROKEN,
    COPY,
    DRAFT,
    HOSTILE,
    MINUTES_ID,
    OLD_ID,
    REPORT_ID,
    write_varied,
)

pytestmark = pytest.mark.usefixtures("hashed")

TEXT = "The crane of the harbour lifts nine tonnes. It was built by Bo in the year 1911.\n"


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are begun."""
    begin, names = ReaderPool.begin, []

    def counting(pool: ReaderPool, path: Path, size: int) -> Result:
        names.append(path.name)
        return begin(pool, path, size)

    monkeypatch.setattr(ReaderPool, "begin", counting)
    return names


def by_name(receipts: Receipt | Library) -> dict[str, FileReceipt]:
    files = receipts.files() if isinstance(receipts, Library) else receipts.files
    return {Path(file.path).name: file for file in files}


def ids(library: Library) -> list[str]:
    return [document.id for document in library.listing()]


def write(folder: Path, **texts: str) -> None:
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)


# -- what is kept ----------------------------------------------------------------------------------


def test_a_receipt_says_what_was_read(library: Library, folder: Path) -> None:
    (folder / "empty.txt").touch()
    receipt = library.update([folder])
    boats = by_name(receipt)["boats.txt"]
    data = (folder / "boats.txt").read_bytes()
    assert (boats.sha256, boats.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert boats.reader == f"plain text {PlainText.version}" and boats.seconds >= 0
    assert (boats.characters, boats.documents, boats.pages) == (len(data), 1, None)
    kept = library.files()
    assert [Path(file.path).name for file in kept] == ["boats.txt", "empty.txt", "bread.md"]
    assert {file.path: file for file in kept} == {file.path: file for file in receipt.files}
    assert by_name(library)["empty.txt"].failure == "holds no text"
    assert library.coverage().unreadable == 1


def test_a_file_of_which_a_part_was_not_read_counts(library: Library, tmp_path: Path) -> None:
    """By what its reader says of it, not by how: the same words are lost once, and once noted."""
    receipt = by_name(library.update([write_varied(tmp_path / "varied")]))
    report, old, scan = receipt[REPORT_ID], receipt[OLD_ID], receipt[BROKEN]
    assert report.lost == report.warnings == ("page 2 cannot be read: broken",)
    assert old.warnings == ("is not UTF-8; read as Windows-1252",) and not old.lost
    assert (report.state, old.state, scan.state) == ("partly read", "read with warnings", "failed")
    assert [Path(f.path).name for f in library.files(unreadable=True)] == [
        *(HOSTILE, REPORT_ID, BROKEN)
    ]
    assert [f.path for f in library.files(unreadable=True, most=1)] == [receipt[HOSTILE].path]
    assert library.coverage().unreadable == 3
    noted = FileReceipt("a", 1, 9, 3, 1, "added", report.warnings)
    assert not noted.is_unreadable and noted.state == "read with warnings"


def test_what_is_lost_in_an_attachment_is_lost(library: Library, tmp_path: Path) -> None:
    varied = write_varied(tmp_path / "varied")
    message = EmailMessage()
    message["Subject"] = "Figures"
    message.set_content("The figures are attached.")
    report = (varied / REPORT_ID).read_bytes()
    message.add_attachment(report, maintype="application", subtype="pdf", filename="a.pdf")
    message.add_attachment(b"\0\1", maintype="application", subtype="xyz", filename="b.xyz")
    mail = tmp_path / "letter.eml"
    mail.write_bytes(bytes(message))
    (letter,) = library.update([mail]).files
    assert letter.lost == letter.warnings and letter.state == "partly read"
    assert letter.lost[0] == "attachment a.pdf: page 2 cannot be read: broken"
    assert letter.lost[1].startswith("attachment b.xyz: no reader for .xyz files")


def test_an_index_opens_in_which_no_warning_says_what_was_lost(
    library: Library, tmp_path: Path
) -> None:
    """Such as were made before: of files that counted as unreadable, any warning may tell of it."""
    varied = write_varied(tmp_path / "varied")
    library.update([varied])
    library.close()
    with sqlite3.connect(library.folder / "index.sqlite") as database:
        database.execute("UPDATE files SET receipt = json_remove(receipt, '$.lost')")
    database.close()
    older = Library.open(library.folder)
    receipt = by_name(older)
    assert receipt[REPORT_ID].lost == receipt[REPORT_ID].warnings != ()
    assert receipt[OLD_ID].warnings and not receipt[OLD_ID].lost and not receipt[BROKEN].lost
    again = by_name(older.update([varied]))
    assert again[REPORT_ID].change == "unchanged" and again[REPORT_ID].state == "partly read"
    assert older.coverage().unreadable == 3
    older.close()


def test_an_answer_counts_what_failed_after_the_documents_were_read(
    library: Library, folder: Path
) -> None:
    library.update([folder])
    assert library.retrieve("Which boats?", 1).coverage.unreadable == 0
    (folder / "empty.txt").touch()
    library.update([folder])
    assert library.retrieve("Which boats?", 1).coverage.unreadable == 1


def test_a_document_knows_where_it_comes_from(library: Library, tmp_path: Path) -> None:
    varied = write_varied(tmp_path / "varied")
    library.update([varied])
    origin = library.origin(COPY)  # the first of both in the order of their names
    assert origin and origin.file.path == str(varied / COPY)
    assert origin.copies == (str(varied / MINUTES_ID),)
    assert origin.near == (str(varied / DRAFT),)
    draft = library.origin(DRAFT)
    assert draft and draft.near == (str(varied / COPY),) and not draft.copies
    assert library.origins() == {id_: library.origin(id_) for id_ in ids(library)}
    assert library.origin("nobody.txt") is None
    assert library.held([origin.file.path, "nowhere"]) == {origin.file.path: COPY}
    assert library.languages() == {"en": 4, "de": 1}


# -- what has not changed --------------------------------------------------------------------------


def test_what_has_not_changed_is_not_read(library: Library, folder: Path, begun: list[str]) -> None:
    first = library.update([folder])
    assert begun == ["boats.txt", "bread.md"]
    (folder / "boats.txt").touch()
    again = library.update([folder])
    assert len(begun) == 2 and again.generation == first.generation
    assert {file.change for file in again.files} == {"unchanged"}
    assert [file.characters for file in again.files] == [file.characters for file in first.files]
    (folder / "boats.txt").write_text("The boats are sold.\n")
    assert by_name(library.update([folder]))["boats.txt"].change == "updated"
    assert begun[2:] == ["boats.txt"]


def test_another_version_of_a_reader_reads_again(
    library: Library, folder: Path, begun: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    library.update([folder])
    monkeypatch.setattr(PlainText, "version", "2")
    reading.readers.cache_clear()
    receipt = library.update([folder])
    reading.readers.cache_clear()
    assert begun[2:] == ["boats.txt"] and receipt.embedded == 0
    assert by_name(library)["boats.txt"].reader == "plain text 2"


def test_what_is_told_beside_a_folder_counts(library: Library, folder: Path) -> None:
    library.update([folder])
    (folder.parent / "folder.toml").write_text('["boats.txt"]\ntitle = "Boats"\n')
    receipt = library.update([folder])
    assert {name: file.change for name, file in by_name(receipt).items()} == {
        "boats.txt": "updated",
        "bread.md": "unchanged",
    }
    assert library.listing()[0].title == "Boats"


def test_what_was_taken_out_comes_back(library: Library, folder: Path) -> None:
    library.update([folder])
    library.remove(["boats.txt"])
    assert list(by_name(library)) == ["bread.md"]
    library.update([folder])
    assert ids(library) == ["boats.txt", "sub/bread.md"]


# -- the same file ---------------------------------------------------------------------------------


def test_the_same_file_is_one_document(library: Library, tmp_path: Path, begun: list[str]) -> None:
    write(tmp_path / "one", b=TEXT, c=TEXT, d="Something else.\n")
    receipt = by_name(library.update([tmp_path / "one"]))
    assert ids(library) == ["b.txt", "d.txt"] and begun == ["b.txt", "d.txt"]
    assert receipt["c.txt"].same_as == str(tmp_path / "one" / "b.txt")
    assert receipt["c.txt"].change == "added" and not receipt["c.txt"].documents
    assert by_name(library.update([tmp_path / "one"]))["c.txt"].change == "unchanged"
    write(tmp_path / "two", e=TEXT)
    library.update([tmp_path / "two"])
    assert by_name(library)["e.txt"].same_as == str(tmp_path / "one" / "b.txt")
    assert len(begun) == 2


def test_the_next_takes_the_place_of_the_first(library: Library, tmp_path: Path) -> None:
    write(tmp_path / "one", b=TEXT, c=TEXT, d="Something else.\n")
    write(tmp_path / "two", e=TEXT)
    library.update([tmp_path / "one", tmp_path / "two"])
    (tmp_path / "one" / "b.txt").unlink()
    receipt = by_name(library.update([tmp_path / "one"]))
    assert (receipt["b.txt"].change, receipt["c.txt"].change) == ("removed", "added")
    assert ids(library) == ["c.txt", "d.txt"]
    write(tmp_path / "one", c="Of its own now.\n")
    library.update([tmp_path / "one"])
    assert ids(library) == ["c.txt", "d.txt", "e.txt"]
    write(tmp_path / "one", c=TEXT)
    library.update([tmp_path / "one"])
    shutil.rmtree(tmp_path / "one")
    library.update([tmp_path / "one"])
    assert ids(library) == ["e.txt"] and not by_name(library)["e.txt"].same_as


def test_a_copy_that_comes_first_holds_the_document(library: Library, tmp_path: Path) -> None:
    """As it would, if all were indexed anew."""
    write(tmp_path / "one", b=TEXT)
    library.update([tmp_path / "one"])
    write(tmp_path / "one", a=TEXT)
    library.update([tmp_path / "one"])
    assert ids(library) == ["a.txt"]


def test_a_copy_of_what_fails_fails(library: Library, tmp_path: Path) -> None:
    write(tmp_path / "one", a="", b="", c=TEXT)
    receipt = by_name(library.update([tmp_path / "one"]))
    assert receipt["b.txt"].failure == f"is the same as {tmp_path / 'one' / 'a.txt'}: holds no text"
    assert library.coverage().unreadable == 2


def test_a_copy_of_the_sample_stays_when_that_goes(library: Library, tmp_path: Path) -> None:
    write(tmp_path / "sample", a=TEXT)
    write(tmp_path / "own", b=TEXT)
    library.fill(tmp_path / "sample")
    library.update([tmp_path / "own"])
    assert ids(library) == ["b.txt"]


def test_the_same_bytes_of_another_kind_are_another_document(
    library: Library, tmp_path: Path
) -> None:
    write(tmp_path / "one", a="# Title\n\nWords of a text.\n")
    shutil.copy(tmp_path / "one" / "a.txt", tmp_path / "one" / "a.md")
    library.update([tmp_path / "one"])
    assert ids(library) == ["a.md", "a.txt"]


# -- nearly the same -------------------------------------------------------------------------------


def report(*numbers: int) -> str:
    return "".join(f"Boat number {n} has carried {n * 7} crates of bread.\n\n" for n in numbers)


def test_what_is_nearly_the_same_is_named(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "one"
    write(
        folder,
        draft=report(*range(40)),
        final=report(*range(36), 90, 91, 92, 93),
        half=report(*range(20), *range(100, 120)),
        excerpt=report(*range(8)),
        other=report(*range(200, 240)),
    )
    receipt = by_name(library.update([folder]))
    named = {name: file.near for name, file in receipt.items() if file.near}
    assert named == {"final.txt": str(folder / "draft.txt")}
    assert by_name(library.update([folder]))["final.txt"].near == named["final.txt"]
    (folder / "draft.txt").unlink()
    library.update([folder])
    assert not any(file.near for file in library.files())


def test_long_ones_are_compared_by_a_part_of_their_sentences(
    library: Library, tmp_path: Path
) -> None:
    write(
        tmp_path / "one",
        a=report(*range(1000)),
        b=report(*range(100, 1100)),
        c=report(*range(500, 1500)),
    )
    receipt = by_name(library.update([tmp_path / "one"]))
    assert [bool(file.near) for file in receipt.values()] == [False, True, False]


def test_nothing_is_said_of_what_was_removed(library: Library, tmp_path: Path) -> None:
    write(tmp_path / "one", draft=report(*range(40)), final=report(*range(39)))
    library.update([tmp_path / "one"])
    assert by_name(library)["final.txt"].near
    library.remove(["draft.txt"])
    assert [(file.near, Path(file.path).name) for file in library.files()] == [(None, "final.txt")]


def test_all_that_a_reader_tells_is_kept(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = PlainText.read

    def telling(reader: PlainText, path: Path, password: str | None = None) -> Contents:
        contents = read(reader, path, password)
        return Contents(contents.texts, (f"opened with {password}",))

    monkeypatch.setattr(PlainText, "read", telling)
    library.update([folder], password="sesame")  # noqa: S106
    library.update([folder])
    assert by_name(library)["boats.txt"].warnings == ("opened with sesame",)
