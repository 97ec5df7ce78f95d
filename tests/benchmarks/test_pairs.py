"""Questions and their deceptive twins, asked by a reader that is known."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from footnoted.corpus.types import Span
from footnoted.index.protocols import Embedder
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reading
from footnoted.qa.types import Finding
from pairs import measure, read_pairs

TEXT = "Ann Lee built the boat in 1912."


def qa(name: str, question: str, start: int | None, **more: str) -> dict[str, Any]:
    answers = [] if start is None else [{"text": TEXT[start : start + 7], "answer_start": start}]
    return {
        "id": name,
        "question": question,
        "answers": answers,
        "is_impossible": start is None,
        **more,
    }


@pytest.fixture
def file(tmp_path: Path) -> Path:
    asked = [
        qa("a", "Who built the boat?", 0, pair="b"),
        qa("b", "Who sank the boat?", None, pair="a"),
        qa("c", "Who built the mill?", None, pair="gone"),
        qa("d", "Who was the builder?", 0),
        qa("e", "Who was the buyer?", None, pair="d"),
    ]
    data = [{"title": "T", "paragraphs": [{"context": TEXT, "qas": asked}]}]
    path = tmp_path / "pairs.json"
    path.write_text(json.dumps({"data": data}))
    return path


class Wordy:
    """Answers with the builder what does not speak of sinking."""

    name = "wordy"

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        if "sank" in asked.text:
            return Reading((), 0.6)
        document = hits[0].document
        return Reading((Finding(document, Span(0, len(TEXT)), Span(0, 7), 0.9),), 0.9)


def test_a_twin_is_read_with_the_question_it_was_made_of(file: Path) -> None:
    pairs = [(pair.question.question, pair.twin.question) for pair in read_pairs(file)]
    assert pairs == [
        ("Who built the boat?", "Who sank the boat?"),
        ("Who was the builder?", "Who was the buyer?"),
    ]


def test_a_pair_is_right_if_both_are(file: Path, hashed: Embedder) -> None:
    found = measure(Wordy(), read_pairs(file))
    auc = found.pop("auc_confidence")
    assert found == {
        "reader": "wordy",
        "pairs": 2,
        "questions_right": 1,
        "twins_declined": 0.5,
        "both_right": 0.5,
    }
    assert auc == 0.75
