"""Answers that nobody had to find."""

from __future__ import annotations

from footnoted.qa.types import Answer, IndexState, Models, Searched, Seconds

NOTHING = Answer(
    question="",
    understood="",
    answered=False,
    confidence=0.5,
    answers=(),
    statements=(),
    citations=(),
    coverage=Searched(0, 0, 0, 0),
    nearest=(),
    models=Models("none", "none"),
    index=IndexState("none", 1),
    seconds=Seconds(0, 0, 0),
)
