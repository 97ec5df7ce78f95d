"""The figures that decide, of records by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import domain
from domain import Asked, Figure, as_table, collections, figures, is_whole_and_clean, missed
from footnoted.qa.evaluation.metrics import score
from footnoted.qa.evaluation.types import Question


def asked(
    *answers: str,
    facts: tuple[tuple[str, ...], ...] = (),
    confidence: float = 0.75,
    kind: str | None = None,
    cause: str | None = None,
) -> Asked:
    """A question and its record; without ``answers`` it is declined."""
    question = Question("q", "?", facts, kind=kind)
    answer: dict[str, Any] = {
        "answered": bool(answers),
        "confidence": confidence,
        "answers": [{"text": text} for text in answers],
        "statements": [],
        "citations": [],
        "seconds": {"total": 1.0},
        "models": {"reader": "r"},
    }
    scores = score(question, answer, (), lambda _: None)
    return Asked(question, {"kind": kind, "answer": answer, "scores": scores, "cause": cause})


ANN, SIDES = (("Ann Lee",),), (("Green Party",), ("Bo", "Mr Bo"))


def test_each_figure_by_hand() -> None:
    found = figures(
        [
            asked("Ann Lee", facts=ANN, confidence=0.9),
            asked("Bo", facts=ANN, confidence=0.95),
            asked("near", confidence=0.6),
            asked("nearer", confidence=0.7),
            asked(confidence=0.8),
            asked("Green Party", "Mr Bo", facts=SIDES, confidence=0.65, kind="who-opposes"),
            asked("Green Party", facts=SIDES, confidence=0.5, kind="list"),
        ]
    )
    assert {name: one.shown for name, one in found.items()} == {
        "unanswerable, declined": "1 of 3",
        "wrong answers": "3 of 7",
        "facts found": "0.625",
        "citations at gold places": "–",
        "lists and sides: facts found": "0.750",
        "lists and sides: whole and clean": "1 of 2",
        "confidence of false answers, median": "0.700",
        "confidence of false answers, most": "0.950",
        # By tenths: |0.5 - 1|, |0.6 + 0.65 - 1|, |0.7 - 0|, |0.8 - 1|, |0.9 + 0.95 - 1|, of 7.
        "calibration error": "0.357",
        # Right answers at 0.9, 0.65 and 0.5 against wrong ones at 0.95, 0.7 and 0.6: 3 of 9.
        "AUC of confidence, answers: right before wrong": "0.333",
        # And the one rightly declined, at 0.8: 5 of 12.
        "AUC of confidence, all: right before wrong": "0.417",
    }


def test_nothing_wrong_has_no_confidence_and_tells_nothing_apart() -> None:
    found = figures([asked("Ann Lee", facts=ANN)])
    assert found[domain.FALSE_MEDIAN] == found[domain.FALSE_MOST] == Figure(None, "–")
    assert found[domain.AUC_ALL].value is None
    assert found[domain.WRONG] == Figure(0.0, "0 of 1")


@pytest.mark.parametrize(
    ("answers", "right"),
    [
        (("the Greens’ Green Party", "Bo"), True),
        (("Green Party", "Bo", "Mr"), True),
        (("Green Party", "Bo", "Ann Lee"), False),
        (("Green Party",), False),
        ((), False),
    ],
)
def test_a_list_is_whole_and_clean(answers: tuple[str, ...], right: bool) -> None:
    assert is_whole_and_clean(asked(*answers, facts=SIDES)) is right


def test_limits_hold_from_their_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domain, "LIMITS", {domain.FACTS: 0.7, domain.WRONG: 0.2})
    good, bad = Figure(0.7, "0.700"), Figure(0.3, "3 of 10")
    assert missed({domain.FACTS: good, domain.WRONG: Figure(0.2, "2 of 10")}) == []
    assert missed({domain.FACTS: Figure(None, "–"), domain.WRONG: bad}) == [
        "facts found: –; at least 0.7 was asked for",
        "wrong answers: 3 of 10; at most 0.2 was asked for",
    ]


def test_every_limit_is_of_a_figure() -> None:
    assert {*domain.LIMITS, *domain.LOWER_IS_BETTER} <= set(figures([asked("Bo", facts=ANN)]))


def test_the_table_has_a_column_for_each_collection_and_the_causes_last() -> None:
    some = {"one": [asked("Bo", facts=ANN, cause="chosen")], "two": [asked("Ann Lee", facts=ANN)]}
    lines = as_table(some, {name: figures(of) for name, of in some.items()}).splitlines()
    assert lines[0] == "|  | one (1) | two (1) |"
    assert "| wrong answers | 1 of 1 | 0 of 1 |" in lines
    assert lines[-1] == "| `chosen` | 1 | 0 |"


def test_collections_are_a_folder_or_those_in_it(tmp_path: Path) -> None:
    for name in ("b", "a", "no documents"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "questions.jsonl").touch()
    for name in ("b", "a"):
        (tmp_path / name / "documents").mkdir()
    assert list(collections(tmp_path)) == [tmp_path / "a", tmp_path / "b"]
    assert list(collections(tmp_path / "a")) == [tmp_path / "a"]
