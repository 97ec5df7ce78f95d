"""Whether a text supports a claim, by the word of two checks that do not err alike.

One was trained on claims and knows such claims as it has seen. The other is the check of answers,
a language model that has read more of the world and was trained on other questions; it is asked
whether the claim is what the text says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.passages import PassageSplitter
from footnoted.index.options import DEFAULT
from footnoted.qa.entailment.cross_encoder import SHIPPED_ENTAILMENT, CrossEncoder, Numbers
from footnoted.qa.protocols import Checker, Claim, Pair

CALIBRATION = "calibration.json"
ASKED_OF_A_CLAIM = "What does the text say?"
"""Of which the claim is an answer, or none."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logits of both checks to probabilities: sigmoid(claims · one + answers · other + bias).

    From the probability ``threshold`` on, a claim counts as supported that is said word for word,
    by ``rise`` more one of which no word is said.
    """

    claims: float = 1.0
    answers: float = 1.0
    bias: float = 0.0
    threshold: float = 0.5
    rise: float = 0.0

    def probabilities(self, logits: Numbers) -> Numbers:
        """Shape (pairs,), for logits of shape (pairs, 2)."""
        claims, answers = logits.T
        together = self.claims * claims + self.answers * answers + self.bias
        return np.asarray(np.exp(-np.logaddexp(0, -together)))

    @classmethod
    def load(cls, folder: Path) -> Calibration:
        """
        Raises:
            UnusableInput: there is none, or it is damaged.
        """
        try:
            stored = json.loads((folder / CALIBRATION).read_text(encoding="utf-8"))
            found = cls(**{name: float(value) for name, value in stored.items()})
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise UnusableInput(
                f"{folder / CALIBRATION} is damaged or missing ({error}); install Footnoted again"
            ) from None
        if not all(map(math.isfinite, asdict(found).values())):
            raise UnusableInput(f"{folder / CALIBRATION} is damaged; install Footnoted again")
        return found

    def save(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1) + "\n"
        (folder / CALIBRATION).write_text(text, encoding="utf-8")


class TwoChecks:
    """See ``qa.protocols.Entailment``. It may be shared by threads."""

    def __init__(
        self, claims: CrossEncoder, answers: Checker, calibration: Calibration | None = None
    ) -> None:
        self._claims, self._answers = claims, answers
        self.calibration = calibration or Calibration()

    @property
    def name(self) -> str:
        return f"{self._claims.name} with {self._answers.name}"

    def threshold(self, said: float) -> float:
        return self.calibration.threshold + self.calibration.rise * (1 - said)

    def probabilities(self, pairs: Sequence[Pair]) -> Numbers:
        return self.calibration.probabilities(self.logits(pairs))

    def logits(self, pairs: Sequence[Pair]) -> Numbers:
        """Of each pair those of both checks, shape (pairs, 2): of a long text, its surest part's.
        Minus infinity where there is nothing to read, or the claim is too long."""
        return np.column_stack([self._claims.logits(pairs), self._of_answers(pairs)])

    def _of_answers(self, pairs: Sequence[Pair]) -> Numbers:
        """Each pair by itself: what is asked of one text together stands in one row of tokens."""
        of_pairs = [self._answers.logits(list(self._asked(pair))) for pair in pairs]
        return np.array([logits.max(initial=-np.inf) for logits in of_pairs], dtype=np.float64)

    def _asked(self, pair: Pair) -> Iterator[Claim]:
        for passage in self._splitter.split_text(pair.text):
            if passage.strip() and pair.claim.strip():
                yield Claim(passage.strip(), ASKED_OF_A_CLAIM, pair.claim)

    @cached_property
    def _splitter(self) -> PassageSplitter:
        return PassageSplitter(self._claims.count_tokens, DEFAULT.passage_tokens)


def two_checks(answers: Checker, folder: Path = SHIPPED_ENTAILMENT) -> TwoChecks:
    """Both, calibrated together.

    Raises:
        UnusableInput: what is in ``folder`` is damaged.
    """
    return TwoChecks(CrossEncoder(folder), answers, Calibration.load(folder))
