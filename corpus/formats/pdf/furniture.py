"""What stands on pages beside their text: headers and footers, numbers of pages and of lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from statistics import median

from footnoted.corpus.formats.pdf.characters import Word
from footnoted.corpus.formats.pdf.lines import Line, pitch, rows
from footnoted.corpus.formats.pdf.rules import Rule

# How many rows at the top and at the bottom may be headers and footers, and in which part of the
# page: shares of its height.
_MOST_ROWS, _ZONE = 4, 0.18
# Bigger type than that of the text around it, by this factor, is a headline's.
_BIGGER = 1.3
# What stands apart does so by more than this many times the distance of the lines.
_APART = 1.35
_FEWEST_LINE_NUMBERS = 5
_FEWEST_LETTERS = 2
# In sizes of the type: blanks between words are narrower, also where lines are justified.
_BETWEEN_WORDS = 0.6

_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?=[ivxlc])(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.I)
_WHOLE_NUMBER = re.compile(r"\d{1,4}")
_PAGE_NUMBER = re.compile(r"\W*(?:page|p\.|seite|página|pagina)?\s*(\w{1,8})\W*", re.I)


@dataclass(slots=True)
class Sheet:
    """The lines of a page; see ``Writing`` for its measures."""

    number: int
    label: str
    lines: list[Line]
    aside: list[str]
    top: float
    bottom: float
    rules: list[Rule]
    edges: list[list[list[Line]]] = field(init=False)
    """The first rows from the top, and from the bottom: headers, footers and one more."""

    def __post_init__(self) -> None:
        ordered = rows(self.lines)
        self.edges = [ordered[: _MOST_ROWS + 1], ordered[: -_MOST_ROWS - 2 : -1]]

    def is_at_edge(self, row: Sequence[Line]) -> bool:
        """Whether a row stands where headers and footers do."""
        zone = _ZONE * (self.bottom - self.top)
        return row[0].y < self.top + zone or row[0].y > self.bottom - zone


def running(sheet: Sheet, neighbours: Sequence[Sheet]) -> tuple[list[Line], list[Line]]:
    """The lines of a page's header and of its footer.

    They are those that stand on one of its neighbours, too, at the same height, the same but for
    numbers that count the pages; with what stands on a row with them, apart from the text.
    """
    usual = median([line.size for line in sheet.lines]) if sheet.lines else 0.0
    distance = pitch(sheet.lines)
    head, foot = (
        _at_edge(
            sheet, side, [other for other in neighbours if other is not sheet], usual, distance
        )
        for side in (0, 1)
    )
    taken = {id(line) for line in head}
    return head, [line for line in foot if id(line) not in taken]


def _at_edge(
    sheet: Sheet, side: int, neighbours: Sequence[Sheet], usual: float, distance: float
) -> list[Line]:
    found: list[Line] = []
    sure = 0
    edge = sheet.edges[side]
    for at, row in enumerate(edge[:_MOST_ROWS]):
        if not sheet.is_at_edge(row):
            break
        further = edge[at + 1] if at + 1 < len(edge) else None
        step = abs(further[0].y - row[0].y) if further else 0.0
        apart = further is None or step > _APART * (distance or row[0].size)
        if not at and further and apart and _is_place_of_headers(row[0], side, neighbours):
            found += row
            sure = len(found)
            continue
        again = [
            line
            for line in row
            if line.size <= _BIGGER * usual
            and (
                any(_stands_on(line, sheet, other, side) for other in neighbours)
                or (at == 0 and _is_number_of(line, sheet))
            )
        ]
        letters = sum(len(line.text) for line in row)
        known = sum(len(line.text) for line in again)
        counting = any(any(map(str.isdigit, line.text)) for line in again)
        if not again or (known < 0.5 * letters and not counting):
            break
        found += row if further and apart else again
        if apart or not at:
            sure = len(found)
    # What does not stand apart from the text may be text that pages share.
    return found[:sure]


def _is_place_of_headers(line: Line, side: int, neighbours: Sequence[Sheet]) -> bool:
    """Whether two neighbours have the same header at the height of a line, in its size."""
    there = [
        (twin, other)
        for other in neighbours
        for twin in (other.edges[side][0] if other.edges[side] else ())
        if abs(twin.y - line.y) <= 0.3 * line.size and abs(twin.size - line.size) < 0.3
    ]
    return any(
        _are_alike(one.text, twin.text, other.number - sheet.number)
        for (one, sheet), (twin, other) in combinations(there, 2)
        if other is not sheet
    )


def _stands_on(line: Line, sheet: Sheet, other: Sheet, side: int) -> bool:
    later = other.number - sheet.number
    return any(
        abs(twin.y - line.y) <= 0.5 * line.size and _are_alike(line.text, twin.text, later)
        for row in other.edges[side]
        for twin in row
    )


def _are_alike(text: str, other: str, later: int) -> bool:
    """Whether two texts are the same but for numbers of pages, the other so many pages later."""
    if text == other:
        return sum(map(str.isalpha, text)) >= _FEWEST_LETTERS
    a, b = _numbers(text), _numbers(other)
    if a is None or b is None:
        return False
    counted = [n - m for m, n in zip(a[1], b[1], strict=True)] if a[0] == b[0] else []
    return later in counted and all(one in (0, later) for one in counted)


def _numbers(text: str) -> tuple[str, list[int]] | None:
    """A text without its numbers, and those; None if there are none."""
    bare = text.strip("-–—[]() .")
    if bare and (roman := _ROMAN.fullmatch(bare)):
        return "#", [_value(roman)]
    found = [int(number[-9:]) for number in _NUMBER.findall(text)]
    return (_NUMBER.sub("#", text), found) if found else None


def _value(roman: re.Match[str]) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    digits = [values[sign] for sign in roman.group().lower()]
    following = [*digits[1:], 0]
    return sum(-a if a < b else a for a, b in zip(digits, following, strict=True))


def _is_number_of(line: Line, sheet: Sheet) -> bool:
    match = _PAGE_NUMBER.fullmatch(line.text)
    return match is not None and match[1].lower() in (sheet.label.lower(), str(sheet.number))


def line_numbers(words: Sequence[Word]) -> set[int]:
    """The ids of the words that number the lines of a page.

    They stand in a column of their own, count up evenly while the lines go down evenly, and lines
    begin beside them in the middle of sentences.
    """
    numbers = [word for word in words if _WHOLE_NUMBER.fullmatch(word.text)]
    if len(numbers) < _FEWEST_LINE_NUMBERS:
        return set()
    found: set[int] = set()
    for column in _columns(numbers):
        if _counts_evenly(column) and _is_alone(column, words) and _number_prose(column, words):
            found |= {id(word) for word in column}
    return found


def _columns(numbers: Sequence[Word]) -> Iterator[list[Word]]:
    """Numbers that are aligned to the left or to the right, the same perhaps in both ways."""
    for edge in ("x1", "x0"):
        column: list[Word] = []
        for word in sorted(numbers, key=lambda word: (float(getattr(word, edge)), word.y)):
            if column and getattr(word, edge) - getattr(column[-1], edge) > 1.5:
                yield sorted(column, key=lambda word: word.y)
                column = []
            column.append(word)
        yield sorted(column, key=lambda word: word.y)


def _counts_evenly(column: Sequence[Word]) -> bool:
    if len(column) < _FEWEST_LINE_NUMBERS:
        return False
    pairs = list(pairwise(column))
    counted = [int(b.text) - int(a.text) for a, b in pairs]
    step = median(counted)
    if step not in (1, 2, 5, 10) or sum(one == step for one in counted) < 0.8 * len(counted):
        return False
    down = [b.y - a.y for a, b in pairs]
    usual = median(down)
    return sum(abs(one - usual) <= 0.15 * usual for one in down) >= 0.7 * len(down)


def _is_alone(column: Sequence[Word], words: Sequence[Word]) -> bool:
    x0, x1 = min(word.x0 for word in column), max(word.x1 for word in column)
    top, bottom = column[0].y, column[-1].y
    across = sum(word.x0 < x1 and word.x1 > x0 and top <= word.y <= bottom for word in words) - len(
        column
    )
    return across <= 0.05 * len(column) and not _touches_text(column, words)


def _touches_text(column: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether some numbers stand as near to other words as words of a line do."""
    by_height: dict[int, list[Word]] = {}
    for word in words:
        by_height.setdefault(round(word.y), []).append(word)
    near = sum(
        any(
            -_BETWEEN_WORDS * one.size < gap < _BETWEEN_WORDS * one.size
            for word in by_height[round(one.y)]
            if word is not one
            for gap in (word.x0 - one.x1, one.x0 - word.x1)
        )
        for one in column
    )
    return near > 0.1 * len(column)


def _number_prose(column: Sequence[Word], words: Sequence[Word]) -> bool:
    by_height: dict[int, list[Word]] = {}
    for word in words:
        by_height.setdefault(round(word.y), []).append(word)
    in_the_middle = 0
    for number in column:
        height = round(number.y)
        beside = [
            word
            for near in (height - 1, height, height + 1)
            for word in by_height.get(near, ())
            if word is not number and word.x0 >= number.x1
        ]
        if not beside:  # numbers to the right of their lines
            beside = [
                word
                for near in (height - 1, height, height + 1)
                for word in by_height.get(near, ())
                if word.x1 <= number.x0
            ]
        first = min(beside, key=lambda word: word.x0, default=None)
        in_the_middle += first is not None and first.text[:1].islower()
    return in_the_middle >= max(1, 0.2 * len(column))
