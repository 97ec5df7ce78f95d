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
from footnoted.corpus.reading import Stamp, readers
from footnoted.index.protocols import IndexStore, Progress
from footnoted.index.types import StoredFile

Read = Callable[[Iterable[Found], str | None, Recall], Iterator[SourceFile]]
"""Reads files, with a password, and hands them on in their order: see ``read_found``."""

_DATABASE = "index.sqlite"

# Of more new files than this, all that is known is asked for at once to find what is the same.
_ASKED_ONE_BY_ONE = 100

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


class Memory:
    """What came of files before: what has not changed is not read again, nor what is the same.

    An index is asked for what it knows of the sources that are read, and not of all others.
    """

    def __init__(self, store: IndexStore | None, *, anew: bool = False) -> None:
        """Without a ``store``, or ``anew``, nothing counts as known."""
        self.stand_in = store.stand_in() if store else None
        """The source that makes way for any other, so that nothing may be left to it alone."""
        self.files: dict[tuple[str, str], StoredFile] = {}
        """By source and path, of the sources that were asked for."""
        self.ids: dict[tuple[str, str], list[str]] = {}
        """The same, of those documents that each holds which would be read alike now."""
        self._store, self._anew = store, anew
        self._asked = set[str]()

    def ask(self, sources: Iterable[str]) -> None:
        """What is known of the files of these sources is then in ``files`` and ``ids``."""
        new = set(sources) - self._asked
        self._asked |= new
        if not self._store or not new:
            return
        for file in self._store.files_by("source", new):
            self.files[file.source, file.receipt.path] = file
        for document_id, entry in self._store.entries(sources=new).items():
            if entry.reader in readers() and not self._anew:
                self.ids.setdefault((entry.source, entry.path), []).append(document_id)

    def copies(self) -> list[StoredFile]:
        """The files that are the same as one of those asked for, which holds the document."""
        first = [path for (_, path), file in self.files.items() if file.receipt.documents]
        return self._store.files_by("same_as", first) if self._store and not self._anew else []

    def holders(self, hashes: Collection[str] | None) -> list[StoredFile]:
        """The files of other sources that hold documents; of those with these bytes, or of all."""
        if not self._store or self._anew:
            return []
        files = self._store.files() if hashes is None else self._store.files_by("sha256", hashes)
        others = {*self._asked, self.stand_in}
        return [one for one in files if one.receipt.documents and one.source not in others]


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
    memory = memory or Memory(None)
    found, every = Reading(), {*named, *known}
    listing: dict[str, list[Found]] = {}
    wanted = [_outermost(source, every) for source in named]
    memory.ask(one for one in every if any(one == o or inside(one, o) for o in wanted))
    for outermost in dict.fromkeys([*wanted, *_with_copies(wanted, memory)]):
        _list(listing, found, outermost, every)
        for inner in sorted(source for source in every if inside(source, outermost)):
            if outer := _reached(inner, listing):
                found.within[inner] = outer
            else:
                _list(listing, found, inner, every)
    memory.ask([*listing, *found.gone])
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
    others = dict.fromkeys(file.source for file in memory.copies())
    return [other for other in others if other not in sources and not is_gone(other)]


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
        self._first: dict[tuple[str, str], str] = {}
        new = sum((source, path) not in memory.files for path, source in self._source_of.items())
        self._is_all_asked = new > _ASKED_ONE_BY_ONE
        if self._is_all_asked:
            self._first |= _by_sameness(memory.holders(None))

    def recall(self, found: Found, stamp: Stamp) -> SourceFile | None:
        """See ``corpus.files.Recall``."""
        path, key = str(found.shown), _sameness(stamp.sha256, found.path)
        at = (self._source_of[path], path)
        before, ids = self._memory.files.get(at), tuple(self._memory.ids.get(at, ()))
        is_holder = before and before.receipt.documents and before.receipt.sha256 == stamp.sha256
        if not (is_holder or self._is_all_asked or key in self._first):
            self._first |= _by_sameness(self._memory.holders([stamp.sha256]))
        first = self._first.setdefault(key, path)
        if first != path:
            if not is_gone(first):
                return SourceFile(found.path, stamp=stamp, same_as=first)
            self._first[key] = path
        if before is None or not ids or len(ids) != before.receipt.documents:
            return None
        if (stamp.sha256, what_is_told(found.about, ids)) != (before.receipt.sha256, before.told):
            return None
        return SourceFile(found.path, stamp=stamp, told=before.told, kept=ids)


def _by_sameness(files: Iterable[StoredFile]) -> dict[tuple[str, str], str]:
    receipts = (file.receipt for file in files)
    return {_sameness(one.sha256, Path(one.path)): one.path for one in receipts}


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
