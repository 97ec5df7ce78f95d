"""LlamaIndex's ``VectorStoreIndex`` with its default store, which it keeps in memory.

The passages are given as nodes: as documents, it would cut them once more.
"""

from __future__ import annotations

from collections.abc import Sequence

from llama_index.core import VectorStoreIndex
from llama_index.core.schema import TextNode
from llama_index.embeddings.huggingface import HuggingFaceEmbedding

from measuring import Passage, measure


class LlamaIndex:
    def __init__(self, model: str) -> None:
        self._embedding = HuggingFaceEmbedding(model_name=model)

    def index(self, passages: Sequence[Passage]) -> int:
        nodes = [TextNode(id_=passage.id, text=passage.embedded) for passage in passages]
        self._index = VectorStoreIndex(nodes, embed_model=self._embedding)
        return len(self._index.index_struct.nodes_dict)

    def search(self, question: str, limit: int) -> list[str]:
        retriever = self._index.as_retriever(similarity_top_k=limit)
        return [found.node.node_id for found in retriever.retrieve(question)]


if __name__ == "__main__":
    measure(
        "LlamaIndex",
        LlamaIndex,
        (
            "llama-index-core",
            "llama-index-embeddings-huggingface",
            "sentence-transformers",
            "torch",
        ),
    )
