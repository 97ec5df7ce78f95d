from __future__ import annotations

import datetime as dt
import struct
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats import format_of
from footnoted.corpus.formats.number_formats import shown_number
from footnoted.corpus.formats.sheets.delimited import Delimited
from footnoted.corpus.formats.sheets.headers import tables
from footnoted.corpus.formats.sheets.workbook import Workbook, shown
from footnoted.corpus.formats.zipped_xml import PROTECTED
from footnoted.corpus.types import Contents
from support.compound import compound_file
from support.damage import damaged
from support.extracted import check, said


def _read(path: Path) -> Contents:
    contents = format_of(path).read(path)
    for one in contents.texts:
        check(one)
    return contents


def _report(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    dates = book.add_format({"num_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Figures")
    sheet.merge_range("A1:E1", "Sales of the year")
    sheet.merge_range("B3:C3", "2023")
    sheet.merge_range("D3:E3", "2024")
    sheet.write_row("A4", ["Region", "Revenue", "Cost", "Revenue", "Cost"])
    sheet.merge_range("A5:A6", "North")
    sheet.write_row("B5", [120, 80.5, 130, 0.1 + 0.2])
    sheet.write_row("B6", [1, 2, 3, 4])
    sheet.write("A8", "Figures in thousands.")
    hidden = book.add_worksheet("Notes")
    hidden.hide()
    hidden.write_row("A1", ["Day", "What"])
    hidden.write("A2", dt.date(2024, 3, 1), dates)
    hidden.write("B2", "Fair")
    book.add_worksheet("Empty")
    book.close()


def test_rows_of_a_workbook_name_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    _report(path)
    contents = _read(path)
    (text,) = contents.texts
    assert said(text, "heading") == [("Figures", "1"), ("Sales of the year", "2"), ("Notes", "1")]
    assert [row for row, value in said(text, "row") if value != "header"] == [
        "Region: North | 2023 Revenue: 120 | 2023 Cost: 80.5 | 2024 Revenue: 130 | 2024 Cost: 0.3",
        "Region: North | 2023 Revenue: 1 | 2023 Cost: 2 | 2024 Revenue: 3 | 2024 Cost: 4",
        "Day: 2024-03-01 | What: Fair",
    ]
    assert ("130", "2024 Revenue") in said(text, "cell")
    assert said(text, "paragraph") == [("Figures in thousands.", "")]
    assert text.pages == ()
    assert contents.warnings == ("the hidden sheet Notes is read, too",)


def test_cells_at_both_ends_of_a_sheet_cost_no_more_than_two(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Wide")
    sheet.write(0, 0, "first")
    sheet.write(1048575, 16383, "last")
    book.close()
    (text,) = _read(path).texts
    assert text.text == "Wide\n\nfirst\n\nlast"


def test_formulas_without_values_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Sums")
    sheet.write_row("A1", ["Name", "Sum"])
    sheet.write("A2", "Anna")
    sheet.write_formula("B2", "=1+1", None, 2)
    sheet.write("A3", "Bert")
    sheet.write_formula("B3", "=1+2", None, "MARK")
    sheet.write("A4", "Cora")
    sheet.write_formula("B4", "=1/0", None, "#DIV/0!")
    book.close()
    _rewrite(path, "xl/worksheets/sheet1.xml", b"<v>MARK</v>", b"")
    contents = _read(path)
    rows = [row for row, _ in said(contents.texts[0], "row")]
    assert rows == ["Name | Sum", "Name: Anna | Sum: 2", "Name: Bert", "Name: Cora"]
    assert contents.warnings[0].startswith("1 formula without saved values left out")
    assert contents.warnings[1] == "1 cell with an error for a value left out"
    assert contents.lost == contents.warnings[:1]


def _rewrite(path: Path, name: str, old: bytes, new: bytes) -> None:
    written = BytesIO()
    with zipfile.ZipFile(path) as given, zipfile.ZipFile(written, "w") as changed:
        for member in given.namelist():
            data = given.read(member)
            if member == name:
                assert old in data
                data = data.replace(old, new)
            changed.writestr(member, data)
    path.write_bytes(written.getvalue())


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Prices">
<table:table-row>
<table:table-cell office:value-type="string"><text:p>Fruit</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>Price</text:p></table:table-cell>
<table:table-cell table:number-columns-repeated="16382"/></table:table-row>
<table:table-row>
<table:table-cell office:value-type="string"><text:p>Apple</text:p></table:table-cell>
<table:table-cell office:value-type="float" office:value="2"/></table:table-row>
<table:table-row table:number-rows-repeated="1048574">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def _write_ods(path: Path, content: str = ODS) -> None:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        names = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{names}"><m:file-entry m:full-path="/" m:media-type="{kind}"/>'
            "</m:manifest>",
        )


def test_a_spreadsheet_of_opendocument(tmp_path: Path) -> None:
    _write_ods(tmp_path / "a.bin")
    (text,) = _read(tmp_path / "a.bin").texts
    assert text.text == "Prices\n\nFruit | Price\nFruit: Apple | Price: 2"


def _record(kind: int, data: bytes) -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _xls(formats: bytes = b"", numbers: bytes = b"") -> bytes:
    """A workbook of Excel 97: a sheet of two rows, or of more ``numbers``."""
    name = b"Old"
    end = _record(0x0A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 0))
    at = len(start) + 4 + 8 + len(name) + len(formats) + len(end)
    about = _record(0x85, struct.pack("<IBBBB", at, 0, 0, len(name), 0) + name)
    cells = b"".join(
        _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 0) + text)
        for row, column, text in [(0, 0, b"Fruit"), (0, 1, b"Price"), (1, 0, b"Apple")]
    )
    cells += numbers or _record(0x0203, struct.pack("<HHHd", 1, 1, 0, 2.5))
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0)) + cells + end
    return compound_file({"Workbook": start + about + formats + end + sheet})


