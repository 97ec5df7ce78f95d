"""What an update reads: the folders and files that were named, and those inside them.

Such a *source* may lie inside another. The outer one then names the files of both, so that each
file is read once, whichever of the two was named first; what it passes over, hidden folders and
files that are read only when they are named themselves, is read under its own name. The files of
indexes are no documents and none that failed: they are passed over.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SourceFile, as_named, read
from footnoted.index.protocols import Progress

_DATABASE = "index.sqlite"

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
        return {(document.id, str(file.path)) for file in every for document in file.documents}


def read_sources(named: Sequence[str], known: Collection[str], progress: Progress) -> Reading:
    """Read ``named`` sources, whatever they lie in, and the ``known`` ones that lie in them.

    Raises:
        UnusableInput: one of them is not there and never was.
    """
    for source in named:
        check_name(Path(source))
        if source not in known and is_gone(source):
            raise UnusableInput(_does_not_exist(source, known))
    found, every = Reading(), {*named, *known}
    for outermost in dict.fromkeys(_outermost(source, every) for source in named):
        _read(found, outermost, every, progress)
        for inner in sorted(source for source in every if inside(source, outermost)):
            if outer := _reached(inner, found):
                found.within[inner] = outer
            else:
                _read(found, inner, every, progress)
    return found


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


def _read(found: Reading, source: str, every: Collection[str], progress: Progress) -> None:
    if is_gone(source):
        found.gone.append(source)
        return
    files = found.files[source] = []
    for file in read(Path(source)):
        # What cannot be read as part of a folder, and is named itself, is read and reported there.
        elsewhere = str(file.path) in every or _is_of_an_index(file.path, source)
        if not file.failure or str(file.path) == source or not elsewhere:
            files.append(file)
            progress("reading", len(files), 0)
    progress("reading", len(files), len(files))


def _is_of_an_index(path: Path, source: str) -> bool:
    """Whether ``path`` is one of an index's own files, in a folder below ``source`` or that one."""
    within = path.relative_to(source).parts if inside(str(path), source) else ()
    folders = [(Path(source, *within[:depth]), name) for depth, name in enumerate(within)]
    return any(_is_own(name) and _is_index(folder) for folder, name in folders)


def _is_own(name: str) -> bool:
    return name == _DATABASE or _BESIDE.fullmatch(name) is not None


def _is_index(folder: Path) -> bool:
    """Whether an index is kept in ``folder``, and not merely a database of that name."""
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError:
        return False
    return _DATABASE in names and any(map(_BESIDE.fullmatch, names))


def _reached(source: str, found: Reading) -> str | None:
    """The source that was read and has files of ``source`` among its own."""
    for outer, files in found.files.items():
        if inside(source, outer):
            paths = (str(file.path) for file in files)
            if any(path == source or inside(path, source) for path in paths):
                return outer
    return None


def _does_not_exist(source: str, known: Collection[str]) -> str:
    outer = _outermost(source, known)
    if outer == source:
        return f"{source} does not exist; name a file or a folder that does"
    return f"{source} does not exist; footnoted index {outer} takes out what is gone from there"
