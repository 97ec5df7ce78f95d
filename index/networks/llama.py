"""The decoder of the checker (Touvron et al., "LLaMA", arXiv:2302.13971), written down."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np

from footnoted.index.networks.graph import (
    Array,
    Node,
    attention,
    embedding,
    ints,
    linear,
    op,
    rms_norm,
    scale_of_attention,
    to_heads,
)

_Turn: TypeAlias = tuple[Node, Node]
"""Cosines and sines of the angles by which a place turns queries and keys."""


class Shape(NamedTuple):
    layers: int
    heads: int
    key_heads: int
    """Of keys and values, each of which serves several heads."""
    head_width: int
    rotation: float
    """The base of the angles' frequencies."""
    eps: float


class Llama:
    """A decoder without its own head; ``weight`` gives its weights by transformers' names."""

    def __init__(self, shape: Shape, weight: Callable[[str], Array]) -> None:
        self._shape = shape
        self._weight = weight
        self._scale = scale_of_attention(shape.head_width)

    def hidden(self, ids: Node, positions: Node, sees: Node) -> Node:
        """What becomes of the tokens, shape (rows, tokens, width).

        ``sees`` says which token sees which, shape (rows, 1, tokens, tokens).
        """
        hidden = embedding(ids, self._weight("embed_tokens"))
        turn = self._turn(positions)
        for layer in range(self._shape.layers):
            hidden = self._layer(f"layers.{layer}", hidden, turn, sees)
        return self._norm("norm", hidden)

    def _turn(self, positions: Node) -> _Turn:
        """Each of shape (rows, 1, tokens, width of a head)."""
        width, base = self._shape.head_width, np.float32(self._shape.rotation)
        frequencies = 1 / base ** (np.arange(0, width, 2, dtype=np.float32) / width)
        places = op().convert(op().unsqueeze(positions, np.int64(2)), "f32")
        half = op().multiply(places, frequencies[None, None])
        angles = op().concat([half, half], -1)
        cosines, sines = op().cos(angles), op().sin(angles)
        return op().unsqueeze(cosines, np.int64(1)), op().unsqueeze(sines, np.int64(1))

    def _layer(self, name: str, given: Node, turn: _Turn, sees: Node) -> Node:
        normal = self._norm(f"{name}.input_layernorm", given)
        middle = op().add(given, self._attended(f"{name}.self_attn", normal, turn, sees))
        normal = self._norm(f"{name}.post_attention_layernorm", middle)
        gate = op().swish(self._linear(f"{name}.mlp.gate_proj", normal))
        wide = op().multiply(gate, self._linear(f"{name}.mlp.up_proj", normal))
        return op().add(middle, self._linear(f"{name}.mlp.down_proj", wide))

    def _attended(self, name: str, given: Node, turn: _Turn, sees: Node) -> Node:
        query = to_heads(self._linear(f"{name}.q_proj", given), self._shape.heads)
        key = to_heads(self._linear(f"{name}.k_proj", given), self._shape.key_heads)
        value = to_heads(self._linear(f"{name}.v_proj", given), self._shape.key_heads)
        query, key = self._turned(query, turn), self._turned(key, turn)
        key, value = self._repeated(key), self._repeated(value)
        return self._linear(f"{name}.o_proj", attention(query, key, value, sees, self._scale))

    def _turned(self, given: Node, turn: _Turn) -> Node:
        cosines, sines = turn
        half, one, last = ints(self._shape.head_width // 2), ints(1), ints(3)
        first = op().slice(given, ints(0), half, one, last)
        second = op().slice(given, half, ints(np.iinfo(np.int64).max), one, last)
        swapped = op().concat([op().multiply(second, np.float32(-1)), first], -1)
        return op().add(op().multiply(given, cosines), op().multiply(swapped, sines))

    def _repeated(self, given: Node) -> Node:
        """Keys or values, once for each head that they serve."""
        _, heads, key_heads, width, *_ = self._shape
        each = ints(1, 1, heads // key_heads, 1, 1)
        wide = op().broadcast(
            op().unsqueeze(given, np.int64(2)), each, broadcast_spec="BIDIRECTIONAL"
        )
        return op().reshape(wide, ints(0, heads, -1, width), special_zero=True)

    def _linear(self, name: str, given: Node) -> Node:
        return linear(given, self._weight(name))

    def _norm(self, name: str, given: Node) -> Node:
        return rms_norm(given, self._weight(name), self._shape.eps)
