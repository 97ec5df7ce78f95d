"""The rows of a table that hold headers, and over which columns each of them stands."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.corpus.formats.tables import FIGURE

_YEAR = re.compile(r"(?:FY\s?)?(?:1[89]|20)\d\d(?:\s?[-–/]\s?(?:\d\d){1,2})?")
_MOST = 3
# How far from the middle of its columns a header may stand, in sizes of the type.
_OFF_CENTRE = 1.2
# Up to what difference two things begin at the same place, in sizes of the type.
_BESIDE = 0.3

Texts = Sequence[Sequence[str]]
Reach = tuple[float, float]
"""From where to where something reaches, in points."""


def header_rows(texts: Texts, bold: Sequence[bool], ruled: bool) -> int:
    """How many rows hold headers: those in bold above others, or words above figures.

    ``ruled`` says whether a rule parts the first row from the others, and no rule parts these.
    """
    if not all(bold):
        leading = 0
        while bold[leading] and (not leading or sum(map(bool, texts[leading])) > 1):
            leading += 1
        if leading:
            return min(leading, _MOST)
    for rows in range(min(_MOST, len(texts) - 1), 0, -1):
        if _stand_over_figures(texts, rows):
            return rows
    is_data = len(texts) < 2 or any(FIGURE.fullmatch(cell) for cell in texts[0] if cell)
    return int(ruled and not is_data)


def _stand_over_figures(texts: Texts, rows: int) -> bool:
    """Whether the first ``rows`` rows are words, or years, and what stands below them figures."""
    above, below = texts[:rows], texts[rows:]
    if rows > 1 and not (_has_gaps(above[0], above[-1]) and any(map(FIGURE.fullmatch, below[0]))):
        return False
    columns = [[row[at] for row in below if row[at]] for at in range(len(texts[0]))]
    is_over = False
    for row in above:
        if rows > 1 and sum(map(bool, row)) < 2:
            return False
        for cell, column in zip(row, columns, strict=True):
            figures = sum(bool(FIGURE.fullmatch(one)) for one in column) > 0.5 * len(column)
            if FIGURE.fullmatch(cell):
                is_year = _YEAR.fullmatch(cell) and figures
                if not is_year or all(map(_YEAR.fullmatch, column)):
                    return False
            is_over = is_over or bool(cell and column and figures)
    return is_over


def _has_gaps(row: Sequence[str], last: Sequence[str]) -> bool:
    """Whether headers stand over several columns, which have headers of their own below."""
    return any(below and not cell for cell, below in zip(row, last, strict=True))


def spread(
    row: Sequence[str],
    last: Sequence[str],
    places: Sequence[Reach | None],
    columns: Sequence[Reach],
    size: float,
) -> list[str]:
    """A row of headers with each said over all of its columns, which have headers in ``last``.

    It stands over the middle of them or, if their own headers are given more than once, begins
    where the first of them does. ``places`` tells where its cells stand, None where there is none,
    ``columns`` where those of the table do, ``size`` that of its type, in points.
    """
    named = [name for name in last if name]
    is_repeated = len(set(named)) < len(named)
    found = list(row)
    widest = 0
    for at, (text, place) in enumerate(zip(row, places, strict=True)):
        if not text or place is None:
            continue
        free = _free(row, last, at)
        if is_repeated and abs(place[0] - columns[at][0]) <= _BESIDE * size:
            is_last = not any(row[at + 1 :])
            reach = at, min(free[1], at + widest - 1) if is_last and widest else free[1]
        else:
            others = [_middle(one) for one in places if one and one != place]
            reach = _centred(_middle(place), others, at, free, columns, size)
        widest = max(widest, reach[1] - reach[0] + 1)
        found[reach[0] : reach[1] + 1] = [text] * (reach[1] - reach[0] + 1)
    return found


def _free(row: Sequence[str], last: Sequence[str], at: int) -> tuple[int, int]:
    """The first and the last column around a header that have none but their own in ``last``.

    The first of all names what the rows are of.
    """
    first = end = at
    while first > 1 and last[first - 1] and not row[first - 1]:
        first -= 1
    while end + 1 < len(row) and last[end + 1] and not row[end + 1]:
        end += 1
    return first, end


def _centred(
    middle: float,
    others: Sequence[float],
    at: int,
    free: tuple[int, int],
    columns: Sequence[Reach],
    size: float,
) -> tuple[int, int]:
    """The first and the last of most columns over whose middle a header stands.

    None of them is nearer to ``others``, the middles of the other headers of its row.
    """
    first, end = free
    while first < at and _is_nearer(_middle(columns[first]), others, middle):
        first += 1
    while end > at and _is_nearer(_middle(columns[end]), others, middle):
        end -= 1
    tried = [
        (low, high)
        for low in range(first, at + 1)
        for high in range(at, end + 1)
        if abs((columns[low][0] + columns[high][1]) / 2 - middle) <= _OFF_CENTRE * size
    ]
    return max(tried, key=lambda one: one[1] - one[0], default=(at, at))


def _middle(place: Reach) -> float:
    return (place[0] + place[1]) / 2


def _is_nearer(column: float, others: Sequence[float], middle: float) -> bool:
    return any(abs(column - other) < abs(column - middle) for other in others)
