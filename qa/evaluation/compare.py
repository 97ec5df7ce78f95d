"""Two results, question by question: what changed, and whether chance could have done it."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from math import fsum
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.evaluation.metrics import LOWER_IS_BETTER, OF_A_SET, SCORED, aggregate

log = logging.getLogger(__name__)

PERMUTATIONS = 10_000

_SEED = 0
_AT_ONCE = 500
# Sums of the same differences in another order differ by less than this.
_ROUNDING = 1e-9

Pairs = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


def compare(result: Mapping[str, Any], baseline: Mapping[str, Any]) -> dict[str, Any]:
    """Metric to what ``result`` does better and worse than ``baseline``, over shared questions.

    A question is shared if the two results asked the same words under the same id. Each metric is
    compared over the shared questions to which it applies in both; ``difference`` is the result
    less the baseline, and ``better`` and ``worse`` are the ids of the questions that changed. The
    metrics of a set have no scores of single questions, and so no p-value (null).

    Raises:
        UnusableInput: the two share no question.
    """
    of_baseline = {record["id"]: record for record in baseline["questions"]}
    pairs = [
        (record, of_baseline[record["id"]])
        for record in result["questions"]
        if record["id"] in of_baseline and _asked(record) == _asked(of_baseline[record["id"]])
    ]
    if not pairs:
        raise UnusableInput("the baseline shares no question with this question set")
    most = max(len(result["questions"]), len(of_baseline))
    if len(pairs) < most:
        log.warning("compared over the %d questions shared, of %d", len(pairs), most)
    compared = {name: _compare_scores(name, pairs) for name in SCORED} | _compare_sets(pairs)
    return {name: change for name, change in compared.items() if change}


def _asked(record: Mapping[str, Any]) -> str:
    return str(record["answer"]["question"])


def _compare_scores(name: str, pairs: Pairs) -> dict[str, Any] | None:
    both = [
        (now["id"], now["scores"][name], before["scores"][name])
        for now, before in pairs
        if now["scores"].get(name) is not None and before["scores"].get(name) is not None
    ]
    if not both:
        return None
    changes = {question: now - before for question, now, before in both}
    sign = -1 if name in LOWER_IS_BETTER else 1
    return {
        "result": fmean(now for _, now, _ in both),
        "baseline": fmean(before for _, _, before in both),
        "difference": fsum(changes.values()) / len(both),
        "p": randomisation_test(list(changes.values())),
        "questions": len(both),
        "better": [question for question, change in changes.items() if sign * change > 0],
        "worse": [question for question, change in changes.items() if sign * change < 0],
    }


def _compare_sets(pairs: Pairs) -> dict[str, dict[str, Any]]:
    now, before = aggregate([pair[0] for pair in pairs]), aggregate([pair[1] for pair in pairs])
    return {
        name: {
            "result": now[name],
            "baseline": before[name],
            "difference": now[name] - before[name],
            "p": None,
            "questions": len(pairs),
            "better": [],
            "worse": [],
        }
        for name in OF_A_SET
        if name in now and name in before
    }


def randomisation_test(differences: Sequence[float]) -> float:
    """The two-sided p-value of a paired randomisation test on the mean of ``differences``.

    If the two results were interchangeable, each difference could as well have the other sign.
    The p-value is the share of all assignments of signs whose absolute sum is at least that seen;
    of 10,000 random ones with a fixed seed where there are more than that, k of n at least as far:
    ``p = (k + 1) / (n + 1)``. Differences of 0 change no sum and are left out.

    Source: Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for
    Information Retrieval Evaluation", CIKM 2007; the added one: Phipson and Smyth, "Permutation
    P-values Should Never Be Zero", 2010.
    """
    changed = np.asarray([value for value in differences if value], dtype=np.float64)
    if not len(changed):
        return 1.0
    least = abs(changed.sum()) - _ROUNDING
    if 2 ** len(changed) <= PERMUTATIONS:
        return float(np.mean(np.abs(_all_signs(len(changed)) @ changed) >= least))
    random = np.random.default_rng(_SEED)
    beyond = 0
    for done in range(0, PERMUTATIONS, _AT_ONCE):
        size = (min(_AT_ONCE, PERMUTATIONS - done), len(changed))
        signs = random.integers(0, 2, size, dtype=np.int8) * 2.0 - 1.0
        beyond += int(np.count_nonzero(np.abs(signs @ changed) >= least))
    return (beyond + 1) / (PERMUTATIONS + 1)


def _all_signs(count: int) -> NDArray[np.float64]:
    """Every assignment of signs to ``count`` values, shape (2 ** count, count)."""
    bits = np.arange(2**count)[:, None] >> np.arange(count) & 1
    return np.where(bits, 1.0, -1.0)
