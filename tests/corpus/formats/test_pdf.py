from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import matplotlib
import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import format_of
from support.extracted import said
from support.pdf_files import (
    HEIGHT,
    HELVETICA,
    PROSE,
    WIDTH,
    Writer,
    page_of,
    read,
    simple_pdf,
    text_of,
    wrapped,
)


def test_a_report_with_all_that_reports_have(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(72, 72, "The dredging of Norvik", 20, "Helvetica-Bold")
        to.line(72, 110, "1 Findings", 14, "Helvetica-Bold")
        y = to.lines(72, 140, PROSE, 450)
        to.line(72, y + 14, "The board asked for three things:")
        to.line(90, y + 34, "\u2022")
        to.line(104, y + 34, "a survey of the whole basin before the")
        to.line(104, y + 48, "winter comes")
        to.line(90, y + 62, "\u2022")
        to.line(104, y + 62, "a second dredger")
        to.line(90, y + 76, "\u2022")
        to.line(104, y + 76, "an archive")
        to.line(72, y + 110, "2 Depths", 14, "Helvetica-Bold")
        for at, row in enumerate(
            (
                ("Place", "Year", "Depth"),
                ("Norvik", "1931", "7.4"),
                ("Sandhavn", "1932", "12.75"),
                ("Old pier", "1933", "6.1"),
            )
        ):
            for cell, x in zip(row, (72, 200, 300), strict=True):
                to.line(
                    x, y + 140 + 16 * at, cell, font="Helvetica-Bold" if at == 0 else "Helvetica"
                )
        to.line(72, 760, "1", 6)
        to.line(78, 764, "See the minutes of the board of 1932.", 8)

    text = text_of(tmp_path, draw)
    assert text.title == "The dredging of Norvik"
    assert said(text, "heading") == [
        ("The dredging of Norvik", "1"),
        ("1 Findings", "2"),
        ("2 Depths", "2"),
    ]
    assert said(text, "paragraph") == [(PROSE, ""), ("The board asked for three things:", "")]
    lead = "The board asked for three things:"
    assert said(text, "item") == [
        ("\u2022 a survey of the whole basin before the winter comes", lead),
        ("\u2022 a second dredger", lead),
        ("\u2022 an archive", lead),
    ]
    assert said(text, "row") == [
        ("Place | Year | Depth", "header"),
        ("Norvik | 1931 | 7.4", ""),
        ("Sandhavn | 1932 | 12.75", ""),
        ("Old pier | 1933 | 6.1", ""),
    ]
    assert ("12.75", "Depth") in said(text, "cell")
    assert said(text, "note") == [("\u00b9 See the minutes of the board of 1932.", "")]


def test_what_begins_in_big_type_below_both_columns_is_read_after_both(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        ends = to.lines(72, 120, "On the left. " + PROSE, 200)
        shorter = PROSE.split()[:-12]
        to.lines(300, 120, "On the right. " + " ".join(shorter), 200)
        to.line(72, ends + 24, "Fees", 16, "Helvetica")
        for row in range(6):
            to.line(72, ends + 50 + 14 * row, f"Boat {row} pays {row} euros.")

    text = text_of(tmp_path, draw).text
    places = [text.index(one) for one in ("On the left.", "the right.", "Fees", "Boat 5")]
    assert places == sorted(places)


def test_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    left, right = PROSE, PROSE.replace("harbour", "port").replace("dredger", "barge")

    def draw(to: Writer) -> None:
        to.line(72, 72, "Two columns below one heading that crosses both of them", 16, "Helvetica")
        both = zip(wrapped(left, 200, 11), wrapped(right, 200, 11), strict=False)
        for at, lines in enumerate(both):  # row by row, as some programs write
            to.line(72, 120 + 14 * at, lines[0])
            to.line(300, 120 + 14 * at, lines[1])
        to.line(72, 460, "Another heading that crosses both columns of the page", 16, "Helvetica")
        to.lines(300, 500, "On the right. " + PROSE, 200)
        to.lines(72, 500, "On the left. " + PROSE, 200)

    text = text_of(tmp_path, draw)
    short = min(len(wrapped(left, 200, 11)), len(wrapped(right, 200, 11)))
    assert short > 10
    places = [
        text.text.index(one)
        for one in (
            "Two columns",
            PROSE[:200],
            right[:200],
            "Another",
            "On the left.",
            "On the right.",
        )
    ]
    assert places == sorted(places)


def test_a_paragraph_over_the_end_of_a_page_is_one_block(tmp_path: Path) -> None:
    lines = wrapped(PROSE, 400, 11)

    def draw(to: Writer) -> None:
        for number, some in enumerate((lines[:3], lines[3:]), start=1):
            to.line(72, 40, "Annual report of the board", 9)
            for at, line in enumerate(some):
                to.line(72, 100 + 14 * at, line)
            if number == 1:
                to.line(72, 740, "* Printed in Norvik.", 8)
            to.line(290, 800, f"Page {number} of 2", 9)
            to.page()

    text = text_of(tmp_path, draw)
    assert said(text, "paragraph") == [(PROSE, "")]
    assert page_of(text, lines[2][-20:]) == 1
    assert page_of(text, lines[3][:20]) == 2
    assert [one for one, _ in said(text, "running")] == [
        "Annual report of the board",
        "Page 1 of 2",
        "Annual report of the board",
        "Page 2 of 2",
    ]
    assert page_of(text, "Printed in Norvik") == 1
    assert said(text, "note") == [("* Printed in Norvik.", "")]


def test_headers_of_left_and_right_pages_differ(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for number in (1, 2, 3):
            to.line(72, 40, "The rules of the harbour" if number % 2 else "Chapter four", 9)
            to.lines(72, 90, f"This is page {number} of it. {PROSE}", 400)
            to.page()

    text = text_of(tmp_path, draw)
    headers = [one for one, _ in said(text, "running")]
    assert headers == ["The rules of the harbour", "Chapter four", "The rules of the harbour"]


def test_headings_that_count_up_are_no_headers(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for number in (1, 2, 3):
            to.line(72, 40, "The rules of the harbour", 9)
            to.line(72, 90, f"Article {2 * number}", 11, "Times-Bold")
            to.lines(72, 110, PROSE, 400)
            to.page()

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "heading")] == ["Article 2", "Article 4", "Article 6"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("The moni-", "toring of the port was new."), "The monitoring of the port was new."),
        (("See 2023-", "0379 for that case of it."), "See 2023-0379 for that case of it."),
        (("The file is 2023-", "/0379 as it was."), "The file is 2023-/0379 as it was."),
        (
            ("A well-known pier stands there. It is a well-", "known pier of the town."),
            "A well-known pier stands there. It is a well-known pier of the town.",
        ),
        (
            ("The years 1901\u2013", "1950 were wet there."),
            "The years 1901\u20131950 were wet there.",
        ),
        (("A soft hy\u00ad", "phen is taken out."), "A soft hyphen is taken out."),
    ],
)
def test_hyphens_at_line_ends(tmp_path: Path, lines: Sequence[str], expected: str) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", _font()))

    def draw(to: Writer) -> None:
        for at, line in enumerate(lines):
            to.line(72, 100 + 14 * at, line, font="DejaVu")

    assert text_of(tmp_path, draw).text == expected


