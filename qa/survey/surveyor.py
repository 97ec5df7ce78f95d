"""A reader that reads wide for lists and sides, and as ever for any other question."""

from __future__ import annotations

from collections.abc import Sequence

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.protocols import Reading
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.survey.lists import ListReader
from footnoted.qa.survey.sides import SideReader
from footnoted.qa.survey.weighing import fitted

# How many passages are read; of a list also how many candidates, and texts that are checked.
_OF_SIDES = 50
_OF_LISTS, _CANDIDATES, _CHECKED = 40, 24, 8


class Surveyor:
    """See ``qa.protocols.Surveyor``."""

    def __init__(self, reader: SpanReader) -> None:
        self.name = reader.name
        self._reader = reader
        checker = reader.checker
        self._sides = SideReader(reader.finder, checker, fitted()) if checker else None
        more = reader.reading_more(_OF_LISTS, _CANDIDATES, _CHECKED)
        self._lists = ListReader(more) if checker else None

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        return self._reader.read(asked, hits)

    def weigh(self, asked: Sequence[AskedFor], hits: Sequence[Sequence[Hit]]) -> Sequence[float]:
        return self._reader.weigh(asked, hits)

    def surveyed(self, asked: AskedFor) -> int:
        if self._sides and asked.sides:
            return _OF_SIDES
        return _OF_LISTS if self._lists and asked.several and not asked.statement else 0

    def survey(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        assert self._sides and self._lists
        return self._sides.read(asked, hits) if asked.sides else self._lists.read(asked, hits)
