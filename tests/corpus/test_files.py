from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED, SourceFile, read
from footnoted.corpus.types import Document


def only(path: Path) -> SourceFile:
    (file,) = read(path)
    return file


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "crlf.txt"
    path.write_bytes(b"One.\r\nTwo.\rThree.\n")
    (document,) = only(path).documents
    assert document.text == "One.\r\nTwo.\rThree.\n"


def test_shipped_documents_tell_about_themselves(shipped_documents: dict[str, Document]) -> None:
    statement = shipped_documents["000_18aa53ec4519e4e2.txt"]
    assert statement.title == "Joint Statement on Bilateral Cooperation"
    assert statement.publisher == "Ministry of Foreign Affairs of Denmark"
    for document in shipped_documents.values():
        assert document.title in document.text
        assert document.text.encode() == (SHIPPED / document.id).read_bytes()


def test_ids_are_relative_paths(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("not read")
    ids = [document.id for file in read(folder) for document in file.documents]
    assert ids == ["boats.txt", "sub/bread.md"]


@pytest.mark.parametrize("name", ["~$boats.docx", "Thumbs.db", "desktop.ini", "DESKTOP.INI"])
def test_what_windows_hides_is_left_alone(folder: Path, name: str) -> None:
    (folder / name).write_text("not read")
    assert [file.path.name for file in read(folder)] == ["boats.txt", "bread.md"]


def test_a_name_that_begins_with_a_tilde_hides_nothing(folder: Path) -> None:
    (folder / "~boats.txt").write_text("They are read.")
    (folder / "thumbs.db.txt").write_text("They are read, too.")
    assert len(list(read(folder))) == 4


def test_titles(folder: Path) -> None:
    documents = {document.id: document for file in read(folder) for document in file.documents}
    assert documents["sub/bread.md"].title == "Rye bread"
    assert documents["boats.txt"].title == "boats"
    (folder.parent / "folder.toml").write_text(
        '["boats.txt"]\ntitle = "Boats"\ndate = "2020-01-02"\n'
    )
    documents = {document.id: document for file in read(folder) for document in file.documents}
    assert (documents["boats.txt"].title, documents["boats.txt"].date) == ("Boats", "2020-01-02")


def test_a_broken_metadata_file_is_named(folder: Path) -> None:
    (folder.parent / "folder.toml").write_text("[boats")
    with pytest.raises(UnusableInput, match=r"folder\.toml is not valid TOML"):
        list(read(folder))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.txt", b"", "holds no text"),
        ("a.txt", b" \n\t\n", "holds no text"),
        ("a.txt", b"GIF89a\1\0\1\0\x80\0\0\xff", "is binary"),
        ("a.md", bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d", "is binary"),
        ("a.xyz", b"PK", "no reader for .xyz files"),
        ("LICENSE", b"words", "no reader for such files"),
    ],
)
def test_unreadable_files_are_reported(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    file = only(tmp_path / name)
    assert not file.documents
    assert file.failure is not None and reason in file.failure


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    # A link to nowhere fails to open for every user, root included.
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    assert "cannot be opened" in (only(tmp_path).failure or "")
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    assert "cannot be opened" in (only(tmp_path).failure or "")


def test_what_is_no_file_is_never_opened(tmp_path: Path) -> None:
    """A named pipe that nobody writes into would be waited for without end."""
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "link.txt").symlink_to("pipe.txt")
    (tmp_path / "null.md").symlink_to("/dev/null")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(tmp_path / "socket.txt"))
        found = {file.path.name: file.failure for file in read(tmp_path)}
    assert found.pop("link.txt") is None
    assert found == {
        "null.md": "is a link out of the folder; name what it leads to itself",
        "pipe.txt": "is no file but a named pipe; left unopened",
        "socket.txt": "is no file but a socket; left unopened",
    }
    for name in ("pipe.txt", "link.txt"):
        assert only(tmp_path / name).failure == "is no file but a named pipe; left unopened"
    assert only(tmp_path / "null.md").failure == "is no file but a device; left unopened"


