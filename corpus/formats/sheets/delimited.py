"""CSV and TSV: rows of cells kept apart by a sign, which is told by looking."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from io import StringIO
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.encoding import read_text
from footnoted.corpus.formats.sheets.headers import write_rows
from footnoted.corpus.formats.text_builder import TextBuilder, one_line
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

# Of signs that part all lines alike, the first is meant: commas stand in numbers, too.
_SIGNS = "\t;|,"
_LOOKED_AT = 100
_NAMED = re.compile(r"sep=(.)\r?\n", re.I)


class Delimited:
    """``.csv`` and ``.tsv`` files; see ``corpus.protocols.Format``."""

    name = "CSV"
    endings = (".csv", ".tsv", ".tab")
    version = "3"

    def recognises(self, file: Peek) -> bool:
        return False

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = read_text(path)
        rows, not_closed = _rows(text)
        builder = TextBuilder()
        write_rows(builder, ([one_line(cell) for cell in row] for row in rows))
        if not builder.length:
            raise UnusableInput("holds no text")
        extracted = Extracted(builder.text, annotations=builder.annotations)
        return Contents((extracted,), warnings + not_closed)


def _rows(text: str) -> tuple[list[list[str]], tuple[str, ...]]:
    """The cells of each row, and what is wrong with their quotation marks."""
    named = _NAMED.match(text)
    if named:
        text = text[named.end() :]
    lines = list(StringIO(text, newline=""))
    sign = named[1] if named else delimiter(lines[:_LOOKED_AT])
    if text.count('"') % 2 == 0:
        return _parsed(lines, sign), ()
    # One mark that nothing closes would make a single cell of all that follows.
    rows = [row for line in lines for row in _parsed([line], sign)]
    return rows, ("a quotation mark is not closed; each line is read as a row",)


def _parsed(lines: Iterable[str], sign: str) -> list[list[str]]:
    csv.field_size_limit(sys.maxsize)
    try:
        return list(csv.reader(lines, delimiter=sign))
    except csv.Error as error:
        raise UnusableInput(f"is broken: {error}") from None


def delimiter(lines: Sequence[str]) -> str:
    """The sign that keeps the cells of these lines apart."""
    best, chosen = 0.0, ","
    for sign in _SIGNS:
        many = Counter(len(row) for row in _parsed(lines, sign) if any(row))
        if not many:
            continue
        cells, alike = max(many.items(), key=lambda one: (one[0] > 1, one[1], one[0]))
        share = alike / many.total()
        if cells > 1 and share > best:
            best, chosen = share, sign
    return chosen
