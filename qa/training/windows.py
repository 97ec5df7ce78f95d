"""Examples to what the network reads: windows of their texts, in tokens, with their targets."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor

from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Span
from footnoted.qa.reader.torch_network import Inputs
from footnoted.qa.training.examples import Example
from footnoted.qa.training.recipe import Recipe

_POOL = 64
"""Batches that are sorted by length together."""


@dataclass(frozen=True, slots=True)
class Window:
    """A question and a window of its text, in tokens.

    ``starts`` and ``ends`` map tokens to their share of the answers, the first token standing for
    none; ``inside`` maps tokens to the share of people who took them into the answer.
    """

    ids: tuple[int, ...]
    text_from: int
    starts: dict[int, float]
    ends: dict[int, float]
    inside: dict[int, float]

    @property
    def answerable(self) -> bool:
        return bool(self.inside)


@dataclass(frozen=True, slots=True)
class Batch:
    """``starts`` and ``ends`` are distributions over tokens; ``of_text`` marks the text's."""

    inputs: Inputs
    of_text: Tensor
    starts: Tensor
    ends: Tensor
    inside: Tensor
    answerable: Tensor


@cache
def sentence_starts(text: str) -> tuple[int, ...]:
    """Where the sentences of a text start, and where it ends."""
    return (*(span.start for span in spans(sentences(text))), len(text))


def window(example: Example, recipe: Recipe, chance: random.Random) -> tuple[str, tuple[Span, ...]]:
    """Whole sentences of the text, round the answer if there is one, and the answer's spans there.

    Passages of an index are cut likewise: they begin and end with a sentence.
    """
    shortest, longest = recipe.window
    size = chance.randint(shortest, longest)
    if len(example.text) <= size or chance.random() < recipe.whole_text:
        return example.text, example.spans
    edges = sentence_starts(example.text)
    first, last = _middle(example, edges, chance)
    while edges[last] - edges[first] < size and (first > 0 or last < len(edges) - 1):
        if first > 0 and (last == len(edges) - 1 or chance.random() < 0.5):
            first -= 1
        else:
            last += 1
    start, end = edges[first], edges[last]
    inside = tuple(Span(a - start, b - start) for a, b in example.spans if start <= a and b <= end)
    return example.text[start:end], inside


def _middle(example: Example, edges: Sequence[int], chance: random.Random) -> tuple[int, int]:
    """The sentences that a window must hold, as a range of ``edges``."""
    if not example.spans:
        first = chance.randrange(len(edges) - 1)
        return first, first + 1
    needed = example.spans if example.is_list else [chance.choice(example.spans)]
    start = min(span.start for span in needed)
    end = max(span.end for span in needed)
    first = max(i for i, edge in enumerate(edges) if edge <= max(start, edges[0]))
    last = min((i for i, edge in enumerate(edges) if edge >= end), default=len(edges) - 1)
    return min(first, len(edges) - 2), max(last, first + 1)


def tokenize(
    examples: Sequence[Example], recipe: Recipe, tokenizer: Any, chance: random.Random
) -> list[Window]:
    """A window of each example; an answer that does not fit makes it unanswerable."""
    cut = [window(example, recipe, chance) for example in examples]
    encoded = tokenizer(
        [example.question for example in examples],
        [text for text, _ in cut],
        truncation="only_second",
        max_length=recipe.most_tokens,
        return_offsets_mapping=True,
    )
    return [
        _window(encoded, i, spans, example.is_list)
        for i, (example, (_, spans)) in enumerate(zip(examples, cut, strict=True))
    ]


def _window(encoded: Any, row: int, answers: Sequence[Span], is_list: bool) -> Window:
    sequence = encoded.sequence_ids(row)
    offsets = encoded["offset_mapping"][row]
    first = sequence.index(1) if 1 in sequence else len(sequence)
    of_text = [i for i in range(first, len(sequence)) if sequence[i] == 1]
    starts, ends, inside = Counter[int](), Counter[int](), Counter[int]()
    for start, end in answers:
        tokens = [i for i in of_text if offsets[i][0] < end and offsets[i][1] > start]
        if tokens and offsets[tokens[-1]][1] >= end:
            starts[tokens[0]] += 1
            ends[tokens[-1]] += 1
            inside.update(tokens)
    people = 1 if is_list else max(1, starts.total())
    return Window(
        tuple(encoded["input_ids"][row]),
        first,
        _shares(starts),
        _shares(ends),
        {token: min(1.0, count / people) for token, count in inside.items()},
    )


def _shares(counts: Counter[int]) -> dict[int, float]:
    return {i: n / counts.total() for i, n in counts.items()} or {0: 1.0}


def batches(windows: Sequence[Window], size: int, chance: random.Random) -> Iterator[list[Window]]:
    """The windows in random order, in batches of nearly equal lengths."""
    order = list(windows)
    chance.shuffle(order)
    cut = []
    for first in range(0, len(order), size * _POOL):
        pool = sorted(order[first : first + size * _POOL], key=lambda one: len(one.ids))
        cut += [pool[i : i + size] for i in range(0, len(pool), size)]
    chance.shuffle(cut)
    yield from cut


def collate(windows: Sequence[Window], pad: int) -> Batch:
    """Tensors of shape (windows, longest window)."""
    inputs = Inputs.padded([one.ids for one in windows], [one.text_from for one in windows], pad)
    starts, ends, inside = (torch.zeros(inputs.ids.shape) for _ in range(3))
    for row, one in enumerate(windows):
        for target, shares in ((starts, one.starts), (ends, one.ends), (inside, one.inside)):
            _put(target[row], shares.items())
    of_text = inputs.types.bool()
    # The last token is a separator.
    of_text[torch.arange(len(windows)), inputs.mask.sum(1) - 1] = False
    answerable = torch.tensor([float(one.answerable) for one in windows])
    return Batch(inputs, of_text, starts, ends, inside, answerable)


def _put(row: Tensor, shares: Iterable[tuple[int, float]]) -> None:
    for token, share in shares:
        row[token] = share