def test_links_within_a_folder_lead_to_no_second_copy(folder: Path) -> None:
    (folder / "same.txt").symlink_to("boats.txt")
    (folder / "loop").symlink_to(".")
    (folder / "sub" / "up").symlink_to("..")
    files = {file.path.name: file for file in read(folder)}
    assert sorted(files) == ["boats.txt", "bread.md", "same.txt"]
    assert not files["same.txt"].documents and files["same.txt"].failure is None
    assert files["same.txt"].warnings == ("is a link to boats.txt, which is read itself",)


def test_a_link_is_followed_to_what_is_not_read_itself(folder: Path) -> None:
    """As folders are laid out that keep their files under other names, hidden ones for example."""
    (folder / ".store").mkdir()
    (folder / ".store" / "1f.txt").write_text("The crane lifts nine tons.\n")
    (folder / "crane.txt").symlink_to(".store/1f.txt")
    (folder / "tide.dat").write_text("The tide is high at noon.\n")
    (folder / "tide.txt").symlink_to("tide.dat")
    found = {document.id for file in read(folder) for document in file.documents}
    assert found == {"boats.txt", "crane.txt", "tide.txt", "sub/bread.md"}


def test_links_out_of_a_folder_are_reported(folder: Path) -> None:
    outside = folder.parent / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The safe opens with 4711.\n")
    (folder / "one.txt").symlink_to(outside / "secret.txt")
    (folder / "all").symlink_to(outside)
    failures = {file.path.name: file.failure for file in read(folder) if file.failure}
    assert failures == {
        "all": "is a link out of the folder; name what it leads to itself",
        "one.txt": "is a link out of the folder; name what it leads to itself",
    }
    # Whoever names a link means what it leads to.
    assert only(folder / "one.txt").documents and only(folder / "all").documents


def test_a_folder_that_cannot_be_opened_is_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan = os.scandir

    def refusing(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path).name == "sub":  # by hand, since permissions do not bind every user
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    files = list(read(folder))
    assert [file.path.name for file in files] == ["boats.txt", "sub"]
    assert files[1].failure == "cannot be opened: Permission denied"


def test_odd_names_are_ids_and_titles(tmp_path: Path) -> None:
    for name in (
        b"new\nline.txt",
        b"a..b.txt",
        b"\xff.txt",
        b"\xfe.txt",
        "\u202etxt.exe.txt".encode(),
        b"A..B.TXT",
    ):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("The pier is long.\n")
    files = list(read(tmp_path))
    assert all(str(file.path).encode("utf-8") for file in files)
    documents = [document for file in files for document in file.documents]
    assert {(one.id, one.title) for one in documents} == {
        ("new\nline.txt", "new\nline"),
        ("a..b.txt", "a..b"),
        ("A..B.TXT", "A..B"),
        ("\\xff.txt", "\\xff"),
        ("\\xfe.txt", "\\xfe"),
        ("\u202etxt.exe.txt", "\u202etxt.exe"),
    }


def test_what_is_told_of_a_folder_with_a_full_stop_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "reports.2024"
    folder.mkdir()
    (folder / "a.txt").write_text("The pier is long.\n")
    (tmp_path / "reports.2024.toml").write_text('["a.txt"]\ntitle = "The pier"\n')
    assert only(folder).documents[0].title == "The pier"


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="does not exist"):
        list(read(tmp_path / "nowhere"))
    with pytest.raises(UnusableInput, match="cannot be opened"):
        list(read(tmp_path / ("long" * 100)))


def test_in_a_folder_only_corpus_jsonl_is_a_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "1", "text": "x"}')
    (tmp_path / "queries.JSONL").write_text('{"_id": "1", "text": "x"}')
    corpus, queries = sorted(read(tmp_path), key=lambda file: file.path.name.lower())
    assert len(corpus.documents) == 1
    assert queries.failure is not None and not queries.documents


@pytest.mark.parametrize("broken", ["a = " + "[" * 100_000, "a = " + "9" * 10_000, "a ="])
def test_a_broken_file_of_titles_is_one_line(tmp_path: Path, broken: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.toml").write_text(broken)
    with pytest.raises(UnusableInput, match="is not valid TOML"):
        list(read(tmp_path / "folder"))
