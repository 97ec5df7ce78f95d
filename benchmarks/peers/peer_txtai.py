"""txtai's ``Embeddings``: vectors alone, which it keeps in memory until it is told to save them."""

from __future__ import annotations

from collections.abc import Sequence

from txtai import Embeddings

from measuring import Passage, measure

PACKAGES = ("txtai", "faiss-cpu", "transformers", "torch")


class Txtai:
    def __init__(self, model: str, *, hybrid: bool = False) -> None:
        self._embeddings = Embeddings(path=model, hybrid=hybrid)

    def index(self, passages: Sequence[Passage]) -> int:
        self._embeddings.index([(passage.id, passage.embedded, None) for passage in passages])
        return int(self._embeddings.count())

    def search(self, question: str, limit: int) -> list[str]:
        return [id_ for id_, _ in self._embeddings.search(question, limit)]


if __name__ == "__main__":
    measure("txtai", Txtai, PACKAGES)
