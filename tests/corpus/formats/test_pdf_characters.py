from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from footnoted.corpus.types import Document
from support.extracted import said
from support.pdf_files import HELVETICA, PROSE, Writer, read, simple_pdf, text_of


@pytest.mark.parametrize(
    ("letter", "accent", "word", "expected"),
    [
        ("u", "\u00a8", "f{}r", "für"),
        ("o", "\u00a8", "M{}glichkeit", "Möglichkeit"),
        ("e", "`", "cio{}", "cioè"),
        ("c", "\u00b8", "fa{}ade", "façade"),
        ("n", "\u02dc", "ma{}ana", "mañana"),
    ],
)
def test_accents_set_above_letters_are_one_with_them(
    tmp_path: Path, letter: str, accent: str, word: str, expected: str
) -> None:
    before, after = word.split("{}")
    place = 72 + pdfmetrics.stringWidth(before, "Times-Roman", 11)
    widths = [pdfmetrics.stringWidth(one, "Times-Roman", 11) for one in (accent, letter)]

    def draw(to: Writer) -> None:
        to.line(72, 100, before)
        to.line(place + (widths[1] - widths[0]) / 2, 100, accent)
        to.line(place, 100, letter + after)

    assert text_of(tmp_path, draw).text == expected


def test_signs_that_look_like_accents_stay(tmp_path: Path) -> None:
    said = "Go to ~user or say `date` or x^2 there."
    assert text_of(tmp_path, lambda to: to.line(72, 100, said)).text == said


def _bitmap_font() -> bytes:
    """A font of Type 3 whose characters are named after their codes, as TeX's bitmaps are."""
    names = b" ".join(b"/a%d" % code for code in range(256))
    widths = b" ".join([b"500"] * 256)
    return (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] "
        b"/FontMatrix [0.001 0 0 0.001 0 0] /FirstChar 0 /LastChar 255 /Widths [" + widths + b"] "
        b"/CharProcs << >> /Encoding << /Type /Encoding /Differences [0 " + names + b"] >> >>"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (rb"The o\033ce of the harbour \034lls its books", "The offce of the harbour fills its"),
        (
            rb"The \014rst dredger of the town of \\Norvik" + b'"',
            "The first dredger of the town of \u201cNorvik\u201d",
        ),
        (rb"Die \020Gr\366\377e\021 des Hafens von Norvik", "Die \u201cGröße\u201d des Hafens"),
    ],
)
def test_bitmap_fonts_of_tex_are_read_by_their_codes(
    tmp_path: Path, written: bytes, expected: str
) -> None:
    path = tmp_path / "bitmap.pdf"
    placed, x = [], 60
    for word in written.split(b" "):
        placed.append(b"1 0 0 1 %d 700 Tm (%s) Tj" % (x, word))
        x += 6 * len(word) + 6
    path.write_bytes(simple_pdf(b"BT /F1 10 Tf %s ET" % b" ".join(placed), _bitmap_font()))
    assert read(path).texts[0].text.startswith(expected)


def test_narrow_blanks_part_words(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        text = to.canvas.beginText(72, 700)
        text.setFont("Times-Roman", 11)
        text.setWordSpace(-2.9)
        text.textOut("Roads of the United States and their waters")
        to.canvas.drawText(text)

    assert text_of(tmp_path, draw).text == "Roads of the United States and their waters"


def test_what_is_turned_twice_stands_upright(tmp_path: Path) -> None:
    path = tmp_path / "turned.pdf"
    content = b"BT /F1 -12 Tf -1 0 0 -1 72 %d Tm (The %s pier is long.) Tj ET\n"
    path.write_bytes(simple_pdf(content % (700, b"old") + content % (680, b"new"), HELVETICA))
    assert read(path).texts[0].text == "The old pier is long. The new pier is long."


def test_marks_of_notes_are_no_part_of_words(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(72, 100, "The dredger came every spring")
        end = 72 + pdfmetrics.stringWidth("The dredger came every spring", "Times-Roman", 11)
        to.line(end, 96, "3", 7)
        to.line(end + 4, 100, " to the harbour.")
        to.lines(72, 140, PROSE, 450)
        to.line(72, 757, "3", 5)
        to.line(74.6, 760, "In the year of the flood it did not.", 8)

    text = text_of(tmp_path, draw)
    first = said(text, "paragraph")[0][0]
    assert first == "The dredger came every spring³ to the harbour."
    assert said(text, "note") == [("³ In the year of the flood it did not.", "")]
    assert said(text, "markup") == [("³", "")]
    document = Document("id", text.text, "", annotations=text.annotations)
    block = document.structure.blocks[0]
    assert document.structure.words_of(block) == "The dredger came every spring to the harbour."


def test_powers_are_no_marks_of_notes(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(72, 100, "The basin has 300 m")
        end = 72 + pdfmetrics.stringWidth("The basin has 300 m", "Times-Roman", 11)
        to.line(end, 96, "2", 7)
        to.lines(72, 140, PROSE, 450)
        to.line(72, 757, "2", 5)
        to.line(74.6, 760, "As measured in 1931.", 8)

    text = text_of(tmp_path, draw)
    assert text.text.startswith("The basin has 300 m²")
    assert said(text, "markup") == []


def test_symbols_keep_their_raised_figures(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(72, 100, "They measured ")
        end = 72 + pdfmetrics.stringWidth("They measured ", "Times-Roman", 11)
        to.line(end, 96, "14", 7)
        to.line(end + 7, 100, "C there.")

    assert text_of(tmp_path, draw).text == "They measured ¹⁴C there."


def test_raised_letters_stand_before_their_line(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for at, (mark, line) in enumerate(
            (("a", "Institute of Harbours, Norvik"), ("b", "County of Sandhavn"))
        ):
            to.line(72, 97 + 14 * at, mark, 6)
            to.line(76, 100 + 14 * at, line, 9)

    text = text_of(tmp_path, draw)
    assert text.text.split("\n\n") in (
        ["a Institute of Harbours, Norvik", "b County of Sandhavn"],
        ["a Institute of Harbours, Norvik b County of Sandhavn"],
    )
