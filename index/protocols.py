"""The parts of the index that can be exchanged, each as what it must do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""Rows are texts: shape (n, dimension), each row of length 1."""

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is to do."""


def silent(_: str, __: int, ___: int) -> None:
    """Progress that nobody watches."""


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
