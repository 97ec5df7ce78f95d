"""One question at a time, whoever asks and whatever of."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from footnoted.corpus.types import Document
from footnoted.index.protocols import Searchable
from footnoted.qa.evaluation.run import Answering
from footnoted.qa.types import Answer


class Turns:
    """First come, first served.

    Two at once would only halve each other's cores; and a person who asks during an evaluation
    waits for one of its questions, not for all.
    """

    def __init__(self) -> None:
        self._turns = threading.Condition()
        self._given = self._called = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, once those are over that were taken before."""
        with self._turns:
            number = self._given
            self._given += 1
            self._turns.wait_for(lambda: self._called == number)
        try:
            yield
        finally:
            with self._turns:
                self._called += 1
                self._turns.notify_all()


class InTurn:
    """What answers, each question in its turn."""

    def __init__(self, pipeline: Answering, turns: Turns) -> None:
        self._pipeline = pipeline
        self._turns = turns

    @property
    def library(self) -> Searchable:
        return self._pipeline.library

    def document(self, document_id: str) -> Document | None:
        return self._pipeline.document(document_id)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        with self._turns.one():
            return self._pipeline.ask(question, history)
