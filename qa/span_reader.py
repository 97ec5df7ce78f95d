"""The reader: a network finds spans, a calibration says how probable they are.

The passages are read together in a few batches; every span that may answer is described by the
network's logits and by what words say, and gets the probability that it answers. The best one is
checked by another network, and decides whether the documents answer at all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.words import words
from index.library import Library
from index.types import Hit
from qa.calibration import FILE as CALIBRATION
from qa.calibration import Calibration, Decision
from qa.checker import Checker, shipped_checker
from qa.question_kind import asks_for_a_statement
from qa.reading import Reading
from qa.selection import answers, beside, further, priors
from qa.span_features import Candidate, Excerpt, Found, Matrix, describe, look, passages
from qa.span_passes import load_network
from qa.spans import SpanFinder
from qa.stance import rephrased, side_asked_for, stance

log = logging.getLogger(__name__)

SHIPPED_READER = Path(__file__).parent / "footnoted-reader"

# Of all spans, the likeliest are looked at more closely.
_MOST_CANDIDATES = 12


class SpanReader:
    """See ``qa.reading.Reader``."""

    def __init__(
        self,
        library: Library,
        finder: SpanFinder,
        calibration: Calibration,
        name: str,
        checker: Checker | None = None,
    ) -> None:
        self.name = f"{name}+{checker.name}" if checker else name
        self._library = library
        self._finder = finder
        self._calibration = calibration
        self._checker = checker

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        found = self.look(question, hits)
        if not found.spans:
            return Reading((), 1.0)
        features, fitted = self.features(question, found.spans), self._calibration
        known = priors(question, found.spans)
        likely = fitted.right.probabilities(features, known)
        best = int(likely.argmax())
        decision, row = self._deciding(question, features[best : best + 1], found.spans[best])
        answerable = float(decision.answerable.probabilities(row, known[best])[0])
        if answerable < decision.threshold:
            return Reading((), 1 - answerable)
        held = float(decision.held.probabilities(row, known[best])[0])
        said = answers(question, found.spans, likely, fitted.later)
        also = beside(said, further(question, found.sentences))
        return Reading((*said, *also), held)

    def look(self, question: str, hits: Sequence[Hit]) -> Found:
        """Every span of the passages that may answer, and every sentence.

        Where the answer is a statement, not a part of one, the spans are the sentences.
        """
        if not words(question) or not hits:
            return Found((), ())
        asked = [(question, excerpt) for excerpt in passages(hits)]
        asked += self._asked_again(question, hits)
        readings = self._finder.read_pairs([(other, e.text) for other, e in asked])
        found = look([excerpt for _, excerpt in asked], readings)
        spans = found.sentences if asks_for_a_statement(question) else found.spans
        return Found(spans[:_MOST_CANDIDATES], found.sentences)

    def check(self, question: str, candidate: Candidate) -> float | None:
        """The logit of its passage saying so, by the checker, if there is one."""
        if self._checker is None:
            return None
        return self._checker.logit(candidate.hit.text, question, candidate.answer_text)

    def _deciding(
        self, question: str, features: Matrix, best: Candidate
    ) -> tuple[Decision, Matrix]:
        """What decides on the best candidate, and the row of features that it takes."""
        fitted = self._calibration
        check = self.check(question, best) if fitted.checked else None
        if fitted.checked is None or check is None:
            return fitted.unchecked, features
        return fitted.checked, np.append(features, [[check]], axis=1)

    def features(self, question: str, found: Sequence[Candidate]) -> Matrix:
        """See ``qa.span_features.describe``."""
        return describe(question, found, self._library.rarity)

    def _asked_again(self, question: str, hits: Sequence[Hit]) -> Iterator[tuple[str, Excerpt]]:
        """Sentences on the side that a question names, each read alone, in other words too."""
        side, others = side_asked_for(question), rephrased(question)
        if not others:
            return
        for rank, hit in enumerate(hits):
            for span in hit.passage.sentences:
                excerpt = Excerpt(hit, rank, span)
                if stance(excerpt.text) == side:
                    yield from ((other, excerpt) for other in others)


def load_reader(name: str, library: Library, calibration: Calibration | None = None) -> SpanReader:
    """A model for extractive question answering, from its folder or by its name on the hub.

    Without ``calibration``, its own is read, if its folder holds one. The checker is loaded where
    the calibration knows of it.

    Raises:
        UnusableInput: there is no such model, or it is of another kind.
    """
    network = load_network(name)
    if calibration is None and (Path(name) / CALIBRATION).is_file():
        calibration = Calibration.load(Path(name))
    elif calibration is None:
        log.warning("%s is not calibrated: its probabilities are taken at their word", name)
        calibration = Calibration.plain()
    checker = shipped_checker() if calibration.checked else None
    return SpanReader(library, SpanFinder(network), calibration, network.name, checker)
