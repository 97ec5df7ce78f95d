"""The result of an evaluation for a person at a terminal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from footnoted.corpus.wording import counted
from footnoted.qa.escape import one_line
from footnoted.qa.show.style import Style

_TIMES = ("latency_p50", "latency_p95")
_NAMED = 6  # questions of a cause
_MEANINGS = {
    "abstention_accuracy": "answered exactly when it should be",
    "wrong_answer_rate": "a wrong answer given",
    "fact_recall": "share of the facts in the answers",
    "calibration_error": "error of the stated confidence",
}


def summary(result: Mapping[str, Any], style: Style) -> str:
    """Every metric with its value, by kind beside it, what changed since the baseline, and why
    questions were not answered rightly."""
    kinds = [one_line(kind) for kind in result["by_kind"]]
    compared = result.get("comparison", {})
    head = ["", "all", *kinds, *(["change", "p"] if compared else [])]
    rows = [head]
    for name in result["metrics"]:
        values = [result["metrics"], *result["by_kind"].values()]
        rows.append([name, *(_value(name, one.get(name)) for one in values)])
        if compared:
            rows[-1] += _change(compared.get(name))
    lines = [counted(len(result["questions"]), "question"), *_table(rows, style)]
    if causes := result.get("causes"):
        failed = [(name, str(count), _first_of(name, result)) for name, count in causes.items()]
        lines += ["", *_table([("not right", "n", "questions"), *failed], style, numbers=(1,))]
    return "\n".join(lines)


def _table(
    rows: Sequence[Sequence[str]], style: Style, numbers: Collection[int] | None = None
) -> list[str]:
    """Rows under each other, the first of them bold; ``numbers`` are columns, by default all but
    the first."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    right = range(1, len(widths)) if numbers is None else numbers
    lines = [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return [style.bold(lines[0]), *lines[1:]]


def _first_of(cause: str, result: Mapping[str, Any]) -> str:
    ids = [record["id"] for record in result["questions"] if record["cause"] == cause]
    return ", ".join([*map(one_line, ids[:_NAMED]), *(["…"] if len(ids) > _NAMED else [])])


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
