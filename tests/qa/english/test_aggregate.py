"""What is asked of many together, and what of one."""

from __future__ import annotations

import pytest

from footnoted.qa.english.aggregate import Kind, aggregate


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many rooms are there?", "count"),
        ("How many life jackets do we have?", "count"),
        ("What is the number of rooms?", "count"),
        ("How much was spent in total?", "sum"),
        ("What is the total number of seats?", "sum"),
        ("How many came altogether?", "sum"),
        ("What is the average price?", "mean"),
        ("How much do they earn on average?", "mean"),
    ],
)
def test_many_are_taken_together(question: str, kind: Kind) -> None:
    found = aggregate(question)
    assert found and found.kind == kind
    assert found.is_total("Average" if kind == "mean" else "Total")


@pytest.mark.parametrize(
    "question",
    [
        "How many seats does the Tower have?",
        "What does the mean old captain say?",
        "How many of them are there?",
        "Who opposes the plan?",
    ],
)
def test_one_is_asked_of(question: str) -> None:
    assert aggregate(question) is None
