from __future__ import annotations

import random
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.encoding import decode


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1))
def test_canonical_text_is_the_file(text: str) -> None:
    expected = text.removeprefix("\ufeff")
    assert decode(text.encode()) == (expected, ())
    assert decode(b"\xef\xbb\xbf" + expected.encode())[0] == expected


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Mrs Núñez owns the café."),
        ("cp1252", "Åse rows."),
        ("cp1252", "The baker’s oven costs £900 – “a bargain”, said José."),
        ("cp1252", "It is 12 °C; see § 4."),
        ("latin-1", "Fünf Bäume säumen den Weg zur Mühle."),
        ("cp1250", "Most przez rzekę zbudowano w 1901 roku, a wieżę później."),
        ("iso8859-2", "Książka leży na stole przy ścianie."),
        ("cp1251", "Мост через реку построен в 1901 году."),
        ("koi8-r", "Мост через реку построен в 1901 году."),
        ("cp1253", "Η γέφυρα χτίστηκε το 1901."),
        ("cp932", "この橋は1901年に建てられました。"),
        ("gb18030", "这座桥建于1901年。"),
        ("cp949", "이 다리는 1901년에 지어졌다."),
        ("utf-16", "The ferry to Ærø leaves at noon.\r\n"),
        ("utf-16-le", "The ferry leaves at noon."),
        ("utf-16-be", "Ærø lies south.\n"),
        ("utf-16-le", "Паром отходит в полдень."),
        ("utf-16-be", "この橋は1901年に建てられました。"),
        ("utf-32", "The ferry to Ærø leaves at noon."),
        ("utf-32-be", "The ferry leaves at noon."),
    ],
)
def test_short_texts_in_other_encodings_are_read_and_reported(encoding: str, text: str) -> None:
    found, warnings = decode(text.encode(encoding))
    assert found == text
    (warning,) = warnings
    assert warning.startswith("is not UTF-8; read as ")


MENDED = "The café in Malmö has nine chairs.\r\nThe � is red.\nÖ.\n"


@pytest.mark.parametrize("damage", [b"\xff", b"\xc3", b"\0", b"\xe2\x82"])
def test_a_damaged_character_costs_itself_alone(damage: bytes) -> None:
    data = MENDED.encode().replace("\ufffd".encode(), damage)
    warning = "read as UTF-8; 1 damaged character is shown as \ufffd, in line 2"
    assert decode(data) == (MENDED, (warning,))
    assert decode(b"\xef\xbb\xbf" + data) == (MENDED, (warning,))


def test_damage_is_counted_and_placed_in_other_encodings_too() -> None:
    data = "Ærø lies in the south\r\nand is\0 small\0".encode("utf-16")
    text, warnings = decode(data)
    assert text == "Ærø lies in the south\r\nand is\ufffd small\ufffd"
    assert warnings == (
        "is not UTF-8; read as UTF-16; 2 damaged characters are shown as \ufffd, "
        "the first in line 2",
    )


def test_a_stray_nul_is_no_sign_of_utf_16() -> None:
    assert decode(b"caf\xc3\xa9 at\0 noon")[0] == "café at\ufffd noon"


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n",
        b"\0\x01\xff\xfe\x02\0data",
        b"\0" * 40,
        b"head\n" + b"\0" * 400,
        bytes(range(256)),
        bytes(range(128, 256)) * 3 + b"\x81\x8d\x8f\x90\x9d",
        zlib.compress(b"words " * 300),
        random.Random(7).randbytes(2000),
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(UnusableInput, match="is binary"):
        decode(data)
