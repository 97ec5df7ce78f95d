"""Workbooks of Excel and LibreOffice: each sheet under its name, each row with its headers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import olefile

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats.detection import OLE
from footnoted.corpus.formats.number_formats import shown_number
from footnoted.corpus.formats.protected_office import is_locked
from footnoted.corpus.formats.sheets.beside_cells import NOWHERE, Beside, of_workbook
from footnoted.corpus.formats.sheets.bounds import Unread, bounded
from footnoted.corpus.formats.sheets.cell_formats import Codes, of_old_workbook
from footnoted.corpus.formats.sheets.headers import MarkedRow, comments_on, write_rows
from footnoted.corpus.formats.text_builder import TextBuilder, one_line
from footnoted.corpus.formats.zipped_xml import PROTECTED
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
    version = f"3 python-calamine {version('python-calamine')}"

    def recognises(self, file: Peek) -> bool:
        return file.mimetype.startswith(_OPENDOCUMENT) or bool(file.members & _NAMES)

    def read(self, path: Path, password: str | None = None) -> Contents:
        data = path.read_bytes()
        is_old = data.startswith(OLE)
        if is_old and is_locked(path):
            raise Protected(PROTECTED)
        file, unread = (BytesIO(data), Unread()) if is_old else bounded(data)
        codes: Sequence[Codes] = ()
        if is_old and (records := _records(file)):
            codes, unread.commented = of_old_workbook(records)
        lost, noted = tuple(unread.lost()), tuple(unread.noted())
        builder = TextBuilder()
        beside = {} if is_old else of_workbook(path) | unread.beside
        for one in beside.values():
            if one.part in unread.moved:
                one.comments = [(NOWHERE, text) for _, text in one.comments]
        for name, rows, is_hidden in _sheets(file, codes, beside):
            said = list(filter(str.strip, beside[name].boxes if name in beside else ()))
            if said or any(map(_holds_any, rows)):
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


def _holds_any(row: list[str]) -> bool:
    return any(row) or bool(comments_on(row))


def _records(file: BinaryIO) -> bytes:
    """Those of an old workbook; none if it is broken, which its reader tells."""
    try:
        archive = olefile.OleFileIO(file)
        stream = next(name for name in _STREAMS if archive.exists(name))
        return bytes(archive.openstream(stream).read())
    except Exception:  # olefile raises whatever it stumbles over
        return b""
    finally:
        file.seek(0)


def _sheets(
    file: BinaryIO, codes: Sequence[Codes], beside: Mapping[str, Beside]
) -> Iterator[tuple[str, list[list[str]], bool]]:
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
            own = codes[number] if number < len(codes) else {}
            rows = list(_rows(sheet, own, beside.get(about.name, Beside())))
            yield about.name, rows, about.visible != SheetVisibleEnum.Visible
    except PasswordError:
        raise Protected(PROTECTED) from None
    except (UnusableInput, GeneratorExit, KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # its parser, in Rust, panics past Exception
        reason = one_line(str(error)) or type(error).__name__
        raise UnusableInput(f"is broken: {reason}") from None


def _rows(sheet: CalamineSheet, codes: Codes, beside: Beside) -> Iterator[list[str]]:
    """The rows of a sheet as they are shown; a cell merged over several rows stands in each."""
    left_most = sheet.start[1] if sheet.start else 0
    merged = _merged(sheet, beside)
    comments: dict[int, list[tuple[int, str]]] = {}
    for (row, column), text in beside.comments:
        comments.setdefault(row, []).append((column - left_most, text))
    says: dict[int, str] = {}
    for number, values in enumerate(sheet.iter_rows()):
        cells = [
            shown(value, codes.get((number, at), "") if codes else "")
            for at, value in enumerate(values, left_most)
        ]
        if number not in merged and number not in comments:
            yield cells
            continue
        marked = MarkedRow(cells, comments.pop(number, ()))
        for one in merged.get(number, ()):
            _fill_in(marked, one, left_most, says)
        yield marked
    for _, left in sorted(comments.items()):
        yield MarkedRow((), left)


class _Merged(NamedTuple):
    """A cell merged with others, in one of its rows: its columns, and whether this is the first."""

    left: int
    right: int
    is_first: bool


def _fill_in(row: MarkedRow, cell: _Merged, left_most: int, says: dict[int, str]) -> None:
    """Say a merged cell in each of its rows; ``says`` remembers it from one to the next."""
    at = cell.left - left_most
    if not 0 <= at < len(row):
        return
    if cell.is_first:
        says[at] = row[at]
    elif cell.left == cell.right:
        row[at] = says.get(at, "")
    for column in range(at, min(cell.right - left_most + 1, len(row))):
        row.over[column] = says.get(at, "")


def _merged(sheet: CalamineSheet, beside: Beside) -> dict[int, list[_Merged]]:
    """By the number of a row, its cells that are merged with others."""
    found: dict[int, list[_Merged]] = {}
    many = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or beside.merged:
        many += (bottom - top + 1) * (right - left + 1)
        if many < _MOST_MERGED:
            for number in range(top, bottom + 1):
                found.setdefault(number, []).append(_Merged(left, right, number == top))
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
