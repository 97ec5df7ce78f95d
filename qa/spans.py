"""Passages read: the spans in them that may answer a question, each against "no answer here"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from corpus.types import Span
from qa.span_network import Inputs, Outputs, SpanNetwork

Logits = NDArray[np.float32]
_Placed = TypeVar("_Placed")

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
            outputs = self._forward(encoded, batch)
            for at, row in enumerate(batch):
                # A text too long for the network is read in several windows that overlap.
                text = encoded["overflow_to_sample_mapping"][row]
                rows[text].append(_decode(outputs, at, encoded, row))
        return [_merged(windows) for windows in rows.values()]

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> Any:
        shortened = {question: self._shortened(question) for question, _ in pairs}
        return self._tokenizer(
            [shortened[question] for question, _ in pairs],
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

    def _forward(self, encoded: Any, batch: Sequence[int]) -> Outputs:
        rows = [encoded["input_ids"][row] for row in batch]
        text_from = [
            sequence.index(1) if 1 in sequence else len(sequence) - 1
            for sequence in map(encoded.sequence_ids, batch)
        ]
        inputs = Inputs.padded(rows, text_from, self._tokenizer.pad_token_id)
        with torch.inference_mode():
            return self._network(inputs)  # type: ignore[no-any-return]


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
    found = sorted((one for r in readings for one in r.spans), key=lambda one: -one.margin)
    chosen = without_overlap(found, lambda one: ("", one.span))
    return PassageReading(
        tuple(chosen[:_SPANS]),
        max(reading.answerable for reading in readings),
        tuple(window for reading in readings for window in reading.windows),
    )


def without_overlap(
    found: Iterable[_Placed], place: Callable[[_Placed], tuple[str, Span]]
) -> list[_Placed]:
    """Of those that overlap, the first; ``place`` tells in which text one stands, and where."""
    kept: list[_Placed] = []
    taken: dict[str, list[Span]] = {}
    for one in found:
        text, span = place(one)
        others = taken.setdefault(text, [])
        if not any(span.overlaps(other) for other in others):
            others.append(span)
            kept.append(one)
    return kept