def test_a_workbook_of_old_excel(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(_xls())
    (text,) = _read(tmp_path / "a.bin").texts
    assert text.text == "Old\n\nFruit | Price\nFruit: Apple | Price: 2.5"


def test_values_are_shown_as_people_write_them() -> None:
    assert shown(2.0) == "2"
    assert shown(0.1 + 0.2) == "0.3"
    assert shown(1e-7) == "0.0000001"
    assert shown(float("nan")) == "nan"
    assert shown(dt.datetime(2024, 3, 1)) == "2024-03-01"
    assert shown(dt.datetime(2024, 3, 1, 9, 30)) == "2024-03-01 09:30"
    assert shown(dt.timedelta(hours=36, minutes=5)) == "36:05"
    assert shown(True) == "TRUE"


def _headers(*rows: str) -> list[list[str]]:
    return [table.headers for table in tables([row.split(",") for row in rows])]


def test_headers_are_told_from_data() -> None:
    assert _headers("Name,City", "Anna,Berlin", "Bert,Paris") == [["Name", "City"]]
    assert _headers("1,2,3", "4,5,6") == [[]]
    assert _headers("Country,2021,2022", "Norway,5,6.5") == [["Country", "2021", "2022"]]
    assert _headers("2021,2022", "2023,2024") == [[]]
    assert _headers("Report,,", "Fruit,Kind,Price", "Apple,red,2") == [["Fruit", "Kind", "Price"]]
    assert _headers(",2023,,2024,", "Who,In,Out,In,Out", "A,1,2,3,4") == [
        ["Who", "2023 In", "2023 Out", "2024 In", "2024 Out"]
    ]


def test_a_table_goes_on_below_an_empty_row() -> None:
    first, second, third = tables(
        [["Fruit", "Price"], ["Apple", "2"], [], ["Sum", "2"], [], ["Day", "Sold"], ["Monday", "7"]]
    )
    assert first.headers == second.headers == ["Fruit", "Price"]
    assert third.headers == ["Day", "Sold"]


def test_broken_workbooks_are_refused_or_read(tmp_path: Path) -> None:
    _report(tmp_path / "a.xlsx")
    _write_ods(tmp_path / "a.ods")
    (tmp_path / "a.xls").write_bytes(_xls())
    for name in ("a.xlsx", "a.ods", "a.xls"):
        for number, broken in enumerate(damaged((tmp_path / name).read_bytes())):
            path = tmp_path / f"{number}{name}"
            path.write_bytes(broken)
            try:
                Workbook().read(path)
            except UnusableInput as error:
                assert "\n" not in str(error)


def _csv(tmp_path: Path, text: str | bytes, name: str = "a.csv") -> list[str]:
    path = tmp_path / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    (extracted,) = _read(path).texts
    return [row for row, _ in said(extracted, "row")]


def test_the_sign_between_cells_is_found(tmp_path: Path) -> None:
    rows = ["Fruit | Price", "Fruit: Apple | Price: 1,50", "Fruit: Pear | Price: 2,20"]
    for sign in ";\t|":
        text = "Fruit,Price\nApple,1#50\nPear,2#20\n".replace(",", sign).replace("#", ",")
        assert _csv(tmp_path, text) == rows
    assert _csv(tmp_path, "sep=|\nFruit|Price\nApple|1,50\nPear|2,20\n") == rows
    assert _csv(tmp_path, 'Fruit,Price\nApple,"1,50"\nPear,"2,20"\n') == rows
    assert _csv(tmp_path, "Fruit\tPrice\nApple\t1,50\nPear\t2,20\n".encode("utf-16")) == rows


def test_a_cell_of_many_lines_is_one_and_an_open_mark_costs_a_line(tmp_path: Path) -> None:
    assert _csv(tmp_path, 'id,note\n1,"a\nb"\n')[1] == "id: 1 | note: a b"
    path = tmp_path / "b.csv"
    path.write_text('id,note\n1,"never closed\n2,six\n' + f"3,{'x' * 200_000}\n")
    contents = _read(path)
    rows = [row for row, _ in said(contents.texts[0], "row")]
    assert rows[1:3] == ["id: 1 | note: never closed", "id: 2 | note: six"]
    assert len(rows[3]) > 200_000
    assert contents.warnings == ("a quotation mark is not closed; each line is read as a row",)


def test_rows_longer_than_the_headers_lose_nothing(tmp_path: Path) -> None:
    assert _csv(tmp_path, "a,b\n1,2,extra\n")[1] == "a: 1 | b: 2 | extra"


def test_broken_csv_is_refused_or_read(tmp_path: Path) -> None:
    for number, broken in enumerate(damaged(b'id,note\n1,"a ""b"" c"\n2,d\n' * 20)):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(broken)
        try:
            check(Delimited().read(path).texts[0])
        except UnusableInput as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.125, "0 %", "13 %"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (-5, "#,##0;(#,##0)", "(5)"),
        (-5.5, "0.0", "-5.5"),
        (-0.001, "0.0", "0.0"),
        (1.005, "0.00", "1.01"),
        (0, '_-* "-"??_-', "-"),
        (-1234.5, '_($* #,##0.00_);_($* (#,##0.00);_($* "-"??_);_(@_)', "$(1,234.50)"),
        (1234.5, "#,##0.00\\ [$€-407]", "1,234.50 €"),
        (5551234567, "(###) ###-####", "(555) 123-4567"),
        (7, "00000", "00007"),
        (1234567, '0.0,,"M"', "1.2M"),
        (1500, '[>=1000]0.0,"k";0', "1.5k"),
        (15, '[>=1000]0.0,"k";0', "15"),
        (3, "0.##", "3"),
        (12.5, ".00", "12.50"),
        (9.999, "0.00E+00", "1.00E+01"),
        (2.5, 'General" kg"', "2.5 kg"),
        (0, '"yes";;"no"', "no"),
        (-3, "[Red]0.0;[Blue]-0.0", "-3.0"),
        (5, ";;;", None),
        (45000, "yyyy-mm-dd", None),
        (0.5, "# ?/?", None),
        (3, "@", None),
    ],
)
def test_numbers_by_the_codes_of_their_formats(value: float, code: str, said: str | None) -> None:
    assert shown_number(value, code) == said


