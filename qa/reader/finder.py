"""Passages read: the spans in them that may answer a question, each against "no answer here"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.types import Span
from footnoted.index.networks.compiled import STEP, Ids, by_length, padded
from footnoted.index.networks.tokens import shortened, whole_text
from footnoted.qa.reader.network import Logits, Network, SpanLogits

if TYPE_CHECKING:
    from tokenizers import Encoding

_Placed = TypeVar("_Placed")

_MOST_TOKENS = 384
_OVERLAP = 96
_MOST_OF_QUESTION = 128
_LONGEST_ANSWER = 40
# Small enough that the passages of one question are spread over several cores.
_BATCH_TOKENS = 512
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
class WindowReading:
    """A stretch of a text as the network read it: its tokens and their logits.

    ``start`` and ``end`` are less those of "no answer here", shape (tokens,).
    """

    tokens: tuple[Span, ...]
    start: Logits
    end: Logits

    def margin(self, span: Span) -> float:
        """The logit of ``span`` being the answer, as its tokens go; see ``FoundSpan``."""
        inside = [at for at, token in enumerate(self.tokens) if token.overlaps(span)]
        if not inside:
            return _NO_EVIDENCE
        return float(self.start[inside[0]] + self.end[inside[-1]])

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
    windows: tuple[WindowReading, ...]

    @property
    def margin(self) -> float:
        return self.spans[0].margin if self.spans else _NO_EVIDENCE

    def margin_of(self, span: Span) -> float:
        """The logit of ``span`` being the answer; see ``WindowReading.margin``."""
        return max(window.margin(span) for window in self.windows)

    def evidence(self, within: Span) -> float:
        """The logit of an answer somewhere in ``within``; see ``WindowReading.evidence``."""
        return max(window.evidence(within) for window in self.windows)


class SpanFinder:
    """Reads passages with a network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._whole = whole_text(network.tokenizer)
        self._windows = whole_text(network.tokenizer)
        self._windows.enable_truncation(_MOST_TOKENS, stride=_OVERLAP, strategy="only_second")

    def read(self, question: str, texts: Sequence[str]) -> list[PassageReading]:
        """Read every text, in batches of nearly equal lengths; in the order of ``texts``."""
        return self.read_pairs([(question, text) for text in texts])

    def read_pairs(
        self,
        pairs: Sequence[tuple[str, str]],
        units: Sequence[Collection[Span]] | None = None,
    ) -> list[PassageReading]:
        """As ``read``, each text with its own question.

        Where ``units`` of each text are given, as its sentences, no span begins in one of them and
        ends in another, or stands outside of all.
        """
        windows = self._encode(pairs)
        batches = list(by_length([len(window.ids) for _, window in windows], _BATCH_TOKENS))
        inputs = (self._inputs([windows[row][1] for row in rows]) for rows in batches)
        read: dict[int, list[PassageReading]] = {text: [] for text in range(len(pairs))}
        for rows, outputs in zip(batches, self._network.passes(inputs), strict=True):
            for at, row in enumerate(rows):
                text, window = windows[row]
                read[text].append(_decode(outputs, at, window, units[text] if units else None))
        return [_merged(readings) for readings in read.values()]

    def _encode(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[int, Encoding]]:
        """The windows of each text, with the text's place.

        A text too long for the network is read in several windows that overlap.
        """
        asked = {q: shortened(q, _MOST_OF_QUESTION, self._whole) for q, _ in pairs}
        encoded = self._windows.encode_batch([(asked[q], text) for q, text in pairs])
        return [
            (text, window)
            for text, first in enumerate(encoded)
            for window in (first, *first.overflowing)
        ]

    def _inputs(self, windows: Sequence[Encoding]) -> dict[str, Ids]:
        ids, mask = padded([window.ids for window in windows], self._network.pad, STEP)
        types = np.zeros_like(ids)
        for row, window in enumerate(windows):
            sequence = window.sequence_ids
            text_from = sequence.index(1) if 1 in sequence else len(sequence) - 1
            types[row, text_from : len(sequence)] = 1
        return {"ids": ids, "mask": mask, "types": types}


def _decode(
    outputs: SpanLogits, at: int, encoding: Encoding, units: Collection[Span] | None
) -> PassageReading:
    offsets = encoding.offsets
    of_text = [i for i, part in enumerate(encoding.sequence_ids) if part == 1]
    start, end = outputs.start[at], outputs.end[at]
    tokens = tuple(Span(*offsets[i]) for i in of_text)
    window = WindowReading(tokens, start[of_text] - start[0], end[of_text] - end[0])
    found = (
        FoundSpan(Span(tokens[i].start, tokens[j].end), margin)
        for i, j, margin in _best(window.start, window.end, _numbered(tokens, units))
    )
    whole = Span(0, tokens[-1].end if tokens else 0)
    answerable = outputs.answerable
    logit = window.evidence(whole) if answerable is None else float(answerable[at])
    return PassageReading(tuple(found), logit, (window,))


def _numbered(tokens: Sequence[Span], units: Collection[Span] | None) -> NDArray[np.int64]:
    """The number of the unit that each token stands in, -1 for none; 0 where there are no units."""
    if units is None:
        return np.zeros(len(tokens), np.int64)
    ends = [unit.end for unit in units]
    starts = [unit.start for unit in units]
    at = [bisect_right(starts, token.start) - 1 for token in tokens]
    inside = (
        n if n >= 0 and token.end <= ends[n] else -1 for n, token in zip(at, tokens, strict=True)
    )
    return np.fromiter(inside, np.int64, len(tokens))


def _best(start: Logits, end: Logits, units: NDArray[np.int64]) -> list[tuple[int, int, float]]:
    """The best spans that do not overlap, as (first token, last token, logit), best first."""
    length = len(start)
    if not length:
        return []
    scores = start[:, None] + end[None, :]
    at = np.arange(length)
    span = at[None, :] - at[:, None]
    apart = (units[:, None] != units[None, :]) | (units[:, None] < 0)
    scores[(span < 0) | (span >= _LONGEST_ANSWER) | apart] = -np.inf
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
