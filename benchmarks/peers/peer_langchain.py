"""LangChain's ``HuggingFaceEmbeddings`` and ``FAISS``, which it keeps in memory.

``langchain-community`` is no longer developed, but is where its documentation has ``FAISS``.
"""

from __future__ import annotations

from collections.abc import Sequence

from langchain_community.vectorstores import FAISS
from langchain_core.documents import Document
from langchain_huggingface import HuggingFaceEmbeddings

from measuring import Passage, measure


class LangChain:
    def __init__(self, model: str) -> None:
        self._embeddings = HuggingFaceEmbeddings(model_name=model)

    def index(self, passages: Sequence[Passage]) -> int:
        documents = [Document(p.embedded, metadata={"source": p.id}) for p in passages]
        self._store = FAISS.from_documents(documents, self._embeddings)
        return int(self._store.index.ntotal)

    def search(self, question: str, limit: int) -> list[str]:
        found = self._store.similarity_search(question, k=limit)
        return [document.metadata["source"] for document in found]


if __name__ == "__main__":
    measure(
        "LangChain + FAISS",
        LangChain,
        ("langchain-community", "langchain-huggingface", "sentence-transformers", "torch"),
    )
