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
            "When, where and by whom was the ferry built?",
            (
                "When was the ferry built?",
                "Where was the ferry built?",
                "By whom was the ferry built?",
            ),
        ),
        ("When was it built and by whom?", ("When was it built?", "By whom?")),
        ("How long is the pier and how wide?", ("How long is the pier?", "How wide?")),
        (
            "Is the pier open and what does it cost?",
            ("Is the pier open?", "What does it cost?"),
        ),
        (
            "Who owns the ferry? And in what year did it sink?",
            ("Who owns the ferry?", "In what year did it sink?"),
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
        "What happens when the alarm rings and when it stops?",
        "What does the report say about who pays and who is paid?",
        "Do you know who built it and who owned it?",
        "What are the rules on when and where dogs may run?",
    ],
)
def test_for_one(question: str) -> None:
    assert parts(question) == ()
