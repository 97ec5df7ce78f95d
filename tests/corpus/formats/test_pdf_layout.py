from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from footnoted.corpus.types import Extracted
from support.extracted import said
from support.pdf_files import HEIGHT, PROSE, Writer, text_of, wrapped

OTHER = PROSE.replace("harbour", "port").replace("dredger", "barge")


def in_order(text: str, *quotes: str) -> bool:
    places = [text.find(quote) for quote in quotes]
    return -1 not in places and places == sorted(places)


def test_headings_at_the_same_height_make_no_table_of_columns(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for x, prose, heading in ((72, PROSE, "4 Silt"), (300, OTHER, "5 Sand")):
            lines = wrapped(prose, 200, 11)
            for at, line in enumerate(lines[:12]):
                to.line(x, 100 + 14 * at, line)
            to.line(x, 300, heading, 14, "Helvetica-Bold")
            for at, line in enumerate(lines[12:]):
                to.line(x, 330 + 14 * at, line)
            for at, line in enumerate(lines):
                to.line(x, 460 + 14 * at, line)

    text = text_of(tmp_path, draw)
    assert not said(text, "row")
    assert in_order(text.text, PROSE[:120], "4 Silt", OTHER[:120], "5 Sand")


def test_a_narrow_column_beside_an_abstract_is_a_column(tmp_path: Path) -> None:
    facts = (
        "Article history:",
        "Received 12 May 1931",
        "Received in revised form",
        "28 May 1931",
        "Accepted 13 June 1931",
        "Keywords:",
        "Harbours",
        "Silt and sand",
    )

    def draw(to: Writer) -> None:
        for at, line in enumerate(facts):
            to.line(72, 100 + 11 * at, line, 8)
        to.lines(220, 103, PROSE, 300, 9, 12.4)
        to.lines(72, 330, OTHER, 450)

    text = text_of(tmp_path, draw)
    assert not said(text, "row")
    assert PROSE in text.text
    assert in_order(text.text, "Article history:", "Silt and sand", PROSE)


def grid(to: Writer, x: float, y: float, cells: Sequence[Sequence[str]], step: float = 20) -> None:
    """A table with a box around each cell."""
    xs = [x, x + 90, x + 180]
    to.canvas.grid(xs, [HEIGHT - y - step * at for at in range(len(cells) + 1)])
    for at, row in enumerate(cells):
        for left, cell in zip(xs, row, strict=False):
            to.line(left + 4, y + step * at + 14, cell, 9)


def cells(name: str, rows: int) -> list[tuple[str, str]]:
    return [(f"{name} {at}", f"depth {at} of {name}") for at in range(rows)]


def test_boxed_tables_stand_in_columns(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for x, name in ((60, "Norvik"), (310, "Sandhavn")):
            to.line(x, 90, f"Harbour of {name}", 14, "Helvetica-Bold")
            grid(to, x, 110, cells(name, 5))
            to.line(x, 260, f"Piers of {name}", 14, "Helvetica-Bold")
            grid(to, x, 280, cells(f"Pier {name}", 4))

    text = text_of(tmp_path, draw)
    assert in_order(
        text.text,
        "Harbour of Norvik",
        "Norvik 4 | depth 4 of Norvik",
        "Piers of Norvik",
        "Harbour of Sandhavn",
        "Piers of Sandhavn",
    )


def test_what_is_drawn_in_forms_counts(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.canvas.beginForm("page")
        grid(to, 60, 110, [("Port", "What was found"), ("Norvik", ""), ("Sandhavn", "")], 40)
        to.line(154, 110 + 40 + 20, "Sand from the", 9)
        to.line(154, 110 + 40 + 31, "river", 9)
        to.canvas.endForm()
        to.canvas.doForm("page")

    text = text_of(tmp_path, draw)
    assert ("Norvik | Sand from the river", "") in said(text, "row")


def test_rows_that_no_rules_part(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.canvas.grid([60, 160, 240, 420], [HEIGHT - y for y in (100, 120, 300)])
        for x, head in ((64, "Agent"), (164, "Dilution"), (244, "Use")):
            to.line(x, 114, head, 9, "Times-Bold")
        for at in range(4):
            y = 134 + 40 * at
            to.line(64, y, f"Agent {at}", 9)
            to.line(64, y + 11, "in water", 9)
            to.line(164, y, f"{1000 + at}", 9)
            to.line(244, y, "Soak the seeds for a", 9)
            to.line(244, y + 11, f"day and {at} hours.", 9)

    text = text_of(tmp_path, draw)
    assert said(text, "row")[1:] == [
        (f"Agent {at} in water | {1000 + at} | Soak the seeds for a day and {at} hours.", "")
        for at in range(4)
    ]


def test_dots_lead_to_figures_in_tables(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for x, head in ((200, "Total"), (250, "Male"), (300, "Female")):
            to.line(x, 100, head, 9)
        for at, name in enumerate(("Fraud", "Robbery", "Arson", "Vandalism")):
            to.line(60, 114 + 12 * at, name + " . " * 12, 9)
            for x, figure in ((200, 11.5), (250, 7.25), (300, 4.25)):
                to.line(x, 114 + 12 * at, str(figure + at), 9)

    text = text_of(tmp_path, draw)
    assert ("Robbery | 12.5 | 8.25 | 5.25", "") in said(text, "row")


def test_narrow_gutters_part_cells(tmp_path: Path) -> None:
    names = ("MENA JUAN", "MOLLE MATIAS", "PERAZZO PABLO", "PISONI CARLOS", "URRIZA MARIA")

    def draw(to: Writer) -> None:
        for at, name in enumerate(names):
            for x, cell in (
                (60, name),
                (200, "27.083.460"),
                (262, "09/10/2013"),
                (317, "EFECTIVO"),
                (440, "$ 10.000,00"),
            ):
                to.line(x, 100 + 12 * at, cell, 9, "Helvetica")

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "row")] == [
        f"{name} | 27.083.460 | 09/10/2013 | EFECTIVO | $ 10.000,00" for name in names
    ]


def test_a_table_above_columns_is_not_cut_by_their_gutter(tmp_path: Path) -> None:
    rows = [(f"Extension {at}", f"{2010 + at}", f"{2012 + at}", f"{at}") for at in range(8)]

    def draw(to: Writer) -> None:
        for at, row in enumerate(rows):
            for x, cell in zip((72, 200, 276, 400), row, strict=True):
                to.line(x, 80 + 12 * at, cell + (" and on" if at == 4 and x == 276 else ""), 9)
        to.line(140, 190, "Table 1: Extensions of the harbours of the county", 9)
        for x, prose in ((72, PROSE), (300, OTHER)):
            y = to.lines(x, 220, prose, 200)
            to.lines(x, y, prose, 200)

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "row")] == [
        " | ".join(row).replace("2016 |", "2016 and on |") if row[1] == "2014" else " | ".join(row)
        for row in rows
    ]
    assert in_order(text.text, "Extension 7", PROSE[:100], OTHER[:100])


def test_figures_below_figures_begin_rows(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for y in (90, 108, 150):
            to.canvas.line(72, HEIGHT - y, 400, HEIGHT - y)
        table = (
            ("", "", "Mean", "Deviation"),
            ("Serum", "Before the exercise", "25.59", "1.59"),
            ("per ml", "After the exercise", "21.45", "2.08"),
        )
        for at, row in enumerate(table):
            for x, cell in zip((72, 140, 260, 330), row, strict=True):
                if cell:
                    to.line(x, 102 + 18 * at, cell, 9)

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "row")][1:] == [
        "Serum | Before the exercise | 25.59 | 1.59",
        "per ml | After the exercise | 21.45 | 2.08",
    ]


