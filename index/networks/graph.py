"""Networks written down as OpenVINO's own operations.

Traced by torch, the shipped ones take half a minute to convert, most of it spent on importing and
running what makes them. Written down, they take seconds, and compute the same to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from footnoted.index.networks.openvino import openvino

Node: TypeAlias = Any
"""What OpenVINO calls so: the outcome of an operation, a tensor yet to be computed."""

Array = NDArray[np.float32]


def op() -> Any:
    """The operations, of which a release of OpenVINO keeps those of the earlier ones."""
    return openvino().opset15


def ints(*values: int) -> NDArray[np.int64]:
    return np.array(values, np.int64)


def tokens(name: str) -> Node:
    """An input of shape (rows, tokens)."""
    node = op().parameter([-1, -1], np.int64, name)
    node.output(0).get_tensor().set_names({name})
    return node


def past_tokens(name: str, *shape: int) -> Node:
    """An input of shape (layers, heads, tokens, width) for what is known of tokens before."""
    layers, heads, width = shape
    node = op().parameter([layers, heads, -1, width], np.float16, name)
    node.output(0).get_tensor().set_names({name})
    return node


def network(outputs: Sequence[Node], inputs: Sequence[Node]) -> Any:
    return openvino().Model([op().result(one) for one in outputs], list(inputs))


def load_weights(file: Path) -> dict[str, Array]:
    from safetensors.numpy import load_file

    return {name: one.astype(np.float32) for name, one in load_file(file).items()}


def linear(given: Node, weight: Array, bias: Array | None = None) -> Node:
    """``weight`` is of shape (width given, width found) transposed, as torch keeps it."""
    # Made by itself, a constant is copied; made on the way, each number becomes an object first.
    product = op().matmul(given, op().constant(weight), transpose_a=False, transpose_b=True)
    return product if bias is None else op().add(product, op().constant(bias))


def embedding(ids: Node, weight: Array) -> Node:
    return op().gather(op().constant(weight), op().convert(ids, "i32"), np.int32(0))


def layer_norm(given: Node, weight: Array, bias: Array, eps: float) -> Node:
    normal = op().mvn(given, ints(-1), True, eps, "inside_sqrt")
    return op().add(op().multiply(normal, op().constant(weight)), op().constant(bias))


def rms_norm(given: Node, weight: Array, eps: float) -> Node:
    squares = op().power(given, np.float32(2))
    mean = op().add(op().reduce_mean(squares, ints(-1), keep_dims=True), np.float32(eps))
    scale = op().divide(np.float32(1), op().sqrt(mean))
    return op().multiply(op().constant(weight), op().multiply(given, scale))


def to_heads(given: Node, number: int) -> Node:
    """From (rows, tokens, width) to (rows, heads, tokens, width of a head)."""
    width = given.output(0).get_partial_shape()[2].get_length()
    parted = op().reshape(given, ints(0, 0, number, width // number), special_zero=True)
    return op().transpose(parted, ints(0, 2, 1, 3))


def attention(query: Node, key: Node, value: Node, sees: Node, scale: Node) -> Node:
    """From (rows, heads, tokens, width of a head) each to (rows, tokens, width).

    ``sees`` says which token sees which, shape (rows, 1, tokens, tokens). ``scale`` is a constant
    that all layers have in common: one of a layer's own would be computed with its keys, and
    bfloat16 rounds that another way.
    """
    heads, width = (query.output(0).get_partial_shape()[at].get_length() for at in (1, 3))
    found = op().scaled_dot_product_attention(query, key, value, sees, scale)
    together = op().transpose(found, ints(0, 2, 1, 3))
    return op().reshape(together, ints(0, 0, heads * width), special_zero=True)


def scale_of_attention(width: int) -> Node:
    """By the width of a head."""
    return op().constant(np.float32(width**-0.5))


def number_of_tokens(given: Node) -> Node:
    """Of an input, shape (1,)."""
    return op().gather(op().shape_of(given), ints(1), np.int64(0))
