"""Documents to passages: whole paragraphs where they fit, whole sentences where they do not."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import accumulate, groupby, pairwise

from langchain_text_splitters import RecursiveCharacterTextSplitter, TextSplitter

from footnoted.corpus.sentences import paragraphs, sentences, spans
from footnoted.corpus.types import Document, Passage

# Prose has four to five in English; twice that is not prose and is cut by its length.
_LETTERS_PER_TOKEN = 8

Cut = Callable[[str], Sequence[str]]


class PassageSplitter(TextSplitter):
    """Fill each passage with whole paragraphs, then sentences, then words, up to a size in tokens.

    The pieces that ``split_text`` returns are consecutive and lose nothing: joined, they are the
    text. Offsets are therefore sums of lengths, also where the same text stands many times.

    Args:
        count_tokens: how many tokens the embedder makes of a text, without special tokens.
        max_tokens: the most tokens a passage may have.
    """

    def __init__(self, count_tokens: Callable[[str], int], max_tokens: int) -> None:

        # Cached because langchain measures each piece again when it merges them. White space has
        # no tokens, but a piece that weighs nothing would be carried into the next passage too.
        # A word of a thousand letters is one unknown token, but no passage that one can read.
        @lru_cache(maxsize=4096)
        def count(text: str) -> int:
            return max(1, count_tokens(text), len(text) // _LETTERS_PER_TOKEN) if text else 0

        super().__init__(
            chunk_size=max_tokens, chunk_overlap=0, length_function=count, strip_whitespace=False
        )
        self._words = RecursiveCharacterTextSplitter(
            separators=["\n", "; ", ", ", " ", ""],
            keep_separator="end",
            chunk_size=max_tokens,
            chunk_overlap=0,
            length_function=count,
            strip_whitespace=False,
        )

    def split_text(self, text: str) -> list[str]:
        """Cut ``text`` into consecutive passages."""
        return self._fill(text, (paragraphs, sentences, self._words.split_text))

    def _fill(self, text: str, cuts: Sequence[Cut]) -> list[str]:
        cut, *finer = cuts
        passages: list[str] = []
        waiting: list[str] = []
        for piece in cut(text):
            if not finer or self._length_function(piece) <= self._chunk_size:
                waiting.append(piece)
                continue
            passages += self._merge_splits(waiting, "")
            waiting = []
            passages += self._fill(piece, finer)
        return passages + self._merge_splits(waiting, "")


def split(document: Document, splitter: PassageSplitter) -> list[Passage]:
    """The passages of ``document``, in order, each with the sentences it holds.

    A sentence too long for one passage is divided where the passage ends.
    """
    text = document.text
    edges = _edges(splitter.split_text(text))
    cuts = sorted({*edges, *_edges(sentences(text))})
    assert cuts[-1] == edges[-1] == len(text), "a splitter must lose nothing"
    pieces = spans(text[start:end] for start, end in pairwise(cuts))
    passages = []
    for _, group in groupby(pieces, key=lambda piece: bisect_right(edges, piece.start)):
        inside = tuple(group)
        passages.append(Passage(document.id, inside[0].start, inside[-1].end, inside))
    return passages


def _edges(pieces: Sequence[str]) -> list[int]:
    return list(accumulate(map(len, pieces), initial=0))
