"""Tables whose cells are boxed: what stands between the same rules is one cell."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from footnoted.corpus.formats.pdf.characters import Word
from footnoted.corpus.formats.pdf.hyphens import joined
from footnoted.corpus.formats.pdf.lines import Line, merged, pitch, rows
from footnoted.corpus.formats.pdf.rules import Rule
from footnoted.corpus.formats.pdf.table_headers import header_rows
from footnoted.corpus.formats.pdf.tables import Table
from footnoted.corpus.formats.tables import FIGURE

# Rules that are nearer than this are one or touch, in points.
_NEAR = 3.0
# Lines between two rules from which on they may be rows, the gap between rows in relation to that
# of lines, and up to what difference lines stand at the same height, in points.
_FEWEST_UNRULED, _GAP_OF_ROWS, _ALIKE = 3, 1.25, 1.5
# What holds more words is a frame around text, and no cell.
_LONGEST_CELL = 150


@dataclass(slots=True)
class Boxed(Line):
    """A table as one thing on its page, with all its words."""

    table: Table
    edges: tuple[float, float]

    @property
    def top(self) -> float:
        return self.edges[0]

    @property
    def bottom(self) -> float:
        return self.edges[1]


def grids(lines: Sequence[Line], rules: Sequence[Rule]) -> tuple[list[Boxed], list[Line]]:
    """The boxed tables of a page, and the lines outside of them."""
    tables: list[Boxed] = []
    rest = list(lines)
    for group in _groups(rules):
        found = _table(group, rest)
        if found:
            boxed, inside = found
            tables.append(boxed)
            rest = [line for line in rest if id(line) not in inside]
    return tables, rest


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules whose boxes touch, roughly: cut by white space down, across and down again."""
    groups = [list(rules)]
    for low, high in (("y0", "y1"), ("x0", "x1"), ("y0", "y1")):
        groups = [part for group in groups for part in _parted(group, low, high)]
    return groups


def _parted(rules: list[Rule], low: str, high: str) -> list[list[Rule]]:
    found: list[list[Rule]] = []
    reach = 0.0
    for rule in sorted(rules, key=lambda one: float(getattr(one, low))):
        if found and getattr(rule, low) <= reach + _NEAR:
            found[-1].append(rule)
        else:
            found.append([rule])
            reach = getattr(rule, high)
        reach = max(reach, getattr(rule, high))
    return found


def _table(rules: Sequence[Rule], lines: Sequence[Line]) -> tuple[Boxed, set[int]] | None:
    level = [rule for rule in rules if rule.level]
    upright = [rule for rule in rules if not rule.level]
    if len(level) < 2 or not upright:
        return None
    ys = _places([y for rule in rules for y in (rule.y0, rule.y1)] if upright else [])
    ys = _places([rule.y0 for rule in level] + [ys[0], ys[-1]])
    xs = _places(
        [rule.x0 for rule in upright] + [min(r.x0 for r in level), max(r.x1 for r in level)]
    )
    if len(xs) < 3 or len(ys) < 3:
        return None
    inside = [
        line
        for line in lines
        if ys[0] < line.y - 0.3 * line.size < ys[-1]
        and xs[0] - 1 < (line.x0 + line.x1) / 2 < xs[-1] + 1
    ]
    if not inside:
        return None
    cells = _cells(inside, xs, ys, level, upright)
    parts = [(at, part) for at, row in enumerate(cells) if any(row) for part in _unruled(row)]
    filled = [part for _, part in parts]
    several = sum(sum(map(bool, row)) > 1 for row in filled)
    longest = max(sum(len(line.words) for line in cell) for row in filled for cell in row)
    if several < 2 or longest > _LONGEST_CELL:
        return None
    used = [at for at in range(len(xs) - 1) if any(row[at] for row in filled)]
    texts = [[_text(row[at]) for at in used] for row in filled]
    bold = [all(line.bold for cell in row for line in cell) for row in filled]
    headers = header_rows(texts, bold, ruled=False)
    by_x = _by_place(upright, xs, lambda rule: rule.x0)
    over = []
    for text, (at, _) in zip(texts[:headers], parts, strict=False):
        height = (ys[at] + ys[at + 1]) / 2
        parted = [_is_between(by_x[column], height, across=False) for column in used]
        over.append(_spread(text, parted))
    table = Table(texts, headers, over)
    words = [word for line in inside for word in line.words]
    return Boxed(words, table, (ys[0], ys[-1])), {id(line) for line in inside}


