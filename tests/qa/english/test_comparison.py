"""A comparison is asked of each of two things."""

from __future__ import annotations

import pytest

from footnoted.qa.english.comparison import compared


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Do Holm and Lie name the same number of boats in the yard?",
            (
                "What number of boats does Holm name in the yard?",
                "What number of boats does Lie name in the yard?",
            ),
        ),
        (
            "Is the fee in Aarhus the same as in Odense?",
            ("What is the fee in Aarhus?", "What is the fee in Odense?"),
        ),
        (
            "Which is bigger, the tug or the ferry?",
            ("How big is the tug?", "How big is the ferry?"),
        ),
        (
            "Is the tug heavier than the ferry?",
            ("How heavy is the tug?", "How heavy is the ferry?"),
        ),
    ],
)
def test_of_each(question: str, expected: tuple[str, ...]) -> None:
    assert compared(question) == expected


@pytest.mark.parametrize(
    "question",
    ["What is the difference between the tug and the ferry?", "Is it other than that?"],
)
def test_of_one(question: str) -> None:
    assert compared(question) == ()
