"""What a question comes to. ``Answer.as_dict`` is the published answer object, format 1."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from footnoted.corpus.types import Document, Span

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence on a question, with the probability that it answers.

    ``answer`` is the short answer inside the sentence; a reader that knows none gives the sentence.
    It is None where the sentence says more about what other findings answer.
    """

    document: Document
    sentence: Span
    answer: Span | None
    confidence: float

    @property
    def text(self) -> str:
        return self.document.text[self.sentence.start : self.sentence.end]

    @property
    def answer_text(self) -> str:
        return self.document.text[slice(*self.answer)] if self.answer else ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands. Make one with ``Citation.of``: it is then true."""

    number: int
    document: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None
    sha256: str

    @classmethod
    def of(cls, number: int, document: Document, span: Span) -> Citation:
        """Quote ``document`` from ``span.start`` to ``span.end``, in code points."""
        if not 0 <= span.start < span.end <= len(document.text):
            raise ValueError(
                f"{span} is not inside {document.id}, of {len(document.text)} characters"
            )
        return cls(
            number=number,
            document=document.id,
            title=document.title,
            start=span.start,
            end=span.end,
            quote=document.text[span.start : span.end],
            page=None,
            sha256=document.sha256,
        )


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """One distinct answer, as short as the reader can say it."""

    text: str
    confidence: float
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence for a person to read; ``support`` says how it rests on its citations."""

    text: str
    support: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Searched:
    """How much there was, and how much of it was read for this answer."""

    documents: int
    passages: int
    passages_read: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Models:
    """The exact models behind an answer."""

    embedder: str
    reader: str
    generator: str | None = None


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index, and which of its generations, was asked."""

    id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """Where the time went."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, or the statement that the documents do not hold one.

    ``confidence`` is the probability that the answer is right, or, where ``answered`` is false,
    that the documents do not answer. Then there are no statements, and ``nearest`` holds the
    closest passages.
    """

    question: str
    understood: str
    answered: bool
    confidence: float
    answers: tuple[ShortAnswer, ...]
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    coverage: Searched
    nearest: tuple[Citation, ...]
    models: Models
    index: IndexState
    seconds: Seconds

    def as_dict(self) -> dict[str, Any]:
        """The answer object: what ``--json`` prints and ``/ask`` returns."""
        return {"format": FORMAT, **asdict(self)}
