"""sentence-transformers and a flat faiss index, put together by hand: the least there can be.

Nothing is stored; whoever writes this saves the index with ``faiss.write_index``.
"""

from __future__ import annotations

from collections.abc import Sequence

import faiss
from sentence_transformers import SentenceTransformer

from measuring import Passage, measure


class Plain:
    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model)

    def index(self, passages: Sequence[Passage]) -> int:
        vectors = self._model.encode([passage.embedded for passage in passages])
        self._ids = [passage.id for passage in passages]
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        return int(self._index.ntotal)

    def search(self, question: str, limit: int) -> list[str]:
        _, rows = self._index.search(self._model.encode([question]), limit)
        return [self._ids[row] for row in rows[0] if row >= 0]


if __name__ == "__main__":
    measure("sentence-transformers + faiss", Plain, ("sentence-transformers", "faiss-cpu", "torch"))
