"""Questions for who is on a side, told from others."""

from __future__ import annotations

import pytest

from footnoted.qa.english.side_question import side_question


@pytest.mark.parametrize(
    ("question", "side", "what"),
    [
        ("Who opposes the ferry?", -1, "the ferry"),
        ("Who is against the ferry", -1, "the ferry"),
        ("Who else is opposed to the ferry?", -1, "the ferry"),
        ("Who objected to Anna's application?", -1, "Anna's application"),
        ("Who spoke out against the toll?", -1, "the toll"),
        ("Who doesn't back the bill?", -1, "the bill"),
        ("Who is not in favour of the toll?", -1, "the toll"),
        ("Who is critical of the Harbour Act?", -1, "the Harbour Act"),
        ("Who are the opponents of the plan?", -1, "the plan"),
        ("Which parties said they are against the plan?", -1, "the plan"),
        ("Which of the parties oppose the plan?", -1, "the plan"),
        ("Which parties in the council voted against the closure?", -1, "the closure"),
        ("By whom was the ferry criticised?", -1, "the ferry"),
        ("Name all the opponents of the ferry.", -1, "the ferry"),
        ("List the groups that oppose the ferry", -1, "the ferry"),
        ("Which groups welcomed the decision?", 1, "the decision"),
        ("Who approves of the levy?", 1, "the levy"),
        ("Who spoke up for the plan?", 1, "the plan"),
        ("Who is for the plan?", 1, "the plan"),
        ("Who voted for the plan?", 1, "the plan"),
    ],
)
def test_a_side_is_asked_for(question: str, side: int, what: str) -> None:
    found = side_question(question)
    assert found and (found.side, found.what) == (side, what)


@pytest.mark.parametrize(
    "question",
    [
        "Who built the ferry?",
        "Who did the council oppose?",
        "Does Anna oppose the ferry?",
        "Which team does Anna support?",
        "What support is there for students?",
        "What are the arguments against the plan?",
        "Which arguments support the plan?",
        "What share of the members opposed the plan?",
        "Which rooms are for the staff?",
        "What are the objectives of the plan?",
        "Who opposes?",
        "",
    ],
)
def test_no_side_is_asked_for(question: str) -> None:
    assert side_question(question) is None


def test_both_sides_are_asked_for_as_the_question_asks() -> None:
    found = side_question("Which unions are against the toll?")
    assert found and found.own == "Which unions oppose the toll?"
    assert found.opposite == "Which unions support the toll?"
