from __future__ import annotations

import time
from pathlib import Path

import pytest

from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Contents, Extracted
from support.extracted import said
from support.zipped import contents, refused, survives

START = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Cyr;}}"
    rb"{\stylesheet{\s1\outlinelevel0 heading 1;}}"
)


def read(tmp_path: Path, body: bytes, start: bytes = START, end: bytes = b"}") -> Contents:
    path = tmp_path / "file.rtf"
    path.write_bytes(start + body + end)
    return contents(path)


def text_of(tmp_path: Path, body: bytes) -> Extracted:
    (text,) = read(tmp_path, body).texts
    return text


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (rb"One \b bold\b0  word.\par\pard Two\line lines.\par", "One bold word.\n\nTwo\nlines."),
        (rb"caf\'e9 \u8217?s \uc2\u1046\'c6\'c6!", "café ’s Ж!"),
        (b"caf\xe9 \x93so\x94", "café “so”"),
        (rb"\f1 \'cf\'e8\'f0\f0 .", "Пир."),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"co\-operates by\~night twenty\_one \{x\}", "cooperates by night twenty-one {x}"),
        (rb'A {\field{\*\fldinst{HYPERLINK "http://x.y"}}{\fldrslt{link}}}.', "A link."),
        (rb"A {\pict\wmetafile8 0102abcd}picture{\*\unknown words}.", "A picture."),
        (b"A {\\pict\\bin5 }{\\x}}picture.", "A picture."),
        (rb"A {\field{\*\fldinst HYPERLINK}{\fldrslt \*\cs12 link}}.", "A link."),
        (rb"Some\u57344?one", "Some\ufffdone"),
    ],
)
def test_words(tmp_path: Path, source: bytes, words: str) -> None:
    assert text_of(tmp_path, source).text == words


def test_headings_items_and_notes(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        rb"{\info{\title The pier}{\author A. Holm}{\creatim\yr2020\mo1\dy2}"
        rb"{\revtim\yr2021\mo2\dy3\hr4}{\operator Bo}}"
        rb"{\header\pard Draft\par}{\footerl\pard Draft\par}"
        rb"\pard\outlinelevel0 Boats\par\pard It is old"
        rb"{\super\chftn}{\footnote\pard From 1901.}.\par "
        rb"You must bring:\par\pard{\listtext\pard 1.\tab}\ilvl0 a rope\par"
        rb"\pard{\listtext\pard a)\tab}\ilvl1 of hemp\par"
        rb"\pard{\listtext\pard\'b7\tab}\ilvl0 a lamp\par\pard Bye.{\*\annotation Really?}\par",
    )
    assert said(text, "heading") == [("Boats", "1")]
    assert said(text, "item") == [
        ("1. a rope", "You must bring:"),
        ("a) of hemp", "a rope"),
        ("a lamp", ""),
    ]
    assert said(text, "note") == [("From 1901.", ""), ("Really?", "")]
    assert said(text, "running") == [("Draft", "")]
    assert text.text.split("\n\n")[2:4] == ["It is old.", "From 1901."]
    assert (text.title, text.author, text.date) == ("The pier", "A. Holm", "2021-02-03")


def test_tables(tmp_path: Path) -> None:
    def row(*cells: bytes) -> bytes:
        told = b"".join(b"\\pard\\intbl " + one + b"\\cell" for one in cells)
        return b"\\trowd\\cellx1\\cellx2 " + told + b"\\row\n"

    text = text_of(
        tmp_path,
        b"Prices | are:\\par"
        + row(b"Boat", b"Day")
        + row(b"Yawl", b"10\\par 11")
        + b"\\pard More.\\par",
    )
    assert said(text, "row") == [("Boat | Day", HEADER), ("Yawl | 10 11", "")]
    assert ("10 11", "Day") in said(text, "cell")
    assert said(text, "paragraph") == [("Prices | are:", ""), ("More.", "")]


def test_what_was_deleted_or_is_hidden_is_left_out_and_said(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        rb"It costs {\deleted nine}{\revised ten} {\v secret}\v more\v0 euros\v\plain .\par",
    )
    assert found.texts[0].text == "It costs ten euros."
    assert found.warnings == (
        "1 tracked deletion left out",
        "hidden text left out in 2 places",
    )
    assert found.lost == ()


def test_what_ends_in_the_middle_is_said(tmp_path: Path) -> None:
    found = read(tmp_path, rb"Some words {\b and", end=b"")
    assert found.texts[0].text == "Some words and"
    assert found.lost == found.warnings == ("ends in the middle; what is left was read",)


def test_what_holds_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.rtf"
    path.write_bytes(START + b"}")
    assert refused(path) == "holds no text"
    path.write_bytes(b"\0\1")
    assert refused(path).startswith("is broken")


@pytest.mark.slow
def test_what_is_damaged_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.rtf"
    path.write_bytes(START + rb"\outlinelevel0 Boats\par Caf\'e9 \u1046? {\footnote Yes.}\par}")
    survives(path)


def test_long_and_deep_files_take_time_in_proportion(tmp_path: Path) -> None:
    link = rb"{\field{\*\fldinst{HYPERLINK x}}{\fldrslt{link}}}\par "
    for body in (link * 5000, b"{" * 100_000 + b"words" + b"}" * 100_000, b"{\\v x" * 20_000):
        begin = time.monotonic()
        read(tmp_path, b"Words. " + body, end=b"")
        assert time.monotonic() - begin < 10


def test_boxes_of_text_stand_below_their_paragraph(tmp_path: Path) -> None:
    box = (
        rb"{\shp{\*\shpinst\shpleft1{\sp{\sn shapeType}{\sv 202}}"
        rb"{\shptxt Tides\par Tables of tides.\par}}{\shprslt{\*\do{\dptxbxtext Tides}}}}"
    )
    text = text_of(tmp_path, rb"Nine boats " + box + rb"lie here.\par\pard They rise.\par")
    assert said(text, "paragraph") == [
        ("Nine boats lie here.", ""),
        ("Tides", ""),
        ("Tables of tides.", ""),
        ("They rise.", ""),
    ]


def test_letters_of_a_mac(tmp_path: Path) -> None:
    (text,) = read(tmp_path, rb"lanc\'8e qu\'d5il", start=rb"{\rtf1\mac ").texts
    assert text.text == "lancé qu’il"
