"""The parts of an answer that can be exchanged, each as what it must do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from footnoted.index.types import Hit
from footnoted.qa.types import Finding


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
