"""The encoder of embedder and reader (Devlin et al., "BERT", NAACL 2019), written down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from footnoted.index.networks.graph import (
    Node,
    attention,
    embedding,
    ints,
    layer_norm,
    linear,
    load_weights,
    number_of_tokens,
    op,
    scale_of_attention,
    to_heads,
)

_CONFIG, _WEIGHTS = "config.json", "model.safetensors"
_WRITTEN_DOWN = {"model_type": "bert", "hidden_act": "gelu", "is_decoder": False}


def is_bert(folder: Path) -> bool:
    """Whether a folder of transformers' holds an encoder that ``Bert`` writes down."""
    if not (folder / _WEIGHTS).is_file():
        return False
    config = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
    return all(config.get(name, value) == value for name, value in _WRITTEN_DOWN.items()) and (
        config.get("position_embedding_type", "absolute") == "absolute"
    )


class Bert:
    """An encoder of transformers', of whose weights the names begin with ``prefix``."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self.weights = load_weights(folder / _WEIGHTS)
        self._prefix = prefix
        config: dict[str, Any] = json.loads((folder / _CONFIG).read_text(encoding="utf-8"))
        self._layers, self._heads = config["num_hidden_layers"], config["num_attention_heads"]
        self._eps = config["layer_norm_eps"]
        self._scale = scale_of_attention(config["hidden_size"] // self._heads)

    def hidden(self, ids: Node, mask: Node, types: Node | None = None) -> Node:
        """What becomes of the tokens, shape (rows, tokens, width).

        Without ``types``, or if it knows but one, all tokens are of the first.
        """
        length = number_of_tokens(ids)
        hidden = self._embedded(ids, types, length)
        seen = op().unsqueeze(op().convert(mask, "boolean"), ints(1, 2))
        one = ints(1)
        each = op().concat([one, one, length, one], 0)
        sees = op().broadcast(seen, each, broadcast_spec="BIDIRECTIONAL")
        for layer in range(self._layers):
            hidden = self._layer(f"encoder.layer.{layer}", hidden, sees)
        return hidden

    def _embedded(self, ids: Node, types: Node | None, length: Node) -> Node:
        words, kinds, positions = (
            self.weights[f"{self._prefix}embeddings.{name}_embeddings.weight"]
            for name in ("word", "token_type", "position")
        )
        one = ints(1)
        places = op().slice(np.arange(len(positions))[None], ints(0), length, one, one)
        of_kinds = (
            op().constant(kinds[0]) if types is None or len(kinds) == 1 else embedding(types, kinds)
        )
        added = op().add(op().add(embedding(ids, words), of_kinds), embedding(places, positions))
        return self._norm("embeddings.LayerNorm", added)

    def _layer(self, name: str, given: Node, sees: Node) -> Node:
        query, key, value = (
            to_heads(self._linear(f"{name}.attention.self.{part}", given), self._heads)
            for part in ("query", "key", "value")
        )
        attended = attention(query, key, value, sees, self._scale)
        attended = self._linear(f"{name}.attention.output.dense", attended)
        middle = self._norm(f"{name}.attention.output.LayerNorm", op().add(attended, given))
        wide = op().gelu(self._linear(f"{name}.intermediate.dense", middle), "erf")
        narrow = self._linear(f"{name}.output.dense", wide)
        return self._norm(f"{name}.output.LayerNorm", op().add(narrow, middle))

    def _linear(self, name: str, given: Node) -> Node:
        name = self._prefix + name
        return linear(given, self.weights[f"{name}.weight"], self.weights[f"{name}.bias"])

    def _norm(self, name: str, given: Node) -> Node:
        name = self._prefix + name
        weight, bias = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]
        return layer_norm(given, weight, bias, self._eps)
