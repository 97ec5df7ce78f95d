"""Logits to probabilities, and the thresholds on them; fitted by ``qa.calibrate_reader``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from corpus.types import UnusableInput
from qa.span_features import FEATURES, Matrix

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression on ``FEATURES``: sigmoid(weights · features + bias)."""

    weights: tuple[float, ...]
    bias: float

    def logits(self, features: Matrix) -> Matrix:
        """Shape (rows,), for features of shape (rows, len(FEATURES))."""
        return np.asarray(features @ np.array(self.weights) + self.bias, dtype=np.float64)

    def probabilities(self, features: Matrix, priors: Matrix | float = 0.0) -> Matrix:
        """The logistic function of ``logits``, with ``priors`` added to them."""
        logits = self.logits(features) + priors
        return np.asarray(np.exp(-np.logaddexp(0, -logits)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted on questions kept for it.

    ``right``: whether a candidate is an answer, nearly word for word; it ranks them. From the best
    candidate's features, ``answerable``: whether what was read answers at all, and ``held``:
    whether the sentences that are shown hold an answer. Nothing is answered where ``answerable`` is
    below ``threshold``. Answers beside the best need to be ``right`` with a probability of
    ``later``.
    """

    right: Regression
    answerable: Regression
    held: Regression
    threshold: float
    later: float

    @classmethod
    def plain(cls) -> Calibration:
        """For a model that nobody calibrated: its own margin, taken at its word."""
        alone = Regression(tuple(float(name == "margin") for name in FEATURES), 0.0)
        return cls(alone, alone, alone, threshold=0.5, later=0.5)

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what ``save`` wrote.

        Raises:
            UnusableInput: it was fitted for other features than ours.
        """
        stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        names = stored.pop("features")
        if tuple(names) != FEATURES:
            raise UnusableInput(
                f"{folder / FILE} was fitted for {names}, not for {list(FEATURES)}; "
                "fit it again with python -m qa.calibrate_reader"
            )
        for name in ("right", "answerable", "held"):
            stored[name] = Regression(tuple(stored[name]["weights"]), stored[name]["bias"])
        return cls(**{field.name: stored[field.name] for field in fields(cls)})

    def save(self, folder: Path) -> None:
        stored = {"features": FEATURES, **asdict(self)}
        (folder / FILE).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
