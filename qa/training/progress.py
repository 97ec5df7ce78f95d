"""What every run of training does beside its steps: it tells how far it is, and can be resumed."""

from __future__ import annotations

import logging
from pathlib import Path
from time import monotonic
from typing import Any

import torch

log = logging.getLogger(__name__)

CHECKPOINT = "checkpoint.pt"
KEEP_EVERY = 240.0
"""Seconds."""
_REPORT_EVERY = 30.0


class Progress:
    def __init__(self, step: int, last: int, keep_every: float = KEEP_EVERY) -> None:
        self._last = last
        self._keep_every = keep_every
        self._from_step = step
        self._began = self._reported = self._kept = monotonic()

    def report(self, step: int, loss: float) -> None:
        now = monotonic()
        if now - self._reported < _REPORT_EVERY:
            return
        self._reported = now
        rate = (step - self._from_step) / (now - self._began)
        left = (self._last - step) / rate / 60
        log.info(
            "step %d of %d, loss %.3f, %.2f steps/s, %.0f minutes left",
            step,
            self._last,
            loss,
            rate,
            left,
        )

    def due_to_keep(self) -> bool:
        now = monotonic()
        if now - self._kept < self._keep_every:
            return False
        self._kept = now
        return True


def keep(state: dict[str, Any], folder: Path) -> None:
    """Write a checkpoint, as a whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{CHECKPOINT}.new"
    torch.save(state, beside)
    beside.replace(folder / CHECKPOINT)
