"""Answers are kept for who asks the same again, and read once for those who ask at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from footnoted.qa.service.failures import Stopped
from footnoted.qa.service.kept import Asked, KeptAnswers
from footnoted.qa.types import Answer, Written
from support.answers import NOTHING

WHO, WHERE, WHEN = (Asked(one, (), None, 0) for one in ("Who?", "Where?", "When?"))


class Reading:
    def __init__(self) -> None:
        self.read: list[str] = []

    def of(self, kept: KeptAnswers, asked: Asked) -> Answer:
        def read() -> Answer:
            self.read.append(asked.question)
            return replace(NOTHING, question=asked.question)

        return kept.of(asked, read)


def test_what_was_asked_before_is_not_read_again() -> None:
    kept, reading = KeptAnswers(), Reading()
    assert kept.known(WHO) is None
    first = reading.of(kept, WHO)
    assert reading.of(kept, WHO) is first and kept.known(WHO) is first
    reading.of(kept, WHO._replace(history=("Where?",)))
    reading.of(kept, WHO._replace(unreadable=1))
    assert reading.read == ["Who?"] * 3


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    kept, reading = KeptAnswers(most=2), Reading()
    for asked in (WHO, WHERE, WHO, WHEN, WHO, WHERE):
        reading.of(kept, asked)
    assert reading.read == ["Who?", "Where?", "When?", "Where?"]


def test_who_asks_what_is_being_read_waits_for_it() -> None:
    kept, reading, let = KeptAnswers(), Reading(), threading.Event()
    begun = threading.Event()

    def slow() -> Answer:
        begun.set()
        assert let.wait(30)
        return NOTHING

    with ThreadPoolExecutor(3) as askers:
        first = askers.submit(kept.of, WHO, slow)
        assert begun.wait(30)
        others = [askers.submit(reading.of, kept, WHO) for _ in range(2)]
        assert kept.known(WHO) is None
        let.set()
        assert all(one.result(30) is NOTHING for one in (first, *others))
    assert reading.read == []


def test_what_fails_is_read_again() -> None:
    def fail() -> Answer:
        raise MemoryError

    kept, reading = KeptAnswers(), Reading()
    with pytest.raises(MemoryError):
        kept.of(WHO, fail)
    assert kept.known(WHO) is None
    assert reading.of(kept, WHO).question == "Who?"


def test_what_another_gives_up_is_read_for_who_waits_for_it() -> None:
    kept, reading, let = KeptAnswers(), Reading(), threading.Event()
    begun = threading.Event()

    def stopped() -> Answer:
        begun.set()
        assert let.wait(30)
        raise Stopped

    with ThreadPoolExecutor(2) as askers:
        first = askers.submit(kept.of, WHO, stopped)
        assert begun.wait(30)
        other = askers.submit(reading.of, kept, WHO)
        let.set()
        assert isinstance(first.exception(30), Stopped)
        assert other.result(30).question == "Who?"


def test_what_could_not_be_written_is_written_when_it_is_asked_again() -> None:
    kept, reading = KeptAnswers(), Reading()
    failed = replace(NOTHING, written=Written(0, 0, failure="it is away"))
    assert kept.of(WHO, lambda: failed) is failed
    assert reading.of(kept, WHO).written is None
