"""How a document begins: where its title stands, and the first sentences of its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from footnoted.corpus.sentences import paragraphs, sentences, spans
from footnoted.corpus.types import Document, Span
from footnoted.qa.english.boilerplate import is_furniture

_HEAD = 20_000
_LINE_END = re.compile(r"[\r\n]")
_FEWEST_WORDS = 4


def title_place(document: Document) -> Span | None:
    """Where the title stands in the text; None if it stands in the file's properties alone."""
    parts = [re.escape(part) for part in document.title.split()]
    found = re.search(r"\s+".join(parts), document.text[:_HEAD]) if parts else None
    return Span(*found.span()) if found else None


def leads(document: Document, most: int) -> list[Span]:
    """Up to ``most`` of the first sentences; of a text without one, its first line."""
    found: list[Span] = []
    for span in prose(document):
        found.append(span)
        if len(found) == most:
            return found
    return found or [_first_line(document)]


def prose(document: Document) -> Iterator[Span]:
    """The sentences of its paragraphs, but for what is furniture of a page."""
    for block in _blocks(document):
        flat = _LINE_END.sub(" ", document.text[slice(*block)])
        for span in spans(sentences(flat), block.start):
            said = document.text[slice(*span)]
            if len(said.split()) >= _FEWEST_WORDS and not is_furniture(said, document.title):
                yield span


def _blocks(document: Document) -> Iterator[Span]:
    if blocks := document.structure.blocks:
        yield from (Span(one.start, one.end) for one in blocks if one.kind == "paragraph")
    else:
        yield from spans(paragraphs(document.text[:_HEAD]))


def _first_line(document: Document) -> Span:
    blocks = document.structure.blocks
    start = blocks[0].start if blocks else 0
    lines = document.text[start:].splitlines(keepends=True)
    return spans(lines, start)[0] if spans(lines, start) else Span(0, len(document.text))
