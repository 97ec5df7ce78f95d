"""The parts of an answer that can be exchanged, each as what it must do, and what they hand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Generator as Pieces
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.types import Document
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.types import (
    Citation,
    Finding,
    Form,
    Ledger,
    Outcome,
    Row,
    ShortAnswer,
    Statement,
    Written,
)


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

    ``unanswered``: of a question that asks for several things, what nothing answers. ``form``,
    ``columns``, ``rows`` and ``note`` as in ``Answer``.
    """

    outcome: Outcome
    confidence: float
    answers: tuple[ShortAnswer, ...] = ()
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: tuple[Citation, ...] = ()
    ledger: Ledger | None = None
    unanswered: tuple[str, ...] = ()
    written: Written | None = None
    form: Form | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""

    @property
    def answered(self) -> bool:
        return self.outcome == "answered"


class Writer(Protocol):
    """Says in sentences of its own what was found, each with its citations."""

    @property
    def name(self) -> str:
        """Which language model writes, as shown in an answer's ``models``."""

    def warm_up(self) -> None:
        """Load now what else the first answer would wait for."""

    def write(
        self,
        question: str,
        found: Composition,
        hits: Sequence[Hit],
        find: Callable[[str], Document | None],
        told: Callable[[tuple[Statement, ...]], None],
    ) -> Composition:
        """What answers ``question``, written from what was ``found`` and from ``hits``.

        What is declined stays declined. ``find`` gives a document by its id. The statements so far
        are ``told`` as they come; that may raise, and then nothing is written any more.
        """


class Advice(Protocol):
    """What is said of a question beside the rules. It decides nothing: what it proposes is read
    for as any question is, and declined as any is."""

    def meaning(self, question: str, history: Sequence[str]) -> str:
        """What ``question`` means after the questions ``history``, oldest first, in a question that
        stands alone and in their words; "" where it proposes nothing."""

    def parts(self, question: str) -> Sequence[str]:
        """The questions for each thing that ``question`` asks for, in its words; none where it is
        one."""

    def denies(self, question: str, answer: str, passage: str) -> bool:
        """Whether it doubts that ``passage`` answers ``question`` by ``answer``."""


@runtime_checkable
class Advising(Protocol):
    """A writer that is asked before it writes, too."""

    @property
    def advice(self) -> Advice | None:
        """What is asked; None for now."""


class Message(NamedTuple):
    """A part of what a language model is told."""

    role: Literal["system", "user"]
    text: str


class Generator(Protocol):
    """A language model that writes. What it writes is believed by nobody; see ``qa.writing``."""

    @property
    def name(self) -> str:
        """Which model, as shown in an answer's ``models``."""

    def generate(self, messages: Sequence[Message]) -> Pieces[str, None, None]:
        """What it writes on ``messages``, piece by piece; closed early, it writes no further.

        Raises:
            NotWritten: it gives nothing; the line says why.
        """


class Pair(NamedTuple):
    """A text, and a claim that it may support."""

    text: str
    claim: str


class Entailment(Protocol):
    """Tells whether texts support claims."""

    @property
    def name(self) -> str:
        """Which model, exactly."""

    def threshold(self, said: float) -> float:
        """From this probability on, a claim is taken for supported, of whose words the text says
        the share ``said`` at once: the less it is, the surer."""

    def probabilities(self, pairs: Sequence[Pair]) -> NDArray[np.float64]:
        """Those of each text supporting its claim, shape (pairs,)."""
