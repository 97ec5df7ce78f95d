"""Evaluations that go on when nobody watches them, and are kept when they are done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from time import monotonic

from footnoted.qa.evaluation.history import Evaluated, History
from footnoted.qa.evaluation.types import Evaluation
from footnoted.qa.service.callers import Caller
from footnoted.qa.service.collection import CollectionService

_TICK = 0.4  # seconds between two looks at how far an evaluation is


class Running:
    """An evaluation in a thread of its own."""

    def __init__(self, collection: str) -> None:
        self.collection = collection
        self.done = self.total = 0
        self.outcome: Future[Evaluation] = Future()
        self._started = 0.0

    def watched(self) -> Iterator[None]:
        """From time to time, until it is done."""
        while not self.outcome.done():
            yield
            wait([self.outcome], timeout=_TICK)

    @property
    def seconds_left(self) -> float | None:
        """An estimate, once a question is asked."""
        if not self.done:
            return None
        return (monotonic() - self._started) / self.done * (self.total - self.done)

    def progress(self, what: str, done: int, total: int) -> None:
        if not self.total:
            self._started = monotonic()
        self.done, self.total = done, total


class Evaluations:
    """Those of every caller, who each have one at a time. Threads may share it."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}

    def begin(
        self, caller: Caller, of: CollectionService, asked: str, path: Path | None
    ) -> Running:
        """Evaluate the questions of a file, or the shipped ones, called ``asked``.

        What it raises in the end, as ``CollectionService.evaluate``, its outcome does.
        """
        running = Running(of.name)

        def work() -> None:
            try:
                evaluation = of.evaluate(path, running.progress)
                self._history.add(caller.name, of.name, asked, evaluation)
                running.outcome.set_result(evaluation)
            except Exception as error:  # raised again where the outcome is asked for
                running.outcome.set_exception(error)
            finally:
                with self._lock:
                    if self._running.get(caller.name) is running:
                        del self._running[caller.name]

        with self._lock:
            self._running.setdefault(caller.name, running)
        threading.Thread(target=work, daemon=True).start()
        return running

    def running(self, caller: Caller) -> Running | None:
        """A caller's evaluation that is not done yet."""
        with self._lock:
            return self._running.get(caller.name)

    def last(self, caller: Caller, collection: str) -> Evaluated | None:
        """What came of a caller's last evaluation on a collection."""
        return self._history.last(caller.name, collection)
