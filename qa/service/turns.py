"""One question at a time, whoever asks and whatever of."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic

from footnoted.corpus.types import Document
from footnoted.index.protocols import Searchable
from footnoted.qa.evaluation.run import Answering
from footnoted.qa.service.failures import Failed
from footnoted.qa.types import Answer
from footnoted.qa.within import Within

MOST_WAITING = 100
"""Questions that may wait: who comes after them is told to come again, instead of waiting for
minutes."""

# Of the seconds that a turn takes, how much the last one counts.
_LAST_COUNTS = 0.2


class Busy(Failed):
    """Too many wait already; ``seconds`` is when it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many questions wait already; try again in {seconds} s")
        self.seconds = seconds


class Turns:
    """First come, first served.

    Two at once would only halve each other's cores; and a person who asks during an evaluation
    waits for one of its questions, not for all.
    """

    def __init__(self, most_waiting: int = MOST_WAITING) -> None:
        self._turns = threading.Condition()
        self._given = self._called = 0
        self._most_waiting = most_waiting
        self._seconds = 1.0

    @property
    def taken(self) -> int:
        """How many turns were taken so far, those that wait included."""
        return self._given

    @contextmanager
    def one(self) -> Iterator[None]:
        """A turn, once those are over that were taken before.

        Raises:
            Busy: too many wait.
        """
        with self._turns:
            waiting = self._given - self._called
            if waiting > self._most_waiting:
                raise Busy(math.ceil(waiting * self._seconds))
            number = self._given
            self._given += 1
            self._turns.wait_for(lambda: self._called == number)
        started = monotonic()
        try:
            yield
        finally:
            with self._turns:
                self._called += 1
                self._seconds += _LAST_COUNTS * (monotonic() - started - self._seconds)
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

    def ask(
        self, question: str, history: Sequence[str] = (), within: Within | None = None
    ) -> Answer:
        with self._turns.one():
            return self._pipeline.ask(question, history, within)
