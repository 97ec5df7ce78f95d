"""A comparison is asked of each of two things, and two figures decide it."""

from __future__ import annotations

import pytest

from footnoted.qa.english.comparison import Comparison, compared
from footnoted.qa.english.figures import Figure


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
        (
            "Which ferry was launched first, Astrid or Maren?",
            ("When was the ferry Astrid launched?", "When was the ferry Maren launched?"),
        ),
        (
            "Which opened earlier, the pier or the slip?",
            ("When did the pier open?", "When did the slip open?"),
        ),
        (
            "Which ferry carries more cars, the Astrid or the Maren?",
            ("How many cars does the Astrid carry?", "How many cars does the Maren carry?"),
        ),
        (
            "Which is larger, the population of Sund or the population of Lund?",
            ("What is the population of Sund?", "What is the population of Lund?"),
        ),
        (
            "Which is more expensive, the tug or the ferry?",
            ("How much does the tug cost?", "How much does the ferry cost?"),
        ),
        (
            "Was the pier built before the slip?",
            ("When was the pier built?", "When was the slip built?"),
        ),
    ],
)
def test_of_each(question: str, expected: tuple[str, str]) -> None:
    assert of(question).questions[0] == expected


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between the tug and the ferry?",
        "Is it other than that?",
        "Is the pool deeper than 3 metres?",
        "Was the pier built before 1900?",
    ],
)
def test_of_one(question: str) -> None:
    assert compared(question) is None


@pytest.mark.parametrize(
    ("question", "one", "other", "chosen"),
    [
        ("Which is bigger, the tug or the ferry?", "12 tonnes", "2.5 tonnes", 0),
        ("Which is smaller, the tug or the ferry?", "12 tonnes", "2.5 tonnes", 1),
        ("Which is bigger, the tug or the ferry?", "1,200 tonnes", "1.5 million tonnes", 1),
        ("Which is bigger, the tug or the ferry?", "12 tonnes", "2.5 metres", None),
        ("Which is bigger, the tug or the ferry?", "12 tonnes", "12 tonnes", None),
        ("Which is bigger, the tug or the ferry?", "12 to 14 tonnes", "12 tonnes", None),
        ("Which is bigger, the tug or the ferry?", "very big", "12 tonnes", None),
        ("Which is older, the tug or the ferry?", "60 years", "45 years", 0),
        ("Which is older, the tug or the ferry?", "1960", "1955", 1),
        ("Which is newer, the tug or the ferry?", "May 1960", "June 1960", 1),
        ("Which is older, the tug or the ferry?", "1960", "June 1960", None),
        ("Which was built first, the tug or the ferry?", "3 May 1960", "1960-05-04", 0),
        ("Is the tug older than the ferry?", "1955", "1960", 0),
        ("Is the tug older than the ferry?", "1960", "1955", 1),
        ("Is the fee in Sund the same as in Lund?", "2 euros", "3 euros", None),
    ],
)
def test_what_figures_decide(question: str, one: str, other: str, chosen: int | None) -> None:
    assert of(question).chosen(Figure.of(one), Figure.of(other)) == chosen


def of(question: str) -> Comparison:
    found = compared(question)
    assert found is not None
    return found
