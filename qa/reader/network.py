"""The network of the reader as it is run: compiled or, where that fails, by torch."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from footnoted.index.networks.compiled import CompiledNetwork, Ids, compiled, converted
from footnoted.index.networks.models import exact_name, fastest_number_type, load_named
from footnoted.qa.reader.written import INPUTS, written

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from footnoted.qa.reader.torch_network import InferenceNetwork

log = logging.getLogger(__name__)

Logits = NDArray[np.float32]


class SpanLogits(NamedTuple):
    """Logits: of ``start`` and ``end``, shape (rows, tokens), and of ``answerable``, (rows,).

    The first token's start and end stand for "no answer here". ``answerable`` is None where the
    model has no such head.
    """

    start: Logits
    end: Logits
    answerable: Logits | None


class Passes(Protocol):
    """Runs a network over batches of ``INPUTS``, each of shape (rows, tokens)."""

    def __call__(self, batches: Iterable[Mapping[str, Ids]]) -> list[SpanLogits]:
        """The logits of each batch."""


class Network(NamedTuple):
    """A network, exactly named, and how texts become its inputs."""

    name: str
    passes: Passes
    tokenizer: Tokenizer
    pad: int
    """The token with which rows are filled up."""


class CompiledPasses:
    def __init__(self, network: CompiledNetwork) -> None:
        self._network = network

    def __call__(self, batches: Iterable[Mapping[str, Ids]]) -> list[SpanLogits]:
        return [_outputs(arrays) for arrays in self._network.each(batches)]


class TorchPasses:
    def __init__(self, network: InferenceNetwork) -> None:
        self._network = network

    def __call__(self, batches: Iterable[Mapping[str, Ids]]) -> list[SpanLogits]:
        import torch

        with torch.inference_mode():
            return [
                _outputs([one.numpy() for one in self._network(*inputs)])
                for inputs in ([torch.from_numpy(batch[n]) for n in INPUTS] for batch in batches)
            ]


def _outputs(arrays: Sequence[Logits]) -> SpanLogits:
    start, end, *heads = arrays
    return SpanLogits(start, end, heads[0] if heads else None)


def load_network(name: str) -> Network:
    """A model for extractive question answering, from its folder or by its name on the hub.

    One in a folder is compiled; what lies behind a hub's name may change, and is run by torch.

    Raises:
        UnusableInput: there is no such model, or it is of another kind.
    """
    return load_named(name, partial(_load, name))


def _load(name: str, local: bool) -> Network:
    from tokenizers import Tokenizer

    folder = Path(name)
    tokenizer = folder / "tokenizer.json"
    if not (folder.is_dir() and tokenizer.is_file()):
        return load_torch(name, local)
    exact = exact_name(name)
    try:
        network = compiled(exact, partial(_to_compile, folder))
    except RuntimeError as error:
        log.warning("%s cannot be compiled and is run by torch: %s", name, error)
        return load_torch(name, local)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    pad = config.get("pad_token_id") or 0
    return Network(exact, CompiledPasses(network), Tokenizer.from_file(str(tokenizer)), pad)


def _to_compile(folder: Path) -> Any:
    """OpenVINO's network: written down if it is one like ours, else traced."""
    if (found := written(folder)) is not None:
        return found
    import torch

    from footnoted.qa.reader.torch_network import InferenceNetwork, load

    return converted(InferenceNetwork(load(str(folder), torch.float32, local=True)[0]), INPUTS)


def load_torch(name: str, local: bool = True) -> Network:
    """As ``load_network``, run by torch."""
    from footnoted.qa.reader.torch_network import InferenceNetwork, load

    network, tokenizer = load(name, fastest_number_type(), local=local)
    passes = TorchPasses(InferenceNetwork(network))
    pad = tokenizer.pad_token_id or 0
    return Network(exact_name(name), passes, tokenizer.backend_tokenizer, pad)
