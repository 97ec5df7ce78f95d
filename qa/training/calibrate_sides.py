"""Fit how likely somebody is on a side, on texts that were made for it.

    python -m footnoted.qa.training.calibrate_sides [--texts N]

Whenever the checker was trained anew: what its logits are worth has changed. What comes of it goes
to qa/survey/sides.json. The texts are others than those that the checker was trained on, but made
by the same grammar (``qa.training.made_sides``).
"""

from __future__ import annotations

import argparse
import logging
import random
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]
from sklearn.metrics import fbeta_score, roc_auc_score  # type: ignore[import-untyped]

from footnoted.corpus.sentences import sentences, spans
from footnoted.corpus.types import Document, Passage
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import same
from footnoted.qa.reader.calibration import Regression
from footnoted.qa.reader.reader import SHIPPED_READER, load_span_reader
from footnoted.qa.survey.sides import SideReader
from footnoted.qa.survey.weighing import Evidence, Weighing, fitted
from footnoted.qa.training.claims import Judged
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.made_sides import judged

log = logging.getLogger(__name__)

_SEED = 20261126
_TEXTS = 400
_BETA = 0.5
_THRESHOLDS = [at / 100 for at in range(30, 80, 2)]


class Labelled(NamedTuple):
    """What is known of one in a text, and whether they are on the side that was asked for."""

    evidence: Evidence
    right: bool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Fit how likely somebody is on a side.")
    parser.add_argument("--texts", type=int, default=_TEXTS)
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        reader = load_span_reader(str(SHIPPED_READER))
        assert reader.checker
        sides = SideReader(reader.finder, reader.checker, fitted())
        made = judged(options.texts, random.Random(_SEED))  # noqa: S311
        fit(list(label(sides, made))).save()

    return exit_code(run)


def label(sides: SideReader, made: Iterator[Judged]) -> Iterator[Labelled]:
    """Everybody who was found in the texts, and of whom it is known which side they are on."""
    by_question = groupby(made, key=lambda one: (one.claim.text, one.claim.question))
    for (text, question), some in by_question:
        asked = AskedFor.of(question)
        known = [(one.claim.answer, one.right) for one in some]
        if asked.sides is None:
            continue
        for voice, evidence in sides.evidence(asked, [_hit(text)]):
            told = {right for answer, right in known if same(answer, voice.said)}
            if not told and not voice.speaks and not evidence.agreement:
                told = {False}  # somebody who is merely named
            if len(told) == 1:
                yield Labelled(evidence, told.pop())


def fit(found: Sequence[Labelled]) -> Weighing:
    """What tells best who is right, as sure as it must be for the best F0.5: somebody who is said
    to be on a side and is not does more harm than somebody who is missing."""
    features = np.array([one.evidence for one in found], dtype=np.float64)
    right = np.array([one.right for one in found])
    model = LogisticRegression(C=1.0).fit(features, right)
    weights = tuple(round(float(weight), 4) for weight in model.coef_[0])
    by = Regression(weights, round(float(model.intercept_[0]), 4))
    chances = by.probabilities(features)
    least = max(_THRESHOLDS, key=lambda at: fbeta_score(right, chances >= at, beta=_BETA))
    log.info(
        "%d of %d are on the side; AUC %.3f, F0.5 %.3f from %.2f on; %s",
        right.sum(),
        len(right),
        roc_auc_score(right, chances),
        fbeta_score(right, chances >= least, beta=_BETA),
        least,
        by,
    )
    return Weighing(by, least)


def _hit(text: str) -> Hit:
    document = Document("made", text, "")
    passage = Passage("made", 0, len(text), tuple(spans(sentences(text))))
    return Hit(passage, document, 1.0, 1.0)


if __name__ == "__main__":
    raise SystemExit(main())
