"""Calibrate a reader and its checker to somebody's own questions: ``footnoted calibrate``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.library import Library
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.character_spans import gold_places
from footnoted.qa.evaluation.metrics import aggregate, score
from footnoted.qa.evaluation.text import holds
from footnoted.qa.evaluation.types import Question
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Checker, Claim, Reading
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.candidates import Candidates
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.reader.selection import priors
from footnoted.qa.training.labelling import Labelled, Truth, label
from footnoted.qa.training.refitting import refit

MEASURES = ("abstention_accuracy", "wrong_answer_rate", "fact_recall", "calibration_error")
"""What is told of the answers before and after; see ``evaluation.metrics``."""

_FOLDS = 5
_FEWEST = 20
_SEED = 20221122


@dataclass(frozen=True, slots=True)
class Calibrated:
    """A calibration that was fitted to ``questions`` questions, and what it is worth.

    ``before`` and ``after`` map ``MEASURES`` to their values. After: each question is answered with
    what was fitted to others (cross-validation in five parts).
    """

    calibration: Calibration
    questions: int
    before: dict[str, float]
    after: dict[str, float]

    @property
    def gains(self) -> bool:
        """Whether more is decided right, or fewer answers are wrong, and neither got worse."""
        before, after = (
            (scores["abstention_accuracy"], -scores["wrong_answer_rate"])
            for scores in (self.before, self.after)
        )
        return after != before and all(a >= b for a, b in zip(after, before, strict=True))

    def as_dict(self) -> dict[str, Any]:
        return {"questions": self.questions, "before": self.before, "after": self.after}


def usable(questions: Iterable[Question]) -> list[Question]:
    """Those whose answers are known.

    Raises:
        UnusableInput: they are too few, or too few of them are answered, or of them are not.
    """
    known = [question for question in questions if question.answers_known]
    if len(known) < _FEWEST:
        raise UnusableInput(
            f"{len(known)} questions with known answers are too few to calibrate by; "
            f"give {_FEWEST} or more"
        )
    answered = sum(bool(question.answers) for question in known)
    for count, what in ((answered, "have an answer"), (len(known) - answered, "have none")):
        if count < _FOLDS:
            raise UnusableInput(
                f"of {len(known)} questions, {count or 'none'} {what}; with fewer than {_FOLDS}, "
                "when to answer and when to decline cannot be told: add some"
            )
    return known


def calibrate(
    library: Library,
    reader: SpanReader,
    questions: Sequence[Question],
    progress: Progress = silent,
) -> Calibrated:
    """Fit the reader's calibration further to ``questions``, which are ``usable``.

    Raises:
        UnusableInput: nothing is found for them.
    """
    checker = _Remembering(reader.checker) if reader.checker else None
    start = reader.calibration
    asked = [_Asked(question, reader.changed(start, checker)) for question in questions]
    before = []
    for number, one in enumerate(asked):
        progress("asking", number, len(asked))
        before.append(one.record(library))
    progress("asking", len(asked), len(asked))
    labelled = [one.labelled(library) for one in asked]
    after: list[dict[str, Any]] = []
    for fitted_to, held_out in _folds(questions):
        fitted = refit(_found(labelled[at] for at in fitted_to), start)
        after += [asked[at].record(library, fitted) for at in held_out]
    fitted = replace(
        refit(_found(labelled), start),
        reader=reader.network_name,
        checker=checker.name if checker else None,
    )
    return Calibrated(fitted, len(questions), _measured(before), _measured(after))


def _folds(questions: Sequence[Question]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    from sklearn.model_selection import StratifiedKFold  # type: ignore[import-untyped]

    answered = [bool(question.answers) for question in questions]
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED)
    yield from folds.split(np.zeros(len(questions)), answered)


def _found(labelled: Iterable[Labelled | None]) -> list[Labelled]:
    found = [one for one in labelled if one]
    if not found:
        raise UnusableInput("the documents hold nothing to read for these questions; index theirs")
    return found


def _measured(records: Sequence[dict[str, Any]]) -> dict[str, float]:
    found = aggregate(records)
    return {name: found[name] for name in MEASURES}


class _Asked:
    """A question, and a reader that looks at its passages once, however they are weighed."""

    def __init__(self, question: Question, reader: SpanReader) -> None:
        # Places and rankings do not depend on what is fitted.
        self._question = replace(question, evidence=(), relevant={})
        self._evidence = question.evidence
        self._reader = reader
        self._looked: dict[tuple[AskedFor, tuple[tuple[str, int], ...]], Candidates] = {}
        self._seen: tuple[AskedFor, Sequence[Hit], Candidates] | None = None

    @property
    def name(self) -> str:
        return self._reader.name

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        places = tuple((hit.document.id, hit.passage.start) for hit in hits)
        if (asked, places) not in self._looked:
            self._looked[asked, places] = self._reader.look(asked, hits)
        found = self._looked[asked, places]
        self._seen = self._seen or (asked, hits, found)
        return self._reader.judge(asked, found)

    def record(self, library: Library, calibration: Calibration | None = None) -> dict[str, Any]:
        """What a result of an evaluation holds of it, answered with this calibration."""
        if calibration:
            self._reader = self._reader.changed(calibration, self._reader.checker)
        question = self._question
        answer = Pipeline(library, self).ask(question.question, question.history).as_dict()
        scores = score(question, answer, (), library.document)
        return {"id": question.id, "answer": answer, "scores": scores}

    def labelled(self, library: Library) -> Labelled | None:
        """What is true of what was found; None if nothing was."""
        if self._seen is None or not self._seen[2].spans:
            return None
        asked, hits, found = self._seen
        facts = self._question.answers
        truth = Truth(facts, bool(facts), self._holds(hits, library))
        return label(self._reader, asked, found, truth, priors(asked, found.spans, MEASURED))

    def _holds(self, hits: Sequence[Hit], library: Library) -> bool:
        """Whether some passage answers: it is evidence or, without any, holds a fact."""
        if gold := gold_places(self._evidence, library.document):
            return any(
                Span(hit.passage.start, hit.passage.end).overlaps(place)
                for hit in hits
                for place in gold.get(hit.document.id, ())
            )
        return any(holds(hit.text, fact) for hit in hits for fact in self._question.answers)


class _Remembering:
    """A checker that is asked for each claim once."""

    def __init__(self, checker: Checker) -> None:
        self.name = checker.name
        self._checker = checker
        self._known: dict[Claim, float] = {}

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        new = [claim for claim in dict.fromkeys(claims) if claim not in self._known]
        if new:
            self._known.update(zip(new, self._checker.logits(new).tolist(), strict=True))
        return np.array([self._known[claim] for claim in claims], dtype=np.float64)
