"""The lines of a column to blocks: paragraphs, items of lists, tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from footnoted.corpus.formats.pdf.characters import SOFT_HYPHEN
from footnoted.corpus.formats.pdf.grids import Boxed
from footnoted.corpus.formats.pdf.hyphens import joined
from footnoted.corpus.formats.pdf.lines import Line, close, even, merged, pitch, rows
from footnoted.corpus.formats.pdf.rules import Rule
from footnoted.corpus.formats.pdf.tables import Table, tables

_BULLETS = frozenset("•‣▪◦●○■□◆❖➢✓")
_DASHES = frozenset("-–—*·o")
_ORDINAL = re.compile(
    r"(?P<open>\(?)(?:(?P<number>\d{1,3})|(?P<roman>[ivx]{1,5})|(?P<letter>[a-zA-Z]))(?P<close>[.)])"
)
_ENDS = re.compile(r"[.!?:;…。！？]['\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？:]['\"”’»)\]⁰¹²³⁴⁵⁶⁷⁸⁹]*$")
_LEADERS = re.compile(r"(?:\s?[.·…_]){4,}\s*")
_DOTS = re.compile(r"[.·…_]\s?[.·…_]")
_IN_CONTENTS = re.compile(r"\w.*?(?:\s?[.·…_]){4,}\s*[\divxlc]+$")

# In sizes of the type: an indent, and how much wider than usual the gap above a paragraph is.
_INDENT, _WIDER = 0.7, 1.28
_OTHER_SIZE = 0.08
# The room that a line leaves free if it was clearly ended on purpose, in sizes of the type.
_CLEARLY_SHORT = 4.0
# Of digits, in the number of an item that has no other sign.
_LONGEST_NUMBER = 2

# Nobody ends a line on purpose after these.
_UNENDED = ("-", ",", "/", SOFT_HYPHEN)

What = Literal["text", "item", "table", "code", "contents"]


@dataclass(slots=True)
class Block:
    """Lines that belong together, as far as their page tells."""

    what: What
    text: str
    size: float = 0.0
    bold: bool = False
    lines: int = 1
    marker: str = ""
    """Of an item, its kind: such as "(letter)" for letters in parentheses."""
    indent: int = 0
    """Of its first line, in steps."""
    full: bool = False
    """Whether its last line reaches the edge of its column."""
    y: float = 0.0
    table: Table | None = None

    @property
    def ends_sentence(self) -> bool:
        return bool(_ENDS_SENTENCE.search(self.text))


def blocks(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Block]:
    """The blocks of a column, from the top down."""
    found: list[Block] = []
    rest = [line for line in lines if not isinstance(line, Boxed)]
    for boxed in sorted((one for one in lines if isinstance(one, Boxed)), key=lambda one: one.top):
        above = [line for line in rest if line.y < boxed.bottom]
        rest = [line for line in rest if line.y >= boxed.bottom]
        found += _unboxed(above, rules)
        found.append(Block("table", "", boxed.size, y=boxed.top, table=boxed.table))
    return found + _unboxed(rest, rules)


def _unboxed(lines: Sequence[Line], rules: Sequence[Rule]) -> list[Block]:
    right = max((line.x1 for line in lines), default=0.0)
    across = [even(row, right) for row in rows(close(lines))]
    found: list[Block] = []
    at = 0
    for one in tables(across, rules):
        found += _paragraphs(across[at : one.start])
        cells = [line for row in across[one.start : one.end] for line in row]
        size = median(line.size for line in cells)
        found.append(Block("table", "", size, y=cells[0].y, table=one.table))
        at = one.end
    found += _paragraphs(across[at:])
    return _with_whole_code(found)


def _with_whole_code(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with neighbouring stretches of a program as one."""
    found: list[Block] = []
    for block in blocks:
        if found and block.what == found[-1].what == "code":
            found[-1].text += "\n" + block.text
        else:
            found.append(block)
    return found


def _paragraphs(across: Sequence[list[Line]]) -> Iterator[Block]:
    lines = [merged(row) for row in across]
    if not lines:
        return
    usual = pitch(lines)
    size = median(line.size for line in lines)
    left, widest = min(line.x0 for line in lines), max(line.x1 for line in lines)
    open_: list[Line] = []
    for at, line in enumerate(lines):
        right = max(one.x1 for one in lines[max(0, at - 4) : at + 4])
        if open_ and _is_far_from(widest, open_[-1], left) and _starts_sentence(open_[-1], line):
            right = widest
        if open_ and _begins(open_, line, usual, size, right):
            yield _block(open_, left, widest)
            open_ = []
        open_.append(line)
    yield _block(open_, left, widest)


def _is_far_from(right: float, line: Line, left: float) -> bool:
    """Whether a line ends so far from the edge of its column that there is no doubt about it."""
    return right - line.x1 > 0.4 * (right - left)


def _starts_sentence(above: Line, line: Line) -> bool:
    return bool(_ENDS_SENTENCE.search(above.text)) and not line.text[:1].islower()


