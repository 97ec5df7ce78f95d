"""The number formats of cells, of which the reader of cells, who tells values, says nothing."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from footnoted.corpus.formats.number_formats import BUILT_IN, shown_number
from footnoted.corpus.formats.zipped_xml import attribute, child, children, parse_xml

_TYPE = re.compile(rb'\st="([^"]*)"')
_STYLED = re.compile(rb'\ss="([0-9]+)"')
_VALUE = re.compile(rb"<(?:\w+:)?v>([^<]*)</")
_NUMBER_SHOWN = re.compile(
    rb'<table:table-cell\b([^>]*?)\soffice:value-type="(?:float|percentage|currency)"'
    rb"([^>]*)(?<!/)>(?=<text:p\b[^>]*(?<!/)>[^<\s])"
)
_OTHER_VALUE = re.compile(rb'\soffice:value="[^"]*"')

# Records of the workbooks of before 2007, and of how many bytes each is at least.
_BEGIN, _NAMED, _FORMAT, _STYLE, _COMMENT = 0x809, 0x85, 0x41E, 0xE0, 0x1C
_NUMBER, _SHORT_NUMBER, _NUMBERS, _FORMULA = 0x203, 0x27E, 0xBD, 0x6
_LEAST = {
    **{_BEGIN: 4, _NAMED: 6, _FORMAT: 5, _STYLE: 4, _COMMENT: 6},
    **dict.fromkeys((_NUMBER, _SHORT_NUMBER, _NUMBERS, _FORMULA), 6),
}
_SHEET = 0x10
_UNICODE = 0x600  # the version from which on texts are in Unicode

Codes = dict[tuple[int, int], str]
"""By row and column, counted from 0, the codes of formats; "" for none."""


def codes_of(styles: bytes) -> dict[int, str]:
    """The codes of the number formats of ``xl/styles.xml``, by the numbers of the cells' styles."""
    root = parse_xml(styles)
    own = {
        attribute(one, "numFmtId"): attribute(one, "formatCode") or ""
        for one in children(child(root, "numFmts"))
    }
    found = {}
    for number, style in enumerate(children(child(root, "cellXfs"))):
        name = attribute(style, "numFmtId") or ""
        code = own.get(name) or (BUILT_IN.get(int(name), "") if name.isdecimal() else "")
        if code and shown_number(1, code) is not None:
            found[number] = code
    return found


def with_shown_numbers(sheet: bytes, codes: Mapping[int, str]) -> bytes:
    """A sheet's XML with the numbers that have formats as texts; see ``codes_of``."""
    styles = "|".join(map(str, codes)).encode()
    cells = re.compile(
        rb'<((?:\w+:)?)c(\s(?:[^>]*?\s)?s="(?:%b)"[^>]*)(?<!/)>(.*?)</\1c>' % styles, re.DOTALL
    )

    def said(found: re.Match[bytes]) -> bytes:
        prefix, attributes, inside = found.groups()
        kind, value, style = (
            _TYPE.search(attributes),
            _VALUE.search(inside),
            _STYLED.search(attributes),
        )
        if (kind and kind[1] != b"n") or value is None or style is None:
            return found[0]
        try:
            text = shown_number(float(value[1]), codes[int(style[1])])
        except ValueError:
            text = None
        if text is None:
            return found[0]
        shown, rest = escape(text).encode(), _TYPE.sub(b"", attributes)
        return b'<%bc%b t="str"><%bv>%b</%bv></%bc>' % (prefix, rest, prefix, shown, prefix, prefix)

    return cells.sub(said, sheet) if codes else sheet


def of_opendocument(content: bytes) -> bytes:
    """``content.xml`` with numbers as texts: cells hold what they show besides their values."""

    def said(found: re.Match[bytes]) -> bytes:
        attributes = _OTHER_VALUE.sub(b"", found[1] + found[2])
        return b'<table:table-cell%b office:value-type="string">' % attributes

    return _NUMBER_SHOWN.sub(said, content)


def of_old_workbook(stream: bytes) -> tuple[list[Codes], int]:
    """For each sheet in a stream of records the codes of its cells; how many have comments."""
    own: dict[int, str] = {}
    styles: list[int] = []
    order: list[int] = []
    sheets: dict[int, Codes] = {}
    commented: set[int] = set()
    cells: Codes | None = None
    is_unicode, begin = True, 0
    for at, kind, data in _records(stream):
        if kind == _BEGIN:
            version, what = struct.unpack_from("<HH", data)
            is_unicode = version >= _UNICODE
            cells = sheets.setdefault(at, {}) if what == _SHEET else None
            begin = at
        elif kind == _NAMED and data[5:6] == b"\0":
            order.append(struct.unpack_from("<I", data)[0])
        elif kind == _FORMAT:
            own[struct.unpack_from("<H", data)[0]] = _code(data[2:], is_unicode)
        elif kind == _STYLE:
            styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _COMMENT:
            commented.add(begin)
        elif cells is not None:
            for row, column, style in _cells(kind, data):
                number = styles[style] if style < len(styles) else 0
                cells[row, column] = own.get(number) or BUILT_IN.get(number, "")
    return [sheets.get(at, {}) for at in order], len(commented & sheets.keys())


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Of each record where it stands, its kind, and what it holds if that is of use here."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind in _LEAST and length >= _LEAST[kind]:
            yield at, kind, stream[at + 4 : at + 4 + length].ljust(_LEAST[kind], b"\0")
        at += 4 + length


def _code(data: bytes, is_unicode: bool) -> str:
    if not is_unicode:
        return data[1 : 1 + data[0]].decode("cp1252", "replace")
    many, flags = struct.unpack_from("<HB", data)
    is_wide = flags & 1
    return data[3 : 3 + many * (1 + is_wide)].decode(
        "utf-16-le" if is_wide else "latin-1", "replace"
    )


def _cells(kind: int, data: bytes) -> Iterator[tuple[int, int, int]]:
    """The row, the column and the style of each cell of a record that holds numbers."""
    row, column, style = struct.unpack_from("<HHH", data)
    if kind == _NUMBERS:
        for number in range((len(data) - 6) // 6):
            yield row, column + number, struct.unpack_from("<H", data, 4 + 6 * number)[0]
    elif kind in (_NUMBER, _SHORT_NUMBER, _FORMULA):
        yield row, column, style
