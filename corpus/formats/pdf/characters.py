"""A page's characters, as PDFium places them, to words in the order in which they were written."""

from __future__ import annotations

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from footnoted.corpus.formats.pdf.glyphs import ACCENTS, accented, letters_of

SOFT_HYPHEN = "\ufdd0"
"""Stands for a hyphen at a line's end that seems to be there for the line's end alone."""

_UNREADABLE = "\ufffd"
_BLANKS = frozenset(map(ord, " \t\r\n\v\f\x85\xa0\u2002\u2003\u2009\u202f\u3000\u2028\u2029"))
_LINE_ENDS = frozenset(map(ord, "\r\n"))
_IGNORED = frozenset(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
# U+0002 and U+FFFE are what PDFium gives for hyphens that seem to break a word.
_HYPHENS = frozenset(map(ord, "\x02\xad\ufffe"))
# Flags of fonts, as PDF numbers them.
_FIXED_PITCH, _FORCE_BOLD = 1, 1 << 18
_SUPERSCRIPT = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
_RAISED = re.compile(r"[-+−]?[\d()]+")
# What fonts of symbols put where Unicode has no characters of its own.
_SYMBOLS = {
    0xF0B7: "•",
    0xF0A7: "▪",
    0xF0A8: "▪",
    0xF0D8: "‣",
    0xF0FC: "✓",
    0xF02D: "-",
    0xF06F: "o",
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0A3: "≤",
    0xF0B3: "≥",
    0xF0B4: "×",
    0xF06D: "μ",
}
_BOLD = re.compile(r"bold|black|heavy|demi|semibd", re.I)
_FIXED = re.compile(r"mono|courier|consol|typewriter|cmtt", re.I)
_LONGEST_NAME = 128
# Raised type is so much smaller. What it marks, before it, is a word; a chemical symbol is shorter.
_SMALL, _LONGEST_MARK, _LONGEST_SYMBOL = 0.85, 5, 2
# Takes the place of what is not there any more.
_NOTHING = 0x200B
# Where to look for the letter below an accent, above the base line, in sizes of the type.
_IN_LETTER = 0.2
# What PDFium takes for a blank is none if it is no wider than this many times the gaps of letters.
_AS_LETTERS = 1.3
# How far below a raised mark the base line of its word is looked for, in points, at least.
_BAND = 8.0
# More accents on a page, or words at a height, are not looked at: each is compared with all.
_MOST_ACCENTS, _MOST_NEAR = 2_000, 500
# Up to what difference measures are the same, in points.
_ALIKE = 0.1


@dataclass(slots=True)
class Word:
    """Some characters without a blank between them.

    ``x0``, ``x1`` and ``y``, the base line, are in points, counted to the right and downwards from
    the point of view of one who reads along the writing; ``size`` is that of the type, in points.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    fixed: bool
    goes_on: bool = False
    """Whether nothing parts it from the word before, as where the type changes in a word."""
    apart: bool = False
    """Whether a blank was written before it, however narrow."""


@dataclass(slots=True)
class Writing:
    """The words of a page, and how much of it can be read.

    ``words`` go in the direction of most of the page's writing, ``aside`` in others, one list for
    each. ``top`` and ``bottom`` are the edges of the page, by the measure of the words' ``y``.
    ``turns`` says by how many quarters of a circle the page is turned to be read.
    """

    words: list[Word]
    aside: list[list[Word]]
    top: float
    bottom: float
    turns: int
    characters: int
    unreadable: int


@dataclass(slots=True)
class _Style:
    """How a stretch of characters is set: ``turns`` counts quarters of a circle, to the left."""

    size: float
    bold: bool
    fixed: bool
    turns: int


def writing(page: pdfium.PdfPage) -> Writing:
    """What is written on a page."""
    text = page.get_textpage()
    try:
        reader = _Reader(text.raw)
        reader.read()
    finally:
        text.close()
    by_turns = sorted(reader.words.items(), key=lambda one: (-reader.weight[one[0]], one[0]))
    turns, words = by_turns[0] if by_turns else (0, [])
    left, bottom, right, top = page.get_bbox()
    edges = {0: (-top, -bottom), 1: (left, right), 2: (bottom, top), 3: (-right, -left)}[turns]
    return Writing(
        _lowered(_whole(words)),
        [_lowered(_whole(others)) for _, others in by_turns[1:]],
        *edges,
        turns,
        reader.characters,
        reader.unreadable,
    )


@dataclass
class _Reader:
    """Takes one word after another. PDFium is asked as little as can be: each answer costs."""

    page: Any
    words: dict[int, list[Word]] = field(default_factory=dict)
    weight: Counter[int] = field(default_factory=Counter)
    characters: int = 0
    unreadable: int = 0
    _last: Word | None = None
    _apart: bool = False
    _unmapped: set[int] = field(default_factory=set)
    _written: set[int] = field(default_factory=set)
    _style: _Style | None = None
    _thing: int = 0
    _fonts: dict[int, tuple[bool, bool]] = field(default_factory=dict)
    _rectangle: Any = field(default_factory=pdf.FS_RECTF)
    _matrix: Any = field(default_factory=pdf.FS_MATRIX)

    def read(self) -> None:
        """All words of the page."""
        code_of, page = pdf.FPDFText_GetUnicode, self.page
        codes = [code_of(page, at) for at in range(pdf.FPDFText_CountChars(page))]
        self._explain(codes)
        self._compose(codes)
        self._close_up(codes)
        start = 0
        for at, code in enumerate(codes):
            if code in _BLANKS:
                if start < at:
                    self._take(codes[start:at], start)
                if code not in _LINE_ENDS:  # those that PDFium puts around raised figures
                    self._last = None
                    self._apart = at in self._written
                start = at + 1
        if start < len(codes):
            self._take(codes[start:], start)

    def _explain(self, codes: list[int]) -> None:
        """Note the characters that fonts do not explain; put in those that can be told anyway."""
        has_error, page = pdf.FPDFText_HasUnicodeMapError, self.page
        begun = (
            at
            for at, code in enumerate(codes)
            if (code < 0x20 and code not in _LINE_ENDS) or not at or codes[at - 1] in _BLANKS
        )
        if any(has_error(page, at) == 1 for at in begun):
            self._unmapped = {at for at in range(len(codes)) if has_error(page, at) == 1}
            meanings = letters_of([codes[at] for at in self._unmapped])
            if meanings is not None:
                for at in self._unmapped:
                    codes[at] = meanings.get(codes[at], codes[at])
                self._unmapped = set()

    def _compose(self, codes: list[int]) -> None:
        """Put accents that are set over letters together with them."""
        accents = [at for at, code in enumerate(codes) if code in ACCENTS]
        for at in accents[:_MOST_ACCENTS]:
            below = self._below(at)
            letter = accented(codes[below], codes[at]) if 0 <= below != at else None
            if letter:
                codes[below], codes[at] = letter, _NOTHING

    def _below(self, at: int) -> int:
        """The number of the character over which an accent stands; negative if there is none."""
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        page = self.page
        if not pdf.FPDFText_GetCharBox(page, at, left, right, bottom, top):
            return -1
        pdf.FPDFText_GetCharOrigin(page, at, x, y)
        style = self._style_of(at)
        if style.turns:
            return -1
        middle = (left.value + right.value) / 2
        found: int = pdf.FPDFText_GetCharIndexAtPos(
            page, middle, y.value + _IN_LETTER * style.size, 0.0, 0.0
        )
        return found

    def _close_up(self, codes: list[int]) -> None:
        """Take out blanks that PDFium put between letters that stand evenly apart.

        Where most blanks are PDFium's, nothing tells those from others.
        """
        is_generated, page = pdf.FPDFText_IsGenerated, self.page
        blanks = [at for at, code in enumerate(codes) if code == 0x20]
        generated = [at for at in blanks if is_generated(page, at) == 1]
        self._written = {*blanks}.difference(generated)
        if 2 * len(generated) > len(blanks):
            return
        for at in generated:
            around = (at - 2, at - 1, at + 1)
            if around[0] < 0 or around[2] >= len(codes):
                continue
            if any(codes[one] in _BLANKS for one in around):
                continue
            boxes = [self._box(one) for one in around]
            if all(boxes) and _stand_evenly(*(box for box in boxes if box)):
                codes[at] = _NOTHING

    def _take(self, codes: list[int], start: int) -> None:
        """A stretch of characters without a blank: a word, or several of other types each."""
        while codes and codes[0] == _NOTHING:
            codes, start = codes[1:], start + 1
        while codes and codes[-1] == _NOTHING:
            codes = codes[:-1]
        if not codes:
            return
        last = len(codes) - 1
        first_box = self._box(start)
        last_box = self._box(start + last) if last else first_box
        if first_box and last_box and _are_in_line(first_box, last_box):
            self._add(codes, start, first_box, last_box)
        else:
            for at, code in enumerate(codes):
                box = self._box(start + at)
                if box:
                    self._add_or_extend(code, start + at, box)

    def _box(self, at: int) -> _Box | None:
        box = self._rectangle
        if not pdf.FPDFText_GetLooseCharBox(self.page, at, box):
            return None
        return box.left, box.bottom, box.right, box.top

    def _add_or_extend(self, code: int, at: int, box: _Box) -> None:
        """A character of a word whose type changes: in the last word if it is of the same type."""
        last = self._last
        style = self._style_of(at)
        x0, x1 = _along(box, style.turns)
        y = self._base(at, style.turns)
        same = last and (last.size, last.y, last.bold) == (style.size, y, style.bold)
        if last and same and -0.6 * last.size <= x0 - last.x1 <= 0.25 * last.size:
            last.text += self._readable([code], at)
            last.x1 = max(last.x1, x1)
            self.weight[style.turns] += 1
        else:
            self._add([code], at, box, box)

    def _add(self, codes: list[int], start: int, first: _Box, last: _Box) -> None:
        style = self._style_of(start)
        text = self._readable(codes, start)
        if not text:
            return
        a, b = _along(first, style.turns), _along(last, style.turns)
        new = Word(
            text,
            min(a[0], b[0]),
            max(a[1], b[1]),
            self._base(start, style.turns),
            style.size,
            style.bold,
            style.fixed,
            apart=self._apart,
        )
        self._apart = False
        words = self.words.setdefault(style.turns, [])
        before = self._last
        if before and words and words[-1] is before:
            size = max(before.size, new.size)
            near = -0.3 * size <= new.x0 - before.x1 <= 0.2 * size
            new.goes_on = near and abs(new.y - before.y) <= 0.6 * size
        self.weight[style.turns] += len(text)
        words.append(new)
        self._last = new

    def _base(self, at: int, turns: int) -> float:
        """Where the base line is, downwards."""
        x, y = ctypes.c_double(), ctypes.c_double()
        pdf.FPDFText_GetCharOrigin(self.page, at, x, y)
        return (-y.value, x.value, y.value, -x.value)[turns]

    def _readable(self, codes: list[int], start: int) -> str:
        """The characters; "" for a word of which most cannot be read."""
        self.characters += len(codes)
        if not self._unmapped and all(0x20 < code < 0x7F for code in codes):
            return "".join(map(chr, codes))
        signs = []
        high = lost = 0
        for at, code in enumerate(codes):
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if 0xDC00 <= code < 0xE000 and high:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = 0
            sign = _sign(code)
            lost += sign == _UNREADABLE or start + at in self._unmapped
            signs.append(sign)
        self.unreadable += lost
        return "" if 2 * lost > len(codes) else "".join(signs)

    def _style_of(self, at: int) -> _Style:
        matrix, page = self._matrix, self.page
        thing = pdf.FPDFText_GetTextObject(page, at)
        address = ctypes.addressof(thing.contents) if thing else 0
        if self._style and address and address == self._thing:
            return self._style
        self._thing = address
        scale, turns = 1.0, 0
        if pdf.FPDFText_GetMatrix(page, at, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
            turns = round(math.atan2(matrix.b, matrix.a) / (math.pi / 2)) % 4
        size = pdf.FPDFText_GetFontSize(page, at)
        if size < 0:  # upside down, which the matrix sets upright
            turns = (turns + 2) % 4
        size = max(abs(size) * scale, 0.5)
        self._style = _Style(round(size, 2), *self._font_of(thing), turns)
        return self._style

    def _font_of(self, thing: Any) -> tuple[bool, bool]:
        """Whether a stretch's font is bold, and whether all its letters are equally wide."""
        font = pdf.FPDFTextObj_GetFont(thing) if thing else None
        if not font:
            return False, False
        key = ctypes.addressof(font.contents)
        if key not in self._fonts:
            name = ctypes.create_string_buffer(_LONGEST_NAME)
            pdf.FPDFFont_GetBaseFontName(font, name, _LONGEST_NAME)
            called = name.value.decode("latin-1")
            flags = max(pdf.FPDFFont_GetFlags(font), 0)
            bold = bool(_BOLD.search(called)) or bool(flags & _FORCE_BOLD)
            self._fonts[key] = bold, bool(_FIXED.search(called)) or bool(flags & _FIXED_PITCH)
        return self._fonts[key]


def _sign(code: int) -> str:
    """A character; U+FFFD for what is none."""
    if code in _HYPHENS:
        return SOFT_HYPHEN
    if code in _IGNORED:
        return ""
    if 0xFB00 <= code <= 0xFB06:
        return unicodedata.normalize("NFKC", chr(code))
    if 0xE000 <= code <= 0xF8FF:
        return _SYMBOLS.get(code, _UNREADABLE)
    is_none = code < 0x20 or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000
    if is_none or code > 0x10FFFF or 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE:
        return _UNREADABLE
    return chr(code)


def _are_in_line(first: _Box, last: _Box) -> bool:
    """Whether two characters are as high and stand as high, in writing across or down the page."""
    return (abs(first[1] - last[1]) < _ALIKE and abs(first[3] - last[3]) < _ALIKE) or (
        abs(first[0] - last[0]) < _ALIKE and abs(first[2] - last[2]) < _ALIKE
    )


def _stand_evenly(first: _Box, second: _Box, third: _Box) -> bool:
    """Whether the gap before the last of three characters is as wide as that before the second.

    Letters that are set apart have wide gaps on purpose; others have next to none.
    """
    if not (_are_in_line(first, second) and _are_in_line(second, third)):
        return False
    usual, gap = second[0] - first[2], third[0] - second[2]
    size = second[3] - second[1]
    return usual > 0.05 * size and -0.1 * size < gap <= _AS_LETTERS * usual


def _whole(pieces: list[Word]) -> list[Word]:
    """Words whose type changes are one all the same; figures that are raised stay so."""
    words: list[Word] = []
    base = 0.0
    for piece in pieces:
        if not piece.goes_on or not words:
            words.append(piece)
            base = piece.y
            continue
        word = words[-1]
        smaller = piece.size <= _SMALL * word.size
        if smaller and base - piece.y > 0.15 * word.size and _RAISED.fullmatch(piece.text):
            piece.text = piece.text.translate(_SUPERSCRIPT)
        elif piece.size > 1.15 * word.size:  # what was before is raised, or small capitals
            if piece.y - base > 0.15 * piece.size and len(word.text) <= _LONGEST_MARK:
                if _RAISED.fullmatch(word.text):
                    word.text = word.text.translate(_SUPERSCRIPT)
                if len(piece.text) > _LONGEST_SYMBOL or _begins_line(words):
                    word.y, piece.apart = piece.y, True
                    words.append(piece)
                    base = piece.y
                    continue
            word.size, word.y, word.bold = piece.size, piece.y, piece.bold
            base = piece.y
        word.text += piece.text
        word.x1 = max(word.x1, piece.x1)
    return words


def _begins_line(words: Sequence[Word]) -> bool:
    """Whether no word stands on the same line before the last one."""
    if len(words) < 2:
        return True
    before, word = words[-2:]
    return abs(before.y - word.y) > before.size or before.x1 > word.x0


def _lowered(words: list[Word]) -> list[Word]:
    """Raised marks that stand alone beside a word, as those of notes do, on its base line."""
    by_height: dict[int, list[Word]] = {}
    for word in words:
        by_height.setdefault(int(word.y // _BAND), []).append(word)
    largest = {place: max(one.size for one in band) for place, band in by_height.items()}
    for word in words:
        place = int(word.y // _BAND)
        size = max(largest[place], largest.get(place + 1, 0.0))
        if len(word.text) > _LONGEST_MARK or word.size > _SMALL * size:
            continue
        near = (*by_height.get(place, ()), *by_height.get(place + 1, ()))[:_MOST_NEAR]
        before = [one for one in near if _is_raised_beside(word, one, word.x0 - one.x1)]
        after = [one for one in near if _is_raised_beside(word, one, one.x0 - word.x1)]
        if not before and not after:
            continue
        word.y = (before or after)[0].y
        if _RAISED.fullmatch(word.text):
            word.text = word.text.translate(_SUPERSCRIPT)
        if not before:
            after[0].apart = True
    return words


def _is_raised_beside(mark: Word, word: Word, gap: float) -> bool:
    raised = 0.15 * word.size < word.y - mark.y <= 0.6 * word.size
    return raised and mark.size <= _SMALL * word.size and -1 <= gap <= 0.6 * word.size


_Box = tuple[float, float, float, float]


def _along(edges: _Box, turns: int) -> tuple[float, float]:
    """From where to where a box reaches along the writing."""
    left, bottom, right, top = edges
    return ((left, right), (bottom, top), (-right, -left), (-top, -bottom))[turns]
