"""Texts without their dress, and the way back to where each part of them came from.

Quotation marks, dashes, white space, case and the way Unicode spells a letter are dress.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from footnoted.corpus.types import Span

# Tests hold these ranges against Unicode's tables.
_INVISIBLE = re.compile(
    "[\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_QUOTES = re.compile(
    "['`«»\u02b9-\u02bd\u02ee\u2018-\u201f\u2032-\u2037\u2039\u203a\u2e42\u275b-\u2760"
    "\u300c-\u300f\u301d-\u301f]"
)
_DASHES = re.compile(
    "[\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c"
    "\u3030\u30a0\U00010ead]"
)
# Accents that stand alone are decomposed into a space and a mark. The acute one is a keyboard's
# apostrophe; the others count as space.
_ACCENT = "[\u0300-\u0345\u064b-\u0652\u0670\u3099\u309a]"
_ACCENTS = re.compile(_ACCENT)
_LONE_ACUTE = re.compile(rf"\s\u0301(?!{_ACCENT})")
_LONE_ACCENT = re.compile(rf"\s{_ACCENT}+")


def fold(text: str) -> str:
    """``text`` without what does not count: two texts that fold alike say the same.

    Letters are decomposed (NFKD: ligatures, full-width forms, ½ and … too) and their case is
    folded; quotation marks of all kinds are one, and dashes; marks that nobody sees are gone; white
    space is one space between words.
    """
    return " ".join(_fold(text).split())


def _fold(text: str) -> str:
    """``fold`` but for the white space."""
    if text.isascii():
        return text.lower().replace("'", '"').replace("`", '"')
    text = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    if _ACCENTS.search(text):
        text = _LONE_ACCENT.sub(" ", _LONE_ACUTE.sub('"', text))
    return _DASHES.sub("-", _QUOTES.sub('"', text.casefold())).replace("\u2044", "/")


# Scripts that put no space between words: there, a match may begin and end anywhere.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)


class _Kinds(dict[int, str]):
    """A table for ``str.translate``: each character to a letter for what it is."""

    def __missing__(self, code: int) -> str:
        self[code] = kind = self._kind(chr(code))
        return kind

    @staticmethod
    def _kind(char: str) -> str:
        if _INVISIBLE.match(char):
            return "i"
        if unicodedata.category(char)[0] == "M" or char in "\uff9e\uff9f":
            return "m"
        folded = _fold(char)
        if folded[0].isspace():
            return "s"
        if not folded[0].isalnum():
            return "o"
        return "u" if _UNSPACED.match(folded) else "w"


_KINDS = _Kinds()
# A character with the marks on it, which are one with it in every normal form.
_CLUSTER = re.compile("[^mi][mi]*|[mi]+")
_WORD = re.compile("w(?:[wmi]*[wm])?|u(?:[mi]*m)?")
# A run that folds character by character, but for a last one that may carry marks.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*(?![^\x00-\x7f])")


class Word(NamedTuple):
    """A word, folded, and where it stands; of scripts without spaces, a character."""

    text: str
    start: int
    end: int


def folded_words(text: str) -> list[Word]:
    found = _WORD.finditer(text.translate(_KINDS))
    return [Word(fold(text[m.start() : m.end()]), m.start(), m.end()) for m in found]


class _Segment(NamedTuple):
    """A stretch of a text and where its folded form begins; ``plain`` if that is as long."""

    folded: int
    start: int
    end: int
    plain: bool


class FoldedText:
    """A folded text that knows where each part of it came from."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._kinds = text.translate(_KINDS)
        self._segments: list[_Segment] = []
        pieces: list[str] = []
        length = 0
        for start, end, plain in self._cut():
            piece = _fold(text[start:end])
            if piece[:1].isspace():
                piece = piece[1:] if pieces and pieces[-1][-1] == " " else " " + piece[1:]
            if piece:
                self._segments.append(_Segment(length, start, end, plain))
                pieces.append(piece)
                length += len(piece)
        self.folded = "".join(pieces)
        self._starts = [segment.folded for segment in self._segments]

    def _cut(self) -> Iterator[tuple[int, int, bool]]:
        """The text as plain runs and, between them, single characters with their marks."""
        at = 0
        for run in _PLAIN.finditer(self._text):
            yield from self._clusters(at, run.start())
            yield *run.span(), True
            at = run.end()
        yield from self._clusters(at, len(self._text))

    def _clusters(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        for cluster in _CLUSTER.finditer(self._kinds, start, end):
            yield *cluster.span(), False

    def places(self, pattern: str) -> Iterator[Span]:
        """Where ``pattern``, folded, stands in the text: from left to right, none overlapping."""
        at = self.folded.find(pattern)
        while at >= 0:
            span = self._span(at, at + len(pattern))
            if span:
                yield span
            at = self.folded.find(pattern, at + len(pattern) if span else at + 1)

    def _span(self, start: int, end: int) -> Span | None:
        """The place of a folded range; None if it begins or ends inside a character or a word."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1) - 1
        begin = self._source(first, start)
        finish = self._source(last, end)
        if begin is None or finish is None:
            return None
        if self._inside_word(begin) or self._inside_word(finish):
            return None
        while self._kinds[begin] == "i":
            begin += 1
        while self._kinds[finish - 1] == "i":
            finish -= 1
        return Span(begin, finish)

    def _source(self, index: int, at: int) -> int | None:
        """The source of the folded offset ``at``, at or in the segment of this number."""
        segment = self._segments[index]
        if segment.plain:
            return segment.start + at - segment.folded
        if at == segment.folded:
            return segment.start
        after = self._starts[index + 1] if index + 1 < len(self._starts) else len(self.folded)
        return segment.end if at == after else None

    def _inside_word(self, at: int) -> bool:
        if at == len(self._text) or self._kinds[at] != "w":
            return False
        before = at - 1
        while before >= 0 and self._kinds[before] in "mi":
            before -= 1
        return before >= 0 and self._kinds[before] == "w"


def places_in(text: str, pattern: str) -> list[Span]:
    """Where ``pattern``, folded, stands in ``text``."""
    # Keeping account of where each letter came from takes ten times as long.
    if not pattern or pattern not in fold(text):
        return []
    return list(FoldedText(text).places(pattern))
