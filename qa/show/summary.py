"""The result of an evaluation for a person at a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from footnoted.corpus.wording import counted
from footnoted.qa.escape import one_line
from footnoted.qa.show.terminal import Style

_TIMES = ("latency_p50", "latency_p95")
_MEANINGS = {
    "abstention_accuracy": "answered exactly when it should be",
    "wrong_answer_rate": "a wrong answer given",
    "fact_recall": "share of the facts in the answers",
    "calibration_error": "error of the stated confidence",
}


def summary(result: Mapping[str, Any], style: Style) -> str:
    """Every metric with its value, by kind beside it, and what changed since the baseline."""
    kinds = [one_line(kind) for kind in result["by_kind"]]
    compared = result.get("comparison", {})
    head = ["", "all", *kinds, *(["change", "p"] if compared else [])]
    rows = [head]
    for name in result["metrics"]:
        values = [result["metrics"], *result["by_kind"].values()]
        rows.append([name, *(_value(name, one.get(name)) for one in values)])
        if compared:
            rows[-1] += _change(compared.get(name))
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    count = len(result["questions"])
    return "\n".join([counted(count, "question"), style.bold(lines[0]), *lines[1:]])


def gains(
    before: Mapping[str, float], after: Mapping[str, float], questions: int, style: Style
) -> str:
    """What a calibration is worth: each measure as it was, and as it is on questions held out."""
    width = max(map(len, _MEANINGS.values()))
    head = f"{counted(questions, 'question'):{width}}  before  held out"
    lines = [
        f"{_MEANINGS[name]:{width}}  {value:6.3f}  {after[name]:8.3f}"
        for name, value in before.items()
    ]
    return "\n".join([style.bold(head), *lines])


def _value(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.2f} s" if name in _TIMES else f"{value:.3f}"


def _change(change: Mapping[str, Any] | None) -> list[str]:
    if change is None:
        return ["–", "–"]
    p = change["p"]
    return [f"{change['difference']:+.3f}", "–" if p is None else f"{p:.3f}"]
