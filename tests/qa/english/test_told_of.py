"""Beside a sentence on just what is asked, another does not answer; and what echoes a question."""

from __future__ import annotations

import pytest

from footnoted.qa.english.echo import echo, follows
from footnoted.qa.english.told_of import ToldOf


@pytest.mark.parametrize(
    ("question", "told", "not_told"),
    [
        (
            "When is the next meeting?",
            "The next one is planned for May.",
            "The meeting took place in March.",
        ),
        (
            "When is the next meeting?",
            "The following meeting is in May.",
            "The meeting took place in March.",
        ),
        (
            "What was the profit in 2023?",
            "Profit fell to 4.9 million.",
            "Revenue was 51.7 million in 2023.",
        ),
    ],
)
def test_on_what_is_asked(question: str, told: str, not_told: str) -> None:
    asked = ToldOf.asked(question)
    assert asked and asked.is_told(told) and asked.may_be_told(told)
    assert not asked.is_told(not_told) and not asked.may_be_told(not_told)
    assert asked.may_be_told("It was 4.9 million.")


def test_without_a_figure_nothing_is_told_of_an_attribute() -> None:
    asked = ToldOf.asked("What was the population in 2010?")
    assert asked and not asked.is_told("The population is growing.")


@pytest.mark.parametrize("question", ["When was the meeting?", "What was the profit?", "Who came?"])
def test_of_anything(question: str) -> None:
    assert ToldOf.asked(question) is None


def test_an_echo() -> None:
    said = echo("Who may park in the yard?")
    assert said == ("may", "park", "in", "the", "yard")
    assert follows(said, " may park in the yard.") and follows(
        said, " may park in the yard at six."
    )
    assert not follows(said, " may not park in the yard.") and not follows(said, "")
    assert echo("Why may staff park in the yard?") == () and not follows((), " may park.")
