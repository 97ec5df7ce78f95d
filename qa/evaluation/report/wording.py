"""The outcome in sentences, and numbers as a person reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from footnoted.corpus.wording import counted
from footnoted.qa.evaluation.report.cases import UNJUDGED, WRONG, Case


def summary(cases: Sequence[Case]) -> str:
    judged = [case for case in cases if case.verdict != UNJUDGED]
    total, right = len(judged), sum(case.right for case in judged)
    if not judged:
        return f"{counted(len(cases), 'question')} searched for, none judged: retrieval alone."
    if right == total:
        every = "The one question" if total == 1 else f"All {total:,} questions"
        return f"{every} {_were(total)} rightly answered or declined."
    wrong = sum(case.verdict == WRONG for case in judged)
    missed = total - right - wrong
    told = (
        f"Of {counted(total, 'question')}, {right or 'none'} {_were(right)} rightly answered or "
        f"declined; {wrong or 'none'} got a wrong answer"
    )
    if missed:
        told += f", and {missed} {_were(missed)} declined although the documents hold an answer"
    return f"{told}."


def changes(cases: Sequence[Case], baseline: Mapping[str, Any] | None) -> str:
    if baseline is None:
        return ""
    gained = sum(case.change == "Now right" for case in cases)
    lost = sum(case.change == "No longer right" for case in cases)
    other = sum(case.change == "Another answer" for case in cases)
    new = sum(case.before is None for case in cases)
    return (
        f"Since the baseline, {gained or 'none'} became right and {lost or 'none'} ceased to be; "
        f"{counted(other, 'other answer') if other else 'no other answer'} changed."
        + (f" {counted(new, 'question')} {_were(new)} not in the baseline." if new else "")
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"


def percent(share: float) -> str:
    return f"{share:.0%}"


def in_words(name: str, value: float | None) -> str:
    if value is None:
        return "–"
    return duration(value) if name.startswith("latency") else f"{value:.3f}"


def duration(value: float) -> str:
    return f"{value * 1000:,.0f} ms" if value < 1 else f"{value:,.1f} s"
