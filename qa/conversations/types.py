"""What is kept of a conversation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from footnoted.qa.evaluation.types import Evidence
from footnoted.qa.types import FORMAT, Answer
from footnoted.qa.within import ALL, Choice

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
    place: Evidence | None = None
    """The words of a document that would have answered it, by who says that it was not."""
    choice: Choice = ALL
    """Which documents it is asked of."""
    alone: bool = False
    """Whether it is asked as if none had been asked before it."""

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
    """All of an answer, as ``answer_from`` reads it back: also what a face alone needs, which the
    published object has not."""
    return {"format": FORMAT, **asdict(answer)}
