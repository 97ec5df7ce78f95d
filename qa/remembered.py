"""What somebody remembers of documents, for as long as both are there."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

from footnoted.index.protocols import Searchable


def remembered(library: Searchable, by: object) -> dict[Any, Any]:
    """What ``by`` has put there since the library has changed last.

    The library outlives many that ask it, and holds none of them: networks hang on each.
    """
    return library.kept(_of_each).setdefault(by, {})


def _of_each(_: object) -> WeakKeyDictionary[object, dict[Any, Any]]:
    return WeakKeyDictionary()
