"""What may be suggested, and what is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.qa.types import Answer

Kind = Literal[
    "stance", "saying", "role", "figure", "date", "row", "definition", "question", "heading"
]
"""What a question was made of; see ``qa.suggestions.proposing``."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a place of a document should answer.

    ``expected`` is what the answer should hold as the document writes it; "" where any answer that
    quotes the place is right.
    """

    kind: Kind
    question: str
    document: str
    place: Span
    expected: str = ""


class Sentence(NamedTuple):
    """A sentence of a document; ``text`` is what it says, on one line, without signs of markup."""

    document: Document
    span: Span
    text: str

    def asks(self, kind: Kind, question: str, expected: str = "") -> Candidate:
        """A question that it answers, by ``expected``."""
        return Candidate(kind, question, self.document.id, self.span, expected)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that was asked, and answered in quotations as it should be."""

    kind: Kind
    answer: Answer

    @property
    def question(self) -> str:
        return self.answer.question

    @property
    def said(self) -> str:
        """The answer for a person to read: in short, or else what it quotes first."""
        short = self.answer.short
        return ", ".join(one.said for one in short) if short else self.answer.main[0].said

    @property
    def document(self) -> str:
        """The id of the document that is cited first."""
        return self.answer.citations[0].document

    def as_dict(self) -> dict[str, Any]:
        """The suggestion object: what ``--json`` prints and ``/api/suggestions`` lists."""
        return {
            "question": self.question,
            "kind": self.kind,
            "answer": self.said,
            "confidence": self.answer.confidence,
            "document": self.document,
        }
