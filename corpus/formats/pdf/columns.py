"""The lines of a page in the order of reading: columns one after the other, what crosses between.

A page is cut where a gutter parts columns of prose, from the outermost in. What is not prose on
both sides, as a table, is left whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from footnoted.corpus.formats.pdf.grids import Boxed
from footnoted.corpus.formats.pdf.lines import Line, merged, pitch, rows
from footnoted.corpus.formats.pdf.rules import Rule

_FEWEST_LINES = 3
# Of prose: the mean number of letters in a line, and how much of the width they fill. The lines of
# several columns do not stand at the same heights.
_ONE_COLUMN, _SEVERAL_COLUMNS = (12.0, 0.55), (20.0, 0.3)
# The width of the narrowest column, in sizes of the type, and the share of lines in it that begin
# in small letters, since they go on with a sentence.
_NARROWEST, _RUN_ON = 8.0, 0.15
# How wide a margin may be as a share of the text beside it, and its type in relation to it.
_MARGIN, _SMALLER = 0.35, 0.92
_MOST_GUTTERS = 10
# How far to the left of most lines some may begin, in sizes of the type.
_HANGING = 1.5
_WORDS_OF_A_CELL = 3.5
# What tells columns by the heights of their lines alone: how many there are at least, up to what
# difference in height, in sizes of the type, lines stand side by side, and what shares of them do
# so by chance, and go down evenly.
_FEWEST_OUT_OF_STEP, _IN_STEP, _BY_CHANCE, _EVENLY = 5, 0.15, 0.5, 0.5
# The same of columns that go down more evenly, or are parted by a rule.
_FEW, _EXACTLY, _VERY_EVENLY = 4, 0.04, 0.75
# How many lines each of two columns has at least that are told by being alike.
_FEWEST_OF_TWINS = 8
# Of the cells of a table, in lines, on an average.
_LONGEST_CELL = 8
# Lines below both columns before one crosses the gutter: more than this go on with the left one,
# if they do not begin in big type.
_MOST_BELOW, _BIG = 3, 1.15
# By how many lines columns may differ in length that end together above big type.
_UNEVEN = 3
_DEEPEST = 8


@dataclass(slots=True)
class Column:
    """Lines that are read one after the other; ``margin`` if they are notes beside the text."""

    lines: list[Line]
    margin: bool = False


def columns(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Column]:
    """The columns of a page in their order, notes in the margin after what they stand beside."""
    text, margin = _without_margins(lines)
    found = [Column(column) for column in _cut(text, rules, _DEEPEST)]
    return found + [Column(notes, margin=True) for notes in margin]


def _cut(lines: list[Line], rules: Sequence[Rule], depth: int) -> Iterator[list[Line]]:
    gutter = _best_gutter(lines, rules) if depth else None
    if gutter is None:
        if lines:
            yield lines
        return
    whole: list[Line] = []
    for band in _bands(lines, gutter):
        if band.is_cut and (_is_short(band) or _are_columns(band, rules)):
            yield from _cut(whole, rules, depth - 1)
            whole = []
            yield from _cut(band.left, rules, depth - 1)
            yield from _cut(band.right, rules, depth - 1)
        else:  # a table may be in several bands, since some of its cells cross the gutter
            whole += band.left + band.right
    yield from _cut(whole, rules, depth - 1)


@dataclass(slots=True)
class _Band:
    """What lies on either side of a gutter, from one line that crosses it to the next."""

    left: list[Line]
    right: list[Line]
    is_cut: bool


def _best_gutter(lines: Sequence[Line], rules: Sequence[Rule]) -> float | None:
    """Where most lines of prose are parted, as an x; None if nowhere."""
    if _count(lines) < 2 * _FEWEST_LINES:
        return None
    lines = sorted(lines, key=lambda one: (one.y, one.x0))
    tried = []
    for x in _candidates(lines):
        if _parts_some(lines, x):
            bands = [band for band in _bands(lines, x) if band.is_cut]
            tried.append((sum(map(_parted, bands)), x, bands))
    best, most = None, 0.0
    for possible, x, bands in sorted(tried, key=lambda one: (-one[0], one[1])):
        if possible > most * 1.001:
            parted = sum(_parted(band) for band in bands if _are_columns(band, rules))
            if parted > most * 1.001:
                best, most = x, parted
    return best


def _parted(band: _Band) -> float:
    """How much a gutter parts there: the shorter of both sides, as if it were one line."""
    return min(
        sum((line.x1 - line.x0) * _count([line]) for line in side)
        for side in (band.left, band.right)
    )


def _count(lines: Sequence[Line]) -> int:
    """How many lines there are, with the rows of boxed tables."""
    return sum(len(line.table.rows) if isinstance(line, Boxed) else 1 for line in lines)


def _parts_some(lines: Sequence[Line], x: float) -> bool:
    """Whether there are some lines on either side of ``x`` before one crosses it."""
    left = right = 0
    for line in lines:
        if line.x1 <= x:
            left += _count([line])
        elif line.x0 >= x:
            right += _count([line])
        else:
            left = right = 0
        if left >= _FEWEST_LINES and right >= _FEWEST_LINES:
            return True
    return False


def _candidates(lines: Sequence[Line]) -> list[float]:
    """Where several lines begin, just before them, but for the leftmost; or, where several end
    together on the right, before the longest of them.

    Some may begin a little to the left of the others, as items of lists do with their bullets.
    """
    starts: dict[int, list[Line]] = {}
    for line in lines:
        starts.setdefault(round(line.x0 / 3), []).append(line)
    several = [
        (_count([*found, *starts.get(place + 1, ())]), -place) for place, found in starts.items()
    ]
    commonest = sorted((one for one in several if one[0] >= _FEWEST_LINES), reverse=True)
    leftmost = min(line.x0 for line in lines)
    hanging = _HANGING * median(line.size for line in lines)
    found = set()
    for _, place in commonest[:_MOST_GUTTERS]:
        first = min(line.x0 for line in starts[-place])
        found.add(min(line.x0 for line in lines if first - hanging <= line.x0 <= first) - 1.0)
    found.update(_before_those_that_end_together(lines))
    return sorted(x for x in found if x > leftmost + 10)


def _before_those_that_end_together(lines: Sequence[Line]) -> Iterator[float]:
    ends: dict[int, list[Line]] = {}
    for line in lines:
        ends.setdefault(round(line.x1 / 3), []).append(line)
    several = sorted((one for one in ends.values() if len(one) >= _FEWEST_LINES), key=len)
    for together in several[-_MOST_GUTTERS:]:
        yield min(line.x0 for line in together) - 1.0


def _bands(lines: Sequence[Line], x: float) -> list[_Band]:
    """The lines in bands from the top down, those that cross ``x`` in bands of their own."""
    found: list[_Band] = []
    alone = _headings_alone(lines, x)
    crossed = {round(line.y) for line in lines if line.x0 < x < line.x1}
    for line in sorted(lines, key=lambda one: (one.y, one.x0)):
        crosses = round(line.y) in crossed or id(line) in alone
        if not found or found[-1].is_cut == crosses:
            found.append(_Band([], [], not crosses))
        (found[-1].left if crosses or line.x1 <= x else found[-1].right).append(line)
    found = [part for band in found for part in _trimmed(band)]
    together: list[_Band] = []
    for band in found:
        if together and not band.is_cut and not together[-1].is_cut:
            together[-1].left += band.left + band.right
        else:
            together.append(band)
    return together


def _trimmed(band: _Band) -> list[_Band]:
    """Without what stands above or below the columns, such as the short end of a paragraph."""
    if not band.is_cut or not band.left or not band.right:
        return [_Band(band.left + band.right, [], False)]
    top, bottom = band.right[0].top, max(line.bottom for line in band.right)
    above = [line for line in band.left if line.bottom <= top + 1]
    below = _below(band.left, bottom)
    apart = {id(line) for line in (*above, *below)}
    left = [line for line in band.left if id(line) not in apart]
    short = _is_short(_Band(left, band.right, True))
    if not left or (short and not _holds_prose(left, band.right)):
        return [_Band(band.left + band.right, [], False)]
    found = [_Band(left, band.right, True)]
    if above:
        found.insert(0, _Band(above, [], False))
    return [*found, _Band(below, [], False)] if below else found


def _is_short(band: _Band) -> bool:
    """Whether a band is too short to tell of itself whether it holds columns."""
    return min(_count(band.left), _count(band.right)) < _FEWEST_LINES


def _holds_prose(*sides: Sequence[Line]) -> bool:
    """Whether the lines on each side hold as many letters as those of columns."""
    return all(
        mean(sum(map(str.isalpha, line.text)) for line in side) >= _ONE_COLUMN[0] for side in sides
    )


def _below(left: Sequence[Line], bottom: float) -> list[Line]:
    """What stands to the left below both columns, if they end together and it stands apart."""
    if left[-1].top < bottom:
        return []
    distance, usual = pitch(left), median(one.size for one in left)
    for at, (line, following) in enumerate(pairwise(left), start=1):
        is_big = following.size >= _BIG * usual
        ends_here = abs(line.bottom - bottom) <= distance * (_UNEVEN if is_big else 1)
        is_apart = following.top >= bottom and following.y - line.y > 1.2 * distance
        if ends_here and is_apart and (is_big or len(left) - at <= _MOST_BELOW):
            return list(left[at:])
    return []


def _headings_alone(lines: Sequence[Line], x: float) -> set[int]:
    """Lines in big type that begin on the left and have nothing beside them: they cross, too."""
    usual = median(line.size for line in lines)
    big = [line for line in lines if line.size >= _BIG * usual and line.x1 <= x]
    if not big:
        return set()
    left = [line for line in lines if line.x1 <= x]
    right = [line for line in lines if line.x1 > x]
    return {id(line) for line in big if _is_above_both(line, left, right, usual)}


def _is_above_both(line: Line, left: Sequence[Line], right: Sequence[Line], size: float) -> bool:
    """Whether the columns on both sides end above a line, and begin anew together below it."""
    if any(
        one.top < line.bottom + 0.6 * size and one.bottom > line.top - 0.6 * size for one in right
    ):
        return False
    below = [
        min((one.top for one in side if one.top > line.y), default=None) for side in (left, right)
    ]
    above = [
        max((one.bottom for one in side if one.bottom < line.y), default=None)
        for side in (left, right)
    ]
    if below[0] is None or below[1] is None or abs(below[0] - below[1]) > 0.5 * size:
        return False
    return above[0] is None or above[1] is None or abs(above[0] - above[1]) <= 1.5 * size


def _are_columns(band: _Band, rules: Sequence[Rule]) -> bool:
    """Whether both sides are prose, and no rows of a table."""
    if all(any(isinstance(line, Boxed) for line in side) for side in (band.left, band.right)):
        return True
    left, right = _merged(band.left), _merged(band.right)
    if _are_short_cells(band, left, right):
        return False
    if (
        _are_out_of_step(left, right)
        or _are_twins(left, right)
        or (
            _is_parted_by_a_rule(left, right, rules)
            and _share_in_step(left, right, _EXACTLY, _FEW) <= _BY_CHANCE
        )
    ):
        return not _is_ruled(left, right, rules)
    if not any(
        _is_prose(one, *_ONE_COLUMN) and _is_prose(other, *least)
        for one, other in ((left, right), (right, left))
        for least in (_ONE_COLUMN, _SEVERAL_COLUMNS)
    ):
        return False
    return not _is_ruled(left, right, rules) and not _is_in_rows(left, right)


def _are_short_cells(band: _Band, left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether nearly all lines stand side by side, with few words each."""
    heights = [line.y for line in right]
    beside = sum(any(abs(line.y - y) < 1 for y in heights) for line in left)
    parts = [*band.left, *band.right]
    words = sum(len(line.words) for line in parts) / len(parts)
    return beside >= 0.9 * max(len(left), len(right)) and words <= _WORDS_OF_A_CELL


