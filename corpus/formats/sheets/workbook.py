"""Workbooks of Excel and LibreOffice: each sheet under its name, each row with its headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import olefile

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats.detection import OLE
from footnoted.corpus.formats.number_formats import shown_number
from footnoted.corpus.formats.office_package import part_of_kind, relations
from footnoted.corpus.formats.sheets.bounds import Unread, bounded
from footnoted.corpus.formats.sheets.cell_formats import Codes, of_old_workbook
from footnoted.corpus.formats.sheets.headers import write_rows
from footnoted.corpus.formats.text_builder import TextBuilder, one_line
from footnoted.corpus.formats.zipped_xml import PROTECTED, Element, attribute, opened
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_OPENDOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_STREAMS = ("Workbook", "Book")
_NAMES = {*_STREAMS, "xl/workbook.xml", "xl/workbook.bin"}
_MOST_MERGED = 1_000_000


class Workbook:
    """``.xlsx``, ``.xls`` and ``.ods`` files; see ``corpus.protocols.Format``."""

    name = "Excel or OpenDocument spreadsheet"
    endings = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots")
    version = f"2 python-calamine {version('python-calamine')}"

    def recognises(self, file: Peek) -> bool:
        return file.mimetype.startswith(_OPENDOCUMENT) or bool(file.members & _NAMES)

    def read(self, path: Path, password: str | None = None) -> Contents:
        data = path.read_bytes()
        is_old = data.startswith(OLE)
        file, unread = (BytesIO(data), Unread()) if is_old else bounded(data)
        lost, noted = tuple(unread.lost()), tuple(unread.noted())
        builder = TextBuilder()
        boxes = {} if is_old else _boxes(path)
        for name, rows, is_hidden in _sheets(file, _codes(file) if is_old else ()):
            said = list(filter(str.strip, boxes.get(name, ())))
            if said or any(map(any, rows)):
                builder.block("heading", name, "1")
                write_rows(builder, rows)
                for text in said:
                    builder.block("paragraph", text)
                if is_hidden:
                    noted += (f"the hidden sheet {one_line(name)} is read, too",)
        if not builder.length:
            raise UnusableInput("; ".join(["holds no text", *lost, *noted]))
        extracted = Extracted(builder.text, annotations=builder.annotations)
        return Contents((extracted,), (*lost, *noted), lost=lost)


def _boxes(path: Path) -> dict[str, list[str]]:
    """By the names of sheets what their boxes of text say; none of what is broken or no ``.xlsx``.

    No cell is lost by what is wrong with a drawing: whoever reads the cells tells what is broken.
    """
    found = {}
    try:
        with opened(path, "spreadsheet") as archive:
            main = part_of_kind(relations(archive), "officeDocument")
            related = relations(archive, main)
            root = archive.tree(main)
            for sheet in root.iter("{*}sheet") if root is not None else ():
                part = related[attribute(sheet, "id") or ""].part
                drawing = archive.tree(part_of_kind(relations(archive, part), "drawing"))
                bodies = drawing.iter("{*}txBody") if drawing is not None else ()
                found[sheet.get("name", "")] = ["\n".join(_lines(one)) for one in bodies]
    except UnusableInput:
        pass
    return found


def _lines(body: Element) -> Iterator[str]:
    return ("".join(one.text or "" for one in line.iter("{*}t")) for line in body.iter("{*}p"))


def _codes(file: BinaryIO) -> Sequence[Codes]:
    """The formats of the cells of an old workbook; none if it is broken, which its reader tells."""
    try:
        archive = olefile.OleFileIO(file)
        stream = next(name for name in _STREAMS if archive.exists(name))
        return of_old_workbook(archive.openstream(stream).read())
    except Exception:  # olefile raises whatever it stumbles over
        return ()
    finally:
        file.seek(0)


def _sheets(file: BinaryIO, codes: Sequence[Codes]) -> Iterator[tuple[str, list[list[str]], bool]]:
    """Of each sheet its name, its rows, and whether it is hidden.

    Raises:
        UnusableInput: the workbook is broken or needs a password.
    """
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook: CalamineWorkbook = CalamineWorkbook.from_filelike(file)
        found = (one for one in workbook.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet)
        for number, about in enumerate(found):
            sheet = workbook.get_sheet_by_name(about.name)
            rows = list(_rows(sheet, codes[number] if number < len(codes) else {}))
            yield about.name, rows, about.visible != SheetVisibleEnum.Visible
    except PasswordError:
        raise Protected(PROTECTED) from None
    except (UnusableInput, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # its parser, in Rust, panics past Exception
        reason = one_line(str(error)) or type(error).__name__
        raise UnusableInput(f"is broken: {reason}") from None


def _rows(sheet: CalamineSheet, codes: Codes) -> Iterator[list[str]]:
    """The rows of a sheet as they are shown; a cell merged over several rows stands in each."""
    left_most = sheet.start[1] if sheet.start else 0
    merged = _merged_down(sheet)
    says: dict[int, str] = {}
    for number, values in enumerate(sheet.iter_rows()):
        cells = [
            shown(value, codes.get((number, at), "") if codes else "")
            for at, value in enumerate(values, left_most)
        ]
        for column, is_first in merged.get(number, ()):
            at = column - left_most
            if is_first:
                says[at] = cells[at]
            else:
                cells[at] = says.get(at, "")
        yield cells


def _merged_down(sheet: CalamineSheet) -> dict[int, list[tuple[int, bool]]]:
    """By the number of a row, its cells merged with those above or below, and whether as first."""
    found: dict[int, list[tuple[int, bool]]] = {}
    left, right = (sheet.start[1], sheet.end[1]) if sheet.start and sheet.end else (0, -1)
    many = 0
    for (top, column), (bottom, last) in sheet.merged_cell_ranges or ():
        many += bottom - top + 1
        if column == last and top < bottom and left <= column <= right and many < _MOST_MERGED:
            for number in range(top, bottom + 1):
                found.setdefault(number, []).append((column, number == top))
    return found


def shown(value: Any, code: str = "") -> str:
    """A value as people write it: dates as ``YYYY-MM-DD``, numbers by the code of their format."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and code and (said := shown_number(value, code)):
        return said
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, dt.datetime):
        if value.time() == dt.time():
            return value.date().isoformat()
        return f"{value.date().isoformat()} {_clock(value.time())}"
    if isinstance(value, dt.time):
        return _clock(value)
    if isinstance(value, dt.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}" + (f":{seconds:02}" if seconds else "")
    return one_line(str(value))


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    short = format(value, ".15g")  # as many digits as spreadsheets know
    return short if "n" in short else format(Decimal(short).normalize(), "f")


def _clock(time: dt.time) -> str:
    return time.strftime("%H:%M:%S" if time.second else "%H:%M")
