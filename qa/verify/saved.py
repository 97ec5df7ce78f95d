"""Saved answer objects: read back, whatever the file holds, as what they were."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.types import FORMAT, Answer


@dataclass(frozen=True, slots=True)
class _Versioned:
    format: Annotated[int, Field(ge=1, le=FORMAT)]  # a Literal would take true for 1


_VERSIONED = TypeAdapter(_Versioned)
_ANSWER = TypeAdapter(Answer)


class Malformed(UnusableInput):
    """The file is JSON, but not an answer object; ``problems`` are one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


def read_answer(data: bytes) -> Answer:
    """The answer that was saved as an answer object, of format 1 or 2.

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
    return answer_from(stored)


def answer_from(stored: Mapping[str, Any]) -> Answer:
    """The answer whose ``as_dict`` this is, perhaps by way of JSON; unknown fields are passed over.

    Raises:
        Malformed: it is not an answer object: missing fields, wrong types.
    """
    # From JSON, because only there a strict check takes a list for a tuple.
    data = json.dumps(stored)
    try:
        _VERSIONED.validate_json(data, strict=True)
        return _ANSWER.validate_json(data, strict=True)
    except ValidationError as error:
        raise Malformed([_described(problem) for problem in error.errors()]) from None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _described(problem: Any) -> str:
    place = ".".join(map(str, problem["loc"])) or "the object"
    kind = "missing field" if problem["type"] == "missing" else "wrong type"
    return f"{kind} {place}" + ("" if kind == "missing field" else f": {problem['msg']}")
