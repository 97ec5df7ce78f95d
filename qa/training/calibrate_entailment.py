"""Calibrate the two checks of claims together, on claims kept for it.

    python -m footnoted.qa.training.calibrate_entailment FOLDER CLAIMS... --paragraphs DATA...

FOLDER is what ``qa.training.train_entailment`` made, the rest what it was given, and sets that it
was not given, which tell best how far each check is to be trusted. What comes of it goes to
FOLDER/calibration.json.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.entailment.cross_encoder import CrossEncoder
from footnoted.qa.entailment.entailment import Calibration, TwoChecks
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import CALIBRATE
from footnoted.qa.training.fitting import regression
from footnoted.qa.training.train_entailment import read_data

_SEED = 20221122
_MOST_OF_SOURCE = 300
_KEPT = 0.95
"""So many of the claims that are supported count as such, at least: what is true is not struck."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate the two checks of claims.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=Path, nargs="+", required=True)
    options = parser.parse_args(arguments)

    def run() -> None:
        chance = random.Random(_SEED)  # noqa: S311
        most = _MOST_OF_SOURCE
        judged = read_data(options.claims, options.paragraphs, CALIBRATE, most, most).epoch(chance)
        chance.shuffle(judged)
        checks = TwoChecks(CrossEncoder(options.folder), LanguageModelChecker())
        calibrate(checks, drawn(judged)).save(options.folder)

    return exit_code(run)


def drawn(judged: Sequence[Judged]) -> list[Judged]:
    """Of each source so many at most."""
    taken, found = Counter[str](), list[Judged]()
    for one in judged:
        if taken[one.source] < _MOST_OF_SOURCE:
            taken[one.source] += 1
            found.append(one)
    return found


def calibrate(checks: TwoChecks, judged: Sequence[Judged]) -> Calibration:
    """Every source weighs the same, and what is supported as much as what is not."""
    logits = checks.logits([one.pair for one in judged])
    read = np.isfinite(logits).all(axis=1)
    counts = Counter((one.source, one.supported) for one in judged)
    weights = np.array([1 / counts[one.source, one.supported] for one in judged])[read]
    supported = np.array([one.supported for one in judged], dtype=float)[read]
    weights *= len(weights) / weights.sum()
    fitted = regression(logits[read], supported, weights)
    plain = Calibration(*fitted.weights, fitted.bias)
    chances, true = plain.probabilities(logits[read]), supported == 1

    def kept(threshold: float) -> float:
        return float(weights[true & (chances >= threshold)].sum() / weights[true].sum())

    threshold = next(t / 100 for t in range(99, -1, -1) if kept(t / 100) >= _KEPT)
    return replace(plain, threshold=threshold)


if __name__ == "__main__":
    sys.exit(main())
