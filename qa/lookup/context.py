"""What stands around a place: the rest of its sentence, for people to see what they have found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

from footnoted.corpus.rendering import render_alone
from footnoted.corpus.sentences import paragraphs, sentences
from footnoted.corpus.spans import Kind, Span
from footnoted.corpus.types import Document

# Characters of a sentence shown on either side of a place; data on one line is a long sentence.
_LONGEST = 300

_Cut = Callable[[str], list[str]]

# What is not cut as prose is; passages are cut alike.
_CUTS: dict[Kind, _Cut] = {
    "code": lambda text: text.splitlines(keepends=True),
    "heading": lambda text: [text],
    "row": lambda text: [text],
}


class Context:
    """The sentences of one document as they are read, cut only where they are asked for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._stretches: dict[Span, _Stretch] = {}

    def around(self, span: Span) -> tuple[str, str]:
        """The rest of the sentence that ``span`` begins in, before it, and of that it ends in.

        Signs are left out, and cells stand under their headers. More than ``_LONGEST`` characters
        are cut at a word, with ``…`` for what is left out.
        """
        before = self._stretch(span.start).before(span)
        after = self._stretch(span.end - 1).after(span)
        return _shortened_before(before.lstrip()), _shortened_after(after.rstrip())

    def _stretch(self, at: int) -> _Stretch:
        """The block that holds the character ``at``; else what stands between two blocks."""
        structure, blocks = self._document.structure, self._document.structure.blocks
        block = structure.block_at(at)
        if block:
            span, cut = Span(block.start, block.end), _CUTS.get(block.kind, sentences)
        else:
            next_one = bisect_right(blocks, at, key=lambda one: one.start)
            start = blocks[next_one - 1].end if next_one else 0
            end = blocks[next_one].start if next_one < len(blocks) else len(self._document.text)
            span, cut = Span(start, end), sentences
        if span not in self._stretches:
            self._stretches[span] = _Stretch(self._document, span, cut)
        return self._stretches[span]


class _Stretch:
    """The sentences of one block, or of what stands between two."""

    def __init__(self, document: Document, span: Span, cut: _Cut) -> None:
        self._rendering = render_alone(document, span)
        self._text = self._rendering.text
        self._cut = cut
        self._paragraphs = _edges(paragraphs(self._text))
        self._sentences: dict[int, list[int]] = {}

    def before(self, span: Span) -> str:
        rendered = self._rendering.rendered(span)
        return self._text[self._sentence(rendered.start)[0] : rendered.start] if rendered else ""

    def after(self, span: Span) -> str:
        rendered = self._rendering.rendered(span)
        return self._text[rendered.end : self._sentence(rendered.end - 1)[1]] if rendered else ""

    def _sentence(self, at: int) -> tuple[int, int]:
        """The edges of the sentence that holds the character ``at``."""
        start, end = _piece(self._paragraphs, at)
        if start not in self._sentences:
            self._sentences[start] = _edges(self._cut(self._text[start:end]), start)
        return _piece(self._sentences[start], at)


def _shortened_before(text: str) -> str:
    return text if len(text) <= _LONGEST else "… " + re.sub(r"\A\S*\s+", "", text[-_LONGEST:])


def _shortened_after(text: str) -> str:
    return text if len(text) <= _LONGEST else re.sub(r"\s+\S*\Z", "", text[:_LONGEST]) + " …"


def _edges(pieces: Iterable[str], offset: int = 0) -> list[int]:
    return list(accumulate(map(len, pieces), initial=offset))


def _piece(edges: list[int], at: int) -> tuple[int, int]:
    """The two edges between which the character ``at`` stands."""
    after = bisect_right(edges, at)
    return edges[after - 1], edges[after]
