"""Nearest passages by meaning: an exact inner-product search with FAISS."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors


class DenseIndex:
    """Passages as unit vectors; the inner product of two is their cosine, from -1 to 1."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, rows: NDArray[np.int64], vectors: Vectors) -> DenseIndex:
        """Index ``vectors``, shape (n, dimension), under the ids ``rows``, shape (n,)."""
        if len(rows) != len(vectors):
            raise ValueError(f"{len(rows)} rows for {len(vectors)} vectors")
        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        if len(rows):
            index.add_with_ids(vectors, rows)
        return cls(index)

    @classmethod
    def read(cls, path: Path) -> DenseIndex:
        """Read what ``write`` wrote; a damaged file raises RuntimeError."""
        return cls(faiss.read_index(str(path)))

    def write(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, limit: int) -> list[int]:
        """The rows nearest to ``vector``, shape (1, dimension), best first."""
        _, rows = self._index.search(vector, min(limit, len(self)) or 1)
        return [int(row) for row in rows[0] if row >= 0]

    def similarities(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosine of ``vector``, shape (1, dimension), with each of ``rows``."""
        if not rows:
            return []
        found = np.stack([self._index.reconstruct(row) for row in rows])
        return [float(value) for value in found @ vector[0]]
