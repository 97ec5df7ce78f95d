"""The files of an index as they are listed: how they are named, found, and put in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from footnoted.corpus.types import Listed
from footnoted.index.types import FileReceipt, Origin, Receipt, Stamp, State
from footnoted.qa.days import days
from footnoted.qa.receipts import kind, language

FILES = 100
"""Files shown at once."""

Which = Literal["all", "unreadable", "warnings"]

Order = Literal["state", "name", "date", "size", "language", "added"]
"""By ``state``, those with trouble come first; by ``date``, those of the last day; by ``size``, the
largest; those that were ``added``, or read again, last. What is not known of a file puts it last.
"""


class Wanted(NamedTuple):
    """Which files are listed, and in what order: of all languages and kinds, unless one is named.

    A ``language`` is named by its code of ISO 639-1, a ``kind`` as ``qa.receipts`` calls it.
    """

    which: Which = "all"
    words: str = ""
    order: Order = "state"
    language: str = ""
    kind: str = ""


ALL_FILES = Wanted()


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as it is shown, and the id of the document that it opens, if it holds any."""

    receipt: FileReceipt
    document: str | None
    removed_as: str | None = None
    """What ``remove`` calls it: by its name where it was brought, else its document; None where
    nothing of it is indexed."""
    was_brought: bool = False


@dataclass(frozen=True, slots=True)
class Files:
    """A portion of the files that were asked for: from number ``first`` of ``found`` on.

    ``summary`` is of all of these. ``languages``, by their codes, and ``kinds`` are those of all
    files, of which others may be ``wanted``.
    """

    shown: Sequence[ListedFile]
    first: int
    found: int
    summary: str
    wanted: Wanted = ALL_FILES
    languages: Sequence[str] = ()
    kinds: Sequence[str] = ()


_WORST_FIRST = {state: -number for number, state in enumerate(get_args(State))}


class Naming:
    """Names files from the folder on that was named to the index: what lies above is the server's.

    ``sources`` are these folders, and files that were named themselves. Files that were brought to
    the index, into the folder ``brought``, are named as they were brought.
    """

    def __init__(self, sources: Iterable[Path], brought: Path | None = None) -> None:
        self._sources = frozenset(map(str, sources))
        self._brought = f"{brought}/" if brought else None

    def __call__(self, path: str) -> str:
        if self.was_brought(path):
            return path.removeprefix(self._brought or "")
        end = len(path)
        while end > 0:
            if path[:end] in self._sources:
                return path[path.rfind("/", 0, end) + 1 :]
            end = path.rfind("/", 0, end)
        return path

    def was_brought(self, path: str) -> bool:
        return self._brought is not None and path.startswith(self._brought)

    def of_file(self, file: FileReceipt) -> FileReceipt:
        """What came of a file, under its name."""
        same_as, near = (path and self(path) for path in (file.same_as, file.near))
        return replace(file, path=self(file.path), same_as=same_as, near=near)

    def of_origin(self, origin: Origin) -> Origin:
        """The same of where a document comes from."""
        copies, near = (tuple(map(self, paths)) for paths in (origin.copies, origin.near))
        return Origin(self.of_file(origin.file), copies, near)

    def of_receipt(self, receipt: Receipt) -> Receipt:
        """The same of what an update did."""
        return replace(receipt, files=tuple(map(self.of_file, receipt.files)))


def matching(files: Iterable[FileReceipt], wanted: Wanted, name: Naming) -> list[FileReceipt]:
    """Of these files, those that are wanted, all of whose words are told of them."""
    words = wanted.words.casefold().split()
    return [
        file
        for file in files
        if (wanted.which != "warnings" or file.warnings)
        and (not wanted.language or wanted.language in file.languages)
        and (not wanted.kind or wanted.kind == kind(file.reader))
        and (not words or _holds(_told(file, name), words))
    ]


def in_order(
    files: Iterable[FileReceipt], order: Order, name: Naming, stamps: Mapping[str, Stamp]
) -> list[FileReceipt]:
    """These files, put in order; those that are alike in it stay as they were.

    ``stamps``, by path, are needed for ``date`` and ``added`` alone.
    """

    def key(file: FileReceipt) -> Any:
        stamp = stamps.get(file.same_as or file.path)
        match order:
            case "state":
                return _WORST_FIRST[file.state]
            case "name":
                return _natural(name(file.path))
            case "size":
                return -file.size
            case "language":
                return not file.languages, tuple(map(language, file.languages))
            case "date":
                dated = days((stamp and stamp.date) or "")
                return -dated.last.toordinal() if dated else 0
            case "added":
                return -stamp.number if stamp else 0

    return sorted(files, key=key)


def _natural(name: str) -> list[str | int]:
    """By it, ``day 9`` comes before ``day 10``: texts and numbers in turns."""
    parts = re.split(r"(\d+)", name.casefold())
    return [int(part) if at % 2 else part for at, part in enumerate(parts)]


def told_of(documents: Sequence[Listed], words: str) -> list[Listed]:
    """Of these documents, those of whose title, publisher, id or date all ``words`` are told."""
    wanted = words.casefold().split()
    return [
        one
        for one in documents
        if not wanted
        or _holds(
            "\n".join((one.title, one.publisher or "", one.id, one.date or "")).casefold(), wanted
        )
    ]


def _holds(told: str, wanted: Iterable[str]) -> bool:
    return all(word in told for word in wanted)


def _told(file: FileReceipt, name: Naming) -> str:
    """All that a file is found by."""
    languages = map(language, file.languages)
    parts = (name(file.path), file.state, file.reader, file.failure or "", *file.warnings)
    return "\n".join((*parts, *languages)).casefold()
