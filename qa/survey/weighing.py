"""How likely somebody is on a side, by both checks and by what the words of the sentence say."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from footnoted.qa.reader.calibration import Regression
from footnoted.qa.reader.candidates import Matrix

FILE = Path(__file__).parent / "sides.json"

FEATURES = ("check", "opposite", "agreement")
"""The checker's logit of the side that is asked for, that of the other one, and whether the
sentence's own words say that they are on this side (1), on the other (-1), or neither (0)."""


class Evidence(NamedTuple):
    """What is known of a side; see ``FEATURES``."""

    check: float
    opposite: float
    agreement: int

    @property
    def turned(self) -> Evidence:
        """The same, of the other side."""
        return Evidence(self.opposite, self.check, -self.agreement)


class Weighing(NamedTuple):
    """How evidence is weighed: who is less likely on the side than ``least`` is not said to be."""

    right: Regression
    least: float

    def chances(self, found: Sequence[Evidence]) -> Matrix:
        """The probability of each being on the side, shape (found,)."""
        rows = np.array(found, dtype=np.float64).reshape(-1, len(FEATURES))
        return self.right.probabilities(rows)

    def save(self) -> None:
        stored = {
            "features": FEATURES,
            "weights": self.right.weights,
            "bias": self.right.bias,
            "least": self.least,
        }
        FILE.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def fitted() -> Weighing:
    """As ``qa.training.calibrate_sides`` wrote it."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return Weighing(Regression(tuple(stored["weights"]), stored["bias"]), stored["least"])