def _places(values: Iterable[float]) -> list[float]:
    """The values in their order, those that are near each other as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _cells(
    lines: Sequence[Line],
    xs: Sequence[float],
    ys: Sequence[float],
    level: Sequence[Rule],
    upright: Sequence[Rule],
) -> list[list[list[Line]]]:
    cells: list[list[list[Line]]] = [[[] for _ in xs[1:]] for _ in ys[1:]]
    by_y = _by_place(level, ys, lambda rule: rule.y0)
    by_x = _by_place(upright, xs, lambda rule: rule.x0)
    for line in lines:
        height = line.y - 0.3 * line.size
        row = min(max(bisect_right(ys, height) - 1, 0), len(ys) - 2)
        for part in _split(line, xs, by_x, height):
            middle = (part.words[0].x0 + part.words[0].x1) / 2
            column = min(max(bisect_right(xs, middle) - 1, 0), len(xs) - 2)
            while column and not _is_between(by_x[column], height, across=False):
                column -= 1
            at = row
            centre = (xs[column] + xs[column + 1]) / 2
            while at and not _is_between(by_y[at], centre, across=True):
                at -= 1
            cells[at][column].append(part)
    return cells


def _unruled(row: list[list[Line]]) -> list[list[list[Line]]]:
    """What stands between two rules in its rows, if there are several that no rules part.

    A row begins where the cells of half of the columns do: below a gap, or, in a column of figures,
    at each of them.
    """
    used = [sorted(cell, key=lambda line: line.y) for cell in row if cell]
    if len(used) < 2 or max(map(len, used)) < _FEWEST_UNRULED:
        return [row]
    distance = pitch(line for cell in used for line in cell)
    starts = sorted(
        line.y
        for cell in used
        for above, line in zip((None, *cell), cell, strict=False)
        if above is None
        or line.y - above.y > _GAP_OF_ROWS * distance
        or (FIGURE.fullmatch(line.text) and FIGURE.fullmatch(above.text))
    )
    tops = [
        y
        for y, following in zip(starts, (*starts[1:], math.inf), strict=True)
        if sum(abs(y - other) <= _ALIKE for other in starts) >= max(2, len(used) / 2)
        and following - y > _ALIKE
    ]
    if len(tops) < _FEWEST_UNRULED:
        return [row]
    found: list[list[list[Line]]] = [[[] for _ in row] for _ in tops]
    for at, cell in enumerate(row):
        for line in cell:
            place = bisect_right(tops, line.y + _ALIKE + 0.01) - 1
            found[max(place, 0)][at].append(line)
    return found


def _by_place(
    rules: Sequence[Rule], places: Sequence[float], of: Callable[[Rule], float]
) -> list[list[Rule]]:
    found: list[list[Rule]] = [[] for _ in places]
    for rule in rules:
        at = max(bisect_right(places, of(rule) + 0.01) - 1, 0)
        found[at].append(rule)
    return found


def _is_between(rules: Sequence[Rule], at: float, across: bool) -> bool:
    """Whether one of the rules at a place parts what stands at ``at`` along it."""
    if across:
        return any(rule.x0 - 1 <= at <= rule.x1 + 1 for rule in rules)
    return any(rule.y0 - 1 <= at <= rule.y1 + 1 for rule in rules)


def _split(
    line: Line, xs: Sequence[float], by_x: Sequence[Sequence[Rule]], height: float
) -> list[Line]:
    """A line in the parts that rules cut it into."""
    parts: list[list[Word]] = []
    last = -1
    for word in line.words:
        column = bisect_right(xs, (word.x0 + word.x1) / 2) - 1
        between = range(min(last, column) + 1, max(last, column) + 1)
        cut = any(_is_between(by_x[at], height, across=False) for at in between if at >= 0)
        if not parts or (last >= 0 and cut):
            parts.append([])
        parts[-1].append(word)
        last = column
    return [line] if len(parts) == 1 else [Line(part) for part in parts]


def _spread(row: Sequence[str], parted: Sequence[bool]) -> list[str]:
    """A row with each cell said in all columns that it reaches over.

    ``parted`` tells of each column whether a rule parts it there from the one before.
    """
    found: list[str] = []
    for cell, is_parted in zip(row, parted, strict=True):
        found.append(cell if cell or is_parted or not found else found[-1])
    return found


def _text(cell: Sequence[Line]) -> str:
    return joined([merged(row).text for row in rows(cell)])
