from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import zipped_xml
from footnoted.corpus.formats.zipped_xml import PROTECTED, TOO_LARGE, beside, opened
from support.zipped import docx, p, refused


def test_bombs_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    with zipfile.ZipFile(docx(path, p("Words.")), "a", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("word/styles.xml", "w", force_zip64=True) as file:
            for _ in range(zipped_xml.LARGEST_TREE // 2**20 + 1):
                file.write(bytes(2**20))
        related = archive.read("word/_rels/document.xml.rels").decode()
        styles = '<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>'
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(
                "word/_rels/document.xml.rels", related.replace("</Relationships>", styles)
            )
    assert path.stat().st_size < 2**20
    assert refused(path) == TOO_LARGE


def test_members_that_lie_about_their_size_are_broken(tmp_path: Path) -> None:
    path = docx(tmp_path / "file.docx", p("Words. " * 10_000))
    data = bytearray(path.read_bytes())
    name = b"word/document.xml"
    entry = data.rindex(name) - 46
    assert data[entry : entry + 4] == b"PK\1\2"
    data[entry + 24 : entry + 28] = struct.pack("<I", 500)
    path.write_bytes(data)
    assert refused(path).startswith("is broken")


def test_all_members_together_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = docx(tmp_path / "file.docx", p("Words."))
    monkeypatch.setattr(zipped_xml, "LARGEST", 1000)
    assert refused(path) == TOO_LARGE


def test_encrypted_members_are_told(tmp_path: Path) -> None:
    path = docx(tmp_path / "file.docx", p("Words."))
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\1\2")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\1\2", at + 4)
    path.write_bytes(data)
    assert refused(path) == PROTECTED


def test_what_cannot_be_opened_is_no_broken_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), opened(tmp_path / "none.docx", "Word"):
        pass
    with pytest.raises(UnusableInput, match="is broken"), opened(Path(__file__), "Word"):
        pass


@pytest.mark.parametrize(
    ("member", "target", "found"),
    [
        ("word/document.xml", "styles.xml", "word/styles.xml"),
        ("word/document.xml", "../docProps/core.xml", "docProps/core.xml"),
        ("word/document.xml", "/word/styles.xml", "word/styles.xml"),
        ("", "word/document.xml", "word/document.xml"),
        ("OEBPS/b.opf", "text/c%201.xhtml#part", "OEBPS/text/c 1.xhtml"),
    ],
)
def test_links_between_members(member: str, target: str, found: str) -> None:
    assert beside(member, target) == found
