"""Workbooks of Excel and LibreOffice: each sheet under its name, each row with its headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats.detection import OLE
from footnoted.corpus.formats.sheets.bounds import bounded
from footnoted.corpus.formats.sheets.headers import write_rows
from footnoted.corpus.formats.text_builder import TextBuilder, one_line
from footnoted.corpus.formats.zipped_xml import PROTECTED
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_OPENDOCUMENT = "application/vnd.oasis.opendocument.spreadsheet"
_NAMES = {"Workbook", "Book", "xl/workbook.xml", "xl/workbook.bin"}
_MOST_MERGED = 1_000_000


class Workbook:
    """``.xlsx``, ``.xls`` and ``.ods`` files; see ``corpus.protocols.Format``."""

    name = "Excel or OpenDocument spreadsheet"
    endings = (".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".ods", ".ots")
    version = f"1 python-calamine {version('python-calamine')}"

    def recognises(self, file: Peek) -> bool:
        return file.mimetype.startswith(_OPENDOCUMENT) or bool(file.members & _NAMES)

    def read(self, path: Path, password: str | None = None) -> Contents:
        file, warnings = _opened(path)
        builder = TextBuilder()
        for name, rows, is_hidden in _sheets(file):
            if any(map(any, rows)):
                builder.block("heading", name, "1")
                write_rows(builder, rows)
                if is_hidden:
                    warnings += (f"the hidden sheet {one_line(name)} is read, too",)
        if not builder.length:
            raise UnusableInput("; ".join(["holds no text", *warnings]))
        extracted = Extracted(builder.text, annotations=builder.annotations)
        return Contents((extracted,), warnings)


def _opened(path: Path) -> tuple[BinaryIO, tuple[str, ...]]:
    data = path.read_bytes()
    if not data.startswith(OLE):
        return bounded(data)
    return BytesIO(data), ()


def _sheets(file: BinaryIO) -> Iterator[tuple[str, list[list[str]], bool]]:
    """Of each sheet its name, its rows, and whether it is hidden.

    Raises:
        UnusableInput: the workbook is broken or needs a password.
    """
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook: CalamineWorkbook = CalamineWorkbook.from_filelike(file)
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(about.name)
                is_hidden = about.visible != SheetVisibleEnum.Visible
                yield about.name, list(_rows(sheet)), is_hidden
    except PasswordError:
        raise Protected(PROTECTED) from None
    except (UnusableInput, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # its parser, in Rust, panics past Exception
        reason = one_line(str(error)) or type(error).__name__
        raise UnusableInput(f"is broken: {reason}") from None


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """The rows of a sheet as they are shown; a cell merged over several rows stands in each."""
    left_most = sheet.start[1] if sheet.start else 0
    merged = _merged_down(sheet)
    says: dict[int, str] = {}
    for number, values in enumerate(sheet.iter_rows()):
        cells = [shown(value) for value in values]
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


def shown(value: Any) -> str:
    """A value as people write it: dates as ``YYYY-MM-DD``, whole numbers without a point."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
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
