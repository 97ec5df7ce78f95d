"""Limits that a result must keep: ``METRIC=VALUE``, so that quality cannot silently fall."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.evaluation.metrics import LOWER_IS_BETTER, METRICS


def parse(limits: Iterable[str]) -> dict[str, float]:
    """``["fact_recall=0.8"]`` as ``{"fact_recall": 0.8}``.

    Raises:
        UnusableInput: one names no metric, or gives it no number.
    """
    parsed = {}
    for limit in limits:
        name, _, value = limit.partition("=")
        if name not in METRICS:
            raise UnusableInput(f"there is no metric {name!r}; there are {', '.join(METRICS)}")
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            raise UnusableInput(f"{limit!r} gives no number; write for example {name}=0.8")
        parsed[name] = number
    return parsed


def missed(limits: Mapping[str, float], metrics: Mapping[str, float]) -> list[str]:
    """A line for each limit that is missed: fallen below or, for an error or a time, exceeded.

    A metric that applies to no question of the set misses its limit.
    """
    lines = []
    for name, limit in limits.items():
        value = metrics.get(name)
        if value is None:
            lines.append(f"{name} applies to no question of the set; {limit:g} was asked for")
        elif value > limit if name in LOWER_IS_BETTER else value < limit:
            bound = "at most" if name in LOWER_IS_BETTER else "at least"
            lines.append(f"{name} is {value:.4f}; {bound} {limit:g} was asked for")
    return lines
