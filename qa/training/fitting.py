"""What was read and labelled, to a calibration: as the readers that are shipped are calibrated."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from footnoted.qa.evaluation.text import list_f1_partial
from footnoted.qa.reader.calibration import Calibration, Described, Fitted, Regression, Rows, Shares
from footnoted.qa.reader.candidates import Matrix
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.reader.selection import likely, worth_checking
from footnoted.qa.training.labelling import Labelled

# What is asked of people's documents is answered by them more often than not.
_ANSWERABLE_TO_NOT = 1.5
# Questions written to deceive are few (one article of SQuAD 2.0) and the hardest to decline.
_WEIGHT_OF_DECEPTIVE = 3.0
# So many of the questions kept for calibration, half of which nothing answers, may be answered
# wrongly.
_MOST_WRONG = 0.22
# In partial F1: a hundred lists tell no less apart.
_AS_GOOD = 0.005
# A check leaves room to be stricter: what is likelier not to be answered is declined.
_LEAST_OF_CHECKED = 0.5


class Told(NamedTuple):
    """A question, and its candidates as they are decided on."""

    labelled: Labelled
    candidates: Described

    @classmethod
    def of(cls, labelled: Labelled) -> Told:
        return cls(labelled, Described.all(labelled.features, labelled.priors))


def fit(labelled: Sequence[Labelled]) -> Calibration:
    """What ranks the candidates and decides on the best, checked and not."""
    every = [Told.of(one) for one in labelled]
    unchecked = _fit(every)
    some = checked(every, unchecked.right)
    return Calibration(unchecked, _fit(some, _LEAST_OF_CHECKED) if some else None)


def checked(every: Iterable[Told], right: Regression) -> list[Told]:
    """The same with the checks of the likeliest by ``right``; none where there is no checker."""
    return [told for one in every if (told := _checked(one, right))]


def _checked(one: Told, right: Regression) -> Told | None:
    chances = one.candidates.chances(right)
    rows = worth_checking(chances, one.labelled.texts, MEASURED)
    checks = one.labelled.checks(rows)
    if checks is None:
        return None
    return one._replace(candidates=one.candidates.checked(rows, checks, chances))


def _fit(some: Sequence[Told], least: float = 0.0) -> Fitted:
    weights = _weights([one.labelled for one in some])
    right = regression(
        np.concatenate([told.features[told.rows] for _, told in some]),
        np.concatenate([labelled.right[told.rows] for labelled, told in some]),
        np.repeat(weights, [len(told.rows) for _, told in some]),
    )
    shares = _best_shares([one for one in some if one.labelled.right.any()], right)
    best = [(told, told.best(right)) for _, told in some]
    shown = np.array([shown_holds(one, right, shares) for one in some], dtype=float)
    held = regression(np.array([told.features[at] for told, at in best]), shown, weights)
    answerable = np.array([one.labelled.answerable for one in some], dtype=float)
    deciding = np.vstack([told.deciding(at) for told, at in best])
    can = regression(deciding, answerable, weights)
    threshold = max(least, _least_threshold(can.probabilities(deciding), shown, weights))
    return Fitted(right, shares, can, held, threshold)


def shown_holds(one: Told, right: Regression, shares: Shares) -> bool:
    return one.labelled.further or bool(one.labelled.holds[_shown(one, right, shares)].any())


def _shown(one: Told, right: Regression, shares: Shares) -> Rows:
    return likely(one.candidates.chances(right), one.labelled.places, shares, MEASURED)


def _weights(labelled: Sequence[Labelled]) -> Matrix:
    """Those of the questions, so that answerable and deceptive ones weigh as stated."""
    answerable = np.array([one.answerable for one in labelled])
    yes = answerable.sum()
    of_others = yes / max(1, len(labelled) - yes) / _ANSWERABLE_TO_NOT
    deceptive = np.array([one.deceptive for one in labelled])
    return np.where(answerable, 1.0, of_others) * np.where(deceptive, _WEIGHT_OF_DECEPTIVE, 1.0)


def regression(features: Matrix, labels: Matrix, weights: Matrix) -> Regression:
    yes, no = (weights * labels).sum(), (weights * (1 - labels)).sum()
    if not yes or not no:
        # Nothing that is known tells them apart, of a reader that is always right, or never.
        return Regression((0.0,) * features.shape[1], float(np.log((yes + 1) / (no + 1))))
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((features - mean) / scale, labels, sample_weight=weights)
    slopes = model.coef_[0] / scale
    return Regression(tuple(slopes.tolist()), float(model.intercept_[0] - slopes @ mean))


def _least_threshold(chances: Matrix, right: Matrix, weights: Matrix) -> float:
    """The least probability to answer with at which no more than ``_MOST_WRONG`` are wrong."""

    def wrong(threshold: float) -> float:
        return float((weights * ((chances >= threshold) & (right == 0))).sum() / weights.sum())

    return float(next(t for t in np.arange(1, 101) / 100 if wrong(t) <= _MOST_WRONG))


def _best_shares(some: Sequence[Told], right: Regression) -> Shares:
    """The shares of the best answer's chance that others need: those with the best partial F1, and
    of those that are as good, the strictest on other sentences.

    Questions with one fact and those with several weigh the same, however many there are: what is
    left out of a list is missed as much as what does not belong there disturbs.
    """
    lists = [one for one in some if len(one.labelled.facts) > 1]
    groups = [group for group in (lists, [o for o in some if len(o.labelled.facts) == 1]) if group]

    def mean_f1(shares: Shares) -> float:
        means = [np.mean([_partial_f1(one, right, shares) for one in group]) for group in groups]
        return float(sum(means)) / max(1, len(groups))  # a reader that is never right has none

    tenths = [tenth / 10 for tenth in range(2, 10)]
    every = {
        shares: mean_f1(shares)
        for shares in (Shares(a, b) for a in tenths for b in tenths if a <= b)
    }
    best = max(every.values())
    good = [shares for shares, reached in every.items() if reached >= best - _AS_GOOD]
    return max(good, key=lambda shares: (shares.elsewhere, every[shares], shares.within))


def _partial_f1(one: Told, right: Regression, shares: Shares) -> float:
    given = [one.labelled.answers[at] for at in _shown(one, right, shares)]
    return list_f1_partial(one.labelled.facts, [text for texts in given for text in texts])
