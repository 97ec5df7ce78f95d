"""Who asks when several do: a few questions are read at once, and the askers take turns."""

from __future__ import annotations

import math
import os
import threading
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, TypeVar

from footnoted.corpus.types import Document
from footnoted.index.protocols import Searchable
from footnoted.qa.evaluation.run import Answering
from footnoted.qa.service.failures import Failed
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within

_Made = TypeVar("_Made")

AT_ONCE = min(max(os.cpu_count() or 1, 2), 8)
"""Questions that are read at once: while the networks compute for one, another is searched for."""

MOST_WAITING = 400
"""Questions that may wait: who comes after them is told to come again, instead of waiting for
minutes."""

MOST_OF_ONE = 100
"""Of these, how many may be one asker's."""

# Of the seconds that a turn takes, how much the last one counts.
_LAST_COUNTS = 0.2


class Busy(Failed):
    """Too many wait already; ``seconds`` is when it is worth trying again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many questions wait already; try again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class _Turn:
    work: Callable[[], Any]
    outcome: Future[Any] = field(default_factory=Future)
    since: float = field(default_factory=monotonic)
    is_idle: bool = False


class Turns:
    """The askers one after the other, each with the oldest of its questions, whoever has how many.

    So a person who asks during an evaluation waits for one of its questions, not for all.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        most_waiting: int = MOST_WAITING,
        most_of_one: int = MOST_OF_ONE,
        waited: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        """``waited`` is told how many seconds each turn was waited for."""
        self._at_once = at_once
        self._most_waiting = most_waiting
        self._most_of_one = most_of_one
        self._waited = waited
        self._threads = ThreadPoolExecutor(at_once, "turn")
        self._lock = threading.Lock()
        # By asker, who is next first; nobody is in it without a turn.
        self._queues: dict[Hashable, deque[_Turn]] = {}
        self._idle: deque[_Turn] = deque()
        self._running = 0
        self._seconds = 1.0

    @property
    def waiting(self) -> int:
        """How many turns have not begun."""
        with self._lock:
            return self._waiting

    def begin(self, asker: Hashable, work: Callable[[], _Made]) -> Future[_Made]:
        """What comes of ``work`` in a turn of the asker's. Cancelled, it waits no longer.

        Raises:
            Busy: too many wait.
        """
        turn = _Turn(work)
        with self._lock:
            own = self._queues.get(asker, ())
            if self._waiting >= self._most_waiting or len(own) >= self._most_of_one:
                raise Busy(math.ceil((self._waiting + 1) * self._seconds / self._at_once))
            self._queues.setdefault(asker, deque()).append(turn)
        turn.outcome.add_done_callback(lambda outcome: self._leave(asker, turn))
        self._threads.submit(self._take_next)
        return turn.outcome

    def begin_idle(self, work: Callable[[], _Made]) -> Future[_Made]:
        """What comes of work that nobody waits for: it begins when nothing else waits or runs."""
        turn = _Turn(work, is_idle=True)
        with self._lock:
            self._idle.append(turn)
        self._threads.submit(self._take_next)
        return turn.outcome

    def close(self) -> None:
        """Nobody waits any longer, and nobody is let in."""
        with self._lock:
            turns = [turn for queue in self._queues.values() for turn in queue]
            turns += self._idle
        for turn in turns:
            turn.outcome.cancel()
        self._threads.shutdown(wait=False)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nobody waits."""
        with self._lock:
            return not (self._waiting or self._running)

    @property
    def _waiting(self) -> int:
        return sum(map(len, self._queues.values()))

    def _leave(self, asker: Hashable, turn: _Turn) -> None:
        """Take a turn out of the queue that was given up."""
        with self._lock:
            queue = self._queues.get(asker)
            if queue and turn in queue:
                queue.remove(turn)
                if not queue:
                    del self._queues[asker]

    def _next(self) -> _Turn | None:
        with self._lock:
            if not self._queues:
                # It was given up, or what is idle has to wait until nothing runs.
                turn = self._idle.popleft() if self._idle and not self._running else None
                self._running += turn is not None
                return turn
            asker = next(iter(self._queues))
            queue = self._queues.pop(asker)
            turn = queue.popleft()
            if queue:
                self._queues[asker] = queue  # as the last
            self._running += 1
            return turn

    def _take_next(self) -> None:
        turn = self._next()
        if turn is None:
            return
        if turn.outcome.set_running_or_notify_cancel():
            seconds = _taken(turn, None if turn.is_idle else self._waited)
            if not turn.is_idle:
                with self._lock:
                    self._seconds += _LAST_COUNTS * (seconds - self._seconds)
        with self._lock:
            self._running -= 1
            is_next = bool(self._idle)
        if is_next:
            with suppress(RuntimeError):  # it is closed
                self._threads.submit(self._take_next)


def _taken(turn: _Turn, waited: Callable[[float], None] | None) -> float:
    """Do the work of a turn; how many seconds that took. ``waited`` is told how long it waited."""
    started = monotonic()
    if waited:
        waited(started - turn.since)
    try:
        made = turn.work()
    except BaseException as error:
        turn.outcome.set_exception(error)
    else:
        turn.outcome.set_result(made)
    return monotonic() - started


class InTurn:
    """What answers, each question in a turn of the same asker's."""

    def __init__(self, pipeline: Answering, turns: Turns, asker: Hashable) -> None:
        self._pipeline = pipeline
        self._turns = turns
        self._asker = asker

    @property
    def library(self) -> Searchable:
        return self._pipeline.library

    def document(self, document_id: str) -> Document | None:
        return self._pipeline.document(document_id)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        return self._turns.begin(
            self._asker, lambda: self._pipeline.ask(question, history, within, told)
        ).result()
