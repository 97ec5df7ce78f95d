"""The training loop of both networks: seeded, and resumable after a kill at any moment."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

import torch
from torch import nn

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.training.progress import CHECKPOINT, KEEP_EVERY, Progress, keep
from footnoted.qa.training.recipe import Recipe

log = logging.getLogger(__name__)

_FORMAT = 2
"""Of checkpoints."""

AnyBatch = TypeVar("AnyBatch")


class Learner(Protocol[AnyBatch]):
    """What is trained, and on what."""

    @property
    def weights(self) -> Mapping[str, nn.Parameter]:
        """What is learnt, by name: those that the optimizer moves."""

    @property
    def optimizer(self) -> torch.optim.Optimizer: ...

    def batches(self, epoch: int) -> Sequence[AnyBatch]:
        """The batches of an epoch, the same whenever they are asked for."""

    def backward(self, batch: AnyBatch) -> float:
        """Give the weights their gradients; the loss."""

    def moved(self) -> None:
        """The weights have been moved."""


def train(
    learner: Learner[AnyBatch],
    recipe: Recipe,
    folder: Path,
    keep_every: float = KEEP_EVERY,
    began_with: Mapping[str, str | None] | None = None,
) -> None:
    """Go through the epochs from where an earlier run in ``folder`` stopped.

    The state is kept there every ``keep_every`` seconds, and in the end. ``began_with`` is what
    must be the same for a run to go on, beside its recipe.

    Raises:
        UnusableInput: the earlier run was begun otherwise.
    """
    begun = {**asdict(replace(recipe, epochs=0)), **(began_with or {})}
    step, loss = _resume(learner, begun, folder)
    epoch, cut = 0, learner.batches(0)
    of_epoch = len(cut)
    last = max(1, round(of_epoch * recipe.epochs))
    log.info("%d steps, %d an epoch", last, of_epoch)
    progress = Progress(step, last, keep_every)
    while step < last:
        if step // of_epoch != epoch:
            epoch = step // of_epoch
            cut = learner.batches(epoch)
        # Chance makes epochs a little longer or shorter; all count as long as the first.
        new = _take_step(learner, cut[step % of_epoch % len(cut)], recipe.rate(step, last))
        step, loss = step + 1, 0.98 * loss + 0.02 * new if loss else new
        progress.report(step, loss)
        if progress.due_to_keep():
            _keep(learner, step, loss, begun, folder)
    _keep(learner, step, loss, begun, folder)


def _take_step(learner: Learner[AnyBatch], batch: AnyBatch, rate: float) -> float:
    for group in learner.optimizer.param_groups:
        group["lr"] = rate
    loss = learner.backward(batch)
    nn.utils.clip_grad_norm_(learner.weights.values(), 1.0)
    learner.optimizer.step()
    learner.optimizer.zero_grad(set_to_none=True)
    learner.moved()
    return loss


def _keep(
    learner: Learner[Any], step: int, loss: float, begun: dict[str, Any], folder: Path
) -> None:
    state = {
        "format": _FORMAT,
        "begun": begun,
        "step": step,
        "loss": loss,
        "weights": dict(learner.weights),
        "optimizer": learner.optimizer.state_dict(),
    }
    keep(state, folder)


def _resume(learner: Learner[Any], begun: dict[str, Any], folder: Path) -> tuple[int, float]:
    """Bring ``learner`` to where the run in ``folder`` stopped; the step, and the mean loss."""
    path = folder / CHECKPOINT
    if not path.is_file():
        return 0, 0.0
    device = next(iter(learner.weights.values())).device
    state = torch.load(path, map_location=device, weights_only=True)
    if state.get("format") != _FORMAT:
        raise UnusableInput(f"{path} is of another version of Footnoted; name another --out")
    others = [name for name in begun if state["begun"].get(name) != begun[name]]
    if others:
        raise UnusableInput(
            f"{path} was begun otherwise, with another {', '.join(others)}; give the same, or "
            "another --out (only the number of epochs may change)"
        )
    with torch.no_grad():
        for name, value in state["weights"].items():
            learner.weights[name].copy_(value)
    learner.optimizer.load_state_dict(state["optimizer"])
    learner.moved()
    log.info("resumed after step %d", state["step"])
    return state["step"], state["loss"]
