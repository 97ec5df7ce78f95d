"""Saved answer objects: read back, whatever the file holds, as what they were."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.types import FORMAT, Answer


class Malformed(UnusableInput):
    """The file is JSON, but not an answer object; ``problems`` are one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def read_answer(data: bytes) -> Answer:
    """The answer object that ``Answer.as_dict`` was saved as; fields unknown here are passed over.

    Raises:
        UnusableInput: the bytes are not JSON.
        Malformed: they are not an answer object: duplicate or missing fields, wrong types.
    """
    duplicates: list[str] = []

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        duplicates.extend(
            f"duplicate field {name!r}" for name in set(names) if names.count(name) > 1
        )
        return dict(pairs)

    try:
        stored = json.loads(data, object_pairs_hook=unique, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UnusableInput(f"is not JSON: {error}") from None
    if duplicates:
        raise Malformed(sorted(set(duplicates)))
    if not isinstance(stored, dict):
        raise Malformed(["wrong type: an answer object is expected"])
    if stored.get("format") != FORMAT or isinstance(stored["format"], bool):
        raise Malformed([f"wrong type: format is {stored.get('format')!r:.40}, not {FORMAT}"])
    try:
        return TypeAdapter(Answer).validate_json(json.dumps(stored), strict=True)
    except ValidationError as error:
        raise Malformed([_described(problem) for problem in error.errors()]) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _described(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"])) or "the object"
    kind = "missing field" if problem["type"] == "missing" else "wrong type"
    return f"{kind} {place}" + ("" if kind == "missing field" else f": {problem['msg']}")
