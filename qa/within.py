"""Among which documents a question is asked: those that are named, or dated from a day to a day."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from footnoted.corpus.errors import NoDocuments, UnusableInput
from footnoted.corpus.types import Listed
from footnoted.corpus.wording import counted
from footnoted.index.protocols import Searchable
from footnoted.index.sources import inside
from footnoted.index.types import Filter
from footnoted.qa.days import Days, days
from footnoted.qa.types import Scope

_WRITTEN = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
_AS = "write a year, a month or a day, as 2024, 2024-03 or 2024-03-12"


@dataclass(frozen=True, slots=True)
class Within:
    """The documents with these ids, of all dates or of these days; what is None is not asked about.

    A document is of a range of days if its date is known and lies in it as a whole: one of "2024"
    is not of March 2024.
    """

    documents: frozenset[str] | None = None
    since: date | None = None
    until: date | None = None


class Choice(NamedTuple):
    """Which documents are asked, as people write it: see ``within``."""

    documents: Sequence[str] = ()
    since: str | date | None = None
    until: str | date | None = None

    @property
    def is_all(self) -> bool:
        return not (self.documents or self.since or self.until)

    def as_dict(self) -> dict[str, Any]:
        """What ``Choice(**…)`` makes it of again, as JSON keeps it."""
        since, until = (str(day) if day else "" for day in (self.since, self.until))
        return {"documents": list(self.documents), "since": since, "until": until}


ALL = Choice()


class Chosen(NamedTuple):
    """The ids of the documents that are asked, and what is said of them."""

    documents: frozenset[str]
    scope: Scope


def within(
    library: Searchable,
    documents: Sequence[str] = (),
    since: str | date | None = None,
    until: str | date | None = None,
) -> Within | None:
    """What is chosen by names and days as people write them; None where nothing is.

    A document is named by its id, before anything else that is called so, or its title, and several
    by the title that they share, by the folder that their ids begin with, or by that which their
    files are in. ``since`` and ``until`` are a year, a month or a day, which belongs to the range;
    "" is none.

    Raises:
        UnusableInput: a name is none of these, or a day is not written so.
    """
    first, last = _days("since", since), _days("until", until)
    if not (documents or first or last):
        return None
    ids = frozenset(_named(library, documents)) if documents else None
    return Within(ids, first and first.first, last and last.last)


def choose(asked: Within, library: Searchable) -> Chosen:
    """The documents of ``library`` that are asked.

    Raises:
        UnusableInput: a document is not there, or there are none.
    """
    listing = library.listing()
    if not listing:
        raise NoDocuments.of(library.place)
    if asked.documents is not None and (gone := asked.documents - {one.id for one in listing}):
        raise unknown(min(gone), [one.id for one in listing])
    named = [one for one in listing if asked.documents is None or one.id in asked.documents]
    if not named:
        raise UnusableInput("no document is chosen; name one, or leave the choice out")
    if not (asked.since or asked.until):
        return _chosen(named, Scope(len(named), len(listing)), library)
    if asked.since and asked.until and asked.until < asked.since:
        raise UnusableInput(f"since {asked.since} is after until {asked.until}; exchange them")
    dated = {one.id: of for one in named if (of := days(one.date or ""))}
    found = [one for one in named if one.id in dated and _is_of(dated[one.id], asked)]
    undated = len(named) - len(dated)
    scope = Scope(len(found), len(listing), undated, _written(asked.since), _written(asked.until))
    if not found:
        raise UnusableInput(
            f"none of {counted(len(named), 'document')} is dated {scope.dated}"
            + (f" ({undated} of no known date)" if undated else "")
            + "; footnoted documents lists them with their dates"
        )
    return _chosen(found, scope, library)


def _chosen(found: Sequence[Listed], scope: Scope, library: Searchable) -> Chosen:
    ids = frozenset(one.id for one in found)
    if not library.coverage(Filter(ids)).passages:
        raise UnusableInput(f"there is no text in {scope.chosen}; choose others")
    return Chosen(ids, scope)


def _is_of(one: Days, asked: Within) -> bool:
    return (asked.since or one.first) <= one.first and one.last <= (asked.until or one.last)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _days(name: str, given: str | date | None) -> Days | None:
    if given is None or given == "":
        return None
    if isinstance(given, date):
        return Days(given, given)
    found = days(given) if isinstance(given, str) and _WRITTEN.fullmatch(given) else None
    if found is None:
        raise UnusableInput(f"{name} is no date: {given!r}; {_AS}")
    return found


def _named(library: Searchable, names: Sequence[str]) -> Iterator[str]:
    called = _Called(library.listing())
    for name in names:
        if not isinstance(name, str) or not name.strip():
            raise UnusableInput("a document's name is empty; give its id, its title or its folder")
        found = called.by(name) or _in_folder(library, name)
        if not found:
            raise unknown(name, called.names)
        yield from found


class _Called:
    """Documents by what they are called; thousands of names are found at once."""

    def __init__(self, listing: Sequence[Listed]) -> None:
        self._ids = sorted(one.id for one in listing)
        self._known = frozenset(self._ids)
        self._titled: dict[str, list[str]] = {}
        for one in listing:
            self._titled.setdefault(_flat(one.title), []).append(one.id)
        self.names = [*self._ids, *(one.title for one in listing)]

    def by(self, name: str) -> list[str]:
        """The one with this id; else those with this title, or with ids in this folder."""
        if name in self._known:
            return [name]
        return [*self._below(f"{name.rstrip('/')}/"), *self._titled.get(_flat(name), [])]

    def _below(self, folder: str) -> Iterator[str]:
        for at in range(bisect_left(self._ids, folder), len(self._ids)):
            if not self._ids[at].startswith(folder):
                return
            yield self._ids[at]


def _flat(title: str) -> str:
    return " ".join(title.casefold().split())


def _in_folder(library: Searchable, name: str) -> list[str]:
    """Those whose files are at this path, or below it."""
    try:
        path = str(Path(name).resolve())
    except (OSError, ValueError, RuntimeError):  # no name that a file could have
        return []
    files = {id_: origin.file.path for id_, origin in library.origins().items()}
    return [id_ for id_, file in files.items() if file == path or inside(file, path)]


def unknown(name: str, names: Sequence[str]) -> UnusableInput:
    """That there is no document of this name, with the closest of the ``names`` there are."""
    from rapidfuzz import fuzz, process, utils

    near = process.extract(
        name, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=3
    )
    closest = ", ".join(dict.fromkeys(repr(found) for found, _, _ in near))
    said = f"the closest: {closest}" if closest else "there is none"
    return UnusableInput(
        f"there is no document {name!r}; {said}; footnoted documents lists those there are"
    )
