"""Words to lines: stretches of words on one base line, with no wide gap between them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from footnoted.corpus.formats.pdf.characters import Word

# In sizes of the type: what parts two words, and what parts two stretches of words, as cells.
_GAP_OF_WORDS = 0.12
# What a blank parts is two words even if they touch.
_OVERLAP = -0.15
_GAP_OF_STRETCHES = 0.8
# What is wider was not stretched to fill a line.
_GAP_OF_CELLS = 1.6
# Where a line is stretched, so are nearly all of its gaps: they are at least this share of the
# usual one.
_EVEN = 0.5
# The share of figures among the words of a row of a table, which no sentence has.
_FIGURES = 0.5
# How far from each other the base lines of what stands on one line may be, in sizes of the type.
_SAME_LINE = 0.35
# How many lines are looked at for the one above: those of other columns stand between.
_MOST_BESIDE = 12


@dataclass(slots=True)
class Line:
    """Words on one base line, from the first to the last as they are read."""

    words: list[Word]
    x0: float = field(init=False)
    x1: float = field(init=False)
    y: float = field(init=False)
    size: float = field(init=False)
    _text: str | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        words = self.words
        if len(words) == 1:
            word = words[0]
            self.x0, self.x1, self.y, self.size = word.x0, word.x1, word.y, word.size
            return
        self.x0 = min(word.x0 for word in words)
        self.x1 = max(word.x1 for word in words)
        sizes: dict[float, int] = {}
        for word in words:
            sizes[word.size] = sizes.get(word.size, 0) + len(word.text)
        self.size = max(sizes, key=lambda size: (sizes[size], size))
        self.y = next(word.y for word in words if word.size == self.size)

    @property
    def top(self) -> float:
        return self.y - 0.8 * self.size

    @property
    def bottom(self) -> float:
        return self.y + 0.2 * self.size

    @property
    def bold(self) -> bool:
        return all(word.bold for word in self.words)

    @property
    def fixed(self) -> bool:
        """Whether all letters are equally wide, as in programs."""
        return all(word.fixed for word in self.words)

    @property
    def text(self) -> str:
        """As it is read. The gaps decide where there is a blank."""
        if self._text is None:
            self._text = self._read()
        return self._text

    def _read(self) -> str:
        said, before = [], None
        for word in self.words:
            if before is not None:
                gap = max(word.x0 - before.x1, before.x0 - word.x1)
                least = _OVERLAP if word.apart else _GAP_OF_WORDS
                if gap > least * min(word.size, before.size):
                    said.append(" ")
            said.append(word.text)
            before = word
        together = "".join(said)
        return together if together.isascii() else unicodedata.normalize("NFC", together)


def stretches(words: Iterable[Word]) -> list[Line]:
    """Words that were written one after the other, without a wide gap between them."""
    found: list[Line] = []
    open_: list[Word] = []
    for word in words:
        if open_ and not _is_next_to(open_[-1], word):
            found.append(Line(open_))
            open_ = []
        open_.append(word)
    if open_:
        found.append(Line(open_))
    return found


def _is_next_to(before: Word, word: Word) -> bool:
    size = max(before.size, word.size)
    gap = word.x0 - before.x1
    return (
        abs(word.y - before.y) <= _SAME_LINE * size
        and -0.3 * size <= gap <= _GAP_OF_STRETCHES * size
    )


def rows(lines: Iterable[Line]) -> list[list[Line]]:
    """Those that share a base line, from the top down, each row from left to right."""
    found: list[list[Line]] = []
    for line in sorted(lines, key=lambda one: (one.y, one.x0)):
        if found:
            last = max(found[-1], key=lambda one: one.size)
            if abs(line.y - last.y) <= _SAME_LINE * min(line.size, last.size):
                found[-1].append(line)
                continue
        found.append([line])
    for row in found:
        row.sort(key=lambda one: one.x0)
    return found


def merged(row: Sequence[Line]) -> Line:
    """All that stands on a row as one line, in the direction of its script."""
    words = [word for line in row for word in line.words]
    if len(row) > 1:
        words.sort(key=lambda word: word.x0)
    if _is_right_to_left(words):
        words.sort(key=lambda word: -word.x0)
    return Line(words)


def _is_right_to_left(words: Sequence[Word]) -> bool:
    if all(word.text.isascii() for word in words):
        return False
    letters = [sign for word in words for sign in word.text[:1] if sign.isalpha()]
    if all(sign < "\u0590" for sign in letters):
        return False
    right = sum(unicodedata.bidirectional(sign) in ("R", "AL") for sign in letters)
    return 2 * right > len(letters)


def close(lines: Iterable[Line]) -> list[Line]:
    """Stretches that touch on their row as one: what was written word by word."""
    found = []
    for row in rows(lines):
        open_: list[Line] = []
        for line in row:
            if open_:
                gap = line.x0 - open_[-1].x1
                if not -line.size <= gap <= _GAP_OF_STRETCHES * max(line.size, open_[-1].size):
                    found.append(merged(open_))
                    open_ = []
            open_.append(line)
        found.append(merged(open_))
    return found


def even(row: Sequence[Line], right: float) -> list[Line]:
    """A row without the gaps that are no wider than others, if it was stretched up to ``right``."""
    if right - row[-1].x1 > row[-1].size:
        return list(row)
    words = [word for line in row for word in line.words]
    gaps = sorted(b.x0 - a.x1 for a, b in pairwise(words))
    if len(row) < 2 or len(gaps) < 2:
        return list(row)
    usual = gaps[(len(gaps) - 1) // 2]
    if gaps[len(gaps) // 8] < _EVEN * usual or _are_mostly_figures(words):
        return list(row)
    found = [[row[0]]]
    for before, line in pairwise(row):
        size = max(before.size, line.size)
        if line.x0 - before.x1 < min(1.8 * usual, _GAP_OF_CELLS * size):
            found[-1].append(line)
        else:
            found.append([line])
    return [merged(lines) for lines in found]


def _are_mostly_figures(words: Sequence[Word]) -> bool:
    """Whether words are those of a row of a table, rather than of a sentence."""
    return sum(any(map(str.isdigit, word.text)) for word in words) > _FIGURES * len(words)


def pitch(lines: Iterable[Line]) -> float:
    """The commonest distance from one line to the next below it, in points; 0 if there is none."""
    counts: dict[int, int] = {}
    ordered = sorted(lines, key=lambda line: (line.y, line.x0))
    for at, line in enumerate(ordered):
        for above in reversed(ordered[max(0, at - _MOST_BESIDE) : at]):
            step = round(2 * (line.y - above.y))
            if step > 4 and above.x0 < line.x1 and above.x1 > line.x0:
                counts[step] = counts.get(step, 0) + 1
                break
    return max(counts, key=lambda step: (counts[step], -step)) / 2 if counts else 0.0
