"""An embedder that is there at once, for tests that measure no quality."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from footnoted.index.embedding import DEFAULT_EMBEDDER, embedder_name
from footnoted.index.protocols import Vectors


class HashedEmbedder:
    """Texts that share words are near: each word is hashed to a direction of its own.

    It gives the same vectors in each process, and loads nothing.
    """

    dimension = 64
    max_tokens = 254

    def __init__(self) -> None:
        # It stands in for the default one, by whose name indexes are made and opened.
        self.name = embedder_name(DEFAULT_EMBEDDER)

    def count_tokens(self, text: str) -> int:
        return len(_words(text))

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        sums = np.stack([self._sum(text) for text in texts])
        vectors: Vectors = sums / np.linalg.norm(sums, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    def embed_question(self, text: str) -> Vectors:
        return self.embed_passages([text])

    def _sum(self, text: str) -> Vectors:
        # A text without words has a direction, too.
        directions = [_direction(word) for word in (_words(text) or [""])[: self.max_tokens]]
        found: Vectors = np.sum(directions, axis=0)
        return found


@lru_cache(maxsize=10_000)
def _direction(word: str) -> Vectors:
    seed = int.from_bytes(hashlib.sha256(word.lower().encode()).digest()[:8])
    return np.random.default_rng(seed).standard_normal(HashedEmbedder.dimension, np.float32)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)
