"""Readers by name. To add one, write a ``Reader`` and name its factory in ``READERS``."""

from __future__ import annotations

from collections.abc import Callable

from footnoted.qa.protocols import Reader

DEFAULT_READER = "footnoted-reader"

PASSAGES_READ = 10
"""How many of the passages that were found are read."""


def load_reader(name: str) -> Reader:
    """The reader called ``name``: one of ``READERS``, else a model's folder or hub name.

    Raises:
        UnusableInput: there is no such model, or it is none that reads.
    """
    return READERS.get(name, _named_model)(name)


def _shipped(_: str) -> Reader:
    from footnoted.qa.reader.reader import SHIPPED_READER

    return _named_model(str(SHIPPED_READER))


def _named_model(name: str) -> Reader:
    from footnoted.qa.reader.reader import load_reader as load_span_reader

    return load_span_reader(name)


READERS: dict[str, Callable[[str], Reader]] = {DEFAULT_READER: _shipped}
