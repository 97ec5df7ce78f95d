"""Evaluations that were run, in a table: the last is shown again, and compared with."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from footnoted.index.database import SharedDatabase
from footnoted.index.protocols import Tables
from footnoted.qa.evaluation.types import Evaluation, Question

_TABLE = (
    "CREATE TABLE IF NOT EXISTS evaluations (number INTEGER PRIMARY KEY, owner TEXT NOT NULL,"
    " collection TEXT NOT NULL, asked TEXT NOT NULL, finished TEXT NOT NULL, questions TEXT NOT"
    " NULL, warnings TEXT NOT NULL, result TEXT NOT NULL)"
)
_QUESTIONS = TypeAdapter(tuple[Question, ...])
_WARNINGS = TypeAdapter(tuple[str, ...])

_KEPT = 2
"""Evaluations of each set: the last, and the one with which it is compared."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An evaluation; ``asked`` names its question set, ``finished`` is a time of ISO 8601, in UTC.

    ``baseline`` is the result of the one before it, of the same set, if there was one.
    """

    id: str
    asked: str
    finished: str
    evaluation: Evaluation
    baseline: dict[str, Any] | None


class History:
    """The last evaluations of every owner and collection. Threads may share it."""

    def __init__(self, kept_in: Path | Tables) -> None:
        """``kept_in``: a SQLite file, or tables that are there."""
        self._database = _of_file(kept_in) if isinstance(kept_in, Path) else kept_in

    def close(self) -> None:
        self._database.close()

    def add(self, owner: str, collection: str, asked: str, evaluation: Evaluation) -> None:
        """Keep an evaluation, and of its set the one before it."""
        questions = [asdict(question) for question in evaluation.questions]
        of = [owner, collection, asked]
        kept = [json.dumps(one) for one in (questions, evaluation.warnings, evaluation.result)]
        with self._database.changing():
            self._database.do(
                "INSERT INTO evaluations (owner, collection, asked, finished, questions, warnings,"
                " result) VALUES (?, ?, ?, ?, ?, ?, ?)",
                [*of, datetime.now(UTC).isoformat(timespec="seconds"), *kept],
            )
            self._database.do(
                "DELETE FROM evaluations WHERE owner = ? AND collection = ? AND asked = ? AND"
                " number NOT IN (SELECT number FROM evaluations WHERE owner = ? AND collection = ?"
                " AND asked = ? ORDER BY number DESC LIMIT ?)",
                [*of, *of, _KEPT],
            )

    def last(self, owner: str, collection: str) -> Evaluated | None:
        """The last evaluation on a collection; None also where another version kept it."""
        with self._database.reading():
            found = self._database.row(
                "SELECT number, asked, finished, questions, warnings, result FROM evaluations WHERE"
                " owner = ? AND collection = ? ORDER BY number DESC",
                [owner, collection],
            )
            if found is None:
                return None
            before = self._database.row(
                "SELECT result FROM evaluations WHERE owner = ? AND collection = ? AND asked = ?"
                " ORDER BY number DESC LIMIT 1 OFFSET 1",
                [owner, collection, found[1]],
            )
        number, asked, finished, questions, warnings, result = found
        try:
            evaluation = Evaluation(
                _QUESTIONS.validate_json(questions),
                _WARNINGS.validate_json(warnings),
                json.loads(result),
            )
        except ValidationError:
            return None
        baseline = json.loads(before[0]) if before else None
        return Evaluated(str(number), asked, finished, evaluation, baseline)

    def collection_renamed(self, name: str, new: str) -> None:
        with self._database.changing():
            self._database.do(
                "UPDATE evaluations SET collection = ? WHERE collection = ?", [new, name]
            )

    def collection_removed(self, name: str) -> None:
        """Delete the evaluations on a collection that is gone: they quote it."""
        with self._database.changing():
            self._database.do("DELETE FROM evaluations WHERE collection = ?", [name])
        self._database.settle()


def _of_file(file: Path) -> SharedDatabase:
    database = SharedDatabase(file)
    database.do(_TABLE)
    return database
