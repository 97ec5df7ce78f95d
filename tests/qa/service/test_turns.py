"""Questions take turns; who would wait for too long is told to come again."""

from __future__ import annotations

import threading

import pytest

from footnoted.qa.service.failures import Failed
from footnoted.qa.service.turns import Busy, Turns


def test_turns_are_taken_in_the_order_of_coming() -> None:
    turns, order, first = Turns(), list[int](), threading.Event()

    def take(number: int) -> None:
        with turns.one():
            first.wait(30)
            order.append(number)

    threads = [threading.Thread(target=take, args=(number,)) for number in range(5)]
    for number, thread in enumerate(threads):
        thread.start()
        while turns.taken <= number:
            pass
    first.set()
    for thread in threads:
        thread.join(30)
    assert order == [0, 1, 2, 3, 4]


def test_who_comes_when_too_many_wait_is_told_when_to_come_again() -> None:
    turns, let = Turns(most_waiting=1), threading.Event()

    def take() -> None:
        with turns.one():
            let.wait(30)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for number, thread in enumerate(threads):
        thread.start()
        while turns.taken <= number:
            pass
    with pytest.raises(Busy, match=r"try again in \d+ s") as busy, turns.one():
        pass
    assert isinstance(busy.value, Failed) and busy.value.seconds >= 1
    let.set()
    for thread in threads:
        thread.join(30)
    with turns.one():  # there is room again
        pass


def test_a_turn_ends_however_it_ends() -> None:
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.one():
        raise ZeroDivisionError
    with turns.one():
        pass
