"""Readers by name, loaded when they are needed and not before; no quality is measured here."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from time import sleep

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reading
from footnoted.qa.readers import LazyReader, named_reader


class NeverSure:
    name = "never sure"

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        return Reading((), 0.5)


def test_a_reader_is_loaded_once_and_when_it_is_first_needed() -> None:
    loaded: list[NeverSure] = []

    def load() -> NeverSure:
        sleep(0.05)  # so that others ask meanwhile
        loaded.append(NeverSure())
        return loaded[-1]

    reader = LazyReader(load)
    assert not loaded
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(lambda _: reader.read(AskedFor.of("Who?"), []), range(4)))
    assert readings == [Reading((), 0.5)] * 4 and reader.name == "never sure"
    assert len(loaded) == 1


def test_a_name_that_is_none_is_refused_when_it_is_needed(tmp_path: object) -> None:
    reader = named_reader(f"{tmp_path}/nothing")
    with pytest.raises(UnusableInput, match="cannot be loaded"):
        reader.read(AskedFor.of("Who?"), [])
