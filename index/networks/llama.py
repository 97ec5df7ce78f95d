"""The decoder of the checker (Touvron et al., "LLaMA", arXiv:2302.13971), written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    def hidden(self, ids: Node, positions: Node, sees: Node, past: Node) -> tuple[Node, Node]:
        """What becomes of the tokens of a row, shape (1, tokens, width), and their ``past``.

        The past is that of the tokens before them, which were computed by themselves: keys and
        values of each layer in turn, shape (2 * layers, heads of keys, tokens before, width of a
        head), in float16. ``sees`` says which token sees which, those before first: shape
        (1, 1, tokens, tokens before and tokens).
        """
        hidden = embedding(ids, self._weight("embed_tokens"))
        turn = self._turn(positions)
        own = list[Node]()
        for layer in range(self._shape.layers):
            of_layer = [_part(past, 2 * layer + at) for at in range(2)]
            hidden, *seen = self._layer(f"layers.{layer}", hidden, turn, sees, of_layer)
            own += seen
        return self._norm("norm", hidden), op().concat([op().convert(n, "f16") for n in own], 0)

    def _turn(self, positions: Node) -> _Turn:
        """Each of shape (rows, 1, tokens, width of a head)."""
        width, base = self._shape.head_width, np.float32(self._shape.rotation)
        frequencies = 1 / base ** (np.arange(0, width, 2, dtype=np.float32) / width)
        places = op().convert(op().unsqueeze(positions, np.int64(2)), "f32")
        half = op().multiply(places, frequencies[None, None])
        angles = op().concat([half, half], -1)
        cosines, sines = op().cos(angles), op().sin(angles)
        return op().unsqueeze(cosines, np.int64(1)), op().unsqueeze(sines, np.int64(1))

    def _layer(
        self, name: str, given: Node, turn: _Turn, sees: Node, past: Sequence[Node]
    ) -> tuple[Node, Node, Node]:
        """What becomes of the tokens, and their keys and values."""
        normal = self._norm(f"{name}.input_layernorm", given)
        key, value = self._seen(f"{name}.self_attn", normal, turn)
        every = (
            op().concat([before, own], 2) for before, own in zip(past, (key, value), strict=True)
        )
        attended = self._attended(f"{name}.self_attn", normal, turn, sees, *every)
        middle = op().add(given, attended)
        normal = self._norm(f"{name}.post_attention_layernorm", middle)
        gate = op().swish(self._linear(f"{name}.mlp.gate_proj", normal))
        wide = op().multiply(gate, self._linear(f"{name}.mlp.up_proj", normal))
        return op().add(middle, self._linear(f"{name}.mlp.down_proj", wide)), key, value

    def _seen(self, name: str, given: Node, turn: _Turn) -> tuple[Node, Node]:
        """Keys and values, each of shape (1, heads of keys, tokens, width of a head)."""
        key, value = (
            to_heads(self._linear(f"{name}.{part}_proj", given), self._shape.key_heads)
            for part in "kv"
        )
        return self._turned(key, turn), value

    def _attended(
        self, name: str, given: Node, turn: _Turn, sees: Node, key: Node, value: Node
    ) -> Node:
        query = to_heads(self._linear(f"{name}.q_proj", given), self._shape.heads)
        key, value = self._repeated(key), self._repeated(value)
        found = attention(self._turned(query, turn), key, value, sees, self._scale)
        return self._linear(f"{name}.o_proj", found)

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


def _part(past: Node, at: int) -> Node:
    """Keys or values of a layer, shape (1, heads of keys, tokens before, width of a head)."""
    return op().convert(op().gather(past, ints(at), np.int64(0)), "f32")
