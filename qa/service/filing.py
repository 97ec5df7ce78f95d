"""The files of an index as they are listed: how they are named, found, and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, get_args

from footnoted.corpus.types import Listed
from footnoted.index.types import FileReceipt, Origin, Receipt, State
from footnoted.qa.receipts import language

FILES = 100
"""Files shown at once."""

Which = Literal["all", "unreadable", "warnings"]

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


def matching(
    files: Iterable[FileReceipt], which: Which, words: str, name: Naming
) -> Sequence[FileReceipt]:
    """Of these files, those of which all ``words`` are told; those with trouble first."""
    wanted = words.casefold().split()
    found = [
        file
        for file in files
        if (which != "warnings" or file.warnings)
        and (not wanted or _holds(_told(file, name), wanted))
    ]
    return sorted(found, key=lambda file: _WORST_FIRST[file.state])


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
