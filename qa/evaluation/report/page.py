"""The page: the result becomes what the template prints."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.escape import environment
from footnoted.qa.evaluation.report.cases import MISSED, VERDICTS, WRONG, Case, read_cases
from footnoted.qa.evaluation.report.meanings import causes
from footnoted.qa.evaluation.report.plots import draw_plots
from footnoted.qa.evaluation.report.tables import (
    CHANCE,
    cause_rows,
    compared_with,
    kinds,
    metric_rows,
)
from footnoted.qa.evaluation.report.wording import changes, duration, percent, summary
from footnoted.qa.evaluation.types import Question

_NAMED = 12  # questions named beside a metric; the filters show the rest
_FILTERS = {
    "all": "All",
    "right": "Right",
    "wrong": "Wrong",
    "answered": "Wrongly answered",
    "declined": "Wrongly declined",
    "changed": "Changed since the baseline",
}
_SUPPORT = {"supported": "written by a language model and checked", "unsupported": "not proved"}


def write_report(
    result: Mapping[str, Any],
    questions: Sequence[Question],
    path: Path,
    baseline: Mapping[str, Any] | None = None,
    date: str | None = None,
) -> None:
    """Write the report of ``result`` to ``path``.

    ``questions`` is the set that was evaluated, ``baseline`` an earlier result over it, and
    ``date`` what the report gives as its date. The same arguments give the same bytes.

    Raises:
        UnusableInput: matplotlib is missing, ``questions`` is another set, or ``path`` cannot be
            written.
    """
    need_plots()
    page = _render(result, read_cases(result, questions, baseline), baseline, date).lstrip()
    try:
        path.write_bytes(page.encode("utf-8", errors="replace"))  # lone surrogates have no bytes
    except OSError as error:
        raise UnusableInput(
            f"cannot write {path}: {error.strerror or error}; choose another file with --report"
        ) from None


def need_plots() -> None:
    """Say before an evaluation, not after it, that its report could not be drawn.

    Raises:
        UnusableInput: matplotlib is missing.
    """
    try:
        found = find_spec("matplotlib") is not None
    except ValueError:  # a module without a spec
        found = False
    if not found:
        raise UnusableInput(
            "the report needs matplotlib, which is not installed: pip install 'footnoted[report]'"
        )


def _render(
    result: Mapping[str, Any],
    cases: Sequence[Case],
    baseline: Mapping[str, Any] | None,
    date: str | None,
) -> str:
    script = _asset("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    tags = [_tags(case) for case in cases]
    filters = [
        (name, label, sum(name in held for held in tags))
        for name, label in _FILTERS.items()
        if name != "changed" or baseline is not None
    ]
    compared = compared_with(result, baseline)
    template = _environment().from_string(_asset("page.html"))
    return template.render(
        style=Markup(_asset("page.css")),  # noqa: S704 (a file of this package)
        script=Markup(script),  # noqa: S704 (a file of this package)
        digest=Markup(digest),  # noqa: S704 (base64 knows no markup)
        summary=summary(cases),
        changes=changes(cases, baseline),
        outcomes=_outcomes(cases),
        about=_about(result, cases, date),
        groups=metric_rows(result["metrics"], cases, compared),
        compared=bool(compared),
        kinds=kinds(result, cases),
        plots=draw_plots(result, cases),
        causes=cause_rows(cases),
        meanings=causes(),
        filters=filters,
        cases=list(zip(cases, tags, strict=True)),
        support=_SUPPORT,
        most=_NAMED,
        chance=CHANCE,
    )


def _tags(case: Case) -> list[str]:
    """The filters that show the question."""
    tags = {
        "right": case.right,
        "wrong": case.verdict in (WRONG, MISSED),
        "answered": case.verdict == WRONG,
        "declined": case.verdict == MISSED,
        "changed": bool(case.change),
    }
    return ["all", *(tag for tag, holds in tags.items() if holds), *filter(None, [case.cause])]


def _environment() -> Environment:
    made = environment()
    made.filters |= {"percent": percent, "value": _score}
    return made


def _score(score: tuple[str, float]) -> str:
    name, value = score
    return duration(value) if name.startswith("latency") else f"{value:.3f}".rstrip("0").rstrip(".")


def _asset(name: str) -> str:
    return (resources.files("footnoted.qa.evaluation.report") / name).read_text(encoding="utf-8")


def _outcomes(cases: Sequence[Case]) -> list[tuple[str, str, int]]:
    counts = Counter(case.verdict for case in cases)
    return [(key, label, counts[key]) for key, label in VERDICTS.items() if counts[key]]


def _about(
    result: Mapping[str, Any], cases: Sequence[Case], date: str | None
) -> list[tuple[str, str]]:
    models = result.get("models") or {}
    index = result.get("index") or {}
    seconds = result.get("seconds")
    total = seconds.get("total") if isinstance(seconds, Mapping) else seconds
    facts = {
        "Date": date,
        "Questions": f"{len(cases):,}",
        **{str(role).capitalize(): model for role, model in models.items()},
        "Index": index.get("id"),
        "Generation": index.get("generation"),
        "Took": None if total is None else duration(total),
    }
    return [(name, str(value)) for name, value in facts.items() if value is not None]
