"""A stretch of a document as it is read: in its context, cells under their headers, without signs.

What is read is not always what stands there: a cell says nothing without its header, an item
nothing without what it continues, and signs of Markdown are no words. A rendering says all of it,
and knows of each letter where in the document it stands, or that it stands somewhere else.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from footnoted.corpus.spans import Annotation, Span
from footnoted.corpus.structure import HEADER, UNREAD
from footnoted.corpus.types import Document


class _Piece(NamedTuple):
    """``length`` letters, that stand ``at`` in the rendering and at ``source`` in the document."""

    at: int
    source: int
    length: int


_Part = tuple[str, int | None]
"""A text, and where it stands in the document, if it does."""


@dataclass(frozen=True)
class Rendering:
    """``text``, and where its letters stand in the document."""

    text: str
    pieces: Sequence[_Piece]

    def source(self, span: Span) -> Span | None:
        """Where a stretch of the rendering stands in the document; None if nothing of it does.

        What is in between there, as a sign that is not read, is part of it.
        """
        first = max(bisect_right(self._at, span.start) - 1, 0)
        inside = [
            (max(piece.at, span.start), min(piece.at + piece.length, span.end), piece)
            for piece in self.pieces[first : bisect_right(self._at, span.end - 1)]
        ]
        inside = [one for one in inside if one[0] < one[1]]
        if not inside:
            return None
        (start, _, first_piece), (_, end, last_piece) = inside[0], inside[-1]
        return Span(
            first_piece.source + start - first_piece.at, last_piece.source + end - last_piece.at
        )

    def rendered(self, span: Span) -> Span | None:
        """Where a stretch of the document stands in the rendering; None if it is not in it."""
        inside = [
            (
                max(piece.source, span.start) - piece.source + piece.at,
                min(piece.source + piece.length, span.end) - piece.source + piece.at,
            )
            for piece in self.pieces
            if piece.source < span.end and span.start < piece.source + piece.length
        ]
        return Span(inside[0][0], inside[-1][1]) if inside else None

    @cached_property
    def _at(self) -> list[int]:
        return [piece.at for piece in self.pieces]


def context(document: Document, start: int) -> tuple[str, ...]:
    """What a passage that begins at ``start`` stands under: headings, and what it continues.

    The document's own title is left out.
    """
    structure = document.structure
    path = [title for title in structure.heading_path(start) if title != document.title]
    block = structure.block_at(start)
    if block and block.kind == "item" and block.value:
        path.append(block.value)
    return tuple(path)


def render(document: Document, span: Span) -> Rendering:
    """What stands in ``span``, under its context."""
    above = ((f"{line}\n", None) for line in context(document, span.start))
    return _joined([*above, *_parts(document, span)])


def render_alone(document: Document, span: Span) -> Rendering:
    """What stands in ``span``, without the context that it needs."""
    return _joined(_parts(document, span))


def render_said(document: Document, span: Span, speaker: Span) -> Rendering:
    """What stands in ``span``, after the name, at ``speaker``, of who says it."""
    name = _without_signs(document, speaker)
    return _joined([*name, (" said: ", None), *_parts(document, span)])


def without_signs(document: Document) -> Rendering:
    """The whole text but for the signs that say how it is set."""
    return _joined(_without_signs(document, Span(0, len(document.text))))


def in_columns(document: Document, span: Span) -> Rendering:
    """What stands in ``span``, rows as a table shows them: cells side by side, and nothing else."""
    return _joined(_in_columns(document, span))


def _in_columns(document: Document, span: Span) -> Iterator[_Part]:
    for block in document.structure.blocks_in(span):
        inside = Span(block.start, block.end)
        cells = document.structure.within(inside, "cell") if block.kind == "row" else []
        for one in cells or [block]:
            yield from _without_signs(document, Span(one.start, one.end))
            yield " ", None


def searched(document: Document, span: Span) -> str:
    """What is searched of a passage: alone, it may not say what it is about."""
    return f"{document.title}\n{render(document, span).text}"


def _joined(parts: Iterable[_Part]) -> Rendering:
    text: list[str] = []
    pieces: list[_Piece] = []
    at = 0
    for said, source in parts:
        if source is not None and said:
            pieces.append(_Piece(at, source, len(said)))
        text.append(said)
        at += len(said)
    return Rendering("".join(text), pieces)


def _parts(document: Document, span: Span) -> Iterator[_Part]:
    text, at = document.text, span.start
    for block in document.structure.blocks_in(span):
        if block.kind in UNREAD or block.value == HEADER:
            continue
        start, end = max(block.start, span.start), min(block.end, span.end)
        if at != span.start:
            gap = text[at:start]
            yield (gap, at) if gap.isspace() else ("\n", None)
        yield from _block(document, block, Span(start, end))
        at = end
    if at == span.start:  # a document of which nothing is known but its text
        yield text[span.start : span.end], span.start


def _block(document: Document, block: Annotation, span: Span) -> Iterator[_Part]:
    cells = document.structure.within(span, "cell") if block.kind == "row" else []
    if not cells:
        yield from _without_signs(document, span)
    for number, cell in enumerate(cells):
        lead = "; " if number else ""
        yield f"{lead}{cell.value}: " if cell.value else lead, None
        yield from _without_signs(
            document, Span(max(cell.start, span.start), min(cell.end, span.end))
        )


def _without_signs(document: Document, span: Span) -> Iterator[_Part]:
    for start, end in document.structure.without_signs(span):
        yield document.text[start:end], start
