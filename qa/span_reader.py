"""The reader: a network finds spans, a calibration says how probable they are.

The passages are read together in a few batches; every span that may answer is described by the
network's logits and by what words say, and gets the probability that it answers. The best one
decides whether the documents answer at all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from corpus.types import Span
from corpus.words import words
from index.library import Library
from index.models import exact_name, fastest_number_type, load_named
from index.types import Hit
from qa.attribution import with_speaker
from qa.calibration import FILE as CALIBRATION
from qa.calibration import Calibration, probability
from qa.coordination import items
from qa.furniture import is_furniture
from qa.question_kind import asks_for_a_statement, asks_for_several, expects_several
from qa.reading import Reading
from qa.span_features import Candidate, Excerpt, Matrix, candidates, describe, passages
from qa.spans import SpanFinder
from qa.stance import agreement, rephrased, side_asked_for, stance
from qa.types import Finding

log = logging.getLogger(__name__)

SHIPPED_READER = Path(__file__).parent / "footnoted-reader"

# Of all spans, the likeliest are looked at more closely.
_MOST_CANDIDATES = 12
# A list of more would no longer be read.
_MOST_FINDINGS = 20
# In logits, stated and not fitted: the public questions hardly ask for sides, and their texts hold
# no headlines or credits.
_SIDE_WEIGHT = 3.0
_FURNITURE_WEIGHT = -2.0


class SpanReader:
    """See ``qa.reading.Reader``."""

    def __init__(
        self, library: Library, finder: SpanFinder, calibration: Calibration, name: str
    ) -> None:
        self.name = name
        self._library = library
        self._finder = finder
        self._calibration = calibration
        self._lock = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        found = self.candidates(question, hits)
        if not found:
            return Reading((), 1.0)
        features = self.features(question, found)
        logits = self._calibration.right.logits(features) + _priors(question, found)
        probabilities = probability(logits)
        best, *others = np.argsort(-probabilities, kind="stable").tolist()
        if probabilities[best] < self._calibration.threshold:
            answerable = self._calibration.answerable.probabilities(features[[best]])
            return Reading((), 1 - float(answerable[0]))
        least = self._calibration.least_of_others(asks_for_several(question))
        likely = [best, *(i for i in others if probabilities[i] >= least)]
        findings = tuple(
            finding
            for i in likely
            for finding in _findings(question, found[i], float(probabilities[i]))
        )
        return Reading(findings[:_MOST_FINDINGS], findings[0].confidence)

    def candidates(self, question: str, hits: Sequence[Hit]) -> list[Candidate]:
        """Every span of the passages that may answer, best first; none overlap."""
        if not words(question) or not hits:
            return []
        asked = [(question, excerpt) for excerpt in passages(hits)]
        asked += self._asked_again(question, hits)
        with self._lock:
            readings = self._finder.read_pairs([(other, e.text) for other, e in asked])
        found = candidates(
            [excerpt for _, excerpt in asked],
            readings,
            statements=asks_for_a_statement(question),
        )
        return found[:_MOST_CANDIDATES]

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


def _priors(question: str, found: Sequence[Candidate]) -> Matrix:
    """What is added to the logits: for the side that a question names, against headlines.

    A sentence on that side speaks for whom it names first of all: its likeliest span.
    """
    likeliest = {(one.hit.document.id, one.sentence): one for one in reversed(found)}
    return np.array(
        [
            _SIDE_WEIGHT
            * agreement(question, one.sentence_text)
            * (likeliest[one.hit.document.id, one.sentence] is one)
            + _FURNITURE_WEIGHT * is_furniture(one.sentence_text, one.hit.document.title)
            for one in found
        ]
    )


def _findings(question: str, found: Candidate, chance: float) -> Iterator[Finding]:
    """What a candidate says: its sentence, with the answer in it or each of those it joins."""
    document = found.hit.document
    sentence = with_speaker(document, found.hit.passage.sentences, found.sentence)
    if found.answer == found.sentence:
        yield Finding(document, sentence, sentence, chance)
        return
    joined = items(found.answer_text)
    if not expects_several(question, len(joined)):
        joined = [Span(0, len(found.answer_text))]
    for start, end in joined:
        answer = Span(found.answer.start + start, found.answer.start + end)
        yield Finding(document, sentence, answer, chance)


def load_reader(name: str, library: Library, calibration: Calibration | None = None) -> SpanReader:
    """A model for extractive question answering, from its folder or by its name on the hub.

    Without ``calibration``, its own is read, if its folder holds one.

    Raises:
        UnusableInput: there is no such model, or it is of another kind.
    """
    from qa.span_network import load

    number_type = fastest_number_type()
    network, tokenizer = load_named(name, lambda local: load(name, number_type, local=local))
    if calibration is None and (Path(name) / CALIBRATION).is_file():
        calibration = Calibration.load(Path(name))
    elif calibration is None:
        log.warning("%s is not calibrated: its probabilities are taken at their word", name)
        calibration = Calibration.plain()
    return SpanReader(library, SpanFinder(network, tokenizer), calibration, exact_name(name))
