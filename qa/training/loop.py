"""The training loop: seeded, and resumable after a kill at any moment."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from footnoted.corpus.errors import UnusableInput
from footnoted.index.networks.models import processor_has_bfloat16
from footnoted.qa.reader.torch_network import Inputs, Outputs, SpanNetwork
from footnoted.qa.training.examples import Example
from footnoted.qa.training.negatives import Negatives
from footnoted.qa.training.progress import CHECKPOINT, KEEP_EVERY, Progress, keep
from footnoted.qa.training.recipe import FILE, Recipe
from footnoted.qa.training.windows import Batch, Window, batches, collate, tokenize

log = logging.getLogger(__name__)


class Trainer:
    """Trains ``network`` on ``examples`` by ``recipe``, keeping its state in ``folder``.

    The state is written every ``keep_every`` seconds.
    """

    def __init__(
        self,
        network: SpanNetwork,
        tokenizer: Any,
        examples: Sequence[Example],
        recipe: Recipe,
        folder: Path,
        keep_every: float = KEEP_EVERY,
    ) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = network.to(self._device).train()
        self._tokenizer = tokenizer
        self._examples = examples
        self._recipe = recipe
        self._folder = folder
        self._keep_every = keep_every
        self._negatives = Negatives(examples, recipe)
        self._optimizer = torch.optim.AdamW(
            _groups(network, recipe), lr=recipe.peak_rate, fused=True
        )
        self._step = 0
        self._loss = 0.0

    def train(self) -> None:
        """Go through the epochs from where an earlier run stopped, and save the weights."""
        self._resume()
        first = self._epoch(0)
        of_epoch = len(first)
        last = max(1, round(of_epoch * self._recipe.epochs))
        log.info("%d steps, %d an epoch, on %s", last, of_epoch, self._device)
        progress = Progress(self._step, last, self._keep_every)
        while self._step < last:
            epoch, done = divmod(self._step, of_epoch)
            # Chance makes epochs a little longer or shorter; all count as long as the first.
            cut = self._epoch(epoch) if epoch else first
            for windows in cut[done:of_epoch][: last - self._step]:
                self._take_step(collate(windows, self._tokenizer.pad_token_id), last)
                progress.report(self._step, self._loss)
                if progress.due_to_keep():
                    self._keep()
            self._step = max(self._step, min(last, (epoch + 1) * of_epoch))
        self._keep()
        self._save()

    def _epoch(self, epoch: int) -> list[list[Window]]:
        """The batches of an epoch, the same whenever they are asked for."""
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

    def _take_step(self, batch: Batch, last: int) -> None:
        for group in self._optimizer.param_groups:
            group["lr"] = self._recipe.rate(self._step, last)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=_computes_in_bfloat16()):
            outputs = self._network(Inputs(*(one.to(self._device) for one in batch.inputs)))
        loss = loss_of(outputs, batch, self._recipe)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        self._step += 1
        self._loss = 0.98 * self._loss + 0.02 * loss.item() if self._loss else loss.item()

    def _keep(self) -> None:
        state = {
            "recipe": asdict(self._recipe),
            "step": self._step,
            "loss": self._loss,
            "network": self._network.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        keep(state, self._folder)

    def _resume(self) -> None:
        path = self._folder / CHECKPOINT
        if not path.is_file():
            return
        state = torch.load(path, map_location=self._device, weights_only=True)
        begun = Recipe().changed(state["recipe"])
        if replace(begun, epochs=self._recipe.epochs) != self._recipe:
            raise UnusableInput(
                f"{path} was begun with another recipe; give the same, or another --out "
                "(only the number of epochs may change)"
            )
        self._network.load_state_dict(state["network"])
        self._optimizer.load_state_dict(state["optimizer"])
        self._step, self._loss = state["step"], state["loss"]
        log.info("resumed after step %d", self._step)

    def _save(self) -> None:
        self._network.to("cpu").eval()
        self._network.save(self._folder)
        self._tokenizer.save_pretrained(self._folder)
        self._recipe.save(self._folder / FILE)


def loss_of(outputs: Outputs, batch: Batch, recipe: Recipe) -> Tensor:
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
