"""Readers by the names that a command line takes. Whoever has a ``Reader`` hands that in itself."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Checker, Reader, Reading, Surveying, Weighing
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.options import MEASURED, ReadingOptions

if TYPE_CHECKING:
    from footnoted.qa.reader.reader import SpanReader
    from footnoted.qa.survey.surveyor import Surveyor

DEFAULT_READER = "footnoted-reader"


def load_reader(
    name: str,
    options: ReadingOptions = MEASURED,
    calibration: Calibration | None = None,
    checker: str | Checker | None = None,
) -> SpanReader:
    """The reader called ``name``: ours, else a model's folder or hub name.

    ``calibration`` is its own by default, ``checker`` ours where that was calibrated with it;
    ``"none"`` is none.

    Raises:
        UnusableInput: there is no such model, it is of another kind, or the calibration was fitted
            with another.
    """
    from footnoted.qa.reader.reader import SHIPPED_READER, load_span_reader

    model = str(SHIPPED_READER) if name == DEFAULT_READER else name
    return load_span_reader(model, options, calibration, checker)


def named_reader(
    name: str | None = None,
    options: ReadingOptions = MEASURED,
    calibration: Calibration | None = None,
    checker: str | Checker | None = None,
) -> Reader:
    """As ``load_reader``, by default ours, but loaded when it is first needed."""
    return LazyReader(partial(_surveyor, name or DEFAULT_READER, options, calibration, checker))


def _surveyor(
    name: str,
    options: ReadingOptions,
    calibration: Calibration | None,
    checker: str | Checker | None,
) -> Surveyor:
    from footnoted.qa.survey.surveyor import Surveyor

    return Surveyor(load_reader(name, options, calibration, checker))


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

    def surveyed(self, asked: AskedFor) -> int:
        reader = self._reader()
        return reader.surveyed(asked) if isinstance(reader, Surveying) else 0

    def survey(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        reader = self._reader()
        if isinstance(reader, Surveying):
            return reader.survey(asked, hits)
        return reader.read(asked, hits)

    def _reader(self) -> Reader:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded
