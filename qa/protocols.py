"""The parts of an answer that can be exchanged, each as what it must do, and what they hand on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.types import Citation, Finding, Ledger, Outcome, ShortAnswer, Statement


class Meaning(NamedTuple):
    """What a question may mean: ``text`` stands alone, but for ``ANSWER`` in it, which stands for
    the answer to the question ``of``.

    ``names``: it is the likeliest meaning once more, with that answer for its description:
    "Anders Lie" for "the person who speaks for the workers".
    """

    text: str
    of: str = ""
    names: bool = False


ANSWER = "\ufffc"
"""What stands in a question for the answer to an earlier one, until that is known."""


class Rewriter(Protocol):
    """Makes a follow-up question stand alone; today's is ``qa.follow_up``'s ``meanings``."""

    def __call__(self, question: str, history: Sequence[str]) -> str | Sequence[Meaning]:
        """What ``question`` means after the questions ``history``, oldest first; or, where the
        documents are to tell, what it may mean: one meaning at least, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What answers a question, most certain first; no findings means that nothing does.

    ``confidence`` is the calibrated probability that the answer is right or, without findings, that
    the passages hold none. ``doubtful``, without findings, is what was found and is not sure enough
    to be said. ``ledger`` tells what was read for a list or a side.
    """

    findings: tuple[Finding, ...]
    confidence: float
    doubtful: tuple[Finding, ...] = ()
    ledger: Ledger | None = None


class Reader(Protocol):
    """Finds the sentences of retrieved passages that answer a question, or declines."""

    @property
    def name(self) -> str:
        """Which reader, exactly, as shown in an answer's ``models``."""

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        """Read the passages. A threshold is never lowered so that something is found."""


@runtime_checkable
class Surveying(Protocol):
    """A reader that reads wide where the answers of one question stand in many places."""

    def surveyed(self, asked: AskedFor) -> int:
        """How many passages it wants for a list or a side; 0 where ``read`` is for the question."""

    def survey(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        """As ``read``, of many passages, with a ledger."""


@runtime_checkable
class Weighing(Protocol):
    """A reader that tells at a glance how likely questions are answered."""

    def weigh(self, asked: Sequence[AskedFor], hits: Sequence[Sequence[Hit]]) -> Sequence[float]:
        """The chance that each question is answered by its passages, which are few."""


class Claim(NamedTuple):
    """That ``answer`` is what ``text`` answers to ``question``."""

    text: str
    question: str
    answer: str


class Checker(Protocol):
    """Says a second time, and by other means than a reader, whether passages say so."""

    @property
    def name(self) -> str:
        """Which checker, exactly; a part of its reader's name."""

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        """Those of each text saying that the answer is the one to the question, shape (claims,)."""


@dataclass(frozen=True, slots=True)
class Composition:
    """The parts of an answer that follow from its findings.

    ``unanswered``: of a question that asks for several things, what nothing answers.
    """

    outcome: Outcome
    confidence: float
    answers: tuple[ShortAnswer, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    ledger: Ledger | None = None
    unanswered: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return self.outcome == "answered"


class Writer(Protocol):
    """Says what was found; every statement names its citations."""

    @property
    def name(self) -> str | None:
        """Which language model writes, as shown in an answer's ``models``; None if none does."""

    def write(self, asked: AskedFor, reading: Reading, hits: Sequence[Hit]) -> Composition:
        """Say what ``reading`` found in ``hits``, or decline where it found nothing."""
