"""A pipeline without models, for tests of what is around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Self

from footnoted.corpus.types import Document, Listed
from footnoted.index.library import Library
from footnoted.qa.pipeline import check_questions
from footnoted.qa.protocols import Writer
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within
from support.answers import NOTHING


class Stub:
    """Answers nothing, at once; its documents are those of its library."""

    writer: Writer | None = None
    written_by: str | None = None

    def __init__(self, library: Library) -> None:
        self.library = library

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        check_questions(question, history)
        return replace(NOTHING, question=question, understood=question)

    def documents(self) -> list[Document]:
        return self.library.documents()

    def listing(self) -> list[Listed]:
        return self.library.listing()

    def document(self, document_id: str) -> Document | None:
        return self.library.document(document_id)

    def warm_up(self) -> None:
        pass

    def over(self, library: Library) -> Self:
        return type(self)(library)

    def quoting(self) -> Self:
        return self
