"""Which rows of a sheet are titles, which hold the headers of a table, and which are its data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, zip_longest

from footnoted.corpus.formats.text_builder import TextBuilder

Row = Sequence[str]

# As many rows are looked at for titles and headers.
_HEAD = 25
_MOST_GROUPS = 4
_LONGEST_HEADER = 120

# A currency before it is a sign, three letters that touch it, or fewer that do not, as in "kr 5";
# "Q1" and "CO2" are names.
_CURRENCY = r"(?:[A-Z]{1,3}\s?(?=[$€£¥₹])|[A-Z]{3}\s?|[A-Z]{1,2}\s)?[$€£¥₹]?"
_NUMBER = (
    rf"[(\-+−~<>≈±]?\s*{_CURRENCY}\s*[-+−(]?"
    r"[\d.,]*\d[\d\s.,'’/:%+−-]*(?:E[+-]\d+)?"
)
_DATA = re.compile(rf"{_NUMBER}(?:\s?(?:[%$€£¥₹]|[A-Za-zµ°]{{1,3}}))?\)?|true|false|#\S+", re.I)
_YEAR = re.compile(r"(?:FY\s?)?(?:1[89]|20|21)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?")


class MarkedRow(list[str]):
    """A row of which some cells reach over several columns, or have comments.

    ``over`` says such a cell in each of its columns; ``comments`` are told with their columns,
    which may lie outside of the row.
    """

    def __init__(self, cells: Iterable[str], comments: Sequence[tuple[int, str]] = ()) -> None:
        super().__init__(cells)
        self.over = list(self)
        self.comments = comments

    @property
    def is_group(self) -> bool:
        """Whether a cell, but not one over all, reaches over several columns."""
        reaches = any(one and not cell for one, cell in zip(self.over, self, strict=True))
        return reaches and len(set(self.over)) > 1


def comments_on(row: Row) -> Sequence[tuple[int, str]]:
    """The comments on the cells of a row, each with its column."""
    return row.comments if isinstance(row, MarkedRow) else ()


@dataclass
class Table:
    """Rows that share headers, below the lines that stand above them.

    ``headers`` has one for each column, of several rows joined; it is empty where there are none.
    """

    titles: list[Row] = field(default_factory=list)
    header_rows: list[Row] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


def write_rows(builder: TextBuilder, rows: Iterable[Row]) -> None:
    """Append the rows of a sheet, as tables whose rows name their cells."""
    every = [*tables(rows), Table()]
    for table, below in pairwise(every):
        stands_above = bool(table.rows or below.rows)
        for title in filter(any, table.titles):
            _write_title(builder, title, stands_above)
        with builder.within("table"):
            for row in table.header_rows:
                builder.row([cell for cell in row if cell], value="header")
            for row in table.rows:
                _write_row(builder, row, table.headers)
        for row in (*table.titles, *table.header_rows):
            _write_comments(builder, row, (), "")
        for row in table.rows:
            _write_comments(builder, row, table.headers, next(filter(None, row), ""))


def _write_row(builder: TextBuilder, row: Row, headers: Sequence[str]) -> None:
    if headers:
        builder.fields(zip_longest(headers, row, fillvalue=""))
    else:
        builder.row([cell for cell in row if cell])


def _write_comments(builder: TextBuilder, row: Row, headers: Sequence[str], name: str) -> None:
    """Append the comments on a row, each after what it is about: its row, its header, its cell."""
    for at, text in comments_on(row):
        header, cell = (_at(one, at) if at >= 0 else "" for one in (headers, row))
        about = filter(None, (name, header if cell != name else "") if name else (cell,))
        builder.block("note", ": ".join(filter(None, (", ".join(about), text))))


def _write_title(builder: TextBuilder, title: Row, stands_above: bool) -> None:
    cells = [cell for cell in title if cell]
    if len(cells) == 2:
        builder.fields([(cells[0], cells[1])])
    elif len(cells) > 2:
        builder.row(cells)
    elif stands_above and len(cells[0]) <= _LONGEST_HEADER and cells[0][-1] not in ".:;,":
        builder.block("heading", cells[0], "2")
    else:
        builder.block("paragraph", cells[0])


def tables(rows: Iterable[Row]) -> Iterator[Table]:
    """The tables of a sheet, in their order. Rows and columns that are empty keep tables apart."""
    above: Table | None = None
    for rows_together in _kept_together(rows):
        table = _table(rows_together, above)
        if table.headers or not above:
            above = table
        yield table


def _kept_together(rows: Iterable[Row]) -> Iterator[list[Row]]:
    together: list[Row] = []
    for row in rows:
        if any(row):
            together.append(row)
            continue
        if together:
            yield together
            together = []
        if comments_on(row):
            yield [row]
    if together:
        yield together


def _table(rows: list[Row], above: Table | None) -> Table:
    """What rows without an empty one between them are, below another table or first of all."""
    if not any(map(any, rows)):
        return Table(titles=rows)
    filled = [sum(map(bool, row)) for row in rows[:_HEAD]]
    width = max(filled)
    if width < 2:
        is_list = above is None and len(rows) > 1
        return Table(rows=rows) if is_list else Table(titles=rows)
    first = next(at for at, many in enumerate(filled) if many >= max(2, width / 2))
    groups = _groups(rows, first)
    if groups:
        end = groups.stop + 1
        return _with_headers(rows[: groups.start], rows[groups.start : end], rows[end:])
    titles, rows = rows[:first], rows[first:]
    if _has_groups(rows) and _is_header(rows, 1, must_differ=True, grouped=True):
        return _with_headers(titles, rows[:2], rows[2:])
    # Below another table, rows go on with it unless they clearly begin with headers of their own.
    must_differ = above is not None and bool(above.headers) and not titles
    if _is_header(rows, 0, must_differ):
        return _with_headers(titles, rows[:1], rows[1:])
    if above and above.headers and max(map(_reach, rows)) <= len(above.headers):
        return Table(titles, headers=above.headers, rows=rows)
    return Table(titles, rows=rows)


def _with_headers(titles: list[Row], header_rows: list[Row], rows: list[Row]) -> Table:
    return Table(titles, header_rows, joined(header_rows), rows)


def joined(header_rows: Sequence[Row]) -> list[str]:
    """A header for each column: those above it, a header over several columns for each of them."""
    *groups, last = header_rows
    spread = [
        group.over if isinstance(group, MarkedRow) and group.is_group else _spread(group, last)
        for group in groups
    ]
    width = max(map(len, header_rows))
    columns = ([_at(row, at) for row in (*spread, last)] for at in range(width))
    return [" ".join(dict.fromkeys(filter(None, column))) for column in columns]


def _spread(group: Row, below: Row) -> list[str]:
    """Each header of a group, over all columns to its right that have one below it."""
    found, last = [], ""
    for at in range(max(len(group), len(below))):
        last = _at(group, at) or (last if _at(below, at) else "")
        found.append(last)
    return found


def _groups(rows: Sequence[Row], first: int) -> range | None:
    """The rows of headers over several columns each, at whose end stands a header for each column.

    ``first`` is the first of the rows that are as full as those of a table; None if there are none.
    """
    end = first + 1 if first < len(rows) and _is_merged_group(rows[first]) else first
    while end < first + _MOST_GROUPS and end < len(rows) and _is_merged_group(rows[end]):
        end += 1
    start = end
    while start and (_is_merged_group(rows[start - 1]) or _is_group(rows[start - 1], rows[start])):
        start -= 1
    if start == end or end >= len(rows):
        return None
    is_merged = all(map(_is_merged_group, rows[start:end])) and end + 1 < len(rows)
    if is_merged and all(map(_names, filter(None, rows[end]))):
        return range(start, end)
    is_header = _is_header(rows, end, must_differ=True, grouped=True)
    return range(start, end) if is_header else None


def _is_merged_group(row: Row) -> bool:
    return isinstance(row, MarkedRow) and row.is_group and all(map(_names, filter(None, row)))


def _is_group(row: Row, below: Row) -> bool:
    """Whether a row of few cells stands over the columns of another, not over a table."""
    places = [at for at, cell in enumerate(row) if cell]
    if not places or not all(_names(row[at]) for at in places):
        return False
    if places[0] > 0:
        return True
    # What stands first names all rows, and has nothing of its own below it.
    reaching = sum(bool(not _at(row, at + 1) and _at(below, at + 1)) for at in places[1:])
    return reaching > 0 and _at(below, 0) in ("", row[0])


def _has_groups(rows: Sequence[Row]) -> bool:
    """Whether the first row holds headers over several columns each, of those in the second."""
    if len(rows) < 3 or not all(_names(cell) for cell in rows[0] if cell):
        return False
    cells = rows[0][: _reach(rows[1])]
    has_gaps = any(_at(rows[1], at) and not cell for at, cell in enumerate(cells) if at)
    return has_gaps or len({cell for cell in cells if cell}) < sum(map(bool, cells))


def _is_header(rows: Sequence[Row], at: int, must_differ: bool, grouped: bool = False) -> bool:
    """Whether a row names what stands below it.

    ``must_differ`` asks for proof: words over data, in some column. Names are not given twice
    unless they are ``grouped`` below others.
    """
    row, below = rows[at], rows[at + 1 : at + 1 + _HEAD]
    if not below or not all(_names(cell) for cell in row if cell):
        return False
    named = [cell.casefold() for cell in row if cell]
    if not grouped and len(set(named)) < len(named):
        return False
    columns = [[_at(one, number) for one in below] for number in range(len(row))]
    over = [
        (cell, [one for one in column if one]) for cell, column in zip(row, columns, strict=True)
    ]
    proofs = [_differs(cell, column) for cell, column in over if cell and column]
    if any(proofs):
        return True
    if must_differ or any(_YEAR.fullmatch(cell) for cell in row):
        return False
    return not any(cell and cell in column for cell, column in over)


def _differs(header: str, column: Sequence[str]) -> bool:
    data = sum(bool(_DATA.fullmatch(cell)) for cell in column)
    if _YEAR.fullmatch(header):
        return data > len(column) / 2 and not all(map(_YEAR.fullmatch, column))
    return data > len(column) / 2


def _names(cell: str) -> bool:
    """Whether a cell may be a header: words, or a year."""
    if len(cell) > _LONGEST_HEADER:
        return False
    return bool(_YEAR.fullmatch(cell)) or not _DATA.fullmatch(cell)


def _reach(row: Row) -> int:
    return max((at + 1 for at, cell in enumerate(row) if cell), default=0)


def _at(row: Row, number: int) -> str:
    return row[number] if number < len(row) else ""
