"""Tables: rows whose words stand in the same columns, told by their places alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from footnoted.corpus.formats.pdf.characters import Word
from footnoted.corpus.formats.pdf.hyphens import joined
from footnoted.corpus.formats.pdf.lines import Line, merged
from footnoted.corpus.formats.pdf.rules import Rule
from footnoted.corpus.formats.pdf.table_headers import header_rows, spread
from footnoted.corpus.formats.tables import FIGURE

MARKER = re.compile(r"[•‣▪◦●○■□◆❖➢✓*·–—\-o]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxlcIVXLC]{1,5})[.)]|\d{1,2}")
_LEADER = re.compile(r"[.·…_]{3,}|\.")
_LEADERS_AFTER = re.compile(r"(?<=\w)\s*(?:[.·…]\s?){4,}$")

# Rows with one cell alone that may stand between others, and how far apart rows may be, in sizes.
_MOST_ALONE, _FURTHEST = 3, 4.0
# How many times further than others a row stands that begins another table.
_OTHER_TABLE = 1.5
# What is as long as this across columns is prose, in words.
_PROSE = 6
# A line of a cell with so many words is prose, whose next line may begin with a capital letter.
_WORDS_OF_PROSE = 4
# The share of cells that a full row has, of those in the row with most.
_FULL = 0.6
# The share of rows that leave the gap between two columns free, and of cells that are aligned.
_FREE, _ALIGNED, _SURELY_ALIGNED = 0.8, 0.6, 0.85
# The share of rows that begin in small letters though none goes on with the one above.
_MOSTLY_SMALL = 0.7


@dataclass(slots=True)
class Table:
    """The cells of each row, of which the first ``headers`` rows hold the columns' headers.

    ``over`` holds these rows with every header said over each of its columns.
    """

    rows: list[list[str]]
    headers: int
    over: list[list[str]]


@dataclass(slots=True)
class Found:
    """A table in rows ``start`` to ``end``."""

    start: int
    end: int
    table: Table


@dataclass(slots=True)
class _Row:
    """What stands on one or several base lines: the words of each column."""

    cells: list[list[Line]]
    top: float
    bottom: float
    y: float

    def filled(self) -> set[int]:
        return {at for at, cell in enumerate(self.cells) if cell}


def tables(rows: Sequence[list[Line]], rules: Sequence[Rule]) -> Iterator[Found]:
    """The tables among the rows of a column of a page, from the top down."""
    for start, end in _runs(rows):
        if start and _stands_near(rows, start):
            # Headers that stand so close to each other that they seem to be one line of words.
            found = _table(rows[start - 1 : end], rules)
            if found and sum(map(bool, found.rows[0])) > 1:
                yield Found(start - 1, end, found)
                continue
        found = _table(rows[start:end], rules)
        if found:
            yield Found(start, end, found)


def _stands_near(rows: Sequence[list[Line]], start: int) -> bool:
    """Whether the row above a table stands as near to it as its rows do to each other."""
    if start + 1 >= len(rows):
        return False
    step = rows[start + 1][0].y - rows[start][0].y
    return rows[start][0].y - rows[start - 1][0].y <= _OTHER_TABLE * step


def _runs(rows: Sequence[list[Line]]) -> Iterator[tuple[int, int]]:
    """Stretches of rows that begin and end with one of several cells."""
    start, last, widest = -1, -1, 0
    for at, row in enumerate(rows):
        if len(row) < 2:
            continue
        if start >= 0 and not _goes_on(rows, start, last, at, widest):
            yield start, _with_last_lines(rows, start, last)
            start = -1
        start, widest = (at, len(row)) if start < 0 else (start, max(widest, len(row)))
        last = at
    if start >= 0:
        yield start, _with_last_lines(rows, start, last)


def _with_last_lines(rows: Sequence[list[Line]], start: int, last: int) -> int:
    """The end of a table whose last row goes on in one cell alone."""
    end = last + 1
    if last == start:
        return end
    step = rows[last][0].y - rows[last - 1][0].y
    while end < len(rows) and len(rows[end]) == 1:
        line = rows[end][0]
        near = line.y - rows[end - 1][0].y <= 1.15 * step
        beside = sorted(one.x0 for one in rows[last] if one.x0 > line.x0 + line.size)
        in_column = any(abs(one.x0 - line.x0) < 1 for one in rows[last])
        if not near or not in_column or (beside and line.x1 >= beside[0]):
            break
        end += 1
    return end


def _goes_on(rows: Sequence[list[Line]], start: int, last: int, at: int, widest: int) -> bool:
    """Whether a row belongs to the table from ``start`` to ``last``.

    ``widest`` is the number of cells in its longest row.
    """
    if at - last - 1 > _MOST_ALONE:
        return False
    if [line.text for line in rows[at]] == [line.text for line in rows[start]]:
        return False  # the same headers once more
    if last > start and len(rows[at]) > widest + 1:
        step = rows[last][0].y - rows[last - 1][0].y
        if rows[at][0].y - rows[at - 1][0].y > _OTHER_TABLE * step:
            return False
    reach = [line for row in (rows[last], rows[at]) for line in row]
    largest = max(line.size for line in reach)
    if any(row[0].size > 1.1 * largest for row in rows[last + 1 : at]):
        return False
    x0, x1 = min(line.x0 for line in reach), max(line.x1 for line in reach)
    for a, b in pairwise(rows[last : at + 1]):
        if b[0].top - a[0].bottom > _FURTHEST * max(a[0].size, b[0].size):
            return False
    return not any(
        len(row[0].words) >= _PROSE and row[0].x1 - row[0].x0 > 0.6 * (x1 - x0)
        for row in rows[last + 1 : at]
    )


def _table(rows: Sequence[list[Line]], rules: Sequence[Rule]) -> Table | None:
    several = [row for row in rows if len(row) > 1]
    size = median(line.size for row in rows for line in row)
    columns = _columns(_fullest(several), size)
    if len(columns) == 2 and all(line.fixed for row in rows for line in row):
        return None  # a program, whose parts are aligned
    if len(columns) < 2 or len(several) < (
        3 if len(columns) == 2 or _is_justified(rows, size) else 2
    ):
        return None
    laid = [_laid(row, columns, size) for row in rows]
    full = [row for row in laid if len(row.filled()) > 1]
    if len(full) < 0.6 * len(several) or len(full) < 2:
        return None
    if _is_list(full) or _is_contents(full) or not _are_aligned(full, rows, size):
        return None
    together = _logical(laid, rules, size)
    texts = [[_text(cell) for cell in row.cells] for row in together]
    if not texts or sum(sum(map(bool, row)) > 1 for row in texts) < 2:
        return None
    bold = [all(line.bold for cell in row.cells for line in cell) for row in together]
    ruled = _only_rule_below_first(together, rules)
    headers = header_rows(texts, bold, ruled)
    return Table(texts, headers, _over(texts[:headers], together, columns, size))


def _over(
    texts: Sequence[list[str]],
    rows: Sequence[_Row],
    columns: Sequence[tuple[float, float]],
    size: float,
) -> list[list[str]]:
    """Rows of headers, each header said over all of its columns."""
    if not texts:
        return []
    *groups, last = texts
    named = rows[len(groups)].cells
    reaches = [_reach(cell, *column) for cell, column in zip(named, columns, strict=True)]
    found = []
    for text, row in zip(groups, rows, strict=False):
        places = [_reach(cell) if cell else None for cell in row.cells]
        found.append(spread(text, last, places, reaches, size))
    return [*found, last]


def _reach(cell: Sequence[Line], *edges: float) -> tuple[float, float]:
    """From where to where a cell reaches, and its column, if that is given."""
    xs = [*edges, *(x for line in cell for x in (line.x0, line.x1))]
    return min(xs), max(xs)


def _fullest(rows: Sequence[Sequence[Line]]) -> Sequence[Sequence[Line]]:
    """Rows without those of few cells, as headers over several columns are, if most are full."""
    most = max(map(len, rows), default=0)
    found = [row for row in rows if len(row) >= _FULL * most]
    return found if len(found) > 0.5 * len(rows) else rows


def _columns(rows: Sequence[Sequence[Line]], size: float) -> list[tuple[float, float]]:
    """From where to where each column reaches: what few rows leave free."""
    most = (1 - _FREE) * len(rows)
    edges = sorted(edge for row in rows for line in row for edge in ((line.x0, 1), (line.x1, -1)))
    found: list[tuple[float, float]] = []
    covered, start = 0, 0.0
    for x, step in edges:
        before, covered = covered, covered + step
        if before <= most < covered:
            start = x
        elif covered <= most < before:
            if found and start - found[-1][1] < 0.4 * size:
                found[-1] = found[-1][0], x
            else:
                found.append((start, x))
    return found


def _laid(row: Sequence[Line], columns: Sequence[tuple[float, float]], size: float) -> _Row:
    cells: list[list[Line]] = [[] for _ in columns]
    for line in row:
        for part in _parted(line, columns, size):
            at = _column_of(part, columns)
            if cells[at] and part.x0 > columns[at][1] and at + 1 < len(columns):
                at += 1  # beside what stands nearest, too: headers are wider than their columns
            cells[at].append(part)
    return _Row(
        cells,
        min(line.top for line in row),
        max(line.bottom for line in row),
        max(row, key=lambda line: line.size).y,
    )


def _parted(line: Line, columns: Sequence[tuple[float, float]], size: float) -> Iterator[Line]:
    """A line that runs through the gap of two columns between two of its words, in its parts."""
    gaps = [(a[1], b[0]) for a, b in pairwise(columns)]
    part: list[Word] = []
    for word in line.words:
        if part:
            space = word.x0 - part[-1].x1
            middle = (word.x0 + part[-1].x1) / 2
            inside = any(g0 - 0.3 * size <= middle <= g1 + 0.3 * size for g0, g1 in gaps)
            if inside and space > 0.42 * size:
                yield Line(part)
                part = []
        part.append(word)
    if part:
        yield Line(part)


def _column_of(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    """The first that a line covers a good part of; else the nearest."""
    for at, (x0, x1) in enumerate(columns):
        shared = min(line.x1, x1) - max(line.x0, x0)
        if shared > 0.5 * min(line.x1 - line.x0, x1 - x0):
            return at
    middle = (line.x0 + line.x1) / 2
    return min(range(len(columns)), key=lambda at: abs(sum(columns[at]) / 2 - middle))


def _is_justified(rows: Sequence[Sequence[Line]], size: float) -> bool:
    """Whether rows fill their width as lines of prose do, which may have wide gaps by chance."""
    x0, x1 = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    return sum(_fills(row, x0, x1, size) for row in rows) >= 0.7 * len(rows)


def _fills(row: Sequence[Line], x0: float, x1: float, size: float) -> bool:
    return row[0].x0 - x0 < 0.5 * size and x1 - row[-1].x1 < 0.5 * size


def _are_aligned(laid: Sequence[_Row], rows: Sequence[Sequence[Line]], size: float) -> bool:
    """Whether the cells of columns begin, end or are centred at the same place.

    Where rows fill their width, that they begin and end at its edges says nothing.
    """
    justified = _is_justified(rows, size)
    x0, x1 = min(row[0].x0 for row in rows), max(row[-1].x1 for row in rows)
    if justified and any(len(row) == 1 and _fills(row, x0, x1, size) for row in rows):
        return False
    shares = []
    for at in range(len(laid[0].cells)):
        cells = [row.cells[at] for row in laid if row.cells[at]]
        if len(cells) < 2 or (justified and not at):
            continue
        if justified and len(cells) < 3:
            return False
        figures = sum(map(_is_figure, cells)) > 0.5 * len(cells)
        places = [
            [cell[0].x0 for cell in cells],
            [(cell[0].x0 + cell[-1].x1) / 2 for cell in cells],
            [cell[-1].x1 for cell in cells],
        ]
        tried = places[:2] if justified and not figures else places
        shares.append(max(_share_near_median(place, 0.3 * size) for place in tried))
    if not shares:
        return False
    return min(shares) >= _SURELY_ALIGNED if justified else mean(shares) >= _ALIGNED


def _share_near_median(places: Sequence[float], near: float) -> float:
    middle = median(places)
    return sum(abs(place - middle) <= near for place in places) / len(places)


def _is_list(rows: Sequence[_Row]) -> bool:
    """Whether the first of two columns holds bullets or numbers alone."""
    if len(rows[0].cells) != 2:
        return False
    first = [_text(row.cells[0]) for row in rows if row.cells[0]]
    return sum(bool(MARKER.fullmatch(text)) for text in first) >= 0.8 * len(first)


def _is_contents(rows: Sequence[_Row]) -> bool:
    """Whether dots lead to one thing alone, as the number of a page; in tables to several."""
    dotted = [at for at in map(_leads_to, rows) if at is not None]
    return len(dotted) > 0.5 * len(rows) and sum(at < 2 for at in dotted) >= 0.5 * len(dotted)


def _leads_to(row: _Row) -> int | None:
    """How many cells follow the first with leaders; None if there is none."""
    for at, cell in enumerate(row.cells):
        if any(_LEADER.fullmatch(word.text) for line in cell for word in line.words):
            return sum(map(bool, row.cells[at + 1 :]))
    return None


def _logical(rows: list[_Row], rules: Sequence[Rule], size: float) -> list[_Row]:
    """Rows whose cells may have several lines: parted by rules if there are, else by distances."""
    x0 = min(line.x0 for row in rows for cell in row.cells for line in cell)
    x1 = max(line.x1 for row in rows for cell in row.cells for line in cell)
    heights = _grid(rows, rules, x0, x1)
    found: list[_Row] = []
    steps = sorted(b.y - a.y for a, b in pairwise(rows))
    uneven = bool(steps) and steps[-1] > 1.3 * steps[0] and not _begin_small(rows)
    closest = steps[0] if steps else 0.0
    for row in rows:
        if found:
            last = found[-1]
            if heights:
                apart = any(last.y < height <= row.y for height in heights) or _are_figures(
                    last, row
                )
            else:
                close = row.y - last.y <= min(1.12 * closest, 1.5 * size)
                apart = not (close and _continues(last, row, uneven))
            if not apart:
                for at, cell in enumerate(row.cells):
                    last.cells[at] = last.cells[at] + cell
                last.bottom, last.y = row.bottom, row.y
                continue
        found.append(_Row([list(cell) for cell in row.cells], row.top, row.bottom, row.y))
    return found


def _begin_small(rows: Sequence[_Row]) -> bool:
    """Whether most rows begin in small letters, which then tell nothing."""
    first = [text for row in rows if (text := _text(row.cells[0]))]
    return sum(text[0].islower() for text in first) > _MOSTLY_SMALL * len(first)


def _grid(rows: Sequence[_Row], rules: Sequence[Rule], x0: float, x1: float) -> list[float]:
    """The heights of the rules between rows; none unless they part every row."""
    top, bottom = rows[0].top, rows[-1].bottom
    inside = [rule for rule in rules if rule.x0 < x1 and rule.x1 > x0]
    covered: dict[int, float] = {}
    for rule in inside:
        if rule.level and top < rule.y0 < bottom:
            reach = min(rule.x1, x1) - max(rule.x0, x0)
            covered[round(rule.y0)] = covered.get(round(rule.y0), 0.0) + reach
    heights: list[float] = []
    for height in sorted(covered):
        if covered[height] >= 0.5 * (x1 - x0) and (not heights or height - heights[-1] > 3):
            heights.append(height)
    upright = {
        round(rule.x0 / 4)
        for rule in inside
        if not rule.level and rule.y0 < bottom and rule.y1 > top
    }
    boxed = len(upright) > 1
    return heights if heights and (boxed or len(heights) >= 0.4 * (len(rows) - 1)) else []


def _continues(last: _Row, row: _Row, uneven: bool) -> bool:
    """Whether a base line goes on with cells of the row above it."""
    filled = row.filled()
    both = filled & last.filled()
    if not both or _are_figures(last, row):
        return False
    if uneven and any(_goes_on_in(last.cells[at], row.cells[at]) for at in both):
        return True
    if len(filled) == len(row.cells) or not filled <= last.filled():
        return False
    return 0 not in filled or uneven or (filled == {0} and _text(row.cells[0])[:1].islower())


def _are_figures(last: _Row, row: _Row) -> bool:
    """Whether a figure stands below another, in any column."""
    both = row.filled() & last.filled()
    return any(_is_figure(row.cells[at]) and _is_figure(last.cells[at]) for at in both)


def _goes_on_in(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a cell's sentence seems to go on."""
    if _text(above).endswith((".", ";", "!", "?")):
        return False
    return _text(below)[:1].islower() or len(above[-1].words) >= _WORDS_OF_PROSE


def _is_figure(cell: Sequence[Line]) -> bool:
    return bool(FIGURE.fullmatch(_text(cell)))


def _text(cell: Sequence[Line]) -> str:
    """A cell's words: line after line, each from left to right."""
    said: list[str] = []
    at = 0
    while at < len(cell):
        end = at + 1
        while end < len(cell) and abs(cell[end].y - cell[at].y) <= 0.35 * cell[at].size:
            end += 1
        said.append(_LEADERS_AFTER.sub("", merged(cell[at:end]).text))
        at = end
    return joined(said)


def _only_rule_below_first(rows: Sequence[_Row], rules: Sequence[Rule]) -> bool:
    level = [rule.y0 for rule in rules if rule.level]
    under_first = len(rows) > 2 and any(rows[0].y < y <= rows[1].y for y in level)
    return under_first and not any(rows[1].y < y <= rows[-1].y for y in level)
