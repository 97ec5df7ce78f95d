"""Calibrate a reader on questions kept for it.

    python -m footnoted.qa.training.calibrate_reader READER DATA...

READER is a folder that ``qa.training.train_reader`` made, DATA what it was given. Every question
that is kept for calibration is asked of all their texts, through an index and its search, as people
ask; answerable ones also without the text that answers them. What comes of it goes to
READER/calibration.json.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from footnoted.index.library import Library
from footnoted.index.types import Hit
from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.text import best_wording, f1, holds, list_f1_partial
from footnoted.qa.reader.calibration import Calibration, Described, Fitted, Regression, Rows, Shares
from footnoted.qa.reader.candidates import Candidate, Matrix, Place, describe
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.reader.selection import further, likely, named_in, worth_checking
from footnoted.qa.training.command import exit_code
from footnoted.qa.training.examples import CALIBRATE, Example, read

log = logging.getLogger(__name__)

_SEED = 20221122
_MOST_OF_SOURCE = 400
_SEARCHED = 40
# An answer this near to an accepted one is right; SQuAD's people agree with one another at 0.9.
_RIGHT = 0.5
# What is asked of people's documents is answered by them more often than not.
_ANSWERABLE_TO_NOT = 1.5
# Questions written to deceive are few (one article of SQuAD 2.0) and the hardest to decline.
_WEIGHT_OF_DECEPTIVE = 3.0
# So many of the questions kept for calibration, half of which nothing answers, may be answered
# wrongly.
_MOST_WRONG = 0.22
# In partial F1: a hundred lists tell no less apart.
_AS_GOOD = 0.005
# A check leaves room to be stricter: what is likelier not to be answered is declined.
_LEAST_OF_CHECKED = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, read: its candidates, and what is true of them.

    Of each candidate, ``texts`` is that of its passage, ``places`` where its sentence stands,
    ``answers`` what it names, ``right`` says whether that is one of the ``facts``, nearly word for
    word, and ``holds`` whether its sentence holds one. ``further``: whether one of the further
    sentences does. ``answerable``: whether anything that was read could answer. ``deceptive``: the
    question was written so that nothing does. ``facts`` are the accepted wordings, of each fact its
    own. ``checks`` gives the checker's logits of some candidates.
    """

    features: Matrix
    texts: tuple[str, ...]
    places: tuple[Place, ...]
    answers: tuple[tuple[str, ...], ...]
    right: Matrix
    holds: Matrix
    further: bool
    answerable: bool
    deceptive: bool
    facts: tuple[tuple[str, ...], ...]
    checks: Callable[[Rows], Matrix | None]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Calibrate a reader on questions kept for it.")
    parser.add_argument("reader", type=Path)
    parser.add_argument("data", type=Path, nargs="+")
    options = parser.parse_args(arguments)
    logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stderr)

    def run() -> None:
        examples = [example for path in options.data for example in read(path)]
        calibrate(options.reader, drawn(examples)).save(options.reader)

    return exit_code(run)


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
        network = load_network(str(folder))
        finder, checker = SpanFinder(network), shipped_checker()
        reader = SpanReader(finder, Calibration.plain(), network.name, checker)
        fitted = fit(list(ask(reader, library, examples)))
        library.close()
    return fitted


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


def ask(reader: SpanReader, library: Library, examples: Sequence[Example]) -> Iterator[Labelled]:
    """Each example with its text among those searched and, if it is answerable, without."""
    for number, example in enumerate(examples):
        hits = library.search(example.question, _SEARCHED)
        if number % 100 == 0:
            log.info("%d of %d questions asked", number, len(examples))
        yield from _read(reader, example, hits[: MEASURED.passages])
        if example.spans:
            others = [hit for hit in hits if hit.document.text != example.text]
            yield from _read(reader, example, others[: MEASURED.passages])


def _read(reader: SpanReader, example: Example, hits: Sequence[Hit]) -> Iterator[Labelled]:
    asked = AskedFor.of(example.question)
    found = reader.look(asked, hits)
    if not found.spans:
        return
    held = any(hit.document.text == example.text for hit in hits)
    answers = [_named(asked, one) for one in found.spans]
    right = [_is_right(one, example, of) for one, of in zip(found.spans, answers, strict=True)]
    holding = np.array([_holds(one, example) for one in found.spans], dtype=float)
    yield Labelled(
        describe(found.spans),
        tuple(one.text for one in found.spans),
        tuple(one.place for one in found.spans),
        tuple(answers),
        np.array(right, dtype=float),
        holding,
        any(_holds(one, example) for one in further(asked, found.sentences, MEASURED)),
        bool(example.spans) and (held or bool(holding.any())),
        not example.spans,
        _facts(example),
        lambda rows: reader.checks(asked, [found.spans[row] for row in rows]),
    )


def _named(asked: AskedFor, candidate: Candidate) -> tuple[str, ...]:
    text = candidate.hit.document.text
    return tuple(text[start:end] for start, end in named_in(asked, candidate))


def _facts(example: Example) -> tuple[tuple[str, ...], ...]:
    wordings = tuple(dict.fromkeys(example.answers))
    return tuple((one,) for one in wordings) if example.is_list else (wordings,)


def _is_right(candidate: Candidate, example: Example, named: Sequence[str]) -> bool:
    """Whether most of ``named``, which the candidate names, are near an accepted answer.

    A statement is right if it holds one.
    """
    if candidate.is_statement:
        return _holds(candidate, example)
    near = [best_wording(text, example.answers, f1) >= _RIGHT for text in named]
    return bool(example.spans) and 2 * sum(near) >= len(near)


