"""Calibrate the two checks of claims together, on claims kept for it.

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
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.sentences import sentences
from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.entailment.cross_encoder import CrossEncoder, Numbers
from footnoted.qa.entailment.entailment import Calibration, TwoChecks
from footnoted.qa.protocols import Pair
from footnoted.qa.training.claim_sets import Judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import CALIBRATE
from footnoted.qa.training.fitting import regression
from footnoted.qa.training.train_entailment import read_data
from footnoted.qa.writing.particulars import said_at_once
from footnoted.qa.writing.proof import unproved

_SEED = 20221122
_MOST_OF_SOURCE = 300
_KEPT = 0.75
"""So many of the claims that are supported and that rules let through count as supported: what is
true is seldom struck."""
_THRESHOLDS = [t / 100 for t in range(20, 95, 5)]
_RISES = [r / 10 for r in range(7)]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate the two checks of claims.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("claims", type=Path, nargs="+")
    parser.add_argument("--paragraphs", type=Path, nargs="+", required=True)
    options = parser.parse_args(arguments)

    def run() -> None:
        chance = random.Random(_SEED)  # noqa: S311
        data = read_data(options.claims, options.paragraphs, CALIBRATE, _MOST_OF_SOURCE)
        judged = data.epoch(chance)
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
    """Every source weighs the same, and what is supported as much as what is not; and so do the two
    checks, whose logits are brought to one scale.

    A regression would trust the check of claims more than new texts bear out: these sources are
    those that it was trained on. The threshold is for what rules let through, of which it is asked.
    """
    logits = checks.logits([one.pair for one in judged])
    read = np.flatnonzero(np.isfinite(logits).all(axis=1))
    judged, logits = [judged[at] for at in read.tolist()], logits[read]
    weights = _weights(judged)
    supported = np.array([one.supported for one in judged], dtype=float)
    mean = np.average(logits, axis=0, weights=weights)
    scale = np.sqrt(np.average((logits - mean) ** 2, axis=0, weights=weights))
    fitted = regression((logits / scale).sum(axis=1, keepdims=True), supported, weights)
    claims, answers = (fitted.weights[0] / scale).tolist()
    plain = Calibration(claims, answers, fitted.bias)
    asked = [at for at, one in enumerate(judged) if _is_let_through(one.pair)]
    chances = plain.probabilities(logits)[asked]
    return _striking_most(plain, [judged[at] for at in asked], chances)


def _striking_most(plain: Calibration, judged: Sequence[Judged], chances: Numbers) -> Calibration:
    """With the threshold and its rise that strike most of what is not supported, and so little of
    what is."""
    weights = _weights(judged)
    supported = np.array([one.supported for one in judged])
    said = np.array([said_at_once(one.pair.claim, sentences(one.pair.text)) for one in judged])

    def taken(of: Calibration, some: NDArray[np.bool_]) -> float:
        likely = chances >= of.threshold + of.rise * (1 - said)
        return float(weights[likely & some].sum() / weights[some].sum())

    ways = [replace(plain, threshold=t, rise=r) for t in _THRESHOLDS for r in _RISES]
    keeping = [one for one in ways if taken(one, supported) >= _KEPT]
    return min(keeping, key=lambda one: taken(one, ~supported))


def _weights(judged: Sequence[Judged]) -> Numbers:
    counts = Counter((one.source, one.supported) for one in judged)
    weights = np.array([1 / counts[one.source, one.supported] for one in judged])
    return np.asarray(weights * len(weights) / weights.sum())


def _is_let_through(pair: Pair) -> bool:
    return not list(unproved(pair.claim, [pair.text]))


if __name__ == "__main__":
    sys.exit(main())
