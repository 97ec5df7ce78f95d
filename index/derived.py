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
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from index.dense import DenseIndex
from index.lexical import LexicalIndex
from index.models import sha256_of_file
from index.store import Store

log = logging.getLogger(__name__)

_FOLDER = "derived"
_DENSE = "dense.faiss"
_LEXICAL = "lexical"
_STAMP = "stamp.json"
# Raised whenever what the files hold changes: those of an older version are then rebuilt.
_LAYOUT = 3


@dataclass(frozen=True, slots=True)
class Derived:
    """The search files after one change, loaded."""

    change: str
    dense: DenseIndex
    lexical: LexicalIndex


@dataclass(frozen=True, slots=True)
class _Stamp:
    change: str
    passages: int
    layout: int
    sha256: dict[str, str]
    """Of each file, by its path below the generation's folder."""


class _Damaged(Exception):
    """Why the files of a generation cannot be used."""


def load(store: Store) -> Derived:
    """The search files of the store's generation, rebuilt first if they are missing or damaged.

    Where the index cannot be written, they are made for this process alone.
    """
    try:
        return _read(_place(store), store)
    except _Damaged:
        pass
    try:
        with _lock(store.folder), store.snapshot():
            try:
                return _read(_place(store), store)  # somebody else was quicker
            except _Damaged as damage:
                log.warning("%s; rebuilt from the database, nothing embedded again", damage)
                build(store)
                return _read(_place(store), store)
    except OSError:
        with tempfile.TemporaryDirectory(prefix="footnoted-") as own, store.snapshot():
            _write(Path(own), store)
            return _read(Path(own), store)


def build(store: Store) -> None:
    """Write the search files of what the store holds, inside a transaction or snapshot of it."""
    place = _place(store)
    place.parent.mkdir(exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix="building-", dir=place.parent))
    try:
        _write(workshop, store)
        shutil.rmtree(place, ignore_errors=True)
        workshop.rename(place)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _place(store: Store) -> Path:
    return store.folder / _FOLDER / str(store.generation())


def _write(folder: Path, store: Store) -> None:
    rows, vectors = store.vectors()
    DenseIndex.build(rows, vectors).write(folder / _DENSE)
    (folder / _LEXICAL).mkdir()
    texts = ((row, f"{title}\n{text}") for row, title, text in store.passage_texts())
    LexicalIndex.build(texts, folder / _LEXICAL)
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


def _read(folder: Path, store: Store) -> Derived:
    change = store.manifest().change
    try:
        kept = json.loads((folder / _STAMP).read_text())
        if kept.get("layout") != _LAYOUT:
            raise _Damaged("the search files are of another version")
        stamp = _Stamp(**kept)
        if stamp.change != change:
            raise _Damaged("the search files are stale")
        for name, sha256 in stamp.sha256.items():
            if sha256_of_file(folder / name) != sha256:
                raise _Damaged(f"the search file {name} is damaged")
        dense = DenseIndex.read(folder / _DENSE)
        lexical = LexicalIndex.read(folder / _LEXICAL)
    except FileNotFoundError as error:
        raise _Damaged(f"the search file {Path(error.filename or '').name} is missing") from None
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError) as error:
        raise _Damaged(f"the search files are damaged ({type(error).__name__})") from None
    if not len(dense) == len(lexical) == stamp.passages:
        raise _Damaged("the search files are incomplete")
    return Derived(change, dense, lexical)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _hashes(folder: Path) -> dict[str, str]:
    held = (path for path in _files(folder) if path.suffix != ".lock")
    return {path.relative_to(folder).as_posix(): sha256_of_file(path) for path in held}


def _sync(folder: Path) -> None:
    """Force the files to the disk before the rename that makes them count."""
    for path in _files(folder):
        with path.open("rb") as file:
            os.fsync(file.fileno())
