"""Train the checker of the reader's answers.

    python -m footnoted.qa.training.train_checker DATA... --out FOLDER [--epochs N]
        [--reader FOLDER] [--start FOLDER]

DATA are SQuAD's JSON files, and folders with corpus.jsonl and questions.jsonl: what the reader was
trained on, of which the same articles are kept. The checker learns from what the reader points at;
with --start, from where another's training ended. Killed, a run goes on from its last checkpoint
when it is started again.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
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
from footnoted.qa.training.claims import batches, judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import TRAIN, Example, read
from footnoted.qa.training.negatives import Negatives
from footnoted.qa.training.progress import CHECKPOINT, Progress, keep
from footnoted.qa.training.recipe import Recipe

log = logging.getLogger(__name__)

# Sources whose unanswerable questions people wrote count in every epoch, of others so many.
_MOST_OF_OTHERS = 1500
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

    def batches(self, epoch: int) -> list[Batch]:
        chance = random.Random(f"{self.seed}/{epoch}")  # noqa: S311
        some = self._part_of_others(epoch)
        if some:
            negatives = Negatives(some, _RECIPE)
            some += [made for one in some for made in negatives.of(one, chance)]
        found = list(judged([*self.written, *some], self.finder, chance))
        chance.shuffle(found)
        packed = list(packs([one.claim for one in found], self.prompts, _TOKENS_OF_TEXT))
        chance.shuffle(packed)
        return [
            Batch(cut, [found[at].right for at in places(cut)[0]])
            for cut in batches(packed, _TOKENS, _POOL, chance)
        ]

    def _part_of_others(self, epoch: int) -> list[Example]:
        return [
            one
            for source in sorted({one.source for one in self.others})
            for one in self._part([one for one in self.others if one.source == source], epoch)
        ]

    def _part(self, of_source: Sequence[Example], epoch: int) -> list[Example]:
        texts = sorted({one.text for one in of_source})
        random.Random(self.seed).shuffle(texts)  # noqa: S311
        parts = ceil(len(of_source) / _MOST_OF_OTHERS)
        part = frozenset(texts[epoch % parts :: parts])
        return [one for one in of_source if one.text in part]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the checker of the reader's answers.")
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--reader", type=Path, default=SHIPPED_READER)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--seed", type=int, default=20221122)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        needed_language_model()
        recipe = replace(_RECIPE, seed=options.seed, epochs=options.epochs)
        train(options.data, options.out, recipe, options.reader, options.start)

    return exit_code(run)


def train(
    data: Sequence[Path], folder: Path, recipe: Recipe, reader: Path, start: Path | None = None
) -> None:
    """Train on the part of ``data`` that is for training; the adapters go to ``folder``."""
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
    )
    began_with = {
        "reader": exact_name(str(reader)),
        "start": exact_name(str(start)) if start else None,
    }
    _Trainer(network, of_epochs, recipe, began_with, folder).train()
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER), pretty=False)


class _Trainer:
    def __init__(
        self,
        network: Any,
        of_epochs: Epochs,
        recipe: Recipe,
        began_with: dict[str, str | None],
        folder: Path,
    ) -> None:
        self._network = network.train()
        self._of_epochs = of_epochs
        self._recipe = recipe
        # That their number may change lets a run be lengthened.
        self._begun = {**asdict(replace(recipe, epochs=0)), **began_with}
        self._folder = folder
        self._trained = {n: p for n, p in network.named_parameters() if p.requires_grad}
        # Steps are too small for bfloat16, in which the language model computes.
        self._exact = {n: nn.Parameter(p.detach().float()) for n, p in self._trained.items()}
        network.model.bfloat16()
        self._optimizer = torch.optim.AdamW(self._exact.values(), weight_decay=0.0)
        self._step = 0

    def train(self) -> None:
        self._resume()
        epoch, cut = 0, self._of_epochs.batches(0)
        of_epoch = len(cut)
        last = max(1, round(of_epoch * self._recipe.epochs))
        log.info("%d steps, %d an epoch", last, of_epoch)
        progress, loss = Progress(self._step, last), 0.0
        while self._step < last:
            if self._step // of_epoch != epoch:
                epoch = self._step // of_epoch
                cut = self._of_epochs.batches(epoch)
            # Chance makes epochs a little longer or shorter; all count as long as the first.
            new = self._take_step(cut[self._step % of_epoch % len(cut)], last)
            loss = 0.97 * loss + 0.03 * new if loss else new
            progress.report(self._step, loss)
            if progress.due_to_keep():
                self._keep()
        self._keep()
        self._network.float()
        self._show()
        self._network.save(self._folder)

    def _take_step(self, batch: Batch, last: int) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = self._recipe.rate(self._step, last)
        given = inputs(batch.packs)
        of_tokens = self._network(*(torch.from_numpy(given[name]) for name in INPUTS))
        _, rows, ends = places(batch.packs)
        loss = binary_cross_entropy_with_logits(
            of_tokens[rows, ends], torch.tensor(batch.right).float()
        )
        loss.backward()  # type: ignore[no-untyped-call]
        for name, exact in self._exact.items():
            exact.grad = self._trained[name].grad.float()
            self._trained[name].grad = None
        nn.utils.clip_grad_norm_(self._exact.values(), 1.0)
        self._optimizer.step()
        self._show()
        self._step += 1
        return loss.item()

    def _show(self) -> None:
        """Give the network what was learnt, as exactly as it computes."""
        with torch.no_grad():
            for name, exact in self._exact.items():
                self._trained[name].copy_(exact)

    def _keep(self) -> None:
        state = {
            "begun": self._begun,
            "trained": self._exact,
            "optimizer": self._optimizer.state_dict(),
            "step": self._step,
        }
        keep(state, self._folder)

    def _resume(self) -> None:
        path = self._folder / CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        if state.get("begun") != self._begun:
            raise UnusableInput(
                f"{path} was begun otherwise; give the same --seed, --reader and --start, or "
                "another --out (only the number of epochs may change)"
            )
        with torch.no_grad():
            for name, value in state["trained"].items():
                self._exact[name].copy_(value)
        self._show()
        self._optimizer.load_state_dict(state["optimizer"])
        self._step = state["step"]
        log.info("resumed after step %d", self._step)


if __name__ == "__main__":
    sys.exit(main())
