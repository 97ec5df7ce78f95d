"""Evaluations are kept: the last of a collection, and of its set the one before it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from footnoted.qa.evaluation.history import History
from footnoted.qa.evaluation.types import Evaluation, Evidence, Question

QUESTION = Question(
    "one",
    "Who keeps it?",
    (("Zebedee", "Mr Zebedee"),),
    (Evidence("a.txt", None, "Zebedee keeps it"),),
    ("Is there a lighthouse?",),
    "fact",
    {"a.txt": 1},
)


def evaluation(result: dict[str, Any]) -> Evaluation:
    return Evaluation((QUESTION,), ("line 3 is empty",), result)


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path / "evaluations.sqlite")


def test_the_last_is_kept_and_the_one_before_it(history: History) -> None:
    assert history.last("anna", "letters") is None
    for number in range(4):
        history.add("anna", "letters", "mine.jsonl", evaluation({"number": number}))
    history.add("bo", "letters", "mine.jsonl", evaluation({"number": 10}))
    history.add("anna", "minutes", "mine.jsonl", evaluation({"number": 20}))
    last = history.last("anna", "letters")
    assert last is not None and last.asked == "mine.jsonl"
    assert last.evaluation == evaluation({"number": 3}) and last.baseline == {"number": 2}
    for owner, collection in (("bo", "letters"), ("anna", "minutes")):
        other = history.last(owner, collection)
        assert other is not None and other.baseline is None
    # Another set is compared with itself alone.
    history.add("anna", "letters", "others.csv", evaluation({"number": 30}))
    last = history.last("anna", "letters")
    assert last is not None and last.evaluation.result == {"number": 30} and last.baseline is None


def test_it_holds_no_more_than_that(history: History, tmp_path: Path) -> None:
    for number in range(5):
        history.add("anna", "letters", "mine.jsonl", evaluation({"number": number}))
    with closing(sqlite3.connect(tmp_path / "evaluations.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM evaluations").fetchone() == (2,)


def test_it_follows_its_collection(history: History, tmp_path: Path) -> None:
    history.add("anna", "letters", "mine.jsonl", evaluation({"quote": "SECRET WORDS"}))
    history.collection_renamed("letters", "Old letters")
    assert history.last("anna", "letters") is None
    assert history.last("anna", "Old letters") is not None
    history.collection_removed("Old letters")
    assert history.last("anna", "Old letters") is None
    held = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"SECRET WORDS" not in held
