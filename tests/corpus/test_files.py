from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED, SourceFile, decode, read
from footnoted.corpus.types import Document


def only(path: Path) -> SourceFile:
    (file,) = read(path)
    return file


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_canonical_text_is_the_file(text: str) -> None:
    expected = text.removeprefix("\ufeff")
    assert decode(text.encode()) == (expected, [])
    assert decode(b"\xef\xbb\xbf" + expected.encode())[0] == expected


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


def test_other_encodings_are_recognised_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "danish.txt"
    text = "Udenrigsministeriet åbner et kontor i Kigali. Øvrige spørgsmål besvares på mandag. " * 5
    path.write_bytes(text.encode("cp1252"))
    file = only(path)
    assert file.documents[0].text == text
    assert "is not UTF-8" in file.warnings[0]
    for encoding in ("utf-16", "utf-16-le"):
        path.write_bytes(text.encode(encoding))
        assert only(path).documents[0].text == text


def test_ids_are_relative_paths(folder: Path) -> None:
    (folder / ".hidden.txt").write_text("not read")
    ids = [document.id for file in read(folder) for document in file.documents]
    assert ids == ["boats.txt", "sub/bread.md"]


def test_titles(folder: Path) -> None:
    documents = {document.id: document for file in read(folder) for document in file.documents}
    assert documents["sub/bread.md"].title == "Rye bread"
    assert documents["boats.txt"].title == "The harbour of Aarhus has forty boats."
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
        ("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is binary"),
        ("a.md", bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d", "is binary"),
        ("a.docx", b"PK", "no reader for .docx files"),
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


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match="does not exist"):
        list(read(tmp_path / "nowhere"))


def beir(tmp_path: Path, *lines: str) -> SourceFile:
    path = tmp_path / "corpus.jsonl"
    path.write_text("\n".join(lines))
    return only(path)


def test_beir(tmp_path: Path) -> None:
    first = json.dumps({"_id": "a/1", "title": "T", "text": "Some text.\u2028More."})
    file = beir(tmp_path, first, "", json.dumps({"_id": "2", "text": "Other."}))
    assert [(d.id, d.title, d.text) for d in file.documents] == [
        ("a/1", "T", "Some text.\u2028More."),
        ("2", "2", "Other."),
    ]


GOOD = json.dumps({"_id": "1", "title": "", "text": "x"})


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([GOOD, "{"], "line 2: is not valid JSON"),
        ([GOOD, "[]"], "line 2: is not a JSON object"),
        ([GOOD, '{"text": "x"}'], "line 2: the field _id is missing"),
        ([GOOD, '{"_id": "2"}'], "line 2: the field text is missing"),
        ([GOOD, '{"_id": 2, "text": "x"}'], "line 2: the field _id is missing or not a string"),
        ([GOOD, '{"_id": "2", "text": "x", "title": 3}'], "line 2: the field title"),
        ([GOOD, '{"_id": "2", "text": "\\ud800"}'], "line 2: the text holds half"),
        ([GOOD, "", GOOD], "line 3: the id '1' is that of line 1 too"),
        ([GOOD, "[" * 100_000], "line 2: is not valid JSON"),
        ([], "holds no documents"),
    ],
)
def test_a_broken_beir_corpus_names_the_line(tmp_path: Path, lines: list[str], reason: str) -> None:
    file = beir(tmp_path, *lines)
    assert not file.documents
    assert file.failure is not None and file.failure.startswith(reason)


def test_in_a_folder_only_corpus_jsonl_is_a_corpus(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(GOOD)
    (tmp_path / "queries.jsonl").write_text(GOOD)
    corpus, queries = read(tmp_path)
    assert len(corpus.documents) == 1
    assert queries.failure is not None and not queries.documents
