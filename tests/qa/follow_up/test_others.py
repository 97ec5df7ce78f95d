"""What an earlier question knows is left out where others are asked for."""

from __future__ import annotations

import pytest

from footnoted.qa.follow_up.others import Known, known_before


@pytest.mark.parametrize(
    ("earlier", "question", "known"),
    [
        ("Who opposes it?", "Who else opposes it?", Known(answers=True)),
        ("Which parties oppose it?", "Which other parties oppose it?", Known(answers=True)),
        (
            "When was the port of Ribe founded?",
            "When was the other port founded?",
            Known(apart_from=("Ribe",)),
        ),
        (
            "When was the ferry Astrid built?",
            "Who is the captain of the other ferry?",
            Known(apart_from=("Astrid",)),
        ),
        (
            "When was the pier at Lund opened?",
            "Which other pier was opened?",
            Known(apart_from=("Lund",)),
        ),
        ("Does the county oppose it?", "Who else opposes it?", Known(named=("the county",))),
        ("When was the port of Ribe founded?", "Which other ferry is there?", Known()),
        ("Who opposes it?", "Who supports it?", Known()),
    ],
)
def test_what_is_left_out(earlier: str, question: str, known: Known) -> None:
    assert known_before(question, earlier) == known
