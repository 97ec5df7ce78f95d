"""What holds of every text that a format's reader hands on."""

from __future__ import annotations

from itertools import pairwise

from footnoted.corpus.structure import BLOCKS
from footnoted.corpus.types import Extracted


def check(extracted: Extracted) -> None:
    """Spans are inside the text and in their order, and blocks and pages do not overlap."""
    text = extracted.text
    text.encode("utf-8")  # no halves of surrogate pairs
    for start, end, *rest in (*extracted.annotations, *extracted.pages):
        assert 0 <= start < end <= len(text), (start, end, rest)
    order = [(one.start, -one.end) for one in extracted.annotations]
    assert order == sorted(order)
    blocks = [one for one in extracted.annotations if one.kind in BLOCKS]
    for places in (blocks, extracted.pages):
        for before, after in pairwise((one.start, one.end) for one in places):
            assert before[1] <= after[0], (before, after)
    for one in blocks:
        assert text[one.start : one.end] == text[one.start : one.end].strip()


def said(extracted: Extracted, kind: str) -> list[tuple[str, str]]:
    """The text and the value of each annotation of a kind."""
    return [
        (extracted.text[one.start : one.end], one.value)
        for one in extracted.annotations
        if one.kind == kind
    ]
