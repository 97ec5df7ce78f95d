"""Measures of a whole set: whether confidence can be believed, and how long answers take."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

_BINS = 10


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error: ``sum over bins of n_b / n |accuracy_b - confidence_b|``.

    Ten bins of equal width, ``[0, 0.1) … [0.9, 1]``; accuracy is the share of right answers in a
    bin and confidence the mean there.

    Source: Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian
    Binning", AAAI 2015.
    """
    held = np.asarray(confidences, dtype=np.float64)
    bins = np.minimum((held * _BINS).astype(np.int64), _BINS - 1)
    # A bin's n_b (accuracy_b - confidence_b) is the sum of its (right - confidence).
    gaps = np.bincount(bins, weights=np.asarray(right, dtype=np.float64) - held, minlength=_BINS)
    return float(np.abs(gaps).sum() / len(held))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` percent lie, interpolated between the two nearest ranks."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), share))
