"""A question set, whichever form it was read from, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """A place that supports an answer. Without ``start``, wherever the quotation stands."""

    document: str
    start: int | None
    quote: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and what is known of its answer.

    ``answers`` holds one tuple for each fact that a right answer must hold, with its accepted
    wordings; empty, the documents do not answer the question. Where ``answers_known`` is false,
    nobody says whether they do, and only what needs no answers is measured, such as retrieval.
    ``relevant`` maps the gold documents to their relevance, 1 or more.
    """

    id: str
    question: str
    answers: tuple[tuple[str, ...], ...]
    evidence: tuple[Evidence, ...] = ()
    history: tuple[str, ...] = ()
    kind: str | None = None
    relevant: Mapping[str, int] = field(default_factory=dict)
    answers_known: bool = True


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """The questions of a set, and what its reader wants to be known about it."""

    questions: tuple[Question, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a question set: the published result object.

    ``warnings`` are about the set, not about the answers.
    """

    questions: tuple[Question, ...]
    warnings: tuple[str, ...]
    result: dict[str, Any]
