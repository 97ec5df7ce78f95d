"""Logits to probabilities, and the thresholds on them, fitted by ``qa.training``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.reader.candidates import FEATURES, Matrix

FILE = "calibration.json"

CHECKED_FEATURES = (*FEATURES, "check")
"""Those of a candidate that was checked: also the logit of ``qa.checker.checker``."""

DECIDING = ("margin", "answerable")
"""Of the best candidate, what decides whether anything answers; of checks, the surest does, too.

That a span is not the answer says less of its passage than that one of several is. Other features
tell the questions of the calibration apart, and hold less on other texts."""

_FITTED_FOR = {"features": list(CHECKED_FEATURES), "deciding": [*DECIDING, "surest check"]}


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression on features: sigmoid(weights · features + bias)."""

    weights: tuple[float, ...]
    bias: float

    def logits(self, features: Matrix) -> Matrix:
        """Shape (rows,), for features of shape (rows, len(weights))."""
        return np.asarray(features @ np.array(self.weights) + self.bias, dtype=np.float64)

    def probabilities(self, features: Matrix, priors: Matrix | float = 0.0) -> Matrix:
        """The logistic function of ``logits``, with ``priors`` added to them."""
        logits = self.logits(features) + priors
        return np.asarray(np.exp(-np.logaddexp(0, -logits)), dtype=np.float64)


Rows = NDArray[np.intp]
"""Numbers of candidates."""


@dataclass(frozen=True, slots=True)
class Described:
    """A question's candidates, as the reader and its calibration tell their chances alike.

    Of ``rows``, the ``features`` and the ``priors``, which are added to logits, tell the chance of
    being right; of the others it stays what it was ``before``. Of shape (candidates, features) and
    (candidates,).
    """

    features: Matrix
    priors: Matrix
    rows: Rows
    before: Matrix

    @classmethod
    def all(cls, features: Matrix, priors: Matrix) -> Described:
        """Every candidate, of which none was checked."""
        count = len(features)
        return cls(features, priors, np.arange(count), np.zeros(count))

    def checked(self, rows: Rows, checks: Matrix, before: Matrix) -> Described:
        """With the checker's logits of ``rows`` as one more feature, of which others have none."""
        column = np.full((len(self.features), 1), np.nan)
        column[rows, 0] = checks
        return Described(np.hstack([self.features, column]), self.priors, rows, before)

    def chances(self, right: Regression) -> Matrix:
        chances = self.before.copy()
        known = self.features[self.rows], self.priors[self.rows]
        chances[self.rows] = right.probabilities(*known)
        return chances

    def best(self, right: Regression) -> int:
        """The number of the likeliest of ``rows``."""
        logits = right.logits(self.features[self.rows]) + self.priors[self.rows]
        return int(self.rows[logits.argmax()])

    def deciding(self, best: int) -> Matrix:
        """``DECIDING`` of the best, and the surest of the checks; shape (1, features)."""
        of_best = self.features[best, [FEATURES.index(name) for name in DECIDING]]
        surest = self.features[self.rows, len(FEATURES) :].max(axis=0)
        return np.concatenate([of_best, surest])[np.newaxis]


@dataclass(frozen=True, slots=True)
class Shares:
    """What answers beside the best need of its probability: ``within`` its sentence, which is
    quoted anyhow, and ``elsewhere``, where another has to be quoted for them."""

    within: float
    elsewhere: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted on candidates described by the same features.

    ``right``: whether a candidate is an answer, nearly word for word; it ranks them. Answers beside
    the best need ``shares`` of its probability. ``answerable``: whether what was read answers at
    all, by ``Described.deciding``; nothing is answered where it is below ``threshold``. ``held``:
    whether the sentences that are shown hold an answer, by the best candidate's features.
    """

    right: Regression
    shares: Shares
    answerable: Regression
    held: Regression
    threshold: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was fitted on questions kept for it: on ``FEATURES``, and where there is a checker, for
    the candidates that it is asked about, on ``CHECKED_FEATURES``."""

    unchecked: Fitted
    checked: Fitted | None = None

    @classmethod
    def plain(cls) -> Calibration:
        """For a model that nobody calibrated: its own margin, taken at its word."""
        alone = _margin_among(FEATURES)
        return cls(Fitted(alone, Shares(0.5, 0.5), _margin_among(DECIDING), alone, 0.5))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """Read what ``save`` wrote.

        Raises:
            UnusableInput: it was fitted for other features than ours.
        """
        stored: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        fitted_for = {name: stored.get(name) for name in _FITTED_FOR}
        if fitted_for != _FITTED_FOR:
            raise UnusableInput(
                f"{folder / FILE} was fitted for {fitted_for}, not for {_FITTED_FOR}; "
                "fit it again with python -m footnoted.qa.training.calibrate_reader"
            )
        checked = stored["checked"]
        return cls(_fitted(stored["unchecked"]), _fitted(checked) if checked else None)

    def save(self, folder: Path) -> None:
        stored = {**_FITTED_FOR, **asdict(self)}
        (folder / FILE).write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


def _margin_among(names: tuple[str, ...]) -> Regression:
    return Regression(tuple(float(name == "margin") for name in names), 0.0)


def _fitted(stored: dict[str, Any]) -> Fitted:
    return Fitted(
        _regression(stored["right"]),
        Shares(**stored["shares"]),
        _regression(stored["answerable"]),
        _regression(stored["held"]),
        stored["threshold"],
    )


def _regression(stored: dict[str, Any]) -> Regression:
    return Regression(tuple(stored["weights"]), stored["bias"])
