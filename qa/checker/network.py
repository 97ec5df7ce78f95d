"""The network of the check, written down from the language model's file, adapters and head.

It is that of ``torch_network``, for OpenVINO.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from footnoted.index.networks.graph import (
    Array,
    Node,
    ints,
    linear,
    load_weights,
    network,
    number_of_tokens,
    op,
    past_tokens,
    tokens,
)
from footnoted.index.networks.llama import Llama, Shape
from footnoted.qa.checker.language_model import needed_language_model
from footnoted.qa.checker.packing import INPUTS

HEAD = "head.safetensors"
PAST = "past"
"""The input for what is known of the tokens before: see ``Llama.hidden``."""
ADAPTERS = "adapter_model.safetensors"
ADAPTERS_CONFIG = "adapter_config.json"

# The names of weights in a GGUF and in transformers: of the whole network, and of a layer.
_WHOLE = {"embed_tokens": "token_embd", "norm": "output_norm"}
_OF_LAYER = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def check_network(folder: Path) -> Any:
    """The trained network of ``folder``, as OpenVINO's, for a row of ``INPUTS`` and its ``PAST``.

    It gives the logits of its tokens, shape (1, tokens), and their past.

    Raises:
        UnusableInput: the language model's package is not installed.
    """
    ids, positions, until = (tokens(name) for name in INPUTS)
    base = _LanguageModel(needed_language_model())
    past = past_tokens(PAST, 2 * base.shape.layers, base.shape.key_heads, base.shape.head_width)
    adapters = _Adapters(folder)
    decoder = Llama(base.shape, lambda name: adapters.merged(name, base.weight(name)))
    hidden, own = decoder.hidden(ids, positions, _sees(until, past), past)
    head = load_weights(folder / HEAD)
    logits = op().squeeze(linear(hidden, head["weight"], head["bias"]), np.int64(-1))
    return network([logits, own], [ids, positions, until, past])


def _sees(until: Node, past: Node) -> Node:
    """Which token (third axis) sees which (fourth): see ``qa.checker.packing.Pack``.

    Each sees all that is past.
    """
    own = _sees_own(until)
    tokens_past = op().gather(op().shape_of(past), ints(2), np.int64(0))
    shape = op().concat([ints(1, 1), number_of_tokens(until), tokens_past], 0)
    return op().concat([op().broadcast(op().constant(np.array(True)), shape), own], 3)


def _sees_own(until: Node) -> Node:
    length = op().squeeze(number_of_tokens(until), np.int64(0))
    at = op().range(np.int64(0), length, np.int64(1), "i64")
    here, there = op().unsqueeze(at, ints(0, 2)), op().unsqueeze(at, ints(0, 1))
    before = op().less_equal(there, here)
    still = op().less(here, op().unsqueeze(until, np.int64(1)))
    sees = op().logical_or(op().logical_and(before, still), op().equal(there, here))
    return op().unsqueeze(sees, np.int64(1))


class _LanguageModel:
    """A GGUF of a Llama, with its weights by transformers' names."""

    def __init__(self, file: Path) -> None:
        from gguf import GGUFReader

        found = GGUFReader(file)
        of = {name: field.contents() for name, field in found.fields.items() if "llama." in name}
        self.shape = Shape(
            of["llama.block_count"],
            of["llama.attention.head_count"],
            of["llama.attention.head_count_kv"],
            of["llama.rope.dimension_count"],
            of["llama.rope.freq_base"],
            of["llama.attention.layer_norm_rms_epsilon"],
        )
        self._tensors = {one.name: one for one in found.tensors}

    def weight(self, name: str) -> Array:
        from gguf.quants import dequantize

        tensor = self._tensors[f"{_name_in_gguf(name)}.weight"]
        weight: Array = dequantize(tensor.data, tensor.tensor_type)
        turned = {"q_proj": self.shape.heads, "k_proj": self.shape.key_heads}
        heads = turned.get(name.rpartition(".")[2])
        return weight if heads is None else _halves_apart(weight, heads)


def _name_in_gguf(name: str) -> str:
    if name in _WHOLE:
        return _WHOLE[name]
    _, layer, part = name.split(".", 2)
    return f"blk.{layer}.{_OF_LAYER[part]}"


def _halves_apart(weight: Array, heads: int) -> Array:
    """Of what is turned by its place, a GGUF has the two halves of a head alternate."""
    parted = weight.reshape(heads, -1, 2, weight.shape[1])
    return parted.swapaxes(1, 2).reshape(weight.shape)


class _Adapters:
    """What was trained, in PEFT's layout."""

    def __init__(self, folder: Path) -> None:
        config = json.loads((folder / ADAPTERS_CONFIG).read_text(encoding="utf-8"))
        self._scale = np.float32(config["lora_alpha"] / config["r"])
        self._weights = load_weights(folder / ADAPTERS)

    def merged(self, name: str, weight: Array) -> Array:
        """The weights called ``name`` as they are with their adapters, if they have any."""
        down, up = (
            self._weights.get(f"base_model.model.{name}.lora_{part}.weight") for part in "AB"
        )
        return weight if down is None or up is None else weight + up @ down * self._scale
