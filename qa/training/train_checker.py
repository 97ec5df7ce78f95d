"""Train the checker of the reader's answers.

    python -m footnoted.qa.training.train_checker DATA... --out FOLDER [--epochs N]
        [--reader FOLDER] [--start FOLDER] [--made N] [--rate R]

DATA are SQuAD's JSON files, and folders with corpus.jsonl and questions.jsonl: what the reader was
trained on, of which the same articles are kept. The checker learns from what the reader points at,
and from --made texts of each kind that are written for it (``MADE``): no public questions ask who
is for and against, or of the rows of tables. With --start it goes on from where another's training
ended. Killed, a run goes on from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from footnoted.corpus.errors import UnusableInput
from footnoted.index.networks.models import exact_name
from footnoted.qa.checker.checker import TOKENIZER
from footnoted.qa.checker.language_model import needed_language_model
from footnoted.qa.checker.packing import INPUTS, Pack, Prompts, inputs, packs, places
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.reader import SHIPPED_READER
from footnoted.qa.training import loop, made_facts, made_records, made_sides
from footnoted.qa.training.claims import batches, judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import TRAIN, Example, read
from footnoted.qa.training.negatives import Negatives
from footnoted.qa.training.recipe import Recipe

# Of each source, so many questions in an epoch; more of those whose unanswerable ones people wrote.
_MOST_OF_WRITTEN = 3000
_MOST_OF_OTHERS = 1500
MADE = made_sides.judged, made_facts.judged, made_records.judged
"""What makes texts with answers to be checked, so many and by chance."""
_RECIPE = replace(
    Recipe(), peak_rate=6e-4, warm_up=0.02, decay=0.65, retrieved=0.2, removed=0.0, altered=0.6
)
_TOKENS = 1100
"""Of a batch, padding included."""
_TOKENS_OF_TEXT = 600
"""Of a text with its questions."""
_POOL = 400


class Batch(NamedTuple):
    packs: list[Pack]
    right: list[bool]
    """Whether its claims are, in the order of ``places``."""


@dataclass(frozen=True, slots=True)
class Epochs:
    """The batches of every epoch, the same whenever they are asked for."""

    written: Sequence[Example]
    """Of sources that hold unanswerable questions."""
    others: Sequence[Example]
    finder: SpanFinder
    prompts: Prompts
    seed: int
    made: int = 0
    """So many texts of each of ``MADE``."""

    def batches(self, epoch: int) -> list[Batch]:
        chance = random.Random(f"{self.seed}/{epoch}")  # noqa: S311
        written = self._part_of(self.written, _MOST_OF_WRITTEN, epoch)
        some = self._part_of(self.others, _MOST_OF_OTHERS, epoch)
        if some:
            negatives = Negatives(some, _RECIPE)
            some += [made for one in some for made in negatives.of(one, chance)]
        found = list(judged([*written, *some], self.finder, chance))
        found += [one for made in MADE for one in made(self.made, chance)]
        chance.shuffle(found)
        packed = list(packs([one.claim for one in found], self.prompts, _TOKENS_OF_TEXT))
        chance.shuffle(packed)
        return [
            Batch(cut, [found[at].right for at in places(cut)[0]])
            for cut in batches(packed, _TOKENS, _POOL, chance)
        ]

    def _part_of(self, examples: Sequence[Example], most: int, epoch: int) -> list[Example]:
        """Of each source at most so many, other ones in the next epoch."""
        return [
            one
            for source in sorted({one.source for one in examples})
            for one in self._part([one for one in examples if one.source == source], most, epoch)
        ]

    def _part(self, of_source: Sequence[Example], most: int, epoch: int) -> list[Example]:
        texts = sorted({one.text for one in of_source})
        random.Random(self.seed).shuffle(texts)  # noqa: S311
        parts = ceil(len(of_source) / most)
        part = frozenset(texts[epoch % parts :: parts])
        return [one for one in of_source if one.text in part]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the checker of the reader's answers.")
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--reader", type=Path, default=SHIPPED_READER)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--made", type=int, default=0)
    parser.add_argument("--rate", type=float, default=_RECIPE.peak_rate)
    parser.add_argument("--seed", type=int, default=20221122)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        needed_language_model()
        recipe = replace(_RECIPE, seed=options.seed, epochs=options.epochs, peak_rate=options.rate)
        train(options.data, options.out, recipe, options.reader, options.start, options.made)

    return exit_code(run)


def train(
    data: Sequence[Path],
    folder: Path,
    recipe: Recipe,
    reader: Path,
    start: Path | None = None,
    made: int = 0,
) -> None:
    """Train on the part of ``data`` that is for training, and on ``made`` texts of each kind; the
    adapters go to ``folder``."""
    from footnoted.qa.checker.torch_network import to_train

    examples = [example for path in data for example in read(path) if example.part == TRAIN]
    if not examples:
        raise UnusableInput("none of the data is for training; see qa/training/examples.py")
    hard = {one.source for one in examples if not one.spans}
    network, tokenizer = to_train(recipe.seed, start)
    of_epochs = Epochs(
        [one for one in examples if one.source in hard],
        [one for one in examples if one.source not in hard],
        SpanFinder(load_network(str(reader))),
        Prompts(tokenizer.backend_tokenizer),
        recipe.seed,
        made,
    )
    began_with = {
        "reader": exact_name(str(reader)),
        "start": exact_name(str(start)) if start else None,
        "made": str(made),
    }
    learner = _Learner(network, of_epochs)
    loop.train(learner, recipe, folder, began_with=began_with)
    network.float()
    learner.moved()
    network.save(folder)
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER), pretty=False)


class _Learner:
    """The checker's network, which computes in bfloat16; its steps are too small for that."""

    def __init__(self, network: Any, of_epochs: Epochs) -> None:
        self._network = network.train()
        self._of_epochs = of_epochs
        self._rounded = {n: p for n, p in network.named_parameters() if p.requires_grad}
        self.weights = {n: nn.Parameter(p.detach().float()) for n, p in self._rounded.items()}
        network.model.bfloat16()
        self.optimizer = torch.optim.AdamW(self.weights.values(), weight_decay=0.0)

    def batches(self, epoch: int) -> list[Batch]:
        return self._of_epochs.batches(epoch)

    def backward(self, batch: Batch) -> float:
        given = inputs(batch.packs)
        of_tokens = self._network(*(torch.from_numpy(given[name]) for name in INPUTS))
        _, rows, ends = places(batch.packs)
        loss = binary_cross_entropy_with_logits(
            of_tokens[rows, ends], torch.tensor(batch.right).float()
        )
        loss.backward()  # type: ignore[no-untyped-call]
        for name, exact in self.weights.items():
            exact.grad = self._rounded[name].grad.float()
            self._rounded[name].grad = None
        return loss.item()

    def moved(self) -> None:
        """Give the network what was learnt, as exactly as it computes."""
        with torch.no_grad():
            for name, exact in self.weights.items():
                self._rounded[name].copy_(exact)


if __name__ == "__main__":
    sys.exit(main())
