"""Tables as they are stored, with cells over several rows and columns, to rows of texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

FIGURE = re.compile(
    r"[-–−+±<>≤≥~≈$€£¥(]*\d[\d.,\s:/%–-]*\W*(?:[a-zA-Z%°]{1,3})?\)?|[-–—*]|n/?a", re.I
)
"""What stands in a cell that is no word: a number with its unit, or a sign that there is none."""

MOST_COLUMNS = 1000
"""Of a table; what stands beyond is left out, for a cell can claim to be millions wide."""

# Columns of one table that are filled because cells reach over them, not for cells of their own.
_MOST_FILLED = 1_000_000
# Of a form, in characters.
_LONGEST_LABEL, _LONGEST_ENTRY = 60, 200
# What a cell that reaches down says in each of its rows; more would make a book of a few bytes.
_LONGEST_REPEATED = 200


@dataclass(slots=True)
class Cell:
    """A cell, how many columns and rows it fills, the tables in it, and whether it is in bold."""

    text: str
    across: int = 1
    down: int = 1
    tables: Sequence[Table] = ()
    is_bold: bool = False


@dataclass(slots=True)
class Table:
    """Rows of cells; ``headers`` rows at the top hold the headers, None if the table is silent."""

    rows: list[list[Cell]] = field(default_factory=list)
    headers: int | None = None


class Row(NamedTuple):
    """A row with a text for each column, and what stands above it as headers."""

    texts: list[str]
    over: list[str]
    """The same, but a cell over several columns is said for each: what headers need."""
    tables: list[Table]


def laid_out(table: Table) -> list[Row]:
    """The rows, each with all its columns.

    What reaches over several columns is said in the first of them; what reaches down over several
    rows is said in each, so that every row can be read by itself.
    """
    grid = _Grid()
    return [grid.row(cells) for cells in table.rows]


class _Reaching(NamedTuple):
    """What a cell above says in a column, and in how many rows from here on."""

    rows: int
    text: str
    over: str


@dataclass(slots=True)
class _Grid:
    """Rows in the making, and the cells that reach down into the next."""

    reaching: dict[int, _Reaching] = field(default_factory=dict)
    left: int = _MOST_FILLED
    """How many columns may still be filled beyond those that have cells of their own."""

    def row(self, cells: Sequence[Cell]) -> Row:
        row = Row([], [], [])
        for cell in cells:
            while len(row.texts) in self.reaching:
                self._fill(row)
            self._put(row, cell)
        furthest = max(self.reaching, default=-1)
        while len(row.texts) <= furthest and self.reaching:
            self._fill(row)
        return row

    def _put(self, row: Row, cell: Cell) -> None:
        row.tables.extend(cell.tables)
        repeated = cell.text if len(cell.text) <= _LONGEST_REPEATED else ""
        across = max(1, min(cell.across, MOST_COLUMNS - len(row.texts), 1 + self.left))
        self.left -= across - 1
        for at in range(across):
            if cell.down > 1 and self.left > 0:
                said = "" if at else repeated
                self.reaching[len(row.texts)] = _Reaching(cell.down - 1, said, repeated)
            row.texts.append("" if at else cell.text)
            row.over.append(repeated or row.texts[-1])

    def _fill(self, row: Row) -> None:
        """A column for which the row has no cell: what reaches down into it, or nothing."""
        at = len(row.texts)
        found = self.reaching.pop(at, _Reaching(0, "", ""))
        row.texts.append(found.text)
        row.over.append(found.over)
        self.left -= 1
        if self.left <= 0:
            self.reaching.clear()
        elif found.rows > 1:
            self.reaching[at] = found._replace(rows=found.rows - 1)


def header_rows(table: Table, rows: Sequence[Row]) -> int:
    """How many rows at the top hold headers: as the table says, else the first if it looks so."""
    if table.headers is not None:
        return min(table.headers, len(rows))
    if len(rows) < 2:
        return 0
    first = rows[0].over
    # A corner may be empty, a header not; and "Name:" is what a form has on its left.
    is_full = len(first) > 1 and all(text.strip() for text in first[1:])
    is_alone = all(cell.down == 1 for cell in table.rows[0])
    if not is_full or not is_alone or first[0].rstrip().endswith(":"):
        return 0
    return int(len(first) > 2 or _is_above_another_kind(table, rows))


def _is_above_another_kind(table: Table, rows: Sequence[Row]) -> bool:
    """Whether the first row of two cells is a header, and no entry of a form, as all others are.

    It is in bold, and the others are not; or it is in words above figures.
    """
    bold = [[cell.is_bold for cell in row] for row in table.rows]
    if all(bold[0]) and not all(map(all, bold)):
        return True
    if any(FIGURE.fullmatch(text) for text in rows[0].texts):
        return False
    below = [row.texts[1] for row in rows[1:] if len(row.texts) > 1 and row.texts[1]]
    return sum(bool(FIGURE.fullmatch(text)) for text in below) > 0.5 * len(below)


def is_form(table: Table, rows: Sequence[Row]) -> bool:
    """Whether the rows are a label each and what is entered there, about one thing."""
    if len(rows) < 2 or header_rows(table, rows) or any(row.tables for row in rows):
        return False
    if any(len(row.texts) != 2 or not row.texts[0] for row in rows):
        return False
    labels = [row.texts[0] for row in rows]
    return (
        len(set(labels)) == len(labels)
        and max(map(len, labels)) <= _LONGEST_LABEL
        and max(len(row.texts[1]) for row in rows) <= _LONGEST_ENTRY
        and not any(map(FIGURE.fullmatch, labels))
    )


def headers_of(rows: Sequence[Row]) -> list[str]:
    """The header of each column, from the rows of headers: from the top down, each once."""
    columns = max((len(row.over) for row in rows), default=0)
    headers = []
    for at in range(columns):
        said = (" ".join(row.over[at].split()) for row in rows if at < len(row.over))
        headers.append(" ".join(dict.fromkeys(one for one in said if one)))
    return headers
