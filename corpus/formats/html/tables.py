"""Tables and lists of terms in a page: which hold data, and their cells in rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from footnoted.corpus.formats.sheets import headers
from footnoted.corpus.formats.tables import Cell, Table, laid_out

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Inside a cell, these say that the table only sets a page.
_SETS_A_PAGE = ("table", "h1", "h2", "h3", "h4", "article", "section", "main", "nav", "form")
# In what describes a term, these say that it is more than a line.
_MORE_THAN_A_LINE = ("pre", "table", "ul", "ol", "dl", "blockquote", "h1", "h2", "h3", "h4")

_LONGEST_NUMBER = 4


class Row(NamedTuple):
    """The cells of a row: a cell over several rows stands in each, one over several columns first.

    ``spread`` has the latter in each of its columns.
    """

    cells: list[str]
    spread: list[str]
    is_header: bool
    starts_with_header: bool


def is_layout(table: HtmlElement) -> bool:
    """Whether a table only sets a page, or a letter, in columns."""
    if table.get("role") in ("presentation", "none"):
        return True
    rows = list(_rows(table))
    if any(cell.tag == "th" for row in rows for cell in row) or table.find("caption") is not None:
        return False
    if max(map(len, rows), default=0) < 2 or len(rows) < 2:
        return True
    return next(table.iterdescendants(*_SETS_A_PAGE), None) is not None


def data_rows(table: HtmlElement, seen: Callable[[HtmlElement], str]) -> tuple[list[Row], bool]:
    """The rows of a table that hold something, and whether they are a record: ``key: value``.

    ``seen`` gives the text of a cell.
    """
    found: list[Row] = []
    rows = list(_rows(table))
    laid = laid_out(Table([[_cell(cell, seen(cell)) for cell in row] for row in rows]))
    for row, (cells, spread, _) in zip(rows, laid, strict=True):
        if any(cells):
            in_head = bool(row) and row[0].getparent().getparent().tag == "thead"
            is_header = bool(row) and (in_head or all(cell.tag == "th" for cell in row))
            found.append(Row(cells, spread, is_header, bool(row) and row[0].tag == "th"))
    is_record = bool(found) and all(
        len(one.cells) == 2 and one.starts_with_header and not one.is_header for one in found
    )
    return found, is_record


def header_row_count(rows: list[Row]) -> int:
    """How many of the first rows hold headers, as they are marked or, if none is, as they look."""
    many = 0
    while many < len(rows) - 1 and rows[many].is_header:
        many += 1
    if many or any(row.is_header or row.starts_with_header for row in rows):
        return many
    first = next(headers.tables([row.cells for row in rows]), None)
    return len(first.header_rows) if first and not first.titles else 0


def records(terms: HtmlElement) -> list[tuple[HtmlElement, HtmlElement]]:
    """The terms of a ``dl`` with what describes each; none where that is more than a line."""
    pairs: list[tuple[HtmlElement, HtmlElement]] = []
    term = None
    for one in _of_list(terms):
        if next(one.iterdescendants(*_MORE_THAN_A_LINE), None) is not None:
            return []
        if sum(1 for _ in one.iterdescendants("p")) > 1:
            return []
        if one.tag == "dt":
            term = one
        elif term is None:
            return []
        else:
            pairs.append((term, one))
    described = {term for term, _ in pairs}
    every = {one for one in _of_list(terms) if one.tag == "dt"}
    return pairs if every == described else []


def _of_list(terms: HtmlElement) -> Iterator[HtmlElement]:
    """Terms and descriptions, which may stand in groups."""
    for one in terms:
        if one.tag in ("dt", "dd"):
            yield one
        elif one.tag == "div":
            yield from one.iterchildren("dt", "dd")


def _rows(table: HtmlElement) -> Iterator[list[HtmlElement]]:
    for part in table:
        if part.tag == "tr":
            yield list(part.iterchildren("td", "th"))
        elif part.tag in ("thead", "tbody", "tfoot"):
            for row in part.iterchildren("tr"):
                yield list(row.iterchildren("td", "th"))


def _cell(cell: HtmlElement, text: str) -> Cell:
    return Cell(text, _span(cell, "colspan"), _span(cell, "rowspan"))


def _span(cell: HtmlElement, name: str) -> int:
    given = cell.get(name, "1").strip()
    is_number = given.isascii() and given.isdigit() and len(given) <= _LONGEST_NUMBER
    return max(1, int(given)) if is_number else 1
