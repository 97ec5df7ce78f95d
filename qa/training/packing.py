"""What the checker is trained on: a text once, and after it every question that was asked of it.

Each question sees the text and itself alone, so the text is computed once for all of them; that
questions on one text are answered yes and no side by side keeps the text itself from telling.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import NamedTuple

import torch
from torch import Tensor

from corpus.types import Span
from index.compiled import by_length
from qa.checker import Prompts
from qa.evaluation.text import best_wording, f1
from qa.question_kind import asks_for_a_statement
from qa.spans import SpanFinder
from qa.training.examples import Example
from qa.training.windows import sentence_starts

# Passages of an index are about as long.
_MOST_LETTERS = 600
_MOST_QUESTIONS = 16
# So near to an accepted answer a span is right; so far it is wrong. What is between is left out.
_RIGHT, _WRONG = 0.4, 0.05
_ANOTHER = 0.3
"""How often the reader's second choice is asked about too, where it is wrong."""
_WHOLE_SENTENCE = 0.12
"""How often the answer is the sentence, also where the question asks for a part of one."""


class Claim(NamedTuple):
    """That ``answer`` is what ``text`` answers to ``question``, and whether it is."""

    text: str
    question: str
    answer: str
    right: bool


@dataclass(frozen=True, slots=True)
class Pack:
    """A text's tokens, those of each question on it, and the answers yes or no."""

    text: list[int]
    questions: list[list[int]]
    right: list[bool]

    @property
    def length(self) -> int:
        return len(self.text) + sum(map(len, self.questions))


class PackedBatch(NamedTuple):
    """See ``qa.checker_network.CheckNetwork.at``; ``right`` is 0 or 1, shape (questions,)."""

    ids: Tensor
    positions: Tensor
    mask: Tensor
    rows: Tensor
    ends: Tensor
    right: Tensor


def claims(
    examples: Sequence[Example], finder: SpanFinder, chance: random.Random
) -> Iterator[Claim]:
    """What the reader would answer to each example, and at times what it would answer next."""
    readings = finder.read_pairs([(one.question, one.text) for one in examples])
    for example, reading in zip(examples, readings, strict=True):
        if not reading.spans:
            continue
        best, *others = (found.span for found in reading.spans[:2])
        nearness = _nearness(example, best)
        if _WRONG < nearness <= _RIGHT:
            continue
        sentence = asks_for_a_statement(example.question) or chance.random() < _WHOLE_SENTENCE
        yield _claim(example, best, nearness > _RIGHT, sentence)
        wrong = [span for span in others if example.spans and _nearness(example, span) == 0]
        if wrong and chance.random() < _ANOTHER:
            yield _claim(example, wrong[0], False, False)


def _nearness(example: Example, span: Span) -> float:
    said = example.text[slice(*span)]
    return best_wording(said, example.answers, f1) if example.spans else 0.0


def _claim(example: Example, span: Span, right: bool, sentence: bool) -> Claim:
    edges = sentence_starts(example.text)
    if sentence:
        span = Span(
            max(edge for edge in edges[:-1] if edge <= span.start),
            min(edge for edge in edges if edge >= span.end),
        )
    start, end = next(
        ((a, b) for a, b in _passages(edges) if a <= span.start < b), (edges[0], edges[-1])
    )
    text = example.text[start : max(end, span.end)]
    return Claim(text.strip(), example.question, example.text[slice(*span)], right)


def _passages(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Whole sentences, as many as fit."""
    start = edges[0]
    for before, edge in pairwise(edges):
        if edge - start > _MOST_LETTERS and before > start:
            yield start, before
            start = before
    yield start, edges[-1]


def packs(found: Sequence[Claim], prompts: Prompts) -> Iterator[Pack]:
    """The claims by their texts, so many at a time."""
    by_text: dict[str, list[Claim]] = {}
    for claim in found:
        by_text.setdefault(claim.text, []).append(claim)
    for text, some in by_text.items():
        for first in range(0, len(some), _MOST_QUESTIONS):
            part = some[first : first + _MOST_QUESTIONS]
            asked = [prompts.question(one.question, one.answer) for one in part]
            yield Pack(prompts.text(text), asked, [one.right for one in part])


def batches(
    found: Sequence[Pack], tokens: int, pool: int, chance: random.Random
) -> Iterator[list[Pack]]:
    """Packs of nearly equal lengths, of ``pool`` at a time; ``tokens`` in each at most."""
    for first in range(0, len(found), pool):
        some = found[first : first + pool]
        cut = list(by_length([pack.length for pack in some], tokens))
        chance.shuffle(cut)
        yield from ([some[at] for at in rows] for rows in cut)


def collate(some: Sequence[Pack], pad: int) -> PackedBatch:
    """Packs as rows; padding sees the first token alone, and is not looked at."""
    size = max(pack.length for pack in some)
    ids = torch.full((len(some), size), pad)
    positions = torch.zeros_like(ids)
    sees = torch.zeros(len(some), size, size, dtype=torch.bool)
    sees[:, :, 0] = True
    places: list[tuple[int, int]] = []
    for row, pack in enumerate(some):
        first = len(pack.text)
        ids[row, : pack.length] = torch.tensor([*pack.text, *chain(*pack.questions)])
        positions[row, :first] = torch.arange(first)
        sees[row, : pack.length, :first] = True
        start = first
        for question in pack.questions:
            end = start + len(question)
            positions[row, start:end] = torch.arange(first, first + len(question))
            sees[row, start:end, start:end] = True
            places.append((row, end - 1))
            start = end
    sees &= torch.ones(size, size, dtype=torch.bool).tril()
    mask = torch.zeros(sees.shape).masked_fill(~sees, float("-inf"))[:, None]
    rows, ends = torch.tensor(places).T
    right = torch.tensor([float(one) for pack in some for one in pack.right])
    return PackedBatch(ids, positions, mask, rows, ends, right)
