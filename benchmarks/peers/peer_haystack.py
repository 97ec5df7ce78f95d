"""Haystack's two pipelines, one to index and one to search, over its store in memory."""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.components.writers import DocumentWriter
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)

from measuring import Passage, measure


class Haystack:
    def __init__(self, model: str) -> None:
        self._store = InMemoryDocumentStore()
        self._indexing = Pipeline()
        self._indexing.add_component("embedder", SentenceTransformersDocumentEmbedder(model=model))
        self._indexing.add_component("writer", DocumentWriter(self._store))
        self._indexing.connect("embedder.documents", "writer.documents")
        self._searching = Pipeline()
        self._searching.add_component("embedder", SentenceTransformersTextEmbedder(model=model))
        self._searching.add_component("retriever", InMemoryEmbeddingRetriever(self._store))
        self._searching.connect("embedder.embedding", "retriever.query_embedding")

    def index(self, passages: Sequence[Passage]) -> int:
        self._store.delete_all_documents()
        documents = [Document(id=p.id, content=p.embedded) for p in passages]
        self._indexing.run({"embedder": {"documents": documents}})
        return int(self._store.count_documents())

    def search(self, question: str, limit: int) -> list[str]:
        inputs = {"embedder": {"text": question}, "retriever": {"top_k": limit}}
        found = self._searching.run(inputs)["retriever"]["documents"]
        return [document.id for document in found]


if __name__ == "__main__":
    measure(
        "Haystack, in memory",
        Haystack,
        ("haystack-ai", "sentence-transformers-haystack", "sentence-transformers", "torch"),
    )
