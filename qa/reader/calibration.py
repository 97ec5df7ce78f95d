"""Logits to probabilities, and the thresholds on them, fitted by ``qa.training``."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, replace
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

_REMEDY = "name a file that footnoted calibrate wrote"


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression on features: sigmoid(weights · features + bias)."""

    weights: tuple[float, ...]
    bias: float

    def pooled(self) -> Regression:
        """With the logit of one feature more, each of the two at its word, and weighing the same.

        The logarithmic opinion pool: Genest and Zidek, "Combining Probability Distributions",
        Statistical Science 1986.
        """
        return Regression((*(weight / 2 for weight in self.weights), 0.5), self.bias / 2)

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
    the candidates that it is asked about, on ``CHECKED_FEATURES``.

    ``reader`` and ``checker`` are the names of those that it was fitted with, exactly; without a
    ``reader``, it is that of the folder in which it lies, with our checker.
    """

    unchecked: Fitted
    checked: Fitted | None = None
    reader: str | None = None
    checker: str | None = None

    @property
    def name(self) -> str:
        """Which calibration, exactly."""
        digest = hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()
        return f"calibration@{digest[:12]}"

    @classmethod
    def plain(cls) -> Calibration:
        """For a model that nobody calibrated: its own margin, taken at its word."""
        alone = _margin_among(FEATURES)
        return cls(Fitted(alone, Shares(0.5, 0.5), _margin_among(DECIDING), alone, 0.5))

    def pooled(self) -> Calibration:
        """For a checker with which nobody calibrated: its logits, taken at their word."""
        alone = self.unchecked
        parts = (alone.right, alone.answerable, alone.held)
        right, answerable, held = (one.pooled() for one in parts)
        return replace(self, checked=Fitted(right, alone.shares, answerable, held, 0.5))

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Read what ``save`` wrote to this file or, of a reader, to its folder.

        Raises:
            UnusableInput: it cannot be read, or was fitted for other features than ours.
        """
        file = path / FILE if path.is_dir() else path
        try:
            stored = json.loads(file.read_text(encoding="utf-8"))
            fitted_for = {name: stored.get(name) for name in _FITTED_FOR}
        except OSError as error:
            raise UnusableInput(f"{file} cannot be opened: {error.strerror or error}") from None
        except (ValueError, AttributeError, RecursionError):
            raise UnusableInput(f"{file} is no calibration; {_REMEDY}") from None
        if fitted_for != _FITTED_FOR:
            raise UnusableInput(
                f"{file} was fitted for {fitted_for!r:.80}, not for {_FITTED_FOR}; fit it again "
                "with footnoted calibrate (our readers with "
                "python -m footnoted.qa.training.calibrate_reader)"
            )
        try:
            return _calibration(stored)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise UnusableInput(f"{file} is damaged ({error}); {_REMEDY}") from None

    def save(self, path: Path) -> None:
        """Write to a file or, of a reader, into its folder.

        Raises:
            UnusableInput: it cannot be written.
        """
        file = path / FILE if path.is_dir() else path
        stored = {**_FITTED_FOR, **asdict(self)}
        try:
            file.write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise UnusableInput(f"{file} cannot be written: {error.strerror or error}") from None


def _margin_among(names: tuple[str, ...]) -> Regression:
    return Regression(tuple(float(name == "margin") for name in names), 0.0)


def _calibration(stored: dict[str, Any]) -> Calibration:
    checked = stored["checked"]
    return Calibration(
        _fitted(stored["unchecked"], 0),
        _fitted(checked, 1) if checked else None,
        *(_text(stored.get(name)) for name in ("reader", "checker")),
    )


def _fitted(stored: dict[str, Any], more: int) -> Fitted:
    """``more``: how many features there are beside those of the reader."""
    return Fitted(
        _regression(stored["right"], len(FEATURES) + more),
        Shares(**{name: _number(share) for name, share in stored["shares"].items()}),
        _regression(stored["answerable"], len(DECIDING) + more),
        _regression(stored["held"], len(FEATURES) + more),
        _number(stored["threshold"]),
    )


def _regression(stored: dict[str, Any], features: int) -> Regression:
    weights = tuple(map(_number, stored["weights"]))
    if len(weights) != features:
        raise ValueError(f"{len(weights)} weights for {features} features")
    return Regression(weights, _number(stored["bias"]))


def _number(stored: Any) -> float:
    if not math.isfinite(number := float(stored)):
        raise ValueError(f"{number} is no number")
    return number


def _text(stored: Any) -> str | None:
    if stored is not None and not isinstance(stored, str):
        raise TypeError(f"{stored!r:.40} is no name")
    return stored