def test_ligatures_become_letters(tmp_path: Path) -> None:
    pdfmetrics.registerFont(TTFont("DejaVu", _font()))
    text = text_of(
        tmp_path, lambda to: to.line(72, 100, "An e\ufb03cient o\ufb03ce \ufb02ows.", font="DejaVu")
    )
    assert text.text == "An efficient office flows."


def _font() -> str:
    return str(Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf"))


def test_cells_written_out_of_order_keep_their_words(tmp_path: Path) -> None:
    cells = [[f"r{row}c{column} of it" for column in range(4)] for row in range(8)]

    def draw(to: Writer) -> None:
        places = [(row, column) for row in range(8) for column in range(4)]
        random.Random(3).shuffle(places)
        for row, column in places:
            to.line(72 + 90 * column, 100 + 18 * row, cells[row][column])

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "row")] == [" | ".join(row) for row in cells]


def test_headers_that_nearly_touch_are_cells(tmp_path: Path) -> None:
    headers = ("Harbour", "Soundings", "Ships")
    places = [72.0]
    for header in headers:
        places.append(places[-1] + pdfmetrics.stringWidth(header, "Times-Roman", 11) + 6)

    def draw(to: Writer) -> None:
        for at, row in enumerate((headers, *((f"H{at}", f"{at}.5", f"{at}") for at in range(6)))):
            for cell, x in zip(row, places, strict=False):
                to.line(x, 100 + 16 * at, cell)

    text = text_of(tmp_path, draw)
    assert said(text, "row")[:2] == [
        ("Harbour | Soundings | Ships", "header"),
        ("H0 | 0.5 | 0", ""),
    ]


