"""Paragraphs and sentences, as consecutive spans that together are the whole text.

Nothing is searched for and nothing is dropped: each function cuts its text into pieces
whose lengths add up to the text's, so every offset is a sum of lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

from sentencex import segment

from footnoted.corpus.abbreviations import BEFORE_NAMES, BEFORE_NUMBERS
from footnoted.corpus.ids import ids
from footnoted.corpus.types import Span

# Atomic, or a single CRLF could be taken for two line ends.
_LINE_END = r"(?>\r\n|[\n\r\v\f\x85\u2028\u2029])"
_PARAGRAPH = re.compile(rf"{_LINE_END}(?:[^\S\r\n]*{_LINE_END})+")
_LINE = re.compile(_LINE_END)
_WHITE_SPACE = re.compile(r"\s")
# The segmenter takes these for quotation marks and looks for their partners: "<5 ppm", '3" wide'.
_NO_QUOTATION_MARK = re.compile(r"[<>]|(?<=\d)[\"']")
_ENDING = tuple(".,;:!?…)]}")
_WORD_BEFORE = re.compile(r"(?<!\w)(\w+(?:\.\w+)*)\.$")
_DAY_BEFORE = re.compile(r"(?<![\w.,])(?:[12]?\d|3[01])\.$")
_MONTH = re.compile(
    r"(?:Jan|Feb|March|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)(?:[a-z]{3,})?\b"
)
_DAY = re.compile(rf"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b|{_MONTH.pattern}")
# What a number or mark begins with; "A" and "I" are words, unless they are set off like marks.
_MARK = re.compile(
    r"[^\w\s]*\d|[#§№]|(?:[B-HJ-Z]|[IVXLC]{2,})\b(?!['’])|[AI](?=[.,;:)\]-])|[A-Z]+-?\d"
    r"|Nos?\. ?\S*\d"
)

# Segmentation looks at all of its input at once; a "line" beyond this is data, not prose.
_LONGEST_LINE = 100_000
_LONGEST_LABEL = 40
# Prose is seldom set in narrower lines; lists of words are.
_WRAPPED = 40
# What stands before more.
_OPEN = re.compile(r"(?:,|\b(?:the|an?|of|and|or|to|in|for|with|by))\s*\Z")


def paragraphs(text: str) -> list[str]:
    """Cut ``text`` after each run of blank lines."""
    return _cut_after(_PARAGRAPH, text)


def sentences(text: str) -> list[str]:
    """Cut ``text`` into sentences, each with the white space that follows it.

    A sentence never crosses a paragraph's end or a line that was ended on purpose (a headline,
    a byline, an item of a list), but it does cross the line ends of hard-wrapped prose.
    """
    return [
        sentence
        for paragraph in paragraphs(text)
        for block in joined_lines(paragraph)
        for sentence in _segment(block)
    ]


def spans(pieces: Iterable[str], offset: int = 0) -> list[Span]:
    """Offsets of consecutive ``pieces``, trimmed of white space; blank ones are left out."""
    found = []
    for piece in pieces:
        start = offset + len(piece) - len(piece.lstrip())
        end = offset + len(piece.rstrip())
        if start < end:
            found.append(Span(start, end))
        offset += len(piece)
    return found


def _cut_after(separator: re.Pattern[str], text: str) -> list[str]:
    ends = [match.end() for match in separator.finditer(text)]
    cuts = [0, *ends, len(text)]
    return [text[a:b] for a, b in pairwise(cuts) if a < b]


def joined_lines(paragraph: str) -> list[str]:
    """Join the lines of wrapped prose; keep apart lines that were ended before they were full."""
    lines = _cut_after(_LINE, paragraph)
    width = _width(lines)
    blocks: list[str] = []
    above = ""
    for line in lines:
        first_word = line.split(maxsplit=1)[0] if line.strip() else ""
        length = len(above.rstrip())
        # A wrapping writer would have put the next word on the line above, had there been room,
        # but some leave more of it than others.
        full = length + 1 + len(first_word) > width
        is_open = first_word[:1].islower() or _OPEN.search(above)
        runs_on = is_open and width >= _WRAPPED and 2 * length >= width
        if blocks and (full or runs_on or not first_word):
            blocks[-1] += line
        else:
            blocks.append(line)
        above = line if first_word else above
    return blocks


def _width(lines: Sequence[str]) -> int:
    """How wide a writer sets these lines; one that is mostly one long word does not tell."""
    widths = [(len(line.rstrip()), max(map(len, line.split()), default=0)) for line in lines]
    prose = [width for width, longest in widths if 2 * longest <= width]
    return max(prose or (width for width, _ in widths), default=0)


def _segment(block: str) -> list[str]:
    if len(block) > _LONGEST_LINE:
        return [block]
    # The lines of a block are one run of prose; its line ends would only mislead the segmenter.
    flat = _NO_QUOTATION_MARK.sub("=", _WHITE_SPACE.sub(" ", block))
    lengths = [len(piece) for piece in segment("en", flat)]
    if sum(lengths) != len(block):  # never seen; should it happen, no offset may be wrong
        return [block]
    edges = list(accumulate(lengths, initial=0))
    ends = [end for start, end in pairwise(edges[:-1]) if _is_end(flat, start, end)]
    return [block[start:end] for start, end in pairwise([0, *ends, len(block)])]


def _is_end(text: str, start: int, end: int) -> bool:
    """Whether the sentence ``text[start:end]`` ends there, as the segmenter says.

    Sentences are rather joined than cut in two: a quotation of two is still one that can be read.
    """
    before, after = text[start:end], text[end : end + 40]
    if before.endswith(".") and before[-2:-1].isspace():
        return False  # a word that begins with a full stop, such as ".NET"
    if after.startswith(_ENDING):
        return False
    if after[:1].islower() and not after[1:2].isupper() and not _first_letter(text).islower():
        return False
    if len(before) <= _LONGEST_LABEL and len(before.split()) <= 2 and ids(before):
        return False  # the label of a clause: "Section 4.2(b). The customer pays."
    if not before.rstrip().endswith("."):
        return True
    last = before.split()[-1]
    if _DAY_BEFORE.search(last) and _MONTH.match(after):
        return False
    word = _WORD_BEFORE.search(last)
    if word is None:
        return True
    alone = word.start() == 0 and before.rstrip() == last
    return not _goes_on(word[1].lower(), after, alone)


def _goes_on(abbreviation: str, after: str, alone: bool) -> bool:
    """Whether ``after`` belongs to the sentence of a word with a full stop behind it.

    ``alone``: it would else be a sentence by itself, as in "Max. Load: 15 kg".
    """
    if abbreviation in BEFORE_NAMES:
        return True
    if abbreviation in BEFORE_NUMBERS:
        return _MARK.match(after) is not None or (alone and abbreviation != "no")
    if abbreviation in ("a.m", "p.m"):
        return _DAY.match(after) is not None
    return abbreviation == "al" and after.startswith(("(", "["))


def _first_letter(text: str) -> str:
    return next((letter for letter in text if letter.isalpha()), "")
