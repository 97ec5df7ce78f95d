"""The search files: derived from the store, one folder a generation, rebuilt whenever in doubt.

A generation's folder is written beside its place and renamed into it, so that it is there whole
or not at all; its stamp says which index and generation it belongs to and what it must hold.
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

from corpus.types import UnusableInput
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
_LAYOUT = 2


@dataclass(frozen=True, slots=True)
class Derived:
    """The search files of one generation, loaded."""

    generation: int
    dense: DenseIndex
    lexical: LexicalIndex


@dataclass(frozen=True, slots=True)
class _Stamp:
    index: str
    generation: int
    passages: int
    dense_sha256: str
    layout: int


class _Damaged(Exception):
    """Why the files of a generation cannot be used."""


def lock(store: Store) -> FileLock:
    """Held while search files are written, and by a writer from its commit until then."""
    return FileLock(store.folder / f"{_FOLDER}.lock")


def load(store: Store) -> Derived:
    """The search files of the store's generation, rebuilt first if they are missing or damaged.

    Raises:
        UnusableInput: they have to be rebuilt, and the folder cannot be written.
    """
    try:
        return _read(store)
    except _Damaged:
        pass
    try:
        with lock(store):
            try:
                return _read(store)  # somebody else was quicker
            except _Damaged as damage:
                log.warning("%s; rebuilt from the database, nothing embedded again", damage)
                return build(store)
    except OSError as error:
        raise UnusableInput(f"cannot write the search files in {store.folder}: {error}") from None


def build(store: Store) -> Derived:
    """Write and load the search files of the store's generation; the caller holds ``lock``."""
    parent = store.folder / _FOLDER
    parent.mkdir(exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix="building-", dir=parent))
    try:
        with store.snapshot():
            manifest = store.manifest()
            rows, vectors = store.vectors()
            DenseIndex.build(rows, vectors).write(workshop / _DENSE)
            (workshop / _LEXICAL).mkdir()
            texts = ((row, f"{title}\n{text}") for row, title, text in store.passage_texts())
            LexicalIndex.build(texts, workshop / _LEXICAL)
        stamp = _Stamp(
            index=manifest.id,
            generation=manifest.generation,
            passages=len(rows),
            dense_sha256=sha256_of_file(workshop / _DENSE),
            layout=_LAYOUT,
        )
        (workshop / _STAMP).write_text(json.dumps(asdict(stamp)))
        _sync(workshop)
        place = parent / str(manifest.generation)
        shutil.rmtree(place, ignore_errors=True)
        workshop.rename(place)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    for old in parent.iterdir():
        if old != place:
            shutil.rmtree(old, ignore_errors=True)
    return _read(store)


def _read(store: Store) -> Derived:
    manifest = store.manifest()
    folder = store.folder / _FOLDER / str(manifest.generation)
    try:
        stamp = _Stamp(**{"layout": 1} | json.loads((folder / _STAMP).read_text()))
        if stamp.layout != _LAYOUT:
            raise _Damaged("the search files are of another version")
        if (stamp.index, stamp.generation) != (manifest.id, manifest.generation):
            raise _Damaged("the search files are stale")
        if sha256_of_file(folder / _DENSE) != stamp.dense_sha256:
            raise _Damaged("the FAISS file is damaged or stale")
        dense = DenseIndex.read(folder / _DENSE)
        lexical = LexicalIndex.read(folder / _LEXICAL)
    except FileNotFoundError as error:
        name = Path(error.filename or "").name
        what = "the FAISS file is" if name == _DENSE else "the search files are"
        raise _Damaged(f"{what} missing") from None
    except (OSError, RuntimeError, ValueError, TypeError) as error:
        raise _Damaged(f"the search files are damaged ({type(error).__name__})") from None
    if not len(dense) == len(lexical) == stamp.passages:
        raise _Damaged("the search files are incomplete")
    return Derived(manifest.generation, dense, lexical)


def _sync(folder: Path) -> None:
    """Force the files to the disk before the rename that makes them count."""
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.fsync(file.fileno())
