"""What is known of texts: computed once, and forgotten where there is too much of it."""

from __future__ import annotations

from concurrent.futures import Future

import numpy as np
import pytest

from footnoted.index.networks.compiled import Arrays
from footnoted.qa.checker.known import KnownTexts


class Computing:
    def __init__(self) -> None:
        self.begun: list[int] = []

    def text(self, known: KnownTexts, tokens: int, failure: Exception | None = None) -> Arrays:
        def begin() -> Future[Arrays]:
            self.begun.append(tokens)
            found = Future[Arrays]()
            if failure:
                found.set_exception(failure)
            else:
                found.set_result((np.zeros(tokens),))
            return found

        return known.of(range(tokens), begin).result(30)


def test_a_text_is_computed_once() -> None:
    known, computing = KnownTexts(), Computing()
    assert [len(computing.text(known, tokens)[0]) for tokens in (3, 4, 3, 4)] == [3, 4, 3, 4]
    assert computing.begun == [3, 4]


def test_what_was_not_asked_about_for_longest_is_forgotten() -> None:
    known, computing = KnownTexts(most_tokens=12), Computing()
    for tokens in (3, 4, 3, 6, 3, 4):  # 4 makes way for 6
        computing.text(known, tokens)
    assert computing.begun == [3, 4, 6, 4]
    computing.text(known, 100)
    computing.text(known, 100)  # more than there may be: it is not kept
    assert computing.begun == [3, 4, 6, 4, 100, 100]


def test_what_failed_is_computed_again() -> None:
    known, computing = KnownTexts(), Computing()
    with pytest.raises(MemoryError):
        computing.text(known, 3, MemoryError())
    assert len(computing.text(known, 3)[0]) == 3
    assert computing.begun == [3, 3]
