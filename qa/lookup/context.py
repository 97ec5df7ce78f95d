"""What stands around a place: the rest of its sentence, for people to see what they have found."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

from footnoted.corpus.sentences import paragraphs, sentences
from footnoted.corpus.types import Span

# Characters of a sentence shown on either side of a place; data on one line is a long sentence.
_LONGEST = 300


class Context:
    """The sentences of one text, cut as it was for the index, but only where they are asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._paragraphs = _edges(paragraphs(text))
        self._sentences: dict[int, list[int]] = {}

    def around(self, span: Span) -> tuple[str, str]:
        """The rest of the sentence that ``span`` begins in, before it, and of that it ends in.

        More than ``_LONGEST`` characters are cut at a word, with ``…`` for what is left out.
        """
        start, _ = self._sentence(span.start)
        _, end = self._sentence(span.end - 1)
        before, after = self._text[start : span.start], self._text[span.end : end]
        return _shortened_before(before.lstrip()), _shortened_after(after.rstrip())

    def _sentence(self, at: int) -> tuple[int, int]:
        """The edges of the sentence that holds the character ``at``."""
        start, end = _piece(self._paragraphs, at)
        if start not in self._sentences:
            self._sentences[start] = _edges(sentences(self._text[start:end]), start)
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
