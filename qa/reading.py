"""The part that reads: passages in, answers with their probabilities out.

To add a reader, write a class with this Protocol's members and name its factory in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from index.embedding import Embedder
from index.types import Hit
from qa.types import Finding

DEFAULT_READER = "sentences"


class Reader(Protocol):
    """Finds the sentences of retrieved passages that answer a question."""

    @property
    def name(self) -> str:
        """Which reader, exactly, as shown in an answer's ``models``."""

    @property
    def threshold(self) -> float:
        """The least probability at which a finding is an answer. It is never lowered."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Finding]:
        """All that may be an answer, most certain first, comparable across passages."""


def _sentence_reader(embedder: Embedder) -> Reader:
    from qa.sentence_reader import SentenceReader

    return SentenceReader(embedder)


READERS: dict[str, Callable[[Embedder], Reader]] = {DEFAULT_READER: _sentence_reader}
