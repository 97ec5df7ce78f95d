"""Calibrate a check of claims on claims kept for it.

    python -m footnoted.qa.training.calibrate_entailment FOLDER CLAIMS... --paragraphs DATA...

FOLDER is what ``qa.training.train_entailment`` made, the rest what it was given. What comes of it
goes to FOLDER/calibration.json.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from footnoted.qa.entailment.entailment import Calibration, CrossEncoderEntailment
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import CALIBRATE
from footnoted.qa.training.fitting import regression
from footnoted.qa.training.train_entailment import read_data

_SEED = 20221122
_MADE = 1500
_MOST_OF_SOURCE = 1500
_MOST_WRONG = 0.1
"""So many of the claims that are not supported may be taken for supported."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate a check of claims.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=Path, nargs="+", required=True)
    options = parser.parse_args(arguments)

    def run() -> None:
        chance = random.Random(_SEED)  # noqa: S311
        judged = read_data(options.claims, options.paragraphs, CALIBRATE, _MADE).epoch(chance)
        chance.shuffle(judged)
        Calibration().save(options.folder)  # of which nothing is asked here but logits
        entailment = CrossEncoderEntailment(options.folder)
        calibrate(entailment, drawn(judged)).save(options.folder)

    return exit_code(run)


def drawn(judged: Sequence[Judged]) -> list[Judged]:
    """Of each source so many at most."""
    taken, found = Counter[str](), list[Judged]()
    for one in judged:
        if taken[one.source] < _MOST_OF_SOURCE:
            taken[one.source] += 1
            found.append(one)
    return found


def calibrate(entailment: CrossEncoderEntailment, judged: Sequence[Judged]) -> Calibration:
    """Every source weighs the same, and what is supported as much as what is not."""
    logits = entailment.logits([one.pair for one in judged])
    read = np.isfinite(logits)
    counts = Counter((one.source, one.supported) for one in judged)
    weights = np.array([1 / counts[one.source, one.supported] for one in judged])[read]
    supported = np.array([one.supported for one in judged], dtype=float)[read]
    weights *= len(weights) / weights.sum()
    fitted = regression(logits[read, None], supported, weights)
    plain = Calibration(fitted.weights[0], fitted.bias)
    chances, wrong = plain.probabilities(logits[read]), supported == 0

    def let_through(threshold: float) -> float:
        return float(weights[wrong & (chances >= threshold)].sum() / weights[wrong].sum())

    threshold = next(t / 100 for t in range(50, 101) if let_through(t / 100) <= _MOST_WRONG)
    return Calibration(plain.slope, plain.bias, threshold)


if __name__ == "__main__":
    sys.exit(main())
