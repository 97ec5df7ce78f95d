"""Whatever is meant for whoever asked is caught by whoever prints it."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus import errors
from footnoted.corpus.errors import (
    DamagedIndex,
    FootnotedError,
    IndexMismatch,
    IndexUnavailable,
    NoIndex,
    UnusableInput,
)
from footnoted.qa.training.command import exit_code

EVERY = (UnusableInput, NoIndex, IndexMismatch, DamagedIndex, IndexUnavailable)


def test_the_tree_is_as_it_is_drawn() -> None:
    assert all(issubclass(one, FootnotedError) for one in EVERY)
    assert {one for one in EVERY if issubclass(one, ValueError)} == set(EVERY[:3])
    assert all(one.__name__ in (errors.__doc__ or "") for one in EVERY)


def test_a_damaged_index_is_described_on_one_line() -> None:
    error = DamagedIndex.of(Path("here"), "bad page\nand more")
    assert str(error).startswith(
        "the index in here is damaged: bad page; footnoted index --rebuild"
    )


@pytest.mark.parametrize("error", EVERY)
def test_a_command_of_training_ends_with_its_line(
    error: type[FootnotedError], capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise error("say what to do")

    assert exit_code(fail) == 2
    assert capsys.readouterr().err == "error: say what to do\n"
