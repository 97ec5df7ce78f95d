"""The edges of a found span: never inside a written word, its sign or its brackets."""

from __future__ import annotations

import re
from functools import lru_cache

from footnoted.corpus.abbreviations import AT_ENDS, BEFORE_NAMES
from footnoted.corpus.types import Span
from footnoted.corpus.written import HYPHENS, PIECE, written_words

_PIECE = re.compile(PIECE)
_HYPHEN = re.compile(rf"[{HYPHENS}]")
_HYPHENATED = re.compile(rf"[{HYPHENS}\w]+")
_LOWER = re.compile(r"[a-z]{3,}")
_YEAR = re.compile(r"(?:1\d|20)\d\ds?")
_UNIT = re.compile(r"[a-zµ]{1,8}[²³]?")
_BEFORE_TIMES = frozenset("early late mid post pre".split())
_TITLE = re.compile(r"[A-Z][a-z]{2,}")
_ABBREVIATIONS = AT_ENDS | BEFORE_NAMES
_DOTTED = re.compile(r"[^\W\d_](?:\.[^\W\d_])+")
_LAST_WORD = re.compile(r"\w+(?:\.\w+)*$")
# A mark behind which the sentence goes on.
_GOES_ON = re.compile(r"[.!?](?:\s+[a-z\d(]|[,;:)])|[!?]\s+\w")
_PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'))


def whole(text: str, span: Span) -> Span:
    """``span`` of a sentence's ``text``, grown to the words that it cuts.

    Words that are joined loosely, such as "Oslo-based" and "2019-2023", are several.
    """
    start, end = span
    for word in _words(text):
        if word.start() < span.start < word.end() and not _is_loose(word, span.start):
            start = word.start()
        if word.start() < span.end < word.end() and not _is_loose(word, span.end):
            end = word.end()
    return _balanced(text, Span(start, max(_at_full_stop(text, end), span.start + 1)))


@lru_cache(maxsize=256)
def _words(text: str) -> tuple[re.Match[str], ...]:
    """Those of a sentence, in which many spans are found."""
    return tuple(written_words(text))


def _is_loose(word: re.Match[str], at: int) -> bool:
    """Whether what stands before ``at`` in a word, and what stands behind, are words themselves."""
    text = word.string
    pieces = list(_PIECE.finditer(text, word.start(), word.end()))
    before = next((piece for piece in reversed(pieces) if piece.end() <= at), None)
    after = next((piece for piece in pieces if piece.start() >= at), None)
    if before is None or after is None or before.end() == after.start():
        return False  # a sign at the edge, or the middle of a piece
    if any(piece.start() < at < piece.end() for piece in pieces):
        return False
    a, joint, b = before.group(), text[before.end() : after.start()], after.group()
    is_pair = a + joint + b == word.group()
    if joint == "/":
        return is_pair and (_alternatives(a, b) or (a.isdigit() and _UNIT.fullmatch(b) is not None))
    if not _HYPHEN.fullmatch(joint):
        return False
    if a.isdigit() and b.isdigit():
        return is_pair
    if a.lower() in _BEFORE_TIMES or (_YEAR.fullmatch(b) and _LOWER.fullmatch(a)):
        return True
    if a.isdigit() and _TITLE.fullmatch(b):
        return True
    return _HYPHENATED.fullmatch(word.group()) is not None and _LOWER.fullmatch(b) is not None


def _alternatives(a: str, b: str) -> bool:
    return a.isalpha() and b.isalpha() and min(len(a), len(b)) > 2


def _at_full_stop(text: str, end: int) -> int:
    """``end``, behind the mark that belongs to the last word, and before the sentence's own."""
    ended = text[:end].endswith(".") and not text[end:].strip()
    before = end - 1 if ended else end
    word = _LAST_WORD.search(text, 0, before)
    if text[before : before + 1] == "." and word and _is_abbreviation(word.group()):
        return before + 1
    return end + 1 if _GOES_ON.match(text, end) else before


def _is_abbreviation(word: str) -> bool:
    return word.lower() in _ABBREVIATIONS or _DOTTED.fullmatch(word) is not None


def _balanced(text: str, span: Span) -> Span:
    """``span``, with the bracket or quotation mark beside it whose partner is inside."""
    start, end = span
    for opening, closing in _PAIRS:
        inside = text[start:end]
        open_, closed = inside.count(opening), inside.count(closing)
        is_odd = opening == closing and open_ % 2 == 1
        if (open_ < closed or is_odd) and text.endswith(opening, 0, start):
            start -= 1
        elif (open_ > closed or is_odd) and text.startswith(closing, end):
            end += 1
    return Span(start, end)