def test_short_notes_in_small_type_stand_in_the_margin(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.lines(120, 100, PROSE, 330)
        to.line(90, 128, "1-O", 7)

    text = text_of(tmp_path, draw)
    assert said(text, "paragraph") == [(PROSE, "")]
    assert said(text, "note") == [("1-O", "")]


def test_an_index_is_read_column_after_column(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for x, name in ((72, "Pier"), (300, "Quay")):
            for at in range(30):
                inner = at % 3
                entry = f"built in {1900 + at}" if inner else f"{name} {at}, of stone, {at}"
                to.line(x + (14 if inner else 0), 100 + 14 * at, entry, 9)
            to.line(x + 120, 100 + 14 * 28, "see the list, 8", 9)

    text = text_of(tmp_path, draw)
    assert not said(text, "row")
    assert in_order(text.text, "Pier 0", "built in 1901", "Pier 27", "Quay 0", "Quay 27")


def named(text: Extracted, row: str) -> list[tuple[str, str]]:
    """The cells of the row that begins with ``row``, each after its header."""
    start = text.text.index(row)
    end = (text.text + "\n").index("\n", start)
    cells = [one for one in text.annotations if one.kind == "cell" and start <= one.start < end]
    return [(one.value, text.text[one.start : one.end]) for one in cells]


def test_numbered_paragraphs_with_a_gap_after_their_number_make_no_table(tmp_path: Path) -> None:
    articles = (
        ("Article 7", ("A boat carries a lamp for each side, which is lit at dusk.",)),
        ("Article 8", ("The master keeps a book.", "It is shown to whoever asks for it.")),
        ("Article 9", ("Whoever sails without a lamp pays a fine.", "It is paid at once.")),
    )

    def draw(to: Writer) -> None:
        y = 100.0
        for article, paragraphs in articles:
            to.line(260, y, article)
            y += 18
            for number, paragraph in enumerate(paragraphs, 1):
                to.line(72, y, f"{number}.")
                words = f"{paragraph} This holds for all boats of the county, and for guests."
                to.line(100, y, words[:60].rsplit(" ", 1)[0])
                to.line(72, y + 14, words[len(words[:60].rsplit(" ", 1)[0]) + 1 :])
                y += 32

    text = text_of(tmp_path, draw)
    assert not said(text, "row")
    for _, paragraphs in articles:
        for number, paragraph in enumerate(paragraphs, 1):
            assert f"{number}. {paragraph} This holds for all boats" in text.text


@pytest.mark.parametrize("is_centred", [True, False])
def test_headers_over_several_columns_are_said_of_each(tmp_path: Path, is_centred: bool) -> None:
    def draw(to: Writer) -> None:
        for x, group in ((200, "1931"), (340, "1932")):
            to.line(x + 46 if is_centred else x, 100, group)
        to.line(72, 114, "Harbour")
        for x, header in ((200, "Calls"), (270, "Cargo"), (340, "Calls"), (410, "Cargo")):
            to.line(x, 114, header)
        to.line(480, 114, "Berths")
        for at, name in enumerate(("Norvik", "Sandhavn", "Gedser", "Elwin")):
            to.line(72, 130 + 14 * at, name)
            for number, x in enumerate((200, 270, 340, 410, 480)):
                to.line(x, 130 + 14 * at, str(100 * at + 10 * number + 11))

    assert named(text_of(tmp_path, draw), "Sandhavn") == [
        ("Harbour", "Sandhavn"),
        ("1931 Calls", "111"),
        ("1931 Cargo", "121"),
        ("1932 Calls", "131"),
        ("1932 Cargo", "141"),
        ("Berths", "151"),
    ]


def test_boxes_tell_over_which_columns_a_header_stands(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        xs = (72, 172, 232, 292, 352, 412)
        for y in (100, 140, 160, 180, 200):
            to.canvas.line(xs[0], HEIGHT - y, xs[-1], HEIGHT - y)
        to.canvas.line(xs[1], HEIGHT - 120, xs[-1], HEIGHT - 120)
        for at, x in enumerate(xs):
            to.canvas.line(x, HEIGHT - (120 if at in (2, 4) else 100), x, HEIGHT - 200)
        to.line(76, 124, "Question", 9)
        to.line(220, 114, "Men", 9)
        to.line(335, 114, "Women", 9)
        for x, answer in zip(xs[1:5], ("Yes", "No") * 2, strict=True):
            to.line(x + 4, 134, answer, 9)
        for at, question in enumerate(("Do you sail?", "Do you row?", "Do you swim?")):
            to.line(76, 154 + 20 * at, question, 9)
            for number, x in enumerate(xs[1:5]):
                to.line(x + 40, 154 + 20 * at, str(20 * at + number + 11), 9)

    assert named(text_of(tmp_path, draw), "Do you row?") == [
        ("Question", "Do you row?"),
        ("Men Yes", "31"),
        ("Men No", "32"),
        ("Women Yes", "33"),
        ("Women No", "34"),
    ]


def test_bold_lines_are_headings_wherever_they_end(tmp_path: Path) -> None:
    """Also if they nearly fill their column, and where all paragraphs are of one line."""

    def draw(to: Writer) -> None:
        y = to.lines(72, 100, PROSE, 180)
        to.line(84, y + 2, "2. Of the sand that is lost", 11, "Times-Bold")
        y = to.lines(72, y + 16, OTHER, 180)
        to.page()
        for at, name in enumerate(("Norvik", "Elwin", "Sandhavn")):
            to.line(72, 100 + 72 * at, f"Of {name}", 11, "Times-Bold")
            to.line(72, 124 + 72 * at, "Nothing was said by those who were there.")
            to.line(72, 148 + 72 * at, f"Nobody has asked about {name} in this or any year.")
        to.page()
        to.line(260, 100, "CHAPTER II")
        to.line(220, 114, "OF LAMPS AND OF BOOKS", 11, "Times-Bold")

    text = text_of(tmp_path, draw)
    assert [one for one, _ in said(text, "heading")] == [
        "2. Of the sand that is lost",
        *("Of Norvik", "Of Elwin", "Of Sandhavn"),
        "CHAPTER II OF LAMPS AND OF BOOKS",
    ]
    assert [one for one, _ in said(text, "paragraph")][:2] == [PROSE, OTHER]


def test_the_number_of_an_article_and_its_title_are_one_heading(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        to.line(260, 100, "Article 7", 11, "Times-Italic")
        to.line(265, 118, "Lamps", 11, "Times-Bold")
        y = to.lines(72, 140, PROSE, 440)
        to.line(260, y + 12, "Article 8", 11, "Times-Italic")
        to.lines(72, y + 34, OTHER, 440)

    text = text_of(tmp_path, draw)
    assert said(text, "heading") == [("Article 7 Lamps", "1")]
    assert said(text, "paragraph") == [(PROSE, ""), ("Article 8", ""), (OTHER, "")]


def test_years_are_headers_over_figures(tmp_path: Path) -> None:
    def draw(to: Writer) -> None:
        for at, row in enumerate(
            (("Harbour", "1931", "1932"), ("Norvik", "5.5", "5.9"), ("Elwin", "7.1", "6.8"))
        ):
            for x, cell in zip((72, 200, 300), row, strict=True):
                to.line(x, 100 + 14 * at, cell)

    assert named(text_of(tmp_path, draw), "Elwin") == [
        ("Harbour", "Elwin"),
        ("1931", "7.1"),
        ("1932", "6.8"),
    ]


def test_figures_that_fill_the_width_are_cells(tmp_path: Path) -> None:
    """What stretches a line of prose has the same gaps."""

    def draw(to: Writer) -> None:
        for at in range(5):
            to.line(72, 100 + 14 * at, "Sum" if at == 4 else f"Pier {at}")
            for number in range(5):
                to.line(113 + 51 * number, 100 + 14 * at, f"{at + 1},{number}00.00")

    row = named(text_of(tmp_path, draw), "Pier 2")
    assert [cell for _, cell in row] == ["Pier 2", *(f"3,{at}00.00" for at in range(5))]


def test_a_letter_s_head_is_read_one_side_after_the_other(tmp_path: Path) -> None:
    sender = ("Norvik Boatyard", "Havnegade 12", "7100 Norvik", "VAT 31 44 20 18")
    facts = ("Number: 187", "Date: 14 June 1931", "Due: 14 July 1931", "Your sign: Toft")

    def draw(to: Writer) -> None:
        for at, (left, right) in enumerate(zip(sender, facts, strict=True)):
            to.line(72, 80 + 13 * at, left)
            to.canvas.drawRightString(520, HEIGHT - 81 - 13 * at, right)
        to.lines(72, 180, PROSE, 440)

    text = text_of(tmp_path, draw).text
    assert in_order(text, *sender, *facts, PROSE[:60])


def test_a_coloured_bar_beside_a_text_is_a_column(tmp_path: Path) -> None:
    bar = (
        "Contact",
        "Lindevej 4",
        "8000 Aarhus",
        "Languages",
        "Danish",
        "English",
        "Skills",
        "Sail",
    )
    heights = (80, 103, 114, 143, 154, 171, 190, 201)
    jobs = (
        *("Experience", "", "1919 to today, surveyor", "Leads five in the harbour", ""),
        *("1914 to 1919, pilot", "Brought ships through the sound", "", "Schools", "Ribe"),
    )

    def draw(to: Writer) -> None:
        to.canvas.setFillGray(0.85)
        to.canvas.rect(0, 0, 170, HEIGHT, stroke=0, fill=1)
        to.canvas.setFillGray(0)
        for y, line in zip(heights, bar, strict=True):
            to.line(30, y, line, 10)
        for at, line in enumerate(jobs):
            to.line(200, 82 + 14 * at, line, 10)

    text = text_of(tmp_path, draw)
    assert not said(text, "row")
    assert in_order(text.text, *filter(None, (*bar, *jobs)))
