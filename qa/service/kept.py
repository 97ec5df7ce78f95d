"""Answers that were given, for those who ask the same again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

from footnoted.qa.service.failures import Stopped
from footnoted.qa.types import Answer
from footnoted.qa.within import Within


class Asked(NamedTuple):
    """All that an answer from an index, as it is, depends on."""

    question: str
    history: tuple[str, ...]
    """The questions before it, oldest first."""
    within: Within | None
    """Among which documents it was asked."""
    unreadable: int
    """How many files cannot be read, of which an answer tells; that changes nothing of the index.
    """
    written_by: str | None = None
    """Which language model writes, if one does."""


_MOST_ANSWERS = 256


class KeptAnswers:
    """The last answers from an index as it is; see ``Searchable.kept``, which makes others once
    anything in it has changed.

    Threads may share it: who asks what is being read waits for that.
    """

    def __init__(self, _: Any = None, most: int = _MOST_ANSWERS) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._answers: dict[Asked, Future[Answer]] = {}

    def known(self, asked: Asked) -> Answer | None:
        """The answer, if it was given; nothing is waited for."""
        with self._lock:
            found = self._answers.get(asked)
            return found.result() if found and found.done() else None

    def of(self, asked: Asked, read: Callable[[], Answer]) -> Answer:
        """The answer, which is read if nobody has read it, or is reading it."""
        with self._lock:
            found = self._answers.pop(asked, None)
            is_ours = found is None
            found = self._answers[asked] = found or Future()  # as the last
            self._forget_oldest()
        if is_ours:
            self._read(asked, found, read)
            return found.result()
        try:
            return found.result()
        except Stopped:  # by whoever asked it first
            return self.of(asked, read)

    def _read(self, asked: Asked, found: Future[Answer], read: Callable[[], Answer]) -> None:
        try:
            answer = read()
        except BaseException as error:
            with self._lock:
                self._answers.pop(asked, None)  # who asks again may be luckier
            found.set_exception(error)
        else:
            if answer.written and answer.written.failure:
                with self._lock:
                    self._answers.pop(asked, None)
            found.set_result(answer)

    def _forget_oldest(self) -> None:
        while len(self._answers) > self._most:
            del self._answers[next(iter(self._answers))]
