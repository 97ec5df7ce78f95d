"""Rows of a table as they are shown, found where they stand.

A row stands in a document with the signs of its format: "| Food | £18 |". It is shown as "Stall:
Food; Fee: £18", each cell under its header, or in columns, where what is copied is "Food £18". All
of these say the same words of the same cells in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator

from footnoted.corpus.rendering import in_columns, render_alone
from footnoted.corpus.types import Document, Span
from footnoted.qa.lookup.folding import fold, folded_words, places_in


def places_in_rows(document: Document, pattern: str) -> list[Span]:
    """Where ``pattern``, folded, stands in rows as they are shown, their headers aside."""
    regions = list(_regions(document, pattern))
    for shown in (render_alone, in_columns):
        renderings = [shown(document, region) for region in regions]
        places = [
            rendering.source(place)
            for rendering in renderings
            for place in places_in(rendering.text, pattern)
        ]
        if found := [place for place in places if place]:
            return found
    return []


def _regions(document: Document, pattern: str) -> Iterator[Span]:
    """The blocks around the rarest word of ``pattern``, as many as it may reach over: to render all
    of a large sheet takes a second for a hundred thousand cells."""
    structure, text = document.structure, fold(document.text)
    words = {word.text for word in folded_words(pattern)}
    times = {word: text.count(word) for word in words if word in text}
    if not times or not structure.within(Span(0, len(document.text)), "cell"):
        return
    rarest = min(times, key=lambda word: (times[word], word))
    blocks, reach = structure.blocks, len(words)
    region: Span | None = None
    for number, block in enumerate(blocks):
        if rarest in fold(document.text[block.start : block.end]):
            start = blocks[max(number - reach, 0)].start
            end = blocks[min(number + reach, len(blocks) - 1)].end
            if region and start > region.end:
                yield region
                region = None
            region = Span(region.start if region else start, end)
    if region:
        yield region
