"""Paragraphs and sentences, as consecutive spans that together are the whole text.

Nothing is searched for and nothing is dropped: each function cuts its text into pieces
whose lengths add up to the text's, so every offset is a sum of lengths.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import accumulate, pairwise

from sentencex import segment

from footnoted.corpus.types import Span

# Atomic, or a single CRLF could be taken for two line ends.
_LINE_END = r"(?>\r\n|[\n\r\v\f\x85\u2028\u2029])"
_PARAGRAPH = re.compile(rf"{_LINE_END}(?:[^\S\r\n]*{_LINE_END})+")
_LINE = re.compile(_LINE_END)
_WHITE_SPACE = re.compile(r"\s")

# Segmentation looks at all of its input at once; a "line" beyond this is data, not prose.
_LONGEST_LINE = 100_000


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
        for block in _blocks(paragraph)
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


def _blocks(paragraph: str) -> list[str]:
    """Join the lines of wrapped prose; keep apart lines that were ended before they were full."""
    lines = _cut_after(_LINE, paragraph)
    width = max((len(line.rstrip()) for line in lines), default=0)
    blocks: list[str] = []
    above = ""
    for line in lines:
        first_word = line.split(maxsplit=1)[0] if line.strip() else ""
        # A wrapping writer would have put the next word on the line above, had there been room.
        full = len(above.rstrip()) + 1 + len(first_word) > width
        if blocks and (full or not first_word):
            blocks[-1] += line
        else:
            blocks.append(line)
        above = line if first_word else above
    return blocks


def _segment(block: str) -> list[str]:
    if len(block) > _LONGEST_LINE:
        return [block]
    # The lines of a block are one run of prose; its line ends would only mislead the segmenter.
    flat = _WHITE_SPACE.sub(" ", block)
    lengths = [len(piece) for piece in segment("en", flat)]
    if sum(lengths) != len(block):  # never seen; should it happen, no offset may be wrong
        return [block]
    return [block[start:end] for start, end in pairwise(accumulate(lengths, initial=0))]
