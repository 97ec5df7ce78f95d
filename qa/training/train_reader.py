"""Train a reader.

    python -m footnoted.qa.training.train_reader DATA... --out FOLDER [--recipe FILE]
        [--epochs N] [--base FOLDER]

DATA are SQuAD's JSON files, and folders with corpus.jsonl and questions.jsonl. What to begin with
is the encoder all-MiniLM-L6-v2, unless --base names another, or a reader to train further. Killed,
a run goes on from its last checkpoint when it is started again.
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from footnoted.corpus.errors import UnusableInput
from footnoted.index.embedding import packaged_model
from footnoted.index.networks.models import processor_has_bfloat16
from footnoted.qa.reader.torch_network import Heads, Inputs, Outputs, SpanNetwork, saved_heads
from footnoted.qa.training import loop
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import TRAIN, Example, read
from footnoted.qa.training.negatives import Negatives
from footnoted.qa.training.progress import KEEP_EVERY
from footnoted.qa.training.recipe import FILE, Recipe
from footnoted.qa.training.windows import Batch, Window, batches, collate, tokenize


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Train a reader on public question sets.")
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--recipe", type=Path)
    parser.add_argument("--epochs", type=float)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--keep-every", type=float, default=KEEP_EVERY, metavar="SECONDS")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(asctime)s %(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        recipe = Recipe.load(options.recipe) if options.recipe else Recipe()
        if options.epochs:
            recipe = replace(recipe, epochs=options.epochs)
        train(options.data, options.out, recipe, options.base, options.keep_every)

    return exit_code(run)


def train(
    data: Sequence[Path],
    folder: Path,
    recipe: Recipe,
    base: Path | None = None,
    keep_every: float = KEEP_EVERY,
) -> None:
    """Train on the part of ``data`` that is for training; the weights go to ``folder``."""
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer
    from transformers.utils import logging as quiet

    quiet.set_verbosity_error()  # type: ignore[no-untyped-call]
    torch.manual_seed(recipe.seed)
    base = base or packaged_model()
    # Without dropout, of which an epoch or three need none, a step takes half the time.
    model = AutoModelForQuestionAnswering.from_pretrained(
        base, dtype=torch.float32, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    width = model.config.hidden_size
    network = SpanNetwork(model, saved_heads(base, width) or Heads(width))
    tokenizer = AutoTokenizer.from_pretrained(base)
    examples = [example for path in data for example in read(path) if example.part == TRAIN]
    if not examples:
        raise UnusableInput("none of the data is for training; see qa/training/examples.py")
    loop.train(_Learner(network, tokenizer, examples, recipe), recipe, folder, keep_every)
    network.to("cpu").eval()
    network.save(folder)
    tokenizer.save_pretrained(folder)
    recipe.save(folder / FILE)


class _Learner:
    """The reader's network, and windows of the examples' texts in batches."""

    def __init__(
        self, network: SpanNetwork, tokenizer: Any, examples: Sequence[Example], recipe: Recipe
    ) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = network.to(self._device).train()
        self._tokenizer = tokenizer
        self._examples = examples
        self._recipe = recipe
        self._negatives = Negatives(examples, recipe)
        self.weights = dict(network.named_parameters())
        self.optimizer = torch.optim.AdamW(
            _groups(network, recipe), lr=recipe.peak_rate, fused=True
        )

    def batches(self, epoch: int) -> list[list[Window]]:
        chance = random.Random(f"{self._recipe.seed}/{epoch}")  # noqa: S311
        asked = [one for example in self._examples for one in self._repeated(example, chance)]
        windows = tokenize(asked, self._recipe, self._tokenizer, chance)
        return list(batches(windows, self._recipe.batch, chance))

    def _repeated(self, example: Example, chance: random.Random) -> Iterator[Example]:
        times, rest = divmod(self._recipe.repeats_of(example.source), 1)
        for _ in range(int(times) + (chance.random() < rest)):
            yield example
            if example.spans:
                yield from self._negatives.of(example, chance)

    def backward(self, windows: list[Window]) -> float:
        batch = collate(windows, self._tokenizer.pad_token_id)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=_computes_in_bfloat16()):
            outputs = self._network(Inputs(*(one.to(self._device) for one in batch.inputs)))
        loss = _loss(outputs, batch, self._recipe)
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item()

    def moved(self) -> None:
        """Nothing more: the weights are the network's own."""


def _loss(outputs: Outputs, batch: Batch, recipe: Recipe) -> Tensor:
    """The spans' cross-entropy, and the recipe's share of the two other heads' losses."""
    mask = batch.of_text.clone()
    mask[:, 0] = True
    device = outputs.start.device
    loss = outputs.start.new_zeros(())
    for logits, target in ((outputs.start, batch.starts), (outputs.end, batch.ends)):
        logs = logits.masked_fill(~mask.to(device), -1e4).log_softmax(dim=1)
        loss = loss - (target.to(device) * logs).sum(1).mean() / 2
    if outputs.answerable is None or outputs.inside is None:
        return loss
    answerable = binary_cross_entropy_with_logits(outputs.answerable, batch.answerable.to(device))
    inside = binary_cross_entropy_with_logits(
        outputs.inside,
        batch.inside.to(device),
        weight=batch.of_text.to(device).float(),
        reduction="sum",
    ) / max(1, int(batch.of_text.sum()))
    return loss + recipe.answerable_weight * answerable + recipe.inside_weight * inside


def _groups(network: nn.Module, recipe: Recipe) -> list[dict[str, Any]]:
    plain = [p for p in network.parameters() if p.ndim < 2]
    decayed = [p for p in network.parameters() if p.ndim >= 2]
    return [
        {"params": decayed, "weight_decay": recipe.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]


def _computes_in_bfloat16() -> bool:
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    return processor_has_bfloat16()


if __name__ == "__main__":
    sys.exit(main())
