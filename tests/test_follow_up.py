from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.follow_up import standalone


@pytest.mark.parametrize(
    ("history", "question", "understood"),
    [
        (["Who opposes the plan?"], "And the parties?", "Who opposes the plan, and the parties?"),
        (
            ["What did UNHCR say about the plan?"],
            "And Amnesty?",
            "What did Amnesty say about the plan?",
        ),
        (["What did UNHCR say?"], "What about the IOM?", "What did the IOM say?"),
        (
            ["What did UNHCR say about the plan?", "And Amnesty?"],
            "And IOM?",
            "What did IOM say about the plan?",
        ),
        (
            ["Where will Denmark open an office?"],
            "How many people will work there?",
            "How many people will work there (Where will Denmark open an office)?",
        ),
        (["Who opposes the plan?"], "Why?", "Why (Who opposes the plan)?"),
        (
            ["Who opposes the plan?"],
            "And why do they oppose it?",
            "Why do they oppose it (Who opposes the plan)?",
        ),
    ],
)
def test_questions_that_lean_on_earlier_ones(
    history: list[str], question: str, understood: str
) -> None:
    assert standalone(question, history) == understood


@pytest.mark.parametrize(
    "question",
    [
        "What is the capital of Denmark?",
        "Who runs the irregular movements along the migration routes?",
        "Why did Kaare Dybvad Bek change his mind?",
        "What does the statement say about that office?",
        "And what is the purpose of the office?",
    ],
)
def test_questions_that_stand_alone_are_left_to_the_letter(question: str) -> None:
    assert standalone(question, ["Where will Denmark open an office?"]) == question


@given(st.text())
def test_without_history_nothing_changes(question: str) -> None:
    assert standalone(question) == question


@given(st.lists(st.text(max_size=200), max_size=20), st.text(max_size=200))
def test_any_history_gives_a_question_of_bounded_length(history: list[str], question: str) -> None:
    assert len(standalone(question, history)) <= len(question) + 310


def test_the_tenth_turn_reads_as_the_first() -> None:
    history = ["Who opposes the plan?", "And the parties?", "Why?"] * 3
    assert (
        standalone("What is the capital of Denmark?", history) == "What is the capital of Denmark?"
    )