def test_boxed_cells_hold_several_lines(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.lines(72, 72, PROSE, 450)
        to.canvas.grid([72, 160, 320, 460], [HEIGHT - y for y in (200, 220, 260, 300)])
        for x, word in ((76, "Port"), (164, "What was found"), (324, "What was done")):
            to.line(x, 214, word, font="Times-Bold")
        to.line(76, 240, "Norvik")
        to.line(164, 233, "Sand from the river in")
        to.line(164, 247, "front of the quay")
        to.line(324, 233, "Nothing so far, since")
        to.line(324, 247, "money was missing")
        to.line(76, 280, "Sandhavn")
        to.line(164, 280, "A wreck")
        to.lines(72, 330, PROSE, 450)

    text = text_of(tmp_path, draw)
    assert said(text, "row") == [
        ("Port | What was found | What was done", "header"),
        (
            "Norvik | Sand from the river in front of the quay | "
            "Nothing so far, since money was missing",
            "",
        ),
        ("Sandhavn | A wreck |", ""),
    ]
    assert said(text, "paragraph") == [(PROSE, ""), (PROSE, "")]


def test_line_numbers_and_notes_in_the_margin_stay_out_of_the_prose(tmp_path: Path) -> None:
    lines = wrapped(PROSE, 330, 11)

    def draw(to: Writer) -> None:
        for at, line in enumerate(lines):
            to.line(110, 100 + 20 * at, line)
            to.line(85, 100 + 20 * at, f"{at + 1:2}", 8)
        to.line(460, 127, "The dredger and", 8)
        to.line(460, 137, "its crew", 8)

    text = text_of(tmp_path, draw)
    assert said(text, "paragraph") == [(PROSE, "")]
    assert said(text, "note") == [("The dredger and its crew", "")]
    numbers = " ".join(str(at + 1) for at in range(len(lines)))
    assert said(text, "running") == [(numbers, "")]


def test_numbered_rows_are_no_line_numbers(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for at in range(8):
            for x, cell in ((72, str(at + 1)), (110, f"Port {at}"), (250, str(17 * at + 3))):
                to.line(x, 100 + 18 * at, cell)

    text = text_of(tmp_path, draw)
    assert said(text, "row")[4] == ("5 | Port 4 | 71", "")


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_turned_pages_are_read_as_one_turns_them(tmp_path: Path, turned: int) -> None:
    def draw(to: Writer) -> None:
        to.canvas.translate(WIDTH / 2, HEIGHT / 2)
        to.canvas.rotate(turned)
        for at, line in enumerate(wrapped(PROSE, 400, 11)):
            to.canvas.setFont("Times-Roman", 11)
            to.canvas.drawString(-200, 100 - 14 * at, line)

    assert text_of(tmp_path, draw).text == PROSE


def test_a_stamp_up_the_margin_is_apart_from_the_text(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.lines(100, 100, PROSE, 400)
        to.canvas.rotate(90)
        to.canvas.drawString(200, -40, "Deposited in the archive in 1951")

    text = text_of(tmp_path, draw)
    assert said(text, "paragraph") == [(PROSE, "")]
    assert said(text, "running") == [("Deposited in the archive in 1951", "")]


def test_what_the_file_says_of_itself(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.canvas.setTitle("Silt and sand")
        to.canvas.setAuthor("A. Holm")
        to.line(72, 100, "Nothing else.")

    text = text_of(tmp_path, draw)
    assert (text.title, text.author, text.date) == ("Silt and sand", "A. Holm", "2000-01-01")


@pytest.mark.parametrize(
    "title", ["Microsoft Word - Report final.doc", "untitled", "report_v2.docx", "", "Final v3.pdf"]
)
def test_junk_is_no_title(tmp_path: Path, title: str) -> None:
    def draw(to: Writer) -> None:
        to.canvas.setTitle(title)
        to.line(72, 72, "The dredging", 22)
        to.line(72, 98, "of Norvik", 22)
        to.lines(72, 140, PROSE, 450)

    assert text_of(tmp_path, draw).title == "The dredging of Norvik"


def test_what_is_filled_in_on_a_form_is_text(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(72, 100, "Name of the ship:")
        to.canvas.acroForm.textfield(
            name="ship", x=200, y=HEIGHT - 105, width=150, height=18, value="Gull", fontSize=11
        )

    assert text_of(tmp_path, draw).text in ("Name of the ship: Gull", "Name of the ship:\n\nGull")


def test_typescripts_are_no_programs(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for at, line in enumerate(wrapped(PROSE, 250, 11)):
            to.line(72, 100 + 14 * at, line, font="Courier")

    assert said(text_of(tmp_path, draw), "paragraph") == [(PROSE, "")]


def test_programs_keep_their_lines(tmp_path: Path) -> None:
    code = ("def depth(at: str) -> float:", "return BOOK[at]")

    def draw(to: Writer) -> None:
        y = to.lines(72, 100, PROSE, 400)
        for at, line in enumerate(code):
            to.line(72 + 20 * at, y + 10 + 14 * at, line, font="Courier")

    assert said(text_of(tmp_path, draw), "code") == [("\n".join(code), "")]


def test_pages_are_called_as_they_are_printed(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
        to.canvas.addPageLabel(2, style="ARABIC", start=1)
        for at in range(4):
            to.line(72, 100, f"This is sheet {at}.")
            to.page()

    text = text_of(tmp_path, draw)
    assert [(one.number, one.label) for one in text.pages] == [
        (1, "i"),
        (2, "ii"),
        (3, "1"),
        (4, "2"),
    ]


def scanned(path: Path, pages: int, with_text: Sequence[int] = ()) -> None:
    writer = Writer(path)
    image = ImageReader(_image())
    for number in range(1, pages + 1):
        if number in with_text:
            writer.lines(72, 100, PROSE, 400)
        else:
            writer.canvas.drawImage(image, 50, 50, 400, 600)
        writer.page()
    writer.save()


def _image() -> object:
    from PIL import Image

    return Image.new("RGB", (20, 30), (200, 200, 190))


def test_pages_without_text_are_named(tmp_path: Path) -> None:
    scanned(tmp_path / "scan.pdf", 12, with_text=(1, 10))
    contents = read(tmp_path / "scan.pdf")
    assert contents.warnings == (
        "pages 2 to 9, 11 and 12 hold no text (scanned?); to have them recognised: install one",
    )
    assert contents.lost == contents.warnings


def test_a_scan_is_refused_with_its_remedy(tmp_path: Path) -> None:
    scanned(tmp_path / "scan.pdf", 2)
    with pytest.raises(UnusableInput, match=r"no text on any page.*recognised: install one"):
        read(tmp_path / "scan.pdf")


def test_a_password_is_asked_for_and_used(tmp_path: Path) -> None:
    path = tmp_path / "locked.pdf"
    writer = Writer(path, encrypt=StandardEncryption("sesam", "owner", strength=128))
    writer.lines(72, 100, PROSE, 400)
    writer.save()
    with pytest.raises(UnusableInput, match="is protected by a password; give it with --password"):
        read(path)
    with pytest.raises(UnusableInput, match="another password"):
        read(path, "open")
    assert read(path, "sesam").texts[0].text == PROSE


# The characters of its codes are named as nothing is called.
NAMELESS = (
    b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1000 1000] /FontMatrix [0.001 0 0 0.001 0 0] "
    b"/FirstChar 1 /LastChar 9 /Widths [500 500 500 500 500 500 500 500 500] /CharProcs << >> "
    b"/Encoding << /Type /Encoding /Differences [1 /g1 /g2 /g3 /g4 /g5 /g6 /g7 /g8 /g9] >> >>"
)


def test_fonts_that_do_not_say_what_they_show_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "nameless.pdf"
    path.write_bytes(
        simple_pdf(b"BT /F1 12 Tf 72 700 Td (\\001\\002\\003\\004 \\005\\006) Tj ET", NAMELESS)
    )
    with pytest.raises(UnusableInput, match=r"no text that can be read.*recognised: install one"):
        read(path)


def test_what_can_be_read_beside_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "nameless.pdf"
    content = b"BT /F1 12 Tf 72 700 Td (\\001\\002\\003\\004 \\005\\006 mole) Tj ET"
    names = b"/Encoding << /Type /Encoding /Differences [1 /g1 /g2 /g3 /g4 /g5 /g6] >> >>"
    path.write_bytes(simple_pdf(content, HELVETICA.replace(b">>", names), 2))
    contents = read(path)
    assert contents.texts[0].text == "mole\n\nmole"
    assert contents.warnings == (
        "page 1: 60 % of its characters cannot be read",
        "page 2: 60 % of its characters cannot be read",
    )


def test_a_broken_page_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(
        simple_pdf(b"BT /F1 12 Tf 72 700 Td (The pier is long.) Tj ET", HELVETICA, 4, broken=[1])
    )
    contents = read(path)
    assert [one.number for one in contents.texts[0].pages] == [1, 3, 4]
    assert contents.warnings == ("page 2 cannot be read: broken",)


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7\n", b"no PDF at all", bytes(range(256)) * 9])
def test_what_is_no_pdf_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(data)
    with pytest.raises(UnusableInput):
        read(path)


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "whole.pdf"
    writer = Writer(path)
    for _ in range(3):
        writer.lines(72, 100, PROSE, 400)
        writer.page()
    writer.save()
    whole = path.read_bytes()
    chance = random.Random(11)
    damaged = [whole[: len(whole) * at // 20] for at in range(20)]
    for _ in range(60):
        flipped = bytearray(whole)
        for _ in range(chance.randint(1, 40)):
            flipped[chance.randrange(len(flipped))] = chance.randrange(256)
        damaged.append(bytes(flipped))
    outcomes = set()
    for data in damaged:
        path.write_bytes(data)
        try:
            read(path)
            outcomes.add("read")
        except UnusableInput:
            outcomes.add("refused")
    assert outcomes == {"read", "refused"}


def test_a_pdf_is_told_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(simple_pdf(b"BT /F1 12 Tf 72 700 Td (Hello.) Tj ET", HELVETICA))
    assert format_of(path).name == "PDF"


def test_the_same_file_gives_the_same_text(tmp_path: Path) -> None:
    path = tmp_path / "file.pdf"
    writer = Writer(path)
    writer.lines(72, 100, PROSE, 200)
    writer.lines(300, 100, PROSE, 200)
    writer.save()
    assert read(path) == read(path)