def test_numbers_of_a_workbook_are_told_as_they_are_shown(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.bin")
    sheet = book.add_worksheet("Fees")
    formats = [book.add_format({"num_format": code}) for code in ("0.0%", "#,##0", '0 "<kg>"')]
    sheet.write_row("A1", ["Share", "Sum", "Weight"])
    for column, value in enumerate((0.125, 98765, 3)):
        sheet.write(1, column, value, formats[column])
    sheet.write_formula("A3", "=A2*2", formats[0], 0.25)
    book.close()
    (text,) = _read(tmp_path / "a.bin").texts
    assert text.text.splitlines()[-2:] == [
        "Share: 12.5% | Sum: 98,765 | Weight: 3 <kg>",
        "Share: 25.0%",
    ]


def test_numbers_of_an_old_workbook_are_told_as_they_are_shown(tmp_path: Path) -> None:
    code = b'0.0" %"'
    formats = _record(0x041E, struct.pack("<HHB", 164, len(code), 0) + code)
    formats += b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 164, 9))
    cells = _record(0x0203, struct.pack("<HHHd", 1, 1, 1, 2.5))
    cells += _record(0x00BD, struct.pack("<HHHIHIH", 2, 0, 1, 3 << 2 | 2, 2, 1 << 2 | 2, 1))
    (tmp_path / "a.bin").write_bytes(_xls(formats, cells))
    (text,) = _read(tmp_path / "a.bin").texts
    assert text.text.endswith("\nFruit: Apple | Price: 2.5 %\nFruit: 3.0 % | Price: 100%")


