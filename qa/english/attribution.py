"""Quotations keep their speaker: a sentence is widened until it says who says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from footnoted.corpus.types import Document, Span

_CURLY = {"“": 1, "„": 1, "«": 1, "”": -1, "»": -1}
_STRAIGHT = re.compile(r'(?<!\d)"')  # after a digit, it means inches
_INTRODUCES = re.compile(r":\s*$")
# Beyond it, a quotation is no longer one that can be taken in at a glance; in characters.
_LONGEST = 900


def with_speaker(document: Document, sentences: Sequence[Span], cited: Span) -> Span:
    """``cited``, with the sentences round it that say who speaks.

    ``sentences`` are those of its passage. A sentence inside a quotation that began earlier is
    widened back to where that began, and on to where it ends; one that follows a colon, to what
    stands before the colon. What would grow beyond a glance stays as it is.
    """
    text = document.text
    start, end = cited
    first = min([span.start for span in sentences], default=start)
    for span in reversed([span for span in sentences if span.end <= start]):
        introduced = _INTRODUCES.search(text[span.start : span.end])
        if not introduced and not _is_open(text[first:start]):
            break
        start = span.start
    for span in [span for span in sentences if span.start >= end]:
        if not _is_open(text[start:end]):
            break
        end = span.end
    return Span(start, end) if end - start <= _LONGEST else cited


def _is_open(text: str) -> bool:
    """Whether a quotation that begins in ``text`` goes on behind it."""
    depth = sum(_CURLY.get(letter, 0) for letter in text)
    return depth > 0 or len(_STRAIGHT.findall(text)) % 2 == 1
