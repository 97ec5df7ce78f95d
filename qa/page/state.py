"""What the browser keeps and gives back, which is parsed here, once, and typed from here on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.types import Answer
from footnoted.qa.verify.saved import answer_from


class Unreadable(ValueError):
    """Not what this page gave to the browser: another version's, or made up."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question in the chat. Without ``answer`` and ``error``, it is still being read, or waits
    for models that are ``loading``."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    loading: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The turn as ``turns`` reads it back, perhaps by way of JSON."""
        answer = self.answer.as_dict() if self.answer else None
        return {"question": self.question, "answer": answer, "error": self.error}


@dataclass(frozen=True, slots=True)
class Target:
    """What a button opens: a document or, with ``kind``, a quotation in it."""

    document: str
    start: int = 0
    end: int = 0
    sha256: str | None = None
    number: int = 0
    kind: Literal["citation", "nearest", "match"] | None = None


_TARGET = TypeAdapter(Target)


def turns(kept: Iterable[Mapping[str, Any]]) -> list[Turn]:
    """The turns that ``Turn.as_dict`` was kept of.

    Raises:
        Unreadable: they are not.
    """
    try:
        return [_turn(**turn) for turn in kept]
    except (TypeError, UnusableInput) as error:
        raise Unreadable(str(error)) from None


def _turn(question: str, answer: Mapping[str, Any] | None, error: str | None) -> Turn:
    return Turn(str(question), None if answer is None else answer_from(answer), error)


def target(data: Mapping[str, Any]) -> Target:
    """What a button's data attributes name.

    Raises:
        Unreadable: they name nothing.
    """
    try:
        return _TARGET.validate_python({k: v for k, v in data.items() if v is not None})
    except (AttributeError, ValidationError) as error:
        raise Unreadable(str(error)) from None
