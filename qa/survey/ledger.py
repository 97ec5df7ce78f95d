"""What is not said, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from footnoted.corpus.types import Span
from footnoted.index.types import Hit
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.types import Ledger, LeftOut, Why

LEAST_DOUBTFUL = MEASURED.least_doubtful
"""What is less likely is not even in doubt, as with any answer."""


def ledger(hits: Sequence[Hit], candidates: int, others: Iterable[LeftOut]) -> Ledger:
    """What was read, how many candidates were found there, and who of them is not said."""
    documents = len({hit.document.id for hit in hits})
    return Ledger(documents, len(hits), candidates, tuple(others))


def left_out(
    text: str, chance: float, document: str, place: Span, *, other_side: bool = False
) -> LeftOut:
    """A candidate that is not said, of which ``chance`` is the probability that it is one."""
    why: Why = "in doubt" if chance >= LEAST_DOUBTFUL else "unlikely"
    return LeftOut(text, "on the other side" if other_side else why, chance, document, *place)
