"""Train the checker of the reader's answers.

    python -m qa.train_checker DATA... --out FOLDER [--epochs N] [--reader FOLDER]

DATA are SQuAD's JSON files, and folders with corpus.jsonl and questions.jsonl: what the reader was
trained on, of which the same articles are kept. The checker learns from what the reader points at.
Killed, a run goes on from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits

from corpus.types import UnusableInput
from qa.checker import TOKENIZER, Prompts, needed_language_model
from qa.span_passes import load_network
from qa.span_reader import SHIPPED_READER
from qa.spans import SpanFinder
from qa.training.command import exit_code
from qa.training.examples import TRAIN, Example, read
from qa.training.negatives import Negatives
from qa.training.packing import Pack, batches, claims, collate, packs
from qa.training.progress import CHECKPOINT, Progress, keep
from qa.training.recipe import Recipe

log = logging.getLogger(__name__)

# Sources whose unanswerable questions people wrote count in every epoch, others a third each time.
_PARTS_OF_OTHERS = 3
_NEGATIVES = replace(Recipe(), retrieved=0.2, removed=0.0, altered=0.4)
_TOKENS = 1100
"""Of a batch, padding included."""
_POOL = 400
_PEAK_RATE = 6e-4
_WARM_UP_STEPS = 30
_DECAY = 0.65


@dataclass(frozen=True, slots=True)
class Epochs:
    """The batches of every epoch, the same whenever they are asked for."""

    written: Sequence[Example]
    """Of sources that hold unanswerable questions."""
    others: Sequence[Example]
    finder: SpanFinder
    prompts: Prompts
    seed: int

    def batches(self, epoch: int) -> list[list[Pack]]:
        chance = random.Random(f"{self.seed}/{epoch}")  # noqa: S311
        texts = sorted({one.text for one in self.others})
        random.Random(self.seed).shuffle(texts)  # noqa: S311
        part = frozenset(texts[epoch % _PARTS_OF_OTHERS :: _PARTS_OF_OTHERS])
        some = [one for one in self.others if one.text in part]
        if some:
            negatives = Negatives(some, _NEGATIVES)
            some += [made for one in some for made in negatives.of(one, chance)]
        found = list(claims([*self.written, *some], self.finder, chance))
        chance.shuffle(found)
        packed = list(packs(found, self.prompts))
        chance.shuffle(packed)
        return list(batches(packed, _TOKENS, _POOL, chance))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train the checker of the reader's answers.")
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=2.0)
    parser.add_argument("--reader", type=Path, default=SHIPPED_READER)
    parser.add_argument("--seed", type=int, default=20221122)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        needed_language_model()
        train(options.data, options.out, options.epochs, options.reader, options.seed)

    return exit_code(run)


def train(data: Sequence[Path], folder: Path, epochs: float, reader: Path, seed: int) -> None:
    """Train on the part of ``data`` that is for training; the adapters go to ``folder``."""
    from qa.checker_network import to_train

    examples = [example for path in data for example in read(path) if example.part == TRAIN]
    if not examples:
        raise UnusableInput("none of the data is for training; see qa/training/examples.py")
    hard = {one.source for one in examples if not one.spans}
    network, tokenizer = to_train(seed)
    of_epochs = Epochs(
        [one for one in examples if one.source in hard],
        [one for one in examples if one.source not in hard],
        SpanFinder(load_network(str(reader))),
        Prompts(tokenizer.backend_tokenizer),
        seed,
    )
    _Trainer(network, of_epochs, epochs, folder).train()
    tokenizer.backend_tokenizer.save(str(folder / TOKENIZER), pretty=False)


class _Trainer:
    def __init__(self, network: Any, of_epochs: Epochs, epochs: float, folder: Path) -> None:
        self._network = network.train()
        self._of_epochs = of_epochs
        self._epochs = epochs
        self._folder = folder
        self._trained = {n: p for n, p in network.named_parameters() if p.requires_grad}
        self._optimizer = torch.optim.AdamW(self._trained.values(), lr=_PEAK_RATE, weight_decay=0.0)
        self._step = 0

    def train(self) -> None:
        self._resume()
        epoch, cut = 0, self._of_epochs.batches(0)
        of_epoch = len(cut)
        last = max(1, round(of_epoch * self._epochs))
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
        self._network.save(self._folder)

    def _take_step(self, some: Sequence[Pack], last: int) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = _PEAK_RATE * _share_of_rate(self._step, last)
        batch = collate(some, pad=0)
        logits = self._network.at(*batch[:-1])
        loss = binary_cross_entropy_with_logits(logits, batch.right)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._trained.values(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._step += 1
        return loss.item()

    def _keep(self) -> None:
        state = {
            "trained": self._trained,
            "optimizer": self._optimizer.state_dict(),
            "step": self._step,
        }
        keep(state, self._folder)

    def _resume(self) -> None:
        path = self._folder / CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        with torch.no_grad():
            for name, value in state["trained"].items():
                self._trained[name].copy_(value)
        self._optimizer.load_state_dict(state["optimizer"])
        self._step = state["step"]
        log.info("resumed after step %d", self._step)


def _share_of_rate(step: int, last: int) -> float:
    """Even rise, then constant, then even fall to zero."""
    rising = (step + 1) / _WARM_UP_STEPS
    falling = (1 - step / last) / _DECAY
    return min(1.0, rising, falling)


if __name__ == "__main__":
    sys.exit(main())
