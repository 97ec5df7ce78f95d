"""A calibration, fitted further to somebody's own questions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize  # type: ignore[import-untyped]

from footnoted.qa.reader.calibration import Calibration, Fitted, Regression
from footnoted.qa.reader.candidates import Matrix
from footnoted.qa.training.fitting import Told, checked, shown_holds
from footnoted.qa.training.labelling import Labelled

# Standard deviation of what is added to a weight, of features that are scaled to 1. Of 0.3, 0.5 and
# 1, the second did best by cross-validation on two sets of 30 questions and one of 100.
_STEP = 0.5
# A threshold that is moved by 0.1 must bring 0.03 of the questions more right: of few questions,
# chance alone makes another look better.
_INERTIA = 0.3


def refit(labelled: Sequence[Labelled], start: Calibration) -> Calibration:
    """``start``, moved as far as the questions tell: little by few of them, further by many.

    Each question weighs the same. The shares that further answers need stay.
    """
    every = [Told.of(one) for one in labelled]
    unchecked = _refit(every, start.unchecked)
    some = checked(every, unchecked.right) if start.checked else []
    return Calibration(unchecked, _refit(some, start.checked) if start.checked and some else None)


def _refit(some: Sequence[Told], start: Fitted) -> Fitted:
    right = _moved(
        start.right,
        np.concatenate([told.features[told.rows] for _, told in some]),
        np.concatenate([labelled.right[told.rows] for labelled, told in some]),
        np.concatenate([told.priors[told.rows] for _, told in some]),
    )
    best = [(told, told.best(right)) for _, told in some]
    of_best = np.array([told.features[at] for told, at in best])
    deciding = np.vstack([told.deciding(at) for told, at in best])
    priors = np.array([told.priors[at] for told, at in best])
    shown = np.array([shown_holds(one, right, start.shares) for one in some], dtype=float)
    held = _moved(start.held, of_best, shown, priors)
    answerable = np.array([one.labelled.answerable for one in some], dtype=float)
    can = _moved(start.answerable, deciding, answerable, priors)
    unanswered = np.array([one.labelled.deceptive for one in some])
    chances = can.probabilities(deciding, priors)
    return Fitted(
        right, start.shares, can, held, _threshold(chances, shown, unanswered, start.threshold)
    )


def _moved(start: Regression, features: Matrix, labels: Matrix, priors: Matrix) -> Regression:
    """The likeliest regression, if each weight and the bias differ from those of ``start`` by a
    normal deviate of ``_STEP``, of features that are scaled to a standard deviation of 1."""
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    columns = np.column_stack([(features - mean) / scale, np.ones(len(features))])
    before = start.logits(features) + priors

    def loss(by: Matrix) -> tuple[float, Matrix]:
        logits = before + columns @ by
        chances = np.exp(-np.logaddexp(0, -logits))
        value = (np.logaddexp(0, logits) - labels * logits).sum() + by @ by / _STEP**2 / 2
        return float(value), columns.T @ (chances - labels) + by / _STEP**2

    by: Matrix = minimize(loss, np.zeros(columns.shape[1]), jac=True, method="L-BFGS-B").x
    slopes, bias = by[:-1] / scale, by[-1]
    return Regression(
        tuple((np.array(start.weights) + slopes).tolist()), float(start.bias + bias - slopes @ mean)
    )


def _threshold(chances: Matrix, shown: Matrix, unanswered: Matrix, start: float) -> float:
    """The threshold with the most right outcomes, less the wrong answers: to answer with a fact, or
    to decline where nothing answers. That of ``start`` stays where another is hardly better."""

    def worth(threshold: float) -> float:
        outcomes = np.where(chances >= threshold, 2 * shown - 1, unanswered)
        return float(outcomes.mean()) - _INERTIA * abs(threshold - start)

    return float(max((np.arange(1, 100) / 100).tolist(), key=worth))