def _holds(candidate: Candidate, example: Example) -> bool:
    return bool(example.spans) and holds(candidate.sentence_text, example.answers)


class _Told(NamedTuple):
    """A question, and its candidates as they are decided on."""

    labelled: Labelled
    candidates: Described


def fit(labelled: Sequence[Labelled]) -> Calibration:
    """What ranks the candidates and decides on the best, checked and not."""
    every = [
        _Told(one, Described.all(one.features, np.zeros(len(one.features)))) for one in labelled
    ]
    unchecked = _fit(every)
    checked = [told for one in every if (told := _checked(one, unchecked.right))]
    return Calibration(unchecked, _fit(checked, _LEAST_OF_CHECKED) if checked else None)


def _checked(one: _Told, right: Regression) -> _Told | None:
    chances = one.candidates.chances(right)
    rows = worth_checking(chances, one.labelled.texts, MEASURED)
    checks = one.labelled.checks(rows)
    if checks is None:
        return None
    return one._replace(candidates=one.candidates.checked(rows, checks, chances))


def _fit(some: Sequence[_Told], least: float = 0.0) -> Fitted:
    weights = _weights([one.labelled for one in some])
    right = _regression(
        np.concatenate([told.features[told.rows] for _, told in some]),
        np.concatenate([labelled.right[told.rows] for labelled, told in some]),
        np.repeat(weights, [len(told.rows) for _, told in some]),
    )
    shares = _best_shares([one for one in some if one.labelled.right.any()], right)
    best = [(told, told.best(right)) for _, told in some]
    shown = np.array([_shown_holds(one, right, shares) for one in some], dtype=float)
    held = _regression(np.array([told.features[at] for told, at in best]), shown, weights)
    answerable = np.array([one.labelled.answerable for one in some], dtype=float)
    deciding = np.vstack([told.deciding(at) for told, at in best])
    can = _regression(deciding, answerable, weights)
    threshold = max(least, _least_threshold(can.probabilities(deciding), shown, weights))
    return Fitted(right, shares, can, held, threshold)


def _shown_holds(one: _Told, right: Regression, shares: Shares) -> bool:
    return one.labelled.further or bool(one.labelled.holds[_shown(one, right, shares)].any())


def _shown(one: _Told, right: Regression, shares: Shares) -> Rows:
    return likely(one.candidates.chances(right), one.labelled.places, shares, MEASURED)


def _weights(labelled: Sequence[Labelled]) -> Matrix:
    """Those of the questions, so that answerable and deceptive ones weigh as stated."""
    answerable = np.array([one.answerable for one in labelled])
    yes = answerable.sum()
    of_others = yes / max(1, len(labelled) - yes) / _ANSWERABLE_TO_NOT
    deceptive = np.array([one.deceptive for one in labelled])
    return np.where(answerable, 1.0, of_others) * np.where(deceptive, _WEIGHT_OF_DECEPTIVE, 1.0)


def _regression(features: Matrix, labels: Matrix, weights: Matrix) -> Regression:
    yes, no = (weights * labels).sum(), (weights * (1 - labels)).sum()
    if not yes or not no:
        # Nothing that is known tells them apart, of a reader that is always right, or never.
        return Regression((0.0,) * features.shape[1], float(np.log((yes + 1) / (no + 1))))
    mean, scale = features.mean(axis=0), features.std(axis=0) + 1e-9
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit((features - mean) / scale, labels, sample_weight=weights)
    slopes = model.coef_[0] / scale
    return Regression(tuple(slopes.tolist()), float(model.intercept_[0] - slopes @ mean))


def _least_threshold(chances: Matrix, right: Matrix, weights: Matrix) -> float:
    """The least probability to answer with at which no more than ``_MOST_WRONG`` are wrong."""

    def wrong(threshold: float) -> float:
        return float((weights * ((chances >= threshold) & (right == 0))).sum() / weights.sum())

    return float(next(t for t in np.arange(1, 101) / 100 if wrong(t) <= _MOST_WRONG))


def _best_shares(some: Sequence[_Told], right: Regression) -> Shares:
    """The shares of the best answer's chance that others need: those with the best partial F1, and
    of those that are as good, the strictest on other sentences.

    Questions with one fact and those with several weigh the same, however many there are: what is
    left out of a list is missed as much as what does not belong there disturbs.
    """
    lists = [one for one in some if len(one.labelled.facts) > 1]
    groups = [group for group in (lists, [o for o in some if len(o.labelled.facts) == 1]) if group]

    def mean_f1(shares: Shares) -> float:
        means = [np.mean([_partial_f1(one, right, shares) for one in group]) for group in groups]
        return float(sum(means)) / max(1, len(groups))  # a reader that is never right has none

    tenths = [tenth / 10 for tenth in range(2, 10)]
    every = {
        shares: mean_f1(shares)
        for shares in (Shares(a, b) for a in tenths for b in tenths if a <= b)
    }
    best = max(every.values())
    good = [shares for shares, reached in every.items() if reached >= best - _AS_GOOD]
    return max(good, key=lambda shares: (shares.elsewhere, every[shares], shares.within))


def _partial_f1(one: _Told, right: Regression, shares: Shares) -> float:
    given = [one.labelled.answers[at] for at in _shown(one, right, shares)]
    return list_f1_partial(one.labelled.facts, [text for texts in given for text in texts])


if __name__ == "__main__":
    sys.exit(main())
