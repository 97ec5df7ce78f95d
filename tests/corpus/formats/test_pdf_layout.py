from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

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
