"""Calibrate a reader on questions kept for it.

    python -m qa.calibrate_reader READER DATA...

READER is a folder that ``qa.train_reader`` made, DATA what it was given. Every question that is
kept for calibration is asked of all their texts, through an index and its search, as people ask;
answerable ones also without the text that answers them. What comes of it goes to
READER/calibration.json.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from corpus.types import UnusableInput
from index.library import Library
from index.types import Hit
from qa.calibration import Calibration, Regression
from qa.evaluation.text import best_wording, f1, harmonic, holds
from qa.reading import PASSAGES_READ
from qa.span_features import Candidate, Matrix
from qa.span_reader import SpanReader, load_reader
from qa.training.examples import CALIBRATE, Example, read

log = logging.getLogger(__name__)

_SEED = 20221122
_MOST_OF_SOURCE = 400
_SEARCHED = 40
# An answer this near to an accepted one is right; SQuAD's people agree with one another at 0.9.
_RIGHT = 0.5
# What is asked of people's documents is answered by them more often than not.
_ANSWERABLE_TO_NOT = 2.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read: its candidates' features, which are right, and whether any could be."""

    features: Matrix
    right: Matrix
    answerable: bool
    several: bool


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate a reader on questions kept for it.")
    parser.add_argument("reader", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)
    try:
        examples = [example for path in options.data for example in read(path)]
        calibrate(options.reader, drawn(examples)).save(options.reader)
    except UnusableInput as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def drawn(examples: Sequence[Example]) -> list[Example]:
    """Those kept for calibration, of each source so many at most, drawn with a fixed seed."""
    by_source: dict[str, list[Example]] = {}
    for example in examples:
        if example.part == CALIBRATE:
            by_source.setdefault(example.source, []).append(example)
    chance = random.Random(_SEED)  # noqa: S311
    return [
        example
        for some in by_source.values()
        for example in chance.sample(some, min(len(some), _MOST_OF_SOURCE))
    ]


def calibrate(folder: Path, examples: Sequence[Example]) -> Calibration:
    """Fit the reader in ``folder`` on ``examples``."""
    with tempfile.TemporaryDirectory() as scratch:
        library = index_texts(examples, Path(scratch))
        reader = load_reader(str(folder), library, Calibration.plain())
        asked = list(ask(reader, library, examples))
        library.close()
    return fit(asked)


def index_texts(examples: Sequence[Example], folder: Path) -> Library:
    """An index of every text of the examples, each a document under its number."""
    texts = dict.fromkeys(example.text for example in examples)
    corpus = folder / "corpus.jsonl"
    with corpus.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"_id": str(number), "title": "", "text": text}) + "\n")
    library = Library.create(folder / "index")
    library.update([corpus])
    return library


def ask(reader: SpanReader, library: Library, examples: Sequence[Example]) -> Iterator[Asked]:
    """Each example with its text among those searched and, if it is answerable, without."""
    for number, example in enumerate(examples):
        hits = library.search(example.question, _SEARCHED)
        if number % 100 == 0:
            log.info("%d of %d questions asked", number, len(examples))
        yield from _read(reader, example, hits[:PASSAGES_READ])
        if example.spans:
            others = [hit for hit in hits if hit.document.text != example.text]
            yield from _read(reader, example, others[:PASSAGES_READ])


def _read(reader: SpanReader, example: Example, hits: Sequence[Hit]) -> Iterator[Asked]:
    found = reader.candidates(example.question, hits)
    if not found:
        return
    held = any(hit.document.text == example.text for hit in hits)
    right = np.array([_is_right(candidate, example) for candidate in found], dtype=float)
    yield Asked(
        reader.features(example.question, found),
        right,
        bool(example.spans) and (held or bool(right.any())),
        example.is_list,
    )


def _is_right(candidate: Candidate, example: Example) -> bool:
    """Whether the candidate is near an accepted answer or, if it is a statement, holds one."""
    if not example.spans:
        return False
    if candidate.answer == candidate.sentence:
        return holds(candidate.sentence_text, example.answers)
    return best_wording(candidate.answer_text, example.answers, f1) >= _RIGHT


def fit(asked: Sequence[Asked]) -> Calibration:
    """Two regressions, and thresholds: see ``Calibration``."""
    of_unanswerable = _weight_of_unanswerable(asked)
    weights = [1.0 if one.answerable else of_unanswerable for one in asked]
    right = _regression(
        np.concatenate([one.features for one in asked]),
        np.concatenate([one.right for one in asked]),
        np.repeat(weights, [len(one.features) for one in asked]),
    )
    best = [int(np.argmax(right.logits(one.features))) for one in asked]
    first = np.array([one.features[at] for one, at in zip(asked, best, strict=True)])
    answerable = _regression(
        first, np.array([one.answerable for one in asked], dtype=float), np.array(weights)
    )
    chances = right.probabilities(first)
    hit = np.array([one.right[at] for one, at in zip(asked, best, strict=True)])
    threshold = _best_threshold(chances, hit, [one.answerable for one in asked], weights)
    answered = [one for one in asked if one.right.any()]
    return Calibration(
        right,
        answerable,
        threshold,
        later_of_one=_best_later(answered, right),
        later_of_several=_best_later([one for one in answered if one.several], right),
    )


def _weight_of_unanswerable(asked: Sequence[Asked]) -> float:
    yes = sum(one.answerable for one in asked)
    return yes / max(1, len(asked) - yes) / _ANSWERABLE_TO_NOT


def _regression(features: Matrix, labels: Matrix, weights: Sequence[float] | Matrix) -> Regression:
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((features - mean) / scale, labels, sample_weight=weights)
    slopes = model.coef_[0] / scale
    return Regression(tuple(slopes.tolist()), float(model.intercept_[0] - slopes @ mean))


def _best_threshold(
    chances: Matrix, right: Matrix, answerable: Sequence[bool], weights: Sequence[float]
) -> float:
    """The least probability to answer with: the one that decides best.

    An answer to what is answerable counts 1, a right refusal 1, and a wrong answer, which hurts
    a user most, -0.5.
    """

    def worth(threshold: float) -> float:
        answered = chances >= threshold
        good = np.where(answered, np.array(answerable), ~np.array(answerable))
        wrong = answered & (right == 0)
        return float((np.array(weights) * (good - 0.5 * wrong)).sum())

    return float(max(np.arange(5, 95) / 100, key=worth))


def _best_later(asked: Sequence[Asked], right: Regression) -> float:
    """The least probability of further answers: the one whose answers have the best mean F1."""
    if not asked:
        return 0.5

    def mean_f1(threshold: float) -> float:
        return float(np.mean([_f1_of_shown(one, right, threshold) for one in asked]))

    return float(max(np.arange(10, 90, 2) / 100, key=mean_f1))


def _f1_of_shown(one: Asked, right: Regression, threshold: float) -> float:
    chances = right.probabilities(one.features)
    shown = (chances >= threshold) | (chances == chances.max())
    hits = one.right[shown].sum()
    wanted = one.right.sum() if one.several else 1.0
    return harmonic(hits / shown.sum(), min(1.0, hits / wanted))


if __name__ == "__main__":
    sys.exit(main())
