"""Sources read anew: another reader's text of the same file is no changed source."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from footnoted.cli import main
from footnoted.corpus.formats.plain import PlainText
from footnoted.corpus.types import Annotations, Contents, Span
from footnoted.index.library import Library
from footnoted.qa.types import Citation
from support.answers import NOTHING

pytestmark = pytest.mark.usefixtures("hashed")


@pytest.fixture
def answer(library: Library, folder: Path, tmp_path: Path) -> Path:
    """A saved answer that quotes what an index was made of."""
    library.update([folder])
    document = library.document("boats.txt")
    assert document
    quoted = Citation.of(1, document, Span(4, 21))
    file = tmp_path / "answer.json"
    file.write_text(json.dumps(replace(NOTHING, nearest=(quoted,)).as_dict()))
    return file


def read_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reader of plain texts makes another text of the same file than it did."""
    read = PlainText.read

    def otherwise(reader: PlainText, path: Path, password: str | None = None) -> Contents:
        (text,) = read(reader, path, password).texts
        return Contents((replace(text, text="¶ " + text.text, annotations=Annotations()),))

    monkeypatch.setattr(PlainText, "version", "2")
    monkeypatch.setattr(PlainText, "read", otherwise)


def verify(
    answer: Path, folder: Path, index: Path, capsys: pytest.CaptureFixture[str]
) -> tuple[object, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["verify", str(answer), "--documents", str(folder), "--index", str(index)])
    return (ended.value.code, *capsys.readouterr())


def test_another_reader_is_told_from_another_file(
    answer: Path,
    folder: Path,
    library: Library,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    index = library.folder
    read_otherwise(monkeypatch)
    assert verify(answer, folder, index, capsys) == (
        0,
        "1 of 1 quotation stands where it says\n",
        "footnoted: boats.txt is the file that was indexed, but plain text 2 makes another text "
        "of it than plain text 1 did; checked against the text that the index keeps\n",
    )
    code, out, err = verify(answer, folder, folder / "none", capsys)
    assert (code, err) == (1, "") and "changed source" in out
    with (folder / "boats.txt").open("a") as file:
        file.write("One more.\n")
    code, out, err = verify(answer, folder, index, capsys)
    assert (code, err) == (1, "") and "changed source" in out


def test_the_same_text_needs_no_index(
    answer: Path, folder: Path, library: Library, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify(answer, folder, library.folder, capsys)[::2] == (0, "")
    (folder / "boats.txt").write_text("The boats are sold.\n")
    code, out, _ = verify(answer, folder, library.folder, capsys)
    assert code == 1 and "changed source, quote not found" in out
