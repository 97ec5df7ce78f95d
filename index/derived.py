"""The search files: derived from the store, one folder a generation, rebuilt whenever in doubt.

A generation's folder is written beside its place and renamed into it, so that it is there whole
or not at all; its stamp says which change of the store it belongs to and what it must hold. A
writer builds it before its change is committed: readers never wait for it.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from filelock import FileLock

from footnoted.index.dense import DenseIndex
from footnoted.index.lexical import LexicalIndex
from footnoted.index.networks.models import sha256_of_file
from footnoted.index.protocols import Rows, Searches, Vectors, VectorSearch
from footnoted.index.types import Manifest

log = logging.getLogger(__name__)

_FOLDER = "derived"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"
_STAMP = "stamp.json"
# Raised whenever what the files hold changes: those of an older version are then rebuilt.
_LAYOUT = 7

_hashed: dict[tuple[int, ...], str] = {}
_MOST_HASHED = 10_000


class Store(Protocol):
    """What search files are made of."""

    @property
    def folder(self) -> Path:
        """Where they lie, in a folder below."""

    def manifest(self) -> Manifest:
        """The change that they belong to."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Reads inside it see one generation."""

    def passage_rows(self) -> Rows:
        """The rows of all passages, rising."""

    def passage_texts(self, rows: Rows) -> Iterable[str]:
        """Their texts, as they are searched."""

    def vectors(self, rows: Rows) -> Iterator[Vectors]:
        """Their vectors, in batches."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    change: str
    passages: int
    layout: int
    sha256: dict[str, str]
    """Of each file, by its path below the generation's folder."""


class _Damaged(Exception):
    """Why the files of a generation cannot be used."""


def load(store: Store, vectors: type[VectorSearch] | None = None) -> Searches:
    """The search files of the store's generation, rebuilt first if they are missing or damaged.

    Those of another kind of ``vectors`` are not whole for this one. Where the index cannot be
    written, they are made for this process alone.
    """
    vectors = vectors or DenseIndex
    try:
        return _read(_place(store), store, vectors)
    except _Damaged:
        pass
    try:
        with _lock(store.folder), store.snapshot():
            try:
                return _read(_place(store), store, vectors)  # somebody else was quicker
            except _Damaged as damage:
                if store.manifest().generation:  # else there was nothing yet to make them of
                    log.warning("%s; rebuilt from the database, nothing embedded again", damage)
                build(store, vectors)
                return _read(_place(store), store, vectors)
    except OSError:
        with tempfile.TemporaryDirectory(prefix="footnoted-") as own, store.snapshot():
            _write(Path(own), store, vectors)
            return _read(Path(own), store, vectors)


def build(
    store: Store, vectors: type[VectorSearch] | None = None, before: str | None = None
) -> None:
    """Write the search files of what the store holds, inside a transaction or snapshot of it.

    What can be taken over from the files of the change ``before`` is not made again.
    """
    place = _place(store)
    place.parent.mkdir(exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix="building-", dir=place.parent))
    try:
        _write(workshop, store, vectors or DenseIndex, _earlier(place.parent, before))
        shutil.rmtree(place, ignore_errors=True)
        workshop.rename(place)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _place(store: Store) -> Path:
    return store.folder / _FOLDER / str(store.manifest().generation)


def _earlier(folder: Path, change: str | None) -> Path | None:
    """The whole files of an earlier change, if there are any."""
    for place in folder.iterdir() if change else ():
        try:
            _check(place, change)
            return place
        except _Damaged:
            pass
    return None


def _write(
    folder: Path, store: Store, vectors: type[VectorSearch], before: Path | None = None
) -> None:
    rows, dimension = store.passage_rows(), store.manifest().dimension
    dense, lexical = (before and before / name for name in (_DENSE, _LEXICAL))
    vectors.build(rows, store.vectors, dimension, dense).write(folder / _DENSE)
    (folder / _LEXICAL).mkdir()
    LexicalIndex.build(rows, store.passage_texts, folder / _LEXICAL, lexical)
    stamp = _Stamp(
        change=store.manifest().change,
        passages=len(rows),
        layout=_LAYOUT,
        sha256=_hashes(folder),
    )
    (folder / _STAMP).write_text(json.dumps(asdict(stamp)))
    _sync(folder)


def clean(store: Store) -> None:
    """Remove what was left by other generations, and by builds that were killed."""
    current = _place(store)
    if not current.parent.is_dir():
        return
    with _lock(store.folder):
        for old in current.parent.iterdir():
            if old != current:
                shutil.rmtree(old, ignore_errors=True)


def move(made: Path, folder: Path) -> None:
    """Put the search files of the index in ``made`` in the place of those of ``folder``."""
    with _lock(folder):
        shutil.rmtree(folder / _FOLDER, ignore_errors=True)
        (made / _FOLDER).rename(folder / _FOLDER)


def _lock(folder: Path) -> FileLock:
    """Held by whoever rebuilds files that are there for all, or removes old ones."""
    return FileLock(folder / f"{_FOLDER}.lock")


def _read(folder: Path, store: Store, vectors: type[VectorSearch]) -> Searches:
    change = store.manifest().change
    stamp = _check(folder, change)
    try:
        dense = vectors.read(folder / _DENSE)
        lexical = LexicalIndex.read(folder / _LEXICAL)
    except (OSError, RuntimeError, ValueError) as error:
        raise _Damaged(f"the search files are damaged ({type(error).__name__})") from None
    if not len(dense) == len(lexical) == stamp.passages:
        raise _Damaged("the search files are incomplete")
    return Searches(change, dense, lexical)


def _check(folder: Path, change: str | None) -> _Stamp:
    """The stamp of the files in ``folder``, which are those of ``change`` and whole."""
    try:
        kept = json.loads((folder / _STAMP).read_text())
        if kept.get("layout") != _LAYOUT:
            raise _Damaged("the search files are of another version")
        stamp = _Stamp(**kept)
        if stamp.change != change:
            raise _Damaged("the search files are stale")
        for name, sha256 in stamp.sha256.items():
            if _sha256(folder / name) != sha256:
                raise _Damaged(f"the search file {name} is damaged")
    except FileNotFoundError as error:
        raise _Damaged(f"the search file {Path(error.filename or '').name} is missing") from None
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise _Damaged(f"the search files are damaged ({type(error).__name__})") from None
    return stamp


def _sha256(path: Path) -> str:
    """A file's hash, computed once by a process: most files outlive many changes of an index."""
    found = path.stat()
    same = found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns
    if same not in _hashed:
        if len(_hashed) >= _MOST_HASHED:
            _hashed.clear()
        _hashed[same] = sha256_of_file(path)
    return _hashed[same]


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hashes(folder: Path) -> dict[str, str]:
    held = (path for path in _files(folder) if path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): _sha256(path) for path in held}


def _sync(folder: Path) -> None:
    """Force the files to the disk before the rename that makes them count."""
    for path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
