"""What is kept of a conversation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from footnoted.qa.types import FORMAT, Answer
from footnoted.qa.verify.saved import answer_from

Verdict = Literal["right", "wrong", "unanswerable"]
"""What a person says of an answer; ``unanswerable``: the documents do not hold one, and it should
have been declined."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question. Without ``answer`` and ``error``, it is still being read."""

    question: str
    answer: Answer | None = None
    error: str | None = None
    verdict: Verdict | None = None

    @property
    def is_waiting(self) -> bool:
        return self.answer is None and self.error is None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as it is listed; ``updated`` is a time of ISO 8601, in UTC."""

    id: str
    title: str
    collection: str
    turns: int
    updated: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def kept(answer: Answer) -> dict[str, Any]:
    """All of an answer: also what a face alone needs, which is not in the published object."""
    return {"format": FORMAT, **asdict(answer)}


def recalled(stored: Mapping[str, Any]) -> Answer:
    """The answer that ``kept`` was made of, perhaps by way of JSON.

    Raises:
        UnusableInput: it is none.
    """
    return answer_from(stored)
