"""What a superlative orders by, and which way; and what is none."""

from __future__ import annotations

import pytest

from footnoted.corpus.words import stem
from footnoted.qa.english.superlative import says_most, superlative


@pytest.mark.parametrize(
    ("question", "noun", "wants", "header", "way"),
    [
        ("Which is the cheapest room?", "room", -1, "price", -1),
        ("Which is the least expensive room?", "room", -1, "fee", -1),
        ("Which room costs the most?", "", 1, "price", 1),
        ("When was the oldest ferry built?", "ferry", -1, "founded", -1),
        ("Who is the oldest?", "", -1, "age", 1),
        ("Who is the youngest?", "", 1, "born", 1),
        ("Which room is the biggest?", "", 1, "capacity", 1),
        ("What is the highest fee?", "fee", 1, "height", 1),
        ("Which room has the fewest seats?", "seats", -1, "", 0),
    ],
)
def test_things_are_ordered(question: str, noun: str, wants: int, header: str, way: int) -> None:
    found = superlative(question)
    assert found and found.noun[:1] == ((stem(noun),) if noun else ())
    assert found.wants == wants and dict(found.ways).get(stem(header), 0) == way


@pytest.mark.parametrize(
    "question",
    [
        "Who has at most three boats?",
        "What do most of the fishers say?",
        "Who is most likely to be elected?",
        "What was said in the interest of the harbest?",
        "Which is the largest of the cheapest rooms?",
        "Is there a forest in the west?",
    ],
)
def test_others_order_nothing(question: str) -> None:
    assert superlative(question) is None


def test_what_is_asked_for_may_be_the_figure_itself() -> None:
    asked = [superlative(one) for one in ("What is the highest fee?", "Who has the highest fee?")]
    assert [one and one.is_itself for one in asked] == [True, False]


def test_a_text_says_that_something_is_the_most() -> None:
    assert says_most("Maximum load: 4 t") and says_most("The largest of them is Birk.")
    assert not says_most("Room: Tower; Seats: 8")
