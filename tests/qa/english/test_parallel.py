"""Of like things in a sentence, the part that a question names is found."""

from __future__ import annotations

import pytest

from footnoted.qa.english.parallel import asked_part, is_of_other_years


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        (
            "Catches fell from 90 tons in 2011 to 70 tons in 2012.",
            "How big was the catch in 2012?",
            "70 tons in 2012",
        ),
        (
            "In 2011 Ada Holm led the yard; in 2014 it was Per Lie.",
            "Who led the yard in 2011?",
            "In 2011 Ada Holm led the yard",
        ),
        (
            "The east pier is 80 metres long and the west pier 65 metres.",
            "How long is the west pier?",
            "the west pier 65 metres",
        ),
        ("Dock A closes at 18:00, Dock B at 20:30.", "When does Dock B close?", "Dock B at 20:30"),
        (
            "Fees were 5 euros in 2001, 6 euros in 2002 and 8 euros in 2003.",
            "What was the fee in 2002?",
            "6 euros in 2002",
        ),
    ],
)
def test_the_part_that_is_named(sentence: str, question: str, expected: str) -> None:
    part = asked_part(sentence, question)
    assert part is not None and sentence[slice(*part)] == expected


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The east pier is 80 metres long.", "How long is the east pier?"),
        ("Dock A closes at 18:00, Dock B at 20:30.", "When does Dock C close?"),
        ("The pier was built and the yard was sold.", "Who sold the yard?"),
        ("", "How long is it?"),
    ],
)
def test_where_nothing_is_parallel_there_is_no_part(sentence: str, question: str) -> None:
    assert asked_part(sentence, question) is None


def test_other_years() -> None:
    told = "Catches fell from 90 tons in 2011 to 70 tons in 2012."
    assert is_of_other_years(told, "How big was the catch in 2009?")
    assert not is_of_other_years(told, "How big was the catch in 2011?")
    assert not is_of_other_years(told, "How big was the catch?")
    assert not is_of_other_years("The yard was sold in 2011.", "Who led the yard in 2009?")
