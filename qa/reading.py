"""The part that reads: passages in, answers with their probabilities out.

To add a reader, write a class with this Protocol's members and name its factory in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from index.types import Hit
from qa.types import Finding

DEFAULT_READER = "footnoted-reader"

PASSAGES_READ = 10
"""How many of the passages that were found are read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What answers a question, most certain first; no findings means that nothing does.

    ``confidence`` is the calibrated probability that the answer is right or, without findings, that
    the passages hold none.
    """

    findings: tuple[Finding, ...]
    confidence: float


class Reader(Protocol):
    """Finds the sentences of retrieved passages that answer a question, or declines."""

    @property
    def name(self) -> str:
        """Which reader, exactly, as shown in an answer's ``models``."""

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        """Read the passages. A threshold is never lowered so that something is found."""


def load_reader(name: str) -> Reader:
    """The reader called ``name``: one of ``READERS``, else a model's folder or hub name.

    Raises:
        UnusableInput: there is no such model, or it is none that reads.
    """
    return READERS.get(name, _named_model)(name)


def _shipped(_: str) -> Reader:
    from qa.span_reader import SHIPPED_READER

    return _named_model(str(SHIPPED_READER))


def _named_model(name: str) -> Reader:
    from qa.span_reader import load_reader as load_span_reader

    return load_span_reader(name)


READERS: dict[str, Callable[[str], Reader]] = {DEFAULT_READER: _shipped}
