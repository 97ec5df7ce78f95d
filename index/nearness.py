"""Documents that are nearly the same as others, told by the sentences that they share."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt

from footnoted.corpus.types import Document, Passage

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
# What more documents share than this is a formula of theirs, and would be compared for ever.
_MOST_HOLDERS = 20
# With those that share most sentences, a document is compared.
_COMPARED = 3

Sketch = npt.NDArray[np.uint64]


def sketch(document: Document, passages: Iterable[Passage]) -> bytes:
    """What is kept of a document's sentences: up to 256 hashes of 8 bytes each, rising."""
    said = (document.text[slice(*one)] for passage in passages for one in passage.sentences)
    hashes = {_hash(words) for one in said if len(words := _words(one)) >= _SHORTEST}
    return np.array(sorted(hashes)[:_SKETCH], "<u8").tobytes()


def nearest(sketches: Mapping[str, bytes]) -> dict[str, str]:
    """By name, the one named earlier that is nearly the same; those without one are left out.

    ``sketches`` are of all documents, by name. It takes time in proportion to their number.
    """
    holders: dict[int, list[str]] = defaultdict(list)
    found: dict[str, str] = {}
    read: dict[str, Sketch] = {}
    for name in sorted(sketches):
        read[name] = np.frombuffer(sketches[name], "<u8")
        hashes = read[name].tolist()
        shared = Counter(other for one in hashes for other in holders.get(one, ()))
        likely = (other for other, _ in shared.most_common(_COMPARED))
        if other := next((other for other in likely if _are_near(read[name], read[other])), None):
            found[name] = other
        for one in hashes:
            if len(holders[one]) < _MOST_HOLDERS:
                holders[one].append(name)
    return found


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
    return len(np.intersect1d(one, other, assume_unique=True)) >= _SHARED * fewer


def _words(sentence: str) -> str:
    return " ".join(sentence.casefold().split())


def _hash(words: str) -> int:
    return int.from_bytes(hashlib.blake2b(words.encode(), digest_size=8).digest(), "little")
