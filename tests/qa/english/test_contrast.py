"""Sentences that say all of a question but one word are told from those that answer it."""

from __future__ import annotations

import pytest

from footnoted.qa.english.contrast import telling_otherwise


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why did the minister of Norway resign?", "The minister of Sweden resigned over a toll."),
        ("When was the pier at Lund closed?", "The pier at Lund was opened in 1931."),
        ("When was the Harwood Water Garden laid out?", "The Harwood Rock Garden was laid out."),
        (
            "How many passengers did the ferry carry in 2011?",
            "The ferry carried 9 passengers in 2012.",
        ),
        ("Why did the board reject the plan?", "The board accepted the plan, which was cheap."),
        ("Who won the 2011 regatta of Sund?", "Ada Holm won the 2010 regatta of Sund."),
    ],
)
def test_one_word_is_another(question: str, sentence: str) -> None:
    assert telling_otherwise(question, ["It rained.", sentence]) == [1]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Why did the minister of Sweden resign?", "The minister of Sweden resigned over a toll."),
        (
            "When was the pier at Lund closed?",
            "The pier at Lund was opened in 1931, closed in 1960.",
        ),
        ("When was the pier at Lund painted?", "The pier at Lund was opened in 1931."),
        ("When did the ferry to Łódź sail?", "The ferry to Lódz sailed at six."),
        ("What did the U.S. Navy build at Lund?", "The United States Navy built a pier at Lund."),
        ("When did Maria Curie win the prize?", "Maria Skłodowska-Curie won the prize in 1903."),
        ("How will Ada Holm act on the toll?", "Mrs Holm will act on the toll."),
        ("Who was chair of the board in 2012?", "Ada was chair of the board from 2011 to 2014."),
        ("Who is taller than Ada Holm of Lund?", "Ada Holm of Lund is shorter than Per Lie."),
        ("Which year did the ferry stop?", "In 1971 the ferry stopped."),
        ("Is Lund far?", "Aarhus is far."),
    ],
)
def test_nothing_is_exchanged(question: str, sentence: str) -> None:
    assert telling_otherwise(question, [sentence]) == []


def test_what_says_the_word_and_as_much_answers() -> None:
    question = "When was the pier at Lund closed?"
    opened, closed = (
        "The pier at Lund was opened in 1931.",
        "It was the last pier that Lund closed.",
    )
    assert telling_otherwise(question, [opened]) == [0]
    assert telling_otherwise(question, [opened, closed]) == []
