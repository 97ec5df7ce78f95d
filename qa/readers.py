"""Readers by the names that a command line takes. Whoever has a ``Reader`` hands that in itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reader, Reading, Weighing
from footnoted.qa.reader.options import MEASURED, ReadingOptions

DEFAULT_READER = "footnoted-reader"


def load_reader(name: str, options: ReadingOptions = MEASURED) -> Reader:
    """The reader called ``name``: ours, else a model's folder or hub name.

    Raises:
        UnusableInput: there is no such model, or it is none that reads.
    """
    from footnoted.qa.reader.reader import SHIPPED_READER, load_span_reader

    return load_span_reader(str(SHIPPED_READER) if name == DEFAULT_READER else name, options)


def named_reader(name: str | None = None, options: ReadingOptions = MEASURED) -> Reader:
    """As ``load_reader``, by default ours, but loaded when it is first needed."""
    return LazyReader(partial(load_reader, name or DEFAULT_READER, options))


class LazyReader:
    """A reader that ``load`` gives when it is first needed, so that a page need not wait for it."""

    def __init__(self, load: Callable[[], Reader]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loaded: Reader | None = None

    @property
    def name(self) -> str:
        return self._reader().name

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        return self._reader().read(asked, hits)

    def weigh(self, asked: Sequence[AskedFor], hits: Sequence[Sequence[Hit]]) -> Sequence[float]:
        reader = self._reader()
        return reader.weigh(asked, hits) if isinstance(reader, Weighing) else [0.0] * len(asked)

    def _reader(self) -> Reader:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded
