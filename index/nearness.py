"""Documents that are nearly the same as others, told by the sentences that they share."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from footnoted.corpus.types import Document, Passage
from footnoted.index.types import Sketched

if TYPE_CHECKING:
    from footnoted.index.protocols import IndexStore

# The smallest hashes of a document's sentences stand for all of them, as in Broder, "On the
# resemblance and containment of documents", 1997; up to so many sentences, they are all.
_SKETCH = 256
# Shorter ones, in letters, are headings and phrases that documents share which have nothing to do
# with each other.
_SHORTEST = 16
# Of fewer sentences than this, the share that two documents have in common tells nothing.
_FEWEST = 4
_SHARED = 0.8
# An excerpt is in the whole, and yet not nearly the same.
_AS_LONG = 2.0
# Documents are looked up by so many of their hashes. Of two that are nearly the same, two thirds of
# the sentences of both together are in both, as a rule: that they share none of these is one chance
# in forty million.
_MARKS = 16
MOST_HOLDERS = 100
"""A mark that more documents have is of a formula of theirs, and would be compared for ever."""

Sketch = npt.NDArray[np.uint64]


def sketch(document: Document, passages: Iterable[Passage]) -> bytes:
    """What is kept of a document's sentences: up to 256 hashes of 8 bytes each, rising."""
    said = (document.text[slice(*one)] for passage in passages for one in passage.sentences)
    hashes = {_hash(words) for one in said if len(words := _words(one)) >= _SHORTEST}
    return np.array(sorted(hashes)[:_SKETCH], "<u8").tobytes()


def marks(sketch: bytes) -> list[int]:
    """By what a document is found among those that may be nearly the same: up to 16 of 63 bits."""
    hashes = np.frombuffer(sketch, "<u8", count=min(_MARKS, len(sketch) // 8))
    found: list[int] = (hashes >> np.uint64(1)).tolist()
    return found


def sharing(every: Iterable[Sketched], wanted: Iterable[int]) -> list[Sketched]:
    """Those with one of the ``wanted`` marks, but for marks that more than a hundred have."""
    among = set(wanted)
    held = [(one, among.intersection(marks(one.sketch))) for one in every]
    holders = Counter(mark for _, shared in held for mark in shared)
    return [one for one, shared in held if any(holders[mark] <= MOST_HOLDERS for mark in shared)]


def note_nearness(store: IndexStore, paths: Collection[str]) -> dict[str, str | None]:
    """Say which file before it each file is nearly the same as, after those at ``paths`` changed.

    Returns what is said now, by path, of all that were looked at.

    Of those before it in the order of their paths, the one that shares most sentences; files with
    several documents are not compared. What was said of others is looked at again where it may
    have changed: where it names one of ``paths``, or where one of these is nearly the same.
    """
    known = _Sketches()
    own = _read(store, paths, known)
    asked = set(paths) | {file.receipt.path for file in store.files_by("near", paths)}
    asked |= {other for path in own for other in known.near(path) if other > path}
    _read(store, asked - own, known)
    near = {path: next((o for o in known.near(path) if o < path), None) for path in asked}
    store.put_files(
        replace(file, receipt=replace(file.receipt, near=near[file.receipt.path]))
        for file in store.files_by("path", asked)
        if file.receipt.near != near[file.receipt.path]
    )
    return near


def _read(store: IndexStore, paths: Collection[str], known: _Sketches) -> set[str]:
    """Read the sketches of files, and those that may be nearly the same; the paths of the former,
    but for files with several documents."""
    own = known.add(store.sketches_of(paths))
    like = store.sketches_sharing({mark for path in own for mark in known.marks(path)})
    known.add(store.sketches_of({one.path for one in like} - set(paths)))
    return own


class _Sketches:
    """The sketches of files that hold one document, by their paths."""

    def __init__(self) -> None:
        self._sketches: dict[str, Sketch] = {}
        self._marks: dict[str, list[int]] = {}
        self._holders: dict[int, list[str]] = defaultdict(list)

    def add(self, read: Sequence[Sketched]) -> set[str]:
        """Add all that was read of some files; the paths of those that hold one document."""
        held = Counter(one.path for one in read)
        alone = [one for one in read if held[one.path] == 1]
        for path, sketch in ((one.path, one.sketch) for one in alone):
            if path not in self._sketches:
                self._sketches[path] = np.frombuffer(sketch, "<u8")
                self._marks[path] = marks(sketch)
                for mark in self._marks[path]:
                    self._holders[mark].append(path)
        return {one.path for one in alone}

    def marks(self, path: str) -> list[int]:
        return self._marks.get(path, [])

    def near(self, path: str) -> list[str]:
        """The files that are nearly the same, those first that share most."""
        if (own := self._sketches.get(path)) is None:
            return []
        lists = (self._holders[mark] for mark in self.marks(path))
        likely = {other for held in lists if len(held) <= MOST_HOLDERS for other in held} - {path}
        shared = {
            other: _shared(own, self._sketches[other])
            for other in likely
            if _are_near(own, self._sketches[other])
        }
        return sorted(shared, key=lambda other: (-shared[other], other))


def _are_near(one: Sketch, other: Sketch) -> bool:
    """Whether the one with fewer sentences shares most of them, and has not far fewer.

    Where a sketch is full, hashes beyond it tell nothing, of either.
    """
    reach = min([each[-1] for each in (one, other) if len(each) == _SKETCH], default=None)
    if reach is not None:
        one, other = (each[: np.searchsorted(each, reach, "right")] for each in (one, other))
    fewer, more = sorted((len(one), len(other)))
    if fewer < _FEWEST or more > _AS_LONG * fewer:
        return False
    return _shared(one, other) >= _SHARED * fewer


def _shared(one: Sketch, other: Sketch) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))


def _words(sentence: str) -> str:
    return " ".join(sentence.casefold().split())


def _hash(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little")
