"""What an update reads: the folders and files that were named, and those inside them.

Such a *source* may lie inside another. The outer one then names the files of both, so that each
file is read once, whichever of the two was named first; what it passes over, hidden folders and
files that are read only when they are named themselves, is read under its own name. The files of
indexes are no documents and none that failed: they are passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import (
    Found,
    Recall,
    SourceFile,
    as_named,
    find,
    read_found,
    what_is_told,
)
from footnoted.corpus.reading import Stamp
from footnoted.index.protocols import Progress
from footnoted.index.types import StoredFile

Read = Callable[[Iterable[Found], str | None, Recall], Iterator[SourceFile]]
"""Reads files, with a password, and hands them on in their order: see ``read_found``."""

_DATABASE = "index.sqlite"

# What was brought to an index, and what can be brought back: read under its own name alone.
_BROUGHT = "files", "removed"

# What else an index keeps in its folder: of these, one at least is there while it is written.
_BESIDE = re.compile(rf"{re.escape(_DATABASE)}-\w+|derived(\.lock)?|writer\.(lock|json)|rebuilding")


@dataclass
class Reading:
    """What was found of the sources that an update is about."""

    files: dict[str, list[SourceFile]] = field(default_factory=dict)
    """By source, in the order in which they were read."""
    within: dict[str, str] = field(default_factory=dict)
    """Sources that were read as parts of others, and of which."""
    gone: list[str] = field(default_factory=list)
    """Known sources that are not there any more."""

    @cached_property
    def offered(self) -> set[tuple[str, str]]:
        """The id and the path of each document that was read."""
        every = (file for files in self.files.values() for file in files)
        return {(id_, str(file.path)) for file in every for id_ in file.ids}


@dataclass(frozen=True)
class Memory:
    """What came of files before: what has not changed is not read again, nor what is the same.

    ``files`` are by source and path, as are ``ids``, of those documents that each holds which would
    be read alike now.
    """

    files: Mapping[tuple[str, str], StoredFile] = field(default_factory=dict)
    ids: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    stand_in: str | None = None
    """The source that makes way for any other, so that nothing may be left to it alone."""


def read_sources(
    named: Sequence[str],
    known: Collection[str],
    progress: Progress,
    memory: Memory | None = None,
    password: str | None = None,
    read: Read = read_found,
) -> Reading:
    """Read ``named`` sources, whatever they lie in, and the ``known`` ones that lie in them.

    Of files with the same bytes, the first is read. Sources with a file that is the same as one of
    those are brought up to date with them: it may have to take that one's place.

    Raises:
        UnusableInput: one of them is not there and never was.
    """
    for source in named:
        check_name(Path(source))
        if source not in known and is_gone(source):
            raise UnusableInput(_does_not_exist(source, known))
    memory = memory or Memory()
    found, every = Reading(), {*named, *known}
    listing: dict[str, list[Found]] = {}
    wanted = [_outermost(source, every) for source in named]
    for outermost in dict.fromkeys([*wanted, *_with_copies(wanted, memory)]):
        _list(listing, found, outermost, every)
        for inner in sorted(source for source in every if inside(source, outermost)):
            if outer := _reached(inner, listing):
                found.within[inner] = outer
            else:
                _list(listing, found, inner, every)
    found.files |= {source: [] for source in listing}
    listed = [(source, one) for source, files in listing.items() for one in files]
    recall = Recollection(memory, listing).recall
    progress("reading", 0, len(listed))
    files_read = read([one for _, one in listed], password, recall)
    for done, ((source, _), file) in enumerate(zip(listed, files_read, strict=True), 1):
        if not file.failure or not _is_of_an_index(file.path, source):
            found.files[source].append(file)
        progress("reading", done, len(listed))
    return found


def _with_copies(sources: Collection[str], memory: Memory) -> list[str]:
    """The other sources, still there, with files that are the same as some of these sources'."""
    others = {
        source: file.receipt.same_as
        for (source, _), file in memory.files.items()
        if file.receipt.same_as and source not in sources
    }
    return [
        other
        for other, first in others.items()
        if any(first == source or inside(first, source) for source in sources)
        and not is_gone(other)
    ]


