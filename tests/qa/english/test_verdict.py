"""Yes and no are said where the sentence says it in the question's words, and nowhere else."""

from __future__ import annotations

import pytest

from footnoted.qa.english.verdict import verdict


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("Is the east pier open?", "The east pier is open from June on.", True),
        ("Is the east pier open?", "The east pier is not open in winter.", False),
        ("Is the east pier not open?", "The east pier is not open in winter.", True),
        ("May boats anchor in the bay?", "Boats may not anchor in the bay.", False),
        ("Is the east pier open?", "The west pier is open.", None),
        ("Is the east pier open?", "The east pier may be open.", None),
        ("Is the east pier open?", "The east pier is said to be open.", None),
        ("Is the east pier open?", "The open sea lies east of the pier.", None),
        ("Do all boats pay fees?", "Boats pay fees.", None),
        ("Which pier is open?", "The east pier is open.", None),
    ],
)
def test_verdicts(question: str, sentence: str, expected: bool | None) -> None:
    assert verdict(question, sentence) is expected
