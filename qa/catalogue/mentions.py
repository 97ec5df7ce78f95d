"""Which documents hold some words, and where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document, Passage, Span
from footnoted.corpus.words import content_words, words
from footnoted.index.protocols import WordSearch

# So many passages that share words with what is looked for are looked at.
_LOOKED_AT = 400


class Mention(NamedTuple):
    document: Document
    sentence: Span


def mentions(topic: str, library: WordSearch) -> list[Mention]:
    """The first sentence of each document that holds ``topic``, the likeliest document first.

    Words count in any of their forms. Where some documents hold them side by side, others that hold
    them scattered over a sentence are left out.
    """
    wanted = [word.stem for word in content_words(topic)]
    if not wanted:
        return []
    found: dict[str, list[tuple[bool, Mention]]] = {}
    for document, passage in library.candidates(topic, _LOOKED_AT):
        for sentence in _holding(document, passage, wanted):
            of_it = found.setdefault(document.id, [])
            of_it.append((_side_by_side(document, sentence, wanted), Mention(document, sentence)))
    exact = any(together for some in found.values() for together, _ in some)
    chosen = ([one for together, one in some if together >= exact] for some in found.values())
    return [min(some, key=lambda one: one.sentence.start) for some in chosen if some]


def _holding(document: Document, passage: Passage, wanted: Sequence[str]) -> list[Span]:
    said = ((span, document.text[slice(*span)]) for span in passage.sentences)
    return [span for span, text in said if {*wanted} <= {word.stem for word in words(text)}]


def _side_by_side(document: Document, sentence: Span, wanted: Sequence[str]) -> bool:
    said = [word.stem for word in content_words(document.text[slice(*sentence)])]
    size = len(wanted)
    return any(said[at : at + size] == list(wanted) for at in range(len(said) - size + 1))