def _begins(open_: Sequence[Line], line: Line, usual: float, size: float, right: float) -> bool:
    """Whether a line begins a paragraph, given those of the paragraph before it."""
    before = open_[-1]
    if abs(line.size / before.size - 1) > _OTHER_SIZE:
        return True
    step = line.y - before.y
    if len(open_) > 1:
        expected = before.y - open_[-2].y
    else:
        expected = min(usual * line.size / size, 2.2 * line.size) or 1.4 * line.size
    if not 0 <= step <= _WIDER * expected + 0.5:
        return True
    if line.fixed and before.fixed:
        return False
    text, above = line.text, before.text
    ended = bool(_ENDS.search(above))
    room = right - before.x1
    if above[-1:] in _UNENDED and not marker(line):
        return False
    short = room > line.words[0].x1 - line.words[0].x0 + 0.6 * line.size
    if _in_contents(above) or _in_contents(text):
        return True
    kind = marker(line)
    if kind and (kind in _BULLETS or ended or _hangs(line) or kind == marker(open_[0])):
        return True
    if kind and room > _CLEARLY_SHORT * line.size:
        return True
    if line.bold != before.bold and (short or _changes_between(before, line, ended)):
        return True
    if line.fixed != before.fixed and (line.fixed or before.fixed) and short:
        return True
    if (line.bold and before.bold) or line.size > 1.15 * size:
        return False
    return _is_indented(open_, line, ended or short) or _was_ended(text, ended, short, room, right)


def _changes_between(above: Line, line: Line, ended: bool) -> bool:
    """Whether one of two lines is in bold, as a heading is, and neither goes on in the other."""
    if above.words[-1].bold == line.words[0].bold or line.text[:1].islower():
        return False
    return above.bold or ended or _are_centred(above, line)


def _are_centred(one: Line, other: Line) -> bool:
    return abs((one.x0 + one.x1) - (other.x0 + other.x1)) < other.size < abs(one.x0 - other.x0)


def _is_indented(open_: Sequence[Line], line: Line, may_begin: bool) -> bool:
    indent = _INDENT * line.size
    before = open_[-1]
    if abs((line.x0 + line.x1) - (before.x0 + before.x1)) < line.size:  # centred
        return False
    if line.x0 - before.x0 > indent:
        return may_begin and (len(open_) > 1 or not marker(open_[0]))
    if before.x0 - line.x0 > indent and len(open_) > 1:
        return may_begin or line.x0 < min(one.x0 for one in open_) - indent
    return False


def _was_ended(text: str, ended: bool, short: bool, room: float, right: float) -> bool:
    """Whether the line above was ended on purpose: the next word would have found room."""
    if not short or text[:1].islower():
        return False
    return ended or room > 0.3 * right


def marker(line: Line) -> str:
    """The kind of the bullet or number with which a line begins; "" if with none."""
    first = line.words[0].text
    if first[:1] in _BULLETS:
        return first[0]
    if len(line.words) < 2:
        return ""
    if first in _DASHES and (first != "o" or _hangs(line)):
        return first
    if first.isdecimal() and len(first) <= _LONGEST_NUMBER and _hangs(line):
        return "number"
    match = _ORDINAL.fullmatch(first)
    if not match or first in ("I.", "A."):
        return ""
    kind = next(name for name in ("number", "roman", "letter") if match[name])
    if kind == "letter" and not match["open"] and match["close"] == ".":
        return "" if match["letter"].isupper() else "a."
    kind = "letter" if kind == "roman" and len(match["roman"]) == 1 else kind
    return f"{match['open']}{kind}{match['close']}"


def _hangs(line: Line) -> bool:
    """Whether a wider gap than those of its words follows the first."""
    gaps = [after.x0 - word.x1 for word, after in pairwise(line.words)]
    return bool(gaps) and gaps[0] > max(0.45 * line.size, 1.4 * median(gaps[1:] or [0.0]))


def _in_contents(text: str) -> bool:
    return text[-1:].isalnum() and bool(_DOTS.search(text) and _IN_CONTENTS.search(text))


def _block(lines: Sequence[Line], left: float, right: float) -> Block:
    sizes: dict[float, int] = {}
    for line in lines:
        size = round(line.size * 4) / 4
        sizes[size] = sizes.get(size, 0) + len(line.words)
    size = max(sizes, key=lambda one: (sizes[one], one))
    texts = [line.text for line in lines]
    kind = marker(lines[0])
    what: What = "item" if kind else "text"
    if _in_contents(texts[0]):
        what, texts = "contents", [_LEADERS.sub(" … ", text) for text in texts]
    elif all(line.fixed for line in lines):
        return Block("code", "\n".join(texts).replace(SOFT_HYPHEN, "-"), size, y=lines[0].y)
    return Block(
        what,
        joined(texts),
        size,
        all(line.bold for line in lines),
        len(lines),
        kind,
        round((lines[0].x0 - left) / size),
        len(lines) > 1 and right - lines[-1].x1 < 2 * size,
        lines[0].y,
    )
