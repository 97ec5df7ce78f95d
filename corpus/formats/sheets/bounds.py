"""Workbooks made small enough to be opened: the reader of cells lays out all between the furthest.

A cell in the first row and one in the last are seventeen thousand million to it, empty but for two.
"""

from __future__ import annotations

import re
import zipfile
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import BinaryIO

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.sheets import beside_cells
from footnoted.corpus.formats.sheets.beside_cells import Beside
from footnoted.corpus.formats.sheets.cell_formats import (
    codes_of,
    of_opendocument,
    with_shown_numbers,
)
from footnoted.corpus.formats.zipped_xml import (
    LARGEST,
    TOO_LARGE,
    ZippedXml,
    check_unlocked,
    told_as_broken,
)

# Laid out, a cell takes 32 bytes.
_MOST_CELLS = 10_000_000
# Below it, nothing is gained by moving cells together.
_FEW_CELLS = 1_000_000
_MOST_REPEATED = 1000

_CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,6})([0-9]{1,9})"')
_ROW = re.compile(rb'(<(?:\w+:)?row\s(?:[^>]*?\s)?r=")([0-9]{1,9})(?=")')
_PLACE = re.compile(rb'(<(?:\w+:)?c\s(?:[^>]*?\s)?r=")([A-Z]{1,6})([0-9]{1,9})(?=")')
_MERGED = re.compile(rb"<((?:\w+:)?mergeCells)\b.*?</\1>", re.DOTALL)
_DATA = re.compile(rb"<((?:\w+:)?sheetData)\b.*?</\1>", re.DOTALL)
_REPEATED = re.compile(rb'(number-(?:columns|rows)-repeated=")([0-9]+)(?=")')
# White space around cells, which the reader of cells takes for text where none may be.
_INDENTED = re.compile(rb"(</?table:[^>]*>)\s+(?=<)")
_UNSAVED = re.compile(
    rb"<(?:\w+:)?f\b[^>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb'<(?:\w+:)?c\s[^>]*?\bt="e"')


@dataclass
class Unread:
    """What a workbook holds that is not read, how many of each."""

    unsaved: int = 0
    errors: int = 0
    left_out: int = 0
    commented: int = 0
    """How many sheets have comments that are not read."""
    moved: set[str] = field(default_factory=set)
    """The names of the members whose cells do not stand any more where their places say."""
    beside: dict[str, Beside] = field(default_factory=dict)
    """Of a workbook of OpenDocument, what stands beside its cells; see ``beside_cells``."""

    def noted(self) -> Iterator[str]:
        """For users, a line each: what there was nothing to read of."""
        if self.errors:
            yield f"{_many(self.errors, 'cell')} with an error for a value left out"

    def lost(self) -> Iterator[str]:
        """The same of what may hold an answer."""
        if self.unsaved:
            saved = "save it again in a spreadsheet program to have them"
            yield f"{_many(self.unsaved, 'formula')} without saved values left out; {saved}"
        if self.commented:
            yield f"comments on the cells of {_many(self.commented, 'sheet')} left out"
        if self.left_out:
            yield f"{_many(self.left_out, 'sheet')} with cells too far apart left out"


def bounded(data: bytes) -> tuple[BinaryIO, Unread]:
    """A workbook in a zip archive, with cells that stand far apart moved together.

    Only empty rows and columns are lost by it, and what else it says stands in no cell; numbers are
    told as they are shown.

    Raises:
        Protected: it has a password.
        UnusableInput: it is broken, or too large.
    """
    with told_as_broken("spreadsheet"), zipfile.ZipFile(BytesIO(data)) as archive:
        if sum(one.file_size for one in archive.infolist()) > LARGEST:
            raise UnusableInput(TOO_LARGE)
        check_unlocked(ZippedXml(archive))
        changed, unread = _changed(archive)
        return _copy(archive, changed) if changed else BytesIO(data), unread


def _changed(archive: zipfile.ZipFile) -> tuple[dict[str, bytes], Unread]:
    """The members that must be other than they are, and what is not read of them."""
    changed: dict[str, bytes] = {}
    unread = Unread()
    has_styles = "xl/styles.xml" in archive.namelist()
    codes = codes_of(archive.read("xl/styles.xml")) if has_styles else {}
    for name in archive.namelist():
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            data = archive.read(name)
            unread.unsaved += len(_UNSAVED.findall(data))
            unread.errors += len(_ERROR.findall(data))
            together = _moved_together(data)
            if together is None:
                unread.left_out += 1
                together = _DATA.sub(b"", data)
            if together is not data:
                unread.moved.add(name)
            together = with_shown_numbers(together, codes)
            if together is not data:
                changed[name] = together
        elif re.fullmatch(r"xl/comments[^/]*\.bin", name):
            unread.commented += 1
        elif name == "content.xml":
            data = archive.read(name)
            fewer = _INDENTED.sub(rb"\1", _REPEATED.sub(_at_most(_MOST_REPEATED), data))
            unread.beside = beside_cells.of_opendocument(fewer)
            changed[name] = of_opendocument(beside_cells.without_comments(fewer))
    return changed, unread


def _many(number: int, what: str) -> str:
    return f"{number} {what}s" if number > 1 else f"1 {what}"


def _moved_together(data: bytes) -> bytes | None:
    """A sheet without most of its empty rows and columns; None if even so it is too large."""
    named: set[bytes] = set()
    numbered: set[bytes] = set()
    cells = 0
    for cell in _CELL.finditer(data):
        named.add(cell[1])
        numbered.add(cell[2])
        cells += 1
    if not cells:
        return data
    columns, rows = sorted(map(column_number, named)), sorted(set(map(int, numbered)))
    area = (columns[-1] - columns[0] + 1) * (rows[-1] - rows[0] + 1)
    if area <= max(_FEW_CELLS, 4 * cells):
        return data
    columns, rows = _closer(columns), _closer(rows)
    if len(columns) * len(rows) > max(_MOST_CELLS, 4 * cells):
        return None

    def row(found: re.Match[bytes]) -> bytes:
        return found[1] + b"%d" % (1 + bisect_left(rows, int(found[2])))

    def place(found: re.Match[bytes]) -> bytes:
        column = 1 + bisect_left(columns, column_number(found[2]))
        return found[1] + column_letters(column) + b"%d" % (1 + bisect_left(rows, int(found[3])))

    return _PLACE.sub(place, _ROW.sub(row, _MERGED.sub(b"", data)))


def _closer(numbers: list[int]) -> list[int]:
    """Numbers with one more in every gap, so that what was apart stays apart."""
    found: list[int] = []
    for number in numbers:
        if found and number > found[-1] + 1:
            found.append(found[-1] + 1)
        found.append(number)
    return found


def column_number(letters: bytes) -> int:
    """Of a column, counted from 1, by its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def column_letters(number: int) -> bytes:
    """The letters of a column, by its number, counted from 1."""
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([65 + rest]) + letters
    return letters


def _at_most(most: int) -> Callable[[re.Match[bytes]], bytes]:
    return lambda found: (
        found[1] + (found[2] if len(found[2]) <= 9 and int(found[2]) <= most else b"1")
    )


def _copy(archive: zipfile.ZipFile, changed: dict[str, bytes]) -> BytesIO:
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_STORED) as written:
        for name in archive.namelist():
            written.writestr(name, changed[name] if name in changed else archive.read(name))
    copy.seek(0)
    return copy
