"""The tables: every metric with its change since the baseline, and every metric by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from footnoted.qa.evaluation.compare import compare
from footnoted.qa.evaluation.metrics import COUNTS, LOWER_IS_BETTER
from footnoted.qa.evaluation.report.cases import UNJUDGED, Case
from footnoted.qa.evaluation.report.meanings import Meaning, causes, grouped
from footnoted.qa.evaluation.report.wording import in_words

CHANCE = 0.05  # the p from which a change is not called better or worse


class Row(NamedTuple):
    """A metric in the table."""

    name: str
    metric: Meaning
    value: str
    share: float | None
    asked: str
    lower_is_better: bool
    difference: str
    direction: str
    p: str
    better: list[tuple[str, int]]
    worse: list[tuple[str, int]]


def compared_with(
    result: Mapping[str, Any], baseline: Mapping[str, Any] | None
) -> Mapping[str, Mapping[str, Any]]:
    """Metric to what ``compare`` says of it, whether or not it was asked already."""
    compared: Mapping[str, Mapping[str, Any]] | None = result.get("comparison")
    if compared is None:
        compared = compare(result, baseline) if baseline else {}
    return compared


def metric_rows(
    metrics: Mapping[str, float | None],
    cases: Sequence[Case],
    compared: Mapping[str, Mapping[str, Any]],
) -> dict[str, list[Row]]:
    return {
        group: [_row(name, metric, metrics[name], cases, compared) for name, metric in held.items()]
        for group, held in grouped(metrics).items()
    }


def _row(
    name: str,
    metric: Meaning,
    value: float | None,
    cases: Sequence[Case],
    comparison: Mapping[str, Mapping[str, Any]],
) -> Row:
    compared = comparison.get(name) or {}
    difference, p = compared.get("difference"), compared.get("p")
    numbers = {case.gold.id: case.number for case in cases}
    better, worse = (
        [(id_, numbers[id_]) for id_ in compared.get(side, ()) if id_ in numbers]
        for side in ("better", "worse")
    )
    return Row(
        name,
        metric,
        in_words(name, value),
        None if value is None or _is_no_share(name) else min(1.0, max(0.0, value)),
        _asked(name, cases),
        name in LOWER_IS_BETTER,
        "" if difference is None else _difference(name, difference),
        _direction(name, difference, p),
        _probability(p) if better or worse else "",
        better,
        worse,
    )


def _is_no_share(name: str) -> bool:
    return name in COUNTS or name.startswith("latency")


def _asked(name: str, cases: Sequence[Case]) -> str:
    if name.startswith("latency"):
        return f"{len(cases):,}"
    if name == "calibration_error":
        return f"{sum(case.verdict != UNJUDGED for case in cases):,}"
    scored = sum(name in case.scores for case in cases)
    return f"{scored:,}" if scored else "–"


def _difference(name: str, difference: float) -> str:
    size = in_words(name, abs(difference))
    if size == in_words(name, 0.0):
        return size
    return ("+" if difference > 0 else "−") + size


def _direction(name: str, difference: float | None, p: float | None) -> str:
    """Better or worse, unless chance could well have done it; unknown is no better."""
    if not difference or p is None or p >= CHANCE:
        return ""
    return "better" if (difference < 0) == (name in LOWER_IS_BETTER) else "worse"


def _probability(p: float | None) -> str:
    if p is None:
        return ""
    chance = ", may be chance" if p >= CHANCE else ""
    return ("p < 0.001" if p < 0.001 else f"p = {p:.3f}") + chance


def cause_rows(cases: Sequence[Case]) -> list[tuple[str, Meaning, int]]:
    """Each cause that occurs, what it means, and of how many questions it is the cause."""
    counts = Counter(case.cause for case in cases)
    return [(name, meaning, counts[name]) for name, meaning in causes().items() if counts[name]]


class _Kinds(NamedTuple):
    """The table of metrics by kind of question."""

    heads: list[tuple[str, int]]
    rows: list[tuple[str, str, list[str]]]


def kinds(result: Mapping[str, Any], cases: Sequence[Case]) -> _Kinds:
    by_kind: Mapping[str, Mapping[str, Any]] = result.get("by_kind") or {}
    heads = [(kind, sum(str(case.gold.kind) == kind for case in cases)) for kind in by_kind]
    rows = [
        (name, metric.title, [in_words(name, values.get(name)) for values in by_kind.values()])
        for metrics in grouped(result["metrics"]).values()
        for name, metric in metrics.items()
    ]
    return _Kinds(heads, [row for row in rows if any(cell != "–" for cell in row[2])])
