"""What is not said, and why not."""

from __future__ import annotations

from footnoted.corpus.types import Span
from footnoted.qa.types import LeftOut, Why

LEAST_DOUBTFUL = 0.3
"""What is less likely is not even in doubt."""


def left_out(
    text: str, chance: float, document: str, place: Span, *, other_side: bool = False
) -> LeftOut:
    """A candidate that is not said, of which ``chance`` is the probability that it is one."""
    why: Why = "in doubt" if chance >= LEAST_DOUBTFUL else "unlikely"
    return LeftOut(text, "on the other side" if other_side else why, chance, document, *place)