def check_name(path: Path) -> None:
    """Refuse a name that cannot be written down.

    Raises:
        UnusableInput: it is not valid in the file system's encoding.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        shown = os.fsencode(path).decode("utf-8", "replace")
        raise UnusableInput(f"{shown}: its name is not valid UTF-8; rename it") from None


def inside(path: str, folder: str) -> bool:
    """Whether ``path`` is below ``folder``; neither need be there."""
    return path != folder and path.startswith(folder.rstrip(os.sep) + os.sep)


def is_gone(path: str) -> bool:
    """Whether there is nothing at ``path``; what cannot be seen may be there."""
    return _is_gone(path) and (as_named(path) == path or _is_gone(as_named(path)))


def _is_gone(path: str) -> bool:
    try:
        Path(path).stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        pass
    return False


def _outermost(source: str, every: Collection[str]) -> str:
    return min((other for other in every if inside(source, other)), key=len, default=source)


def _list(
    listing: dict[str, list[Found]], found: Reading, source: str, every: Collection[str]
) -> None:
    """Find the files of a source, but for those in it that are sources and can be read as such."""
    if source in listing or source in found.gone:
        return
    if is_gone(source):
        found.gone.append(source)
        return
    listing[source] = [
        file
        for file in find(Path(source))
        if not _was_brought(file.shown, source)
        and (
            not (file.settled and file.settled.failure)
            or str(file.shown) == source
            or str(file.shown) not in every
        )
    ]


class Recollection:
    """Answers whether a file need be read, while the files of ``listing`` are gone through."""

    def __init__(self, memory: Memory, listing: Mapping[str, Sequence[Found]]) -> None:
        self._memory = memory
        self._source_of = {
            str(one.shown): source for source, files in listing.items() for one in files
        }
        self._first = {
            _sameness(file.receipt.sha256, Path(path)): path
            for (source, path), file in memory.files.items()
            if file.receipt.documents and source not in listing and source != memory.stand_in
        }

    def recall(self, found: Found, stamp: Stamp) -> SourceFile | None:
        """See ``corpus.files.Recall``."""
        path, key = str(found.shown), _sameness(stamp.sha256, found.path)
        first = self._first.setdefault(key, path)
        if first != path:
            if not is_gone(first):
                return SourceFile(found.path, stamp=stamp, same_as=first)
            self._first[key] = path
        at = (self._source_of[path], path)
        before, ids = self._memory.files.get(at), self._memory.ids.get(at, ())
        if before is None or not ids or len(ids) != before.receipt.documents:
            return None
        if (stamp.sha256, what_is_told(found.about, ids)) != (before.receipt.sha256, before.told):
            return None
        return SourceFile(found.path, stamp=stamp, told=before.told, kept=ids)


def _sameness(sha256: str, path: Path) -> tuple[str, str]:
    """What two files have in common that are read as the same: their bytes, and their ending."""
    return sha256, path.suffix.lower()


def _is_of_an_index(path: Path, source: str) -> bool:
    """Whether ``path`` is one of an index's own files, in a folder below ``source`` or that one."""
    return any(_is_own(name) and _is_index(folder) for folder, name in _on_the_way(path, source))


def _was_brought(path: Path, source: str) -> bool:
    """The same of files that were brought to an index."""
    return any(name in _BROUGHT and _is_index(folder) for folder, name in _on_the_way(path, source))


def _on_the_way(path: Path, source: str) -> list[tuple[Path, str]]:
    """The folders from ``source`` on to ``path``, and what is gone to from each."""
    within = path.relative_to(source).parts if inside(str(path), source) else ()
    return [(Path(source, *within[:depth]), name) for depth, name in enumerate(within)]


def _is_own(name: str) -> bool:
    return name == _DATABASE or _BESIDE.fullmatch(name) is not None


def _is_index(folder: Path) -> bool:
    """Whether an index is kept in ``folder``, and not merely a database of that name."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return False
    return _DATABASE in names and any(map(_BESIDE.fullmatch, names))


def _reached(source: str, listing: Mapping[str, Sequence[Found]]) -> str | None:
    """The source that has files of ``source`` among its own."""
    for outer, files in listing.items():
        if inside(source, outer):
            paths = (str(file.shown) for file in files)
            if any(path == source or inside(path, source) for path in paths):
                return outer
    return None


def _does_not_exist(source: str, known: Collection[str]) -> str:
    outer = _outermost(source, known)
    if outer == source:
        return f"{source} does not exist; name a file or a folder that does"
    return f"{source} does not exist; footnoted index {outer} takes out what is gone from there"
