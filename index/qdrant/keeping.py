"""Embeddings kept ahead of a change, by whichever machine has made them.

They are named by their texts and their model alone, and nobody sees them: who keeps them needs no
lease, one that comes too late changes nothing, and the end of the next change deletes what is left.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from footnoted.index.protocols import Vectors
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.client import KEY, Client
from footnoted.index.qdrant.points import embedding_point

_MOST_POINTS = 256


def keep(client: Client, vectors: Mapping[bytes, Vectors]) -> None:
    """Store embeddings at once."""
    kept = [embedding_point(key, vector.tolist()) for key, vector in vectors.items()]
    for at in range(0, len(kept), _MOST_POINTS):
        client.put(kept[at : at + _MOST_POINTS])


@dataclass(frozen=True, slots=True)
class Keeper:
    """Keeps embeddings in a server's collection, from another process than the writer's."""

    address: Address
    key: str | None = field(repr=False)

    @classmethod
    def of(cls, address: Address) -> Keeper:
        return cls(address, os.environ.get(KEY) or None)

    def __call__(self, vectors: Mapping[bytes, Vectors]) -> None:
        keep(_client(self.address, self.key), vectors)


@cache
def _client(address: Address, key: str | None) -> Client:
    return Client(address, key)
