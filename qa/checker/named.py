"""Checkers by the names that a command line takes."""

from __future__ import annotations

from pathlib import Path

from footnoted.qa.checker.checker import FILES, SHIPPED_CHECKER, shipped_checker
from footnoted.qa.protocols import Checker

DEFAULT_CHECKER = "footnoted-checker"
NO_CHECKER = "none"


def load_checker(name: str) -> Checker | None:
    """The checker called ``name``: ours, one that was trained as ours, else a cross-encoder's
    folder or hub name; none where it is to be none, or what ours needs is not installed.

    Raises:
        UnusableInput: there is no such model, or it is none that judges pairs of texts.
    """
    if name == NO_CHECKER:
        return None
    folder = SHIPPED_CHECKER if name == DEFAULT_CHECKER else Path(name)
    if folder == SHIPPED_CHECKER or all((folder / file).is_file() for file in FILES):
        return shipped_checker(folder)
    from footnoted.qa.checker.cross_encoder import load_cross_encoder

    return load_cross_encoder(name)