def test_numbers_of_an_opendocument_sheet_are_told_as_they_are_shown(tmp_path: Path) -> None:
    _write_ods(tmp_path / "a.bin")
    value = b'office:value-type="float" office:value="2"/>'
    shown = b'office:value-type="percentage" office:value="0.125"><text:p>12,5 %</text:p>'
    _rewrite(tmp_path / "a.bin", "content.xml", value, shown + b"</table:table-cell>")
    (text,) = _read(tmp_path / "a.bin").texts
    assert text.text.endswith("Fruit: Apple | Price: 12,5 %")


def test_boxes_of_text_stand_below_the_rows_of_their_sheet(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(tmp_path / "a.bin")
    sheet = book.add_worksheet("Fees & more")
    sheet.write_row("A1", ["Boat", "Fee"])
    sheet.write_row("A2", ["Yawl", 9])
    sheet.insert_textbox("D4", "Fees rise in May.\nAsk the office.")
    book.add_worksheet("Plan").insert_textbox("A1", "Nothing yet.")
    book.close()
    (text,) = _read(tmp_path / "a.bin").texts
    assert said(text, "heading") == [("Fees & more", "1"), ("Plan", "1")]
    assert text.text.endswith(
        "Boat: Yawl | Fee: 9\n\nFees rise in May.\nAsk the office.\n\nPlan\n\nNothing yet."
    )


def _noted(contents: Contents) -> list[str]:
    (text,) = contents.texts
    return [note for note, _ in said(text, "note")]


def _cells(contents: Contents, row: int) -> list[tuple[str, str]]:
    """The cells of a row, from the last, each after its header."""
    (text,) = contents.texts
    start = [one.start for one in text.annotations if one.kind == "row"][row]
    cells = [one for one in text.annotations if one.kind == "cell" and one.start >= start]
    return [(one.value, text.text[one.start : one.end]) for one in cells]


def _survey(path: Path) -> None:
    """Two rows of headers, in which cells are merged across and down, and two of data."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Survey")
        sheet.merge_range("A1:E1", "Answers, in per cent")
        sheet.merge_range("A2:A3", "Question")
        sheet.merge_range("B2:C2", "Men")
        sheet.merge_range("D2:E2", "Women")
        sheet.write_row("B3", ["Yes", "No", "Yes", "No"])
        sheet.write_row("A4", ["Do you sail?", 44, 51, 39, 58])
        sheet.write_row("A5", ["Do you row?", 61, 30, 70, 22])
        sheet.write_comment("C4", "Two men laughed.")
        sheet.write_comment("A5", "Asked on Monday.")
        sheet.write_comment("D2", "Of the county alone.")
        sheet.write_comment("H30", "Who wrote this?")


def test_cells_that_are_merged_tell_what_a_header_stands_over(tmp_path: Path) -> None:
    _survey(tmp_path / "a.xlsx")
    contents = _read(tmp_path / "a.xlsx")
    row = _cells(contents, -1)
    assert row == [
        ("Question", "Do you row?"),
        ("Men Yes", "61"),
        ("Men No", "30"),
        ("Women Yes", "70"),
        ("Women No", "22"),
    ]
    assert said(contents.texts[0], "heading")[1] == ("Answers, in per cent", "2")


def test_three_rows_of_headers(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:A3", "Town")
        sheet.merge_range("B1:E1", "Ships")
        sheet.merge_range("B2:C2", "CO2")
        sheet.merge_range("D2:E2", "NOx")
        sheet.write_row("B3", [2022, 2023, 2022, 2023])
        sheet.write_row("A4", ["Norvik", 1, 2, 3, 4])
        sheet.write_row("A5", ["Elwin", 5, 6, 7, 8])
    assert _cells(_read(tmp_path / "a.xlsx"), -1) == [
        ("Town", "Elwin"),
        ("Ships CO2 2022", "5"),
        ("Ships CO2 2023", "6"),
        ("Ships NOx 2022", "7"),
        ("Ships NOx 2023", "8"),
    ]


def test_comments_are_notes_that_say_what_they_are_about(tmp_path: Path) -> None:
    _survey(tmp_path / "a.xlsx")
    contents = _read(tmp_path / "a.xlsx")
    assert _noted(contents) == [
        "Women: Of the county alone.",
        "Do you sail?, Men No: Two men laughed.",
        "Do you row?: Asked on Monday.",
        "Who wrote this?",
    ]
    assert not contents.warnings


def test_comments_with_answers_are_read_once(tmp_path: Path) -> None:
    _survey(tmp_path / "a.xlsx")
    _rewrite(
        tmp_path / "a.xlsx",
        "xl/comments1.xml",
        b"Two men laughed.",
        b"[Threaded comment] Your program is too old to show it.",
    )
    _rewrite(
        tmp_path / "a.xlsx",
        "xl/worksheets/_rels/sheet1.xml.rels",
        b"</Relationships>",
        b'<Relationship Id="x" Type="http://schemas.microsoft.com/office/2017/10/relationships/'
        b'threadedComment" Target="../threadedComments/one.xml"/></Relationships>',
    )
    with zipfile.ZipFile(tmp_path / "a.xlsx", "a") as archive:
        archive.writestr(
            "xl/threadedComments/one.xml",
            '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/'
            'threadedcomments"><threadedComment ref="C4"><text>Who laughed?</text>'
            '</threadedComment><threadedComment ref="C4"><text>Two men.</text></threadedComment>'
            "</ThreadedComments>",
        )
    assert [one for one in _noted(_read(tmp_path / "a.xlsx")) if "sail" in one] == [
        "Do you sail?, Men No: Who laughed?",
        "Do you sail?, Men No: Two men.",
    ]


def test_comments_on_cells_that_stand_far_apart_are_not_lost(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet()
        sheet.write("A1", "One end")
        sheet.write("XFD1048576", "The other")
        sheet.write_comment("XFD1048576", "Far away.")
    assert _noted(_read(tmp_path / "a.xlsx")) == ["Far away."]


def test_comments_and_merged_cells_of_opendocument(tmp_path: Path) -> None:
    def cell(text: str, across: int = 1, down: int = 1, comment: str = "") -> str:
        if comment:
            comment = f"<office:annotation><text:p>{comment}</text:p></office:annotation>"
        kind = "float" if text.isdecimal() else "string"
        value = f'office:value="{text}"' if text.isdecimal() else ""
        return (
            f'<table:table-cell office:value-type="{kind}" {value} '
            f'table:number-columns-spanned="{across}" table:number-rows-spanned="{down}">'
            f"{comment}<text:p>{text}</text:p></table:table-cell>"
            + "<table:covered-table-cell/>"
            * (across - 1)
        )

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    rows = row(cell("Question", down=2), cell("Men", 2), cell("Women", 2))
    rows += row("<table:covered-table-cell/>", *map(cell, ("Yes", "No", "Yes", "No")))
    rows += row(cell("Do you sail?"), *map(cell, ("44", "51")), cell("39", comment="By post."))
    rows += row(*map(cell, ("Do you row?", "61", "30", "70", "22")))
    start, end = ODS.index("<table:table-row>"), ODS.index("</table:table>")
    _write_ods(tmp_path / "a.ods", ODS[:start] + rows + ODS[end:])
    contents = _read(tmp_path / "a.ods")
    assert _cells(contents, -1) == [
        ("Question", "Do you row?"),
        ("Men Yes", "61"),
        ("Men No", "30"),
        ("Women Yes", "70"),
        ("Women No", "22"),
    ]
    assert _noted(contents) == ["Do you sail?, Women Yes: By post."]


def test_comments_of_an_old_workbook_are_told_of(tmp_path: Path) -> None:
    price = _record(0x0203, struct.pack("<HHHd", 1, 1, 0, 2.5))
    comment = _record(0x1C, struct.pack("<HHHHHB", 1, 1, 0, 1, 1, 0) + b"A\0")
    (tmp_path / "a.xls").write_bytes(_xls(numbers=price + comment))
    contents = Workbook().read(tmp_path / "a.xls")
    assert contents.lost == contents.warnings == ("comments on the cells of 1 sheet left out",)


def test_workbooks_with_a_password_are_told_as_such(tmp_path: Path) -> None:
    locked = _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    (tmp_path / "a.xls").write_bytes(_xls(formats=locked))
    _write_ods(tmp_path / "a.ods", "\x17 not to be read")
    sealed = b'<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    _rewrite(
        tmp_path / "a.ods", "META-INF/manifest.xml", b"</m:manifest>", sealed + b"</m:manifest>"
    )
    for name in ("a.xls", "a.ods"):
        with pytest.raises(Protected, match=PROTECTED):
            Workbook().read(tmp_path / name)


def test_headers_over_others_without_merged_cells() -> None:
    assert _headers("Town,Men,,Women,", ",Yes,No,Yes,No", "Elwin,1,2,3,4", "Fur,5,6,7,8") == [
        ["Town", "Men Yes", "Men No", "Women Yes", "Women No"]
    ]
    assert _headers(",Q1,Q2", "Boats,4,5", "Crews,8,9") == [["", "Q1", "Q2"]]
    assert _headers("Fruit,2 kg,kr 5", "Apple,3 kg,kr 6") == [[]]
