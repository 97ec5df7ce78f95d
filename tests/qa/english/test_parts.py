"""A question for two things is asked as two."""

from __future__ import annotations

import pytest

from footnoted.qa.english.parts import parts


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (
            "Who owns the ferry and when was it built?",
            ("Who owns the ferry?", "When was it built?"),
        ),
        (
            "What did the board say about fees in March 2004 and in May 2006?",
            (
                "What did the board say about fees in March 2004?",
                "What did the board say about fees in May 2006?",
            ),
        ),
        (
            "How big was the catch in 2011 and 2012?",
            ("How big was the catch in 2011?", "How big was the catch in 2012?"),
        ),
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
def test_for_each(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "Who owns the ferry and the tug?",
        "What is the difference between the tug and the ferry?",
        "Was it sold before May 2004 or later?",
        "Is it other than that?",
    ],
)
def test_for_one(question: str) -> None:
    assert parts(question) == ()
