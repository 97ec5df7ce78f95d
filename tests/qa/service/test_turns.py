"""Who asks when several do: askers take turns, and who would wait for too long is told so."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future

import pytest

from footnoted.qa.service.failures import Failed
from footnoted.qa.service.turns import Busy, Turns


class Work:
    """Work that ends when it is let; in which order it was begun, it tells by what it is called."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.begun: list[str] = []
        self._lock = threading.Lock()

    def called(self, name: str) -> str:
        with self._lock:
            self.begun.append(name)
        assert self.let.wait(30)
        return name


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    yield work
    work.let.set()


def begin(turns: Turns, work: Work, *names: str) -> list[Future[str]]:
    """Each a turn of the asker that its first letter names."""
    return [turns.begin(name[0], lambda name=name: work.called(name)) for name in names]  # type: ignore[misc]


def ended(outcomes: list[Future[str]]) -> list[str]:
    return [one.result(30) for one in outcomes]


def held(work: Work, turns: Turns) -> Future[str]:
    """One turn that has begun and does not end before it is let."""
    (first,) = begin(turns, work, "first")
    while not work.begun:
        pass
    return first


def test_askers_take_turns_whoever_has_how_many(work: Work) -> None:
    turns = Turns(at_once=1)
    first = held(work, turns)
    waiting = begin(turns, work, "a1", "a2", "a3", "a4", "b1", "c1", "b2")
    assert turns.waiting == 7
    work.let.set()
    assert ended([first, *waiting]) == ["first", "a1", "a2", "a3", "a4", "b1", "c1", "b2"]
    assert work.begun == ["first", "a1", "b1", "c1", "a2", "b2", "a3", "a4"]
    assert turns.waiting == 0


def test_as_many_as_were_wanted_are_at_work_at_once(work: Work) -> None:
    turns = Turns(at_once=2)
    outcomes = begin(turns, work, "a1", "a2", "a3")
    while len(work.begun) < 2:
        pass
    assert turns.waiting == 1
    work.let.set()
    assert ended(outcomes) == ["a1", "a2", "a3"]


def test_who_comes_when_too_many_wait_is_told_when_to_come_again(work: Work) -> None:
    turns = Turns(at_once=1, most_waiting=3, most_of_one=2)
    first = held(work, turns)
    waiting = begin(turns, work, "a1", "a2")
    with pytest.raises(Busy, match=r"try again in \d+ s") as busy:
        begin(turns, work, "a3")
    assert isinstance(busy.value, Failed) and busy.value.seconds >= 1
    waiting += begin(turns, work, "b1")  # there is room for others
    with pytest.raises(Busy):
        begin(turns, work, "c1")
    work.let.set()
    assert ended([first, *waiting]) == ["first", "a1", "a2", "b1"]
    assert ended(begin(turns, work, "c1")) == ["c1"]  # there is room again


def test_who_gives_up_makes_room_and_is_not_worked_for(work: Work) -> None:
    turns = Turns(at_once=1, most_waiting=2)
    first = held(work, turns)
    gone, stays = begin(turns, work, "a1", "b1")
    assert gone.cancel() and turns.waiting == 1
    assert not first.cancel()  # it has begun
    waiting = [stays, *begin(turns, work, "c1")]
    work.let.set()
    assert ended([first, *waiting]) == ["first", "b1", "c1"]
    assert "a1" not in work.begun


def test_a_turn_ends_however_it_ends(work: Work) -> None:
    turns = Turns(at_once=1)
    with pytest.raises(ZeroDivisionError):
        turns.begin("a", lambda: 1 / 0).result(30)
    work.let.set()
    assert ended(begin(turns, work, "a1")) == ["a1"]


def test_it_is_told_how_long_each_waited(work: Work) -> None:
    told = list[float]()
    turns = Turns(at_once=1, waited=told.append)
    outcomes = [held(work, turns), *begin(turns, work, "a1", "b1")]
    work.let.set()
    ended(outcomes)
    assert len(told) == 3 and min(told) >= 0


def test_closed_nobody_waits_any_longer(work: Work) -> None:
    turns = Turns(at_once=1)
    first = held(work, turns)
    (waiting,) = begin(turns, work, "a1")
    turns.close()
    with pytest.raises(CancelledError):
        waiting.result(30)
    work.let.set()
    assert first.result(30) == "first"


def test_what_nobody_waits_for_begins_when_nothing_else_runs(work: Work) -> None:
    told = list[float]()
    turns = Turns(at_once=2, waited=told.append)
    first = held(work, turns)
    idle = [turns.begin_idle(lambda name=name: work.called(name)) for name in ("i1", "i2")]  # type: ignore[misc]
    given_up = turns.begin_idle(lambda: work.called("i3"))
    assert given_up.cancel()
    assert turns.waiting == 0  # people do not wait for it
    (later,) = begin(turns, work, "b1")  # a thread is free
    while "b1" not in work.begun:
        pass
    assert work.begun == ["first", "b1"]
    work.let.set()
    assert ended([first, later, *idle]) == ["first", "b1", "i1", "i2"]
    assert work.begun == ["first", "b1", "i1", "i2"] and len(told) == 2


def test_closed_nothing_idle_begins(work: Work) -> None:
    turns = Turns(at_once=1)
    first = held(work, turns)
    idle = turns.begin_idle(lambda: work.called("i1"))
    turns.close()
    work.let.set()
    assert first.result(30) == "first" and idle.cancelled()
