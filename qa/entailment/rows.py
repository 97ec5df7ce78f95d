"""Pairs of text and claim to rows of tokens, a long text in windows of whole sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tokenizers import Tokenizer

from footnoted.corpus.sentences import sentences, spans
from footnoted.index.networks.compiled import STEP, Ids, padded
from footnoted.index.networks.tokens import whole_text
from footnoted.qa.protocols import Pair

MOST_TOKENS = 256
"""Of a row: claim, text and what stands round them."""
MOST_OF_CLAIM = 128
_OVERLAP = 0.4
"""The share of a window, at most, that the one before it has, too."""


class Row(NamedTuple):
    """Tokens, and where the text's begin."""

    ids: list[int]
    text_from: int

    def inputs(self, pad: int) -> dict[str, Ids]:
        """By their names, each of shape (1, tokens)."""
        ids, mask = padded([self.ids], pad, STEP)
        types = mask.copy()
        types[:, : self.text_from] = 0
        return {"ids": ids, "mask": mask, "types": types}


class Rows:
    """Makes rows. It may be shared by threads."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = whole_text(tokenizer)
        numbers = tokenizer.get_vocab()
        self._first, self._last, self.pad = (numbers[one] for one in ("[CLS]", "[SEP]", "[PAD]"))

    def count(self, text: str) -> int:
        """How many tokens a text makes, without what stands round it."""
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def of(self, pair: Pair) -> list[Row]:
        """The rows that a claim is read in, one for each window of its text.

        None where the claim is too long to be read whole: of what was not read, nothing is known.
        """
        claim = self._tokenizer.encode(pair.claim, add_special_tokens=False).ids
        if not 0 < len(claim) <= MOST_OF_CLAIM:
            return []
        before = [self._first, *claim, self._last]
        return [
            Row([*before, *window, self._last], len(before))
            for window in self._windows(pair.text, MOST_TOKENS - len(before) - 1)
        ]

    def _windows(self, text: str, most: int) -> Iterator[list[int]]:
        encoded = self._tokenizer.encode(text, add_special_tokens=False)
        ids = encoded.ids
        if len(ids) <= most:
            if ids:
                yield ids
            return
        starts = [span.start for span in spans(sentences(text))]
        edges = _first_tokens(starts, [start for start, _ in encoded.offsets])
        for start, end in windows([*edges, len(ids)], most):
            yield ids[start:end]


def _first_tokens(starts: Sequence[int], tokens: Sequence[int]) -> list[int]:
    """The numbers of the tokens with which sentences begin."""
    found, at = list[int](), 0
    for start in starts:
        while at < len(tokens) and tokens[at] < start:
            at += 1
        if at < len(tokens) and (not found or at > found[-1]):
            found.append(at)
    return found


def windows(edges: Sequence[int], most: int) -> Iterator[tuple[int, int]]:
    """Stretches of at most ``most`` tokens that together are all, of whole sentences if they fit.

    ``edges`` are where sentences begin, and the end of all.
    """
    start, end, last = 0, 0, edges[-1]
    while True:
        furthest = min(start + most, last)
        end = max((edge for edge in edges if end < edge <= furthest), default=furthest)
        yield start, end
        if end == last:
            return
        least = max(start + 1, end - int(_OVERLAP * (end - start)))
        start = min((edge for edge in edges if least <= edge <= end), default=end)