def _are_out_of_step(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the lines of each side go down evenly, but not at the heights of the other's.

    The lines of cells begin at the same heights, or are centred beside each other, unevenly.
    """
    even = min(_evenness(left), _evenness(right))
    if even >= _VERY_EVENLY and _share_in_step(left, right, _EXACTLY, _FEW) <= _BY_CHANCE:
        return True
    return even >= _EVENLY and _share_in_step(left, right, _IN_STEP) <= _BY_CHANCE


def _share_in_step(
    left: Sequence[Line], right: Sequence[Line], step: float, fewest: int = _FEWEST_OUT_OF_STEP
) -> float:
    """The share of lines on the shorter side that stand at the height of one on the other; 1 if
    there are fewer than ``fewest`` to tell by.

    ``step`` is how far apart those may be that stand at one height, in sizes of the type.
    """
    few, many = sorted((left, right), key=len)
    top, bottom = many[0].y - many[0].size, many[-1].y + many[-1].size
    beside = [line for line in few if top <= line.y <= bottom]
    if len(beside) < fewest:
        return 1.0
    heights = [line.y for line in many]
    in_step = sum(any(abs(line.y - y) <= step * line.size for y in heights) for line in beside)
    return in_step / len(beside)


def _is_parted_by_a_rule(
    left: Sequence[Line], right: Sequence[Line], rules: Sequence[Rule]
) -> bool:
    """Whether a rule, or the edge of a box, goes down all the way between them."""
    top, bottom = min(left[0].y, right[0].y), max(left[-1].y, right[-1].y)
    x0, x1 = max(line.x1 for line in left), min(line.x0 for line in right)
    return any(
        not rule.level and x0 - 1 <= rule.x0 <= x1 + 1 and rule.y0 <= top and rule.y1 >= bottom - 1
        for rule in rules
    )


def _are_twins(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are as wide and have the same indents, several: as those of an index."""
    if min(len(left), len(right)) < _FEWEST_OF_TWINS:
        return False
    widths = [max(line.x1 for line in s) - min(line.x0 for line in s) for s in (left, right)]
    if abs(widths[0] - widths[1]) > 0.05 * max(widths):
        return False
    indents = []
    for side in (left, right):
        edge = min(line.x0 for line in side)
        indents.append(Counter(round((line.x0 - edge) / 2) for line in side))
    shared = [place for place in indents[0] if min(one[place] for one in indents) >= _FEWEST_LINES]
    told = sum(one[place] for place in shared for one in indents)
    return len(shared) > 1 and told >= 0.8 * sum(one.total() for one in indents)


def _evenness(lines: Sequence[Line]) -> float:
    """The share of lines that stand below the one above them by the same distance."""
    steps = [b.y - a.y for a, b in pairwise(lines)]
    usual = pitch(lines)
    return sum(abs(step - usual) <= 0.1 * usual for step in steps) / max(len(steps), 1)


def _merged(lines: Sequence[Line]) -> list[Line]:
    return [merged(row) for row in rows(lines)]


def _is_prose(lines: Sequence[Line], letters: float, filled: float) -> bool:
    """Whether lines hold so many letters each, fill so much of their column, and run on."""
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    if width < _NARROWEST * median(line.size for line in lines) or len(lines) < _FEWEST_LINES:
        return False
    if median(line.x1 - line.x0 for line in lines) / width < filled:
        return False
    if mean(sum(map(str.isalpha, line.text)) for line in lines) < letters:
        return False
    begins = [line.text[:1] for line in lines]
    capitals, small = sum(map(str.isupper, begins)), sum(map(str.islower, begins))
    return small >= _RUN_ON * (small + capitals)


def _is_ruled(left: Sequence[Line], right: Sequence[Line], rules: Sequence[Rule]) -> bool:
    """Whether rules that cross the gutter part the lines, as those of a table."""
    top, bottom = min(left[0].top, right[0].top), max(left[-1].bottom, right[-1].bottom)
    x0, x1 = max(line.x1 for line in left), min(line.x0 for line in right)
    near = 1.5 * left[0].size
    heights = {
        round(rule.y0 / 3)
        for rule in rules
        if rule.level
        and top - near <= rule.y0 <= bottom + near
        and rule.x0 < x0 - 5
        and rule.x1 > x1 + 5
    }
    inside = any(top < 3 * height < bottom for height in heights)
    return inside and len(heights) >= 2


def _is_in_rows(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides begin anew together, several times: rows of cells with some lines each."""
    distance = pitch([*left, *right])
    if not distance:
        return False
    big = _BIG * median(line.size for line in (*left, *right))
    starts = [
        {
            round(b.y)
            for a, b in pairwise(side)
            if b.y - a.y > 1.35 * distance and a.size < big and b.size < big
        }
        for side in (left, right)
    ]
    together = sum(any(abs(a - b) <= 1 for b in starts[1]) for a in starts[0])
    if min(len(left), len(right)) > _LONGEST_CELL * (together + 1):
        return False  # headings, paragraphs that happen to stand side by side
    return together >= max(2, 0.8 * min(map(len, starts)))


def _without_margins(lines: Sequence[Line]) -> tuple[list[Line], list[list[Line]]]:
    """The text, and the notes that stand in its left and right margin."""
    if len(lines) < 2 * _FEWEST_LINES:
        return list(lines), []
    x0, x1 = _body(lines)
    size = median(line.size for line in lines if line.x0 >= x0 - 1 and line.x1 <= x1 + 1)
    left = [line for line in lines if line.x1 < x0 - 0.3 * size]
    right = [line for line in lines if line.x0 > x1 + 0.3 * size]
    body = [line for line in lines if line.x1 >= x0 - 0.3 * size and line.x0 <= x1 + 0.3 * size]
    margins = []
    for side in (left, right):
        if _are_notes(side, body, x1 - x0, size):
            margins.append(side)
        else:
            body += side
    return body, margins


def _body(lines: Sequence[Line]) -> tuple[float, float]:
    """From where to where the widest column of text reaches."""
    starts: dict[int, float] = {}
    for line in lines:
        starts[round(line.x0 / 3)] = starts.get(round(line.x0 / 3), 0.0) + line.x1 - line.x0
    place = max(starts, key=lambda one: (starts[one], -one))
    mine = [line for line in lines if abs(line.x0 / 3 - place) <= 1]
    return min(line.x0 for line in mine), max(line.x1 for line in mine)


def _are_notes(side: Sequence[Line], body: Sequence[Line], width: float, size: float) -> bool:
    """Whether lines beside the text are notes: narrow, in words, and not in step with its lines."""
    if not side or len(side) > max(3, 0.4 * len(body)):
        return False
    across = max(line.x1 for line in side) - min(line.x0 for line in side)
    if across > _MARGIN * width or not any(sign.isalpha() for sign in _text(side)):
        return False
    top, bottom = min(line.top for line in body), max(line.bottom for line in body)
    if any(line.bottom < top or line.top > bottom for line in side):
        return False
    if median(line.size for line in side) <= _SMALLER * size:
        return True
    if len(_text(side)) < 4 * len(side):
        return False
    heights = [line.y for line in body]
    in_step = sum(any(abs(line.y - y) <= 0.15 * size for y in heights) for line in side)
    return in_step <= 0.5 * len(side)


def _text(lines: Sequence[Line]) -> str:
    return "".join(word.text for line in lines for word in line.words)
