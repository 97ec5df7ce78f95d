from __future__ import annotations

import io
import random
import zipfile
from pathlib import Path

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats import format_of
from footnoted.corpus.formats.protected_office import ASK, WRONG
from footnoted.corpus.types import Contents
from support.extracted import check
from support.ole import ole
from support.small_files import small_files
from support.zipped import refused

FIRST = "The harbour has forty boats; the oldest is called Maren."
SECRET = "sésame"  # noqa: S105


def locked(path: Path, name: str) -> Path:
    """A small file, with a password."""
    data = io.BytesIO(small_files()[name])
    with zipfile.ZipFile(data, "a") as archive:
        archive.comment = bytes(5000)  # what is smaller, the library locks so that nothing opens it
    with path.open("wb") as file:
        OOXMLFile(data).encrypt(SECRET, file)
    return path


def read(path: Path, password: str | None) -> Contents:
    contents = format_of(path).read(path, password)
    for one in contents.texts:
        check(one)
    return contents


@pytest.mark.parametrize("name", ["word.docx", "slides.pptx", "sheet.xlsx"])
def test_it_is_read_with_its_password_alone(tmp_path: Path, name: str) -> None:
    path = locked(tmp_path / "locked.bin", name)
    (tmp_path / name).write_bytes(small_files()[name])
    assert read(path, SECRET).texts == read(tmp_path / name, None).texts
    assert FIRST in read(path, SECRET).texts[0].text
    for password, why in ((None, ASK), ("", ASK), ("sesame", WRONG)):
        with pytest.raises(Protected, match=f"^{why}$"):
            read(path, password)


@pytest.mark.parametrize("name", ["file.docx", "file.pptx", "file.doc", "other.bin"])
def test_it_is_told_by_what_stands_in_it(tmp_path: Path, name: str) -> None:
    path = ole(tmp_path / name, "EncryptionInfo", "EncryptedPackage")
    assert refused(path) == ASK
    with pytest.raises(UnusableInput, match=r"^is broken, or locked in an unknown way: "):
        read(path, SECRET)


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    whole = locked(tmp_path / "whole.docx", "word.docx").read_bytes()
    chance = random.Random(7)
    for _ in range(12):
        data = bytearray(whole)
        for at in chance.sample(range(len(data)), 30):
            data[at] = chance.randrange(256)
        path = tmp_path / "damaged.docx"
        path.write_bytes(data[: chance.choice([None, len(data) // 2])])
        try:
            read(path, SECRET)
        except UnusableInput as error:
            assert "\n" not in str(error)
