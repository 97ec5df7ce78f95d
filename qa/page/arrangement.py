"""A document's outline arranged as the page shows it: items in lists, cells in columns, folds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import NamedTuple

from footnoted.corpus.sentences import joined_lines
from footnoted.corpus.spans import Span
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Document
from footnoted.qa.show.outline import Node, PageBreak, Run, marker, outline

BLOCKS = 1500
"""Blocks shown at once: with a quotation, half of them before it; a browser takes half a minute to
lay out all of a book."""

_FOLDED = {"metadata": "About this document", "boilerplate": "Around the text"}
_SMALLEST_HEADING = 6

Part = Node | PageBreak


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a document: its blocks from number ``first`` to before number ``after``."""

    root: Node
    first_marked: Run | None
    first: int
    after: int
    blocks: int

    @property
    def before(self) -> int:
        """The first block of the portion before this one."""
        return max(self.first - BLOCKS, 0)


class Fold(NamedTuple):
    """Neighbours that are shown when they are asked for, or marked."""

    label: str
    parts: Sequence[Part]
    marked: bool


class Item(NamedTuple):
    """An item of a list with all that stands below it; one without a marker has no own text."""

    marker: str
    parts: Sequence[Part]


class Row(NamedTuple):
    """A row of a table, cell by cell, None where there is none; or what is as wide as the table."""

    cells: Sequence[Node | None]
    is_header: bool = False
    across: Part | None = None


class Table(NamedTuple):
    """``labels`` are the headers where no row of those that are shown holds them."""

    labels: Sequence[str]
    rows: Sequence[Row]
    columns: int


def shown(document: Document, mark: Span | None, block: int | None = None) -> Shown:
    """All of a document or, of a long one, the portion that begins with a block of this number;
    without one, what is around the mark.
    """
    blocks = document.structure.blocks
    starts = [one.start for one in blocks]
    if block is not None:
        first = max(min(block, len(blocks) - 1), 0)
        after = first + BLOCKS
    elif mark:
        first = max(bisect_right(starts, mark.start) - BLOCKS // 2, 0)
        after = bisect_right(starts, mark.end) + BLOCKS // 2
    else:
        first, after = 0, BLOCKS
    after = min(after, len(blocks))
    start = starts[first] if 0 < first < len(blocks) else 0
    end = starts[after] if after < len(blocks) else len(document.text)
    root = outline(document, mark, Span(start, end), in_columns=True)
    marked = next((run for run in root.runs() if run.marked and run.shown), None)
    return Shown(root, marked, first, after, len(blocks))


def parts(children: Iterable[Node | Run | PageBreak]) -> Iterator[Part | Fold | Table]:
    """What stands in a container or in the document, without what is not shown."""
    seen = [child for child in children if not isinstance(child, Run)]
    for how, group in groupby(seen, _arranged):
        some = list(group)
        if how == "table":
            yield table(some)
        elif how in _FOLDED:
            yield Fold(_FOLDED[how], some, any(_is_marked(one) for one in some))
        else:
            yield from some


def _arranged(part: Part) -> str:
    if not isinstance(part, Node):
        return ""
    has_cells = any(isinstance(child, Node) for child in part.children)
    return "table" if part.kind == "row" and has_cells else part.kind


def _is_marked(part: Part) -> bool:
    return isinstance(part, Node) and part.marked


def items(node: Node) -> Iterator[Item]:
    """The items of a list, each with what stands between it and the next."""
    item: Item | None = None
    between = ""
    inside: list[Part] = []
    for child in node.children:
        if isinstance(child, Run):
            between = child.text
            continue
        if isinstance(child, Node) and child.kind == "item":
            if item:
                yield item
            inside = [child]
            item = Item(marker(between, child), inside)
        else:
            inside.append(child)
            item = item or Item("", inside)
        between = ""
    if item:
        yield item


def table(children: Iterable[Node | Run | PageBreak]) -> Table:
    """Rows in columns.

    A cell without letters is no cell: which column one stands in is told by its header.
    """
    rows = list(_rows(children))
    of_table = [one for one in rows if isinstance(one, Node) and one.kind == "row"]
    heads = [one for one in of_table if one.value == HEADER]
    body = [one for one in of_table if one.value != HEADER]
    if len(heads) == 1:
        columns = [" ".join(cell.text.split()) for cell in _cells(heads[0])]
    else:
        columns = _headers_of(body)
    leading = max((_without_header(row) for row in body), default=0) if columns else 0
    placed = [_placed(one, columns, leading) for one in rows]
    width = max([*(len(row.cells) for row in placed), 1])
    padded = (
        row._replace(cells=[*row.cells, *[None] * (width - len(row.cells))]) for row in placed
    )
    labels = [] if heads or not columns else [*[""] * leading, *columns]
    return Table(labels, list(padded), width)


def _rows(children: Iterable[Node | Run | PageBreak]) -> Iterator[Part]:
    """Rows, also those in records, and what else stands in a table."""
    for child in children:
        if isinstance(child, Node) and child.kind in ("record", "table"):
            yield from _rows(child.children)
        elif not isinstance(child, Run):
            yield child


def _cells(row: Node) -> list[Node]:
    return [child for child in row.children if isinstance(child, Node)]


def _without_header(row: Node) -> int:
    """How many cells at the beginning of a row have none."""
    return len(list(takewhile(lambda cell: not cell.value, _cells(row))))


def _headers_of(rows: Iterable[Node]) -> list[str]:
    """The headers of all cells, in an order that is that of each row."""
    found: list[str] = []
    for row in rows:
        at = 0
        for header in filter(None, (cell.value for cell in _cells(row))):
            if header not in found:
                found.insert(at, header)
            at = found.index(header) + 1
    return found


def _placed(one: Part, columns: Sequence[str], leading: int) -> Row:
    cells = _cells(one) if isinstance(one, Node) and one.kind == "row" else []
    if not cells:
        return Row((), across=one)
    is_header = isinstance(one, Node) and one.value == HEADER
    placed: list[Node | None] = [None] * (leading if is_header else 0)
    for cell in cells:
        at = len(placed)
        if cell.value and cell.value in columns[max(at - leading, 0) :]:
            at = columns.index(cell.value, max(at - leading, 0)) + leading
        placed += [*[None] * (at - len(placed)), cell]
    return Row(placed, is_header)


def is_wrapped(node: Node) -> bool:
    """Whether a block is one run of prose, whose lines end where they were full."""
    # With its signs: a line may be as long as it is for the address of a link.
    lines = joined_lines("".join(run.text for run in node.runs()))
    return all(line.lstrip()[:1].islower() for line in lines[1:])


def heading_level(node: Node) -> int:
    """The level of its element; above it are the page's title and the panel's."""
    return min(max(int(node.value), 1) + 2, _SMALLEST_HEADING)
