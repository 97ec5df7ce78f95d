"""What the index hands on."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.types import Document, Passage, UnusableInput


class IndexMismatch(UnusableInput):
    """The index was made with something else than what is asked for now."""


class NoIndex(UnusableInput):
    """There is no index where one was expected."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, its document, and what its finders say of it.

    ``score`` is the fused score, comparable within one search only. ``similarity`` is the cosine
    between question and passage, from -1 to 1, for every hit, whichever way it was found.
    """

    passage: Passage
    document: Document
    score: float
    similarity: float

    @property
    def text(self) -> str:
        return self.document.text[self.passage.start : self.passage.end]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much an index holds: documents, passages, and files that could not be read."""

    documents: int
    passages: int
    unreadable: int
