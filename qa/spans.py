"""Passages read: the spans in them that may answer a question, each against "no answer here"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from corpus.types import Span
from qa.span_network import Inputs, Outputs, SpanNetwork

Logits = NDArray[np.float32]

_MOST_TOKENS = 384
_OVERLAP = 96
_MOST_OF_QUESTION = 128
_LONGEST_ANSWER = 40
_BATCH_TOKENS = 4096
_SPANS = 12
_NO_EVIDENCE = -20.0


@dataclass(frozen=True, slots=True)
class FoundSpan:
    """A span of a passage's text, and its margin: its logit less that of "no answer here".

    A margin of 0 is an even chance to the network, before calibration; margins of different
    passages can be compared.
    """

    span: Span
    margin: float


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text as the network read it: its tokens and their logits.

    ``start`` and ``end`` are less those of "no answer here", shape (tokens,).
    """

    tokens: tuple[Span, ...]
    start: Logits
    end: Logits

    def evidence(self, within: Span) -> float:
        """The logit of an answer that begins and ends in ``within``, wherever that is.

        A sentence may hold an answer that nobody could cut out exactly: all its spans count.
        """
        inside = [within.start <= a and b <= within.end for a, b in self.tokens]
        if not any(inside):
            return _NO_EVIDENCE
        return float(
            np.logaddexp.reduce(self.start[inside]) + np.logaddexp.reduce(self.end[inside])
        )


@dataclass(frozen=True, slots=True)
class PassageReading:
    """What the network makes of a passage: spans that do not overlap, best first.

    ``answerable`` is the logit of the passage holding an answer at all.
    """

    spans: tuple[FoundSpan, ...]
    answerable: float
    windows: tuple[Window, ...]

    @property
    def margin(self) -> float:
        return self.spans[0].margin if self.spans else _NO_EVIDENCE

    def evidence(self, within: Span) -> float:
        """The logit of an answer somewhere in ``within``; see ``Window.evidence``."""
        return max(window.evidence(within) for window in self.windows)


class SpanFinder:
    """Reads passages with a network. Not for two threads at once."""

    def __init__(self, network: SpanNetwork, tokenizer: Any) -> None:
        self._network = network
        self._tokenizer = tokenizer

    def read(self, question: str, texts: Sequence[str]) -> list[PassageReading]:
        """Read every text, in batches of nearly equal lengths; in the order of ``texts``."""
        return self.read_pairs([(question, text) for text in texts])

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[PassageReading]:
        """As ``read``, each text with its own question."""
        if not pairs:
            return []
        encoded = self._encode(pairs)
        rows: dict[int, list[PassageReading]] = {i: [] for i in range(len(pairs))}
        for batch in _by_length([len(ids) for ids in encoded["input_ids"]]):
            outputs = self._forward([encoded["input_ids"][i] for i in batch], encoded, batch)
            for at, row in enumerate(batch):
                # A text too long for the network is read in several windows that overlap.
                text = encoded["overflow_to_sample_mapping"][row]
                rows[text].append(_decode(outputs, at, encoded, row))
        return [_merged(windows) for windows in rows.values()]

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> Any:
        return self._tokenizer(
            [self._shortened(question) for question, _ in pairs],
            [text for _, text in pairs],
            truncation="only_second",
            max_length=_MOST_TOKENS,
            stride=_OVERLAP,
            return_overflowing_tokens=True,
            return_offsets_mapping=True,
        )

    def _shortened(self, question: str) -> str:
        offsets = self._tokenizer(question, add_special_tokens=False, return_offsets_mapping=True)[
            "offset_mapping"
        ]
        if len(offsets) <= _MOST_OF_QUESTION:
            return question
        return question[: offsets[_MOST_OF_QUESTION - 1][1]]

    def _forward(self, ids: Sequence[list[int]], encoded: Any, batch: Sequence[int]) -> Outputs:
        longest = max(map(len, ids))
        shape = len(ids), longest
        tokens = torch.full(shape, self._tokenizer.pad_token_id)
        mask, types = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for row, one in enumerate(ids):
            tokens[row, : len(one)] = torch.tensor(one)
            mask[row, : len(one)] = 1
            sequence = encoded.sequence_ids(batch[row])
            types[row, : len(one)] = torch.tensor([int(part == 1) for part in sequence])
            types[row, len(one) - 1] = 1
        with torch.inference_mode():
            return self._network(Inputs(tokens, mask, types))  # type: ignore[no-any-return]


def _by_length(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows of nearly equal lengths, so many that padding does not grow beyond a batch's tokens."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and lengths[batch[0]] * (len(batch) + 1) > _BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    yield batch


def _decode(outputs: Outputs, at: int, encoded: Any, row: int) -> PassageReading:
    sequence, offsets = encoded.sequence_ids(row), encoded["offset_mapping"][row]
    of_text = [i for i, part in enumerate(sequence) if part == 1]
    start, end = outputs.start[at].numpy(), outputs.end[at].numpy()
    tokens = tuple(Span(*offsets[i]) for i in of_text)
    window = Window(tokens, start[of_text] - start[0], end[of_text] - end[0])
    found = (
        FoundSpan(Span(tokens[i].start, tokens[j].end), margin)
        for i, j, margin in _best(window.start, window.end)
    )
    whole = Span(0, tokens[-1].end if tokens else 0)
    answerable = outputs.answerable
    logit = window.evidence(whole) if answerable is None else float(answerable[at])
    return PassageReading(tuple(found), logit, (window,))


def _best(start: Logits, end: Logits) -> list[tuple[int, int, float]]:
    """The best spans that do not overlap, as (first token, last token, logit), best first."""
    length = len(start)
    if not length:
        return []
    scores = start[:, None] + end[None, :]
    at = np.arange(length)
    span = at[None, :] - at[:, None]
    scores[(span < 0) | (span >= _LONGEST_ANSWER)] = -np.inf
    chosen: list[tuple[int, int, float]] = []
    while len(chosen) < _SPANS:
        i, j = divmod(int(scores.argmax()), length)
        if not np.isfinite(scores[i, j]):
            break
        chosen.append((i, j, float(scores[i, j])))
        scores[: j + 1, i:] = -np.inf  # all that overlap
    return chosen


def _merged(readings: Sequence[PassageReading]) -> PassageReading:
    """The readings of a text's windows as one; of spans that overlap, the best counts."""
    if len(readings) == 1:
        return readings[0]
    chosen: list[FoundSpan] = []
    for found in sorted((f for r in readings for f in r.spans), key=lambda f: -f.margin):
        if not any(found.span.start < c.span.end and c.span.start < found.span.end for c in chosen):
            chosen.append(found)
    return PassageReading(
        tuple(chosen[:_SPANS]),
        max(reading.answerable for reading in readings),
        tuple(window for reading in readings for window in reading.windows),
    )
