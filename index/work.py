"""The work of an update: files are read, documents split, and passages embedded and kept.

Each stage takes what the one before it gave, as a whole. ``Here`` does the work in this process,
``footnoted.index.cluster`` on as many machines as there are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from footnoted.corpus.files import Found, Recall, SourceFile, read_found
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.rendering import searched
from footnoted.corpus.types import Document, Passage, Span
from footnoted.index.protocols import Embedder, IndexStore, Vectors
from footnoted.index.types import Manifest

Passages = list[tuple[Passage, bytes]]
"""Each passage with the key of its embedding."""

Texts = Mapping[bytes, str]
"""What is to be embedded, by the keys of the embeddings."""


class Workers(Protocol):
    """Who does the work. What comes of it is handed on in the order of what was given."""

    @property
    def at_once(self) -> int:
        """How many passages are embedded, and kept, at once: a kill loses no more than these."""

    def read(
        self, found: Iterable[Found], password: str | None, recall: Recall
    ) -> Iterator[SourceFile]:
        """Read files but those of which ``recall`` knows what came of them."""

    def split(self, documents: Sequence[Document], made_with: Manifest) -> Iterator[Passages]:
        """Cut each document into passages, with the keys of their embeddings."""

    def embed(self, batches: Iterable[Texts], store: IndexStore) -> Iterator[int]:
        """Embed batches and keep them in ``store``; how many, of each that is kept."""


class Here:
    """All of it in this process; files are read by others beside it."""

    at_once = 512  # large enough to batch by length

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def read(
        self, found: Iterable[Found], password: str | None, recall: Recall
    ) -> Iterator[SourceFile]:
        return read_found(found, password, recall)

    def split(self, documents: Sequence[Document], made_with: Manifest) -> Iterator[Passages]:
        splitter = PassageSplitter(self._embedder.count_tokens, made_with.passage_tokens)
        return (cut(document, splitter, made_with) for document in documents)

    def embed(self, batches: Iterable[Texts], store: IndexStore) -> Iterator[int]:
        for texts in batches:
            store.keep_embeddings(embedded(texts, self._embedder))
            yield len(texts)


def cut(document: Document, splitter: PassageSplitter, made_with: Manifest) -> Passages:
    """The passages of a document. Of equal texts, embeddings of the same model have equal keys."""

    def key(passage: Passage) -> bytes:
        text = searched(document, Span(passage.start, passage.end))
        return hashlib.sha256(f"{made_with.embedder_name}\0{text}".encode()).digest()

    return [(passage, key(passage)) for passage in split(document, splitter)]


def embedded(texts: Texts, embedder: Embedder) -> dict[bytes, Vectors]:
    """The embeddings of texts, by their keys."""
    vectors = embedder.embed_passages(list(texts.values()))
    return dict(zip(texts, vectors, strict=True))
