"""The reader: a network finds spans, a calibration says how probable they are.

The passages are read together in a few batches; every span that may answer is described by the
network's logits and by how its passage was found, and gets the probability that it answers. The
likeliest are checked by another network; the best of them and the surest check decide whether the
documents answer at all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from footnoted.corpus.words import words
from footnoted.index.types import Hit
from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.stance import stance
from footnoted.qa.protocols import Checker, Claim, Reading
from footnoted.qa.reader.asked_parts import of_asked_parts
from footnoted.qa.reader.calibration import FILE as CALIBRATION
from footnoted.qa.reader.calibration import Calibration, Described, Fitted
from footnoted.qa.reader.candidates import (
    Candidate,
    Candidates,
    Excerpt,
    Matrix,
    describe,
    excerpts,
    look,
)
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.named import is_about_another, naming
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.options import MEASURED, ReadingOptions
from footnoted.qa.reader.selection import answers, beside, further, priors, worth_checking

log = logging.getLogger(__name__)

SHIPPED_READER = Path(__file__).parent / "footnoted-reader"


class _Judged(NamedTuple):
    """The chance of each candidate being right, and those of the whole; see ``Fitted``."""

    by: Fitted
    chances: Matrix
    answerable: float
    held: float


class SpanReader:
    """See ``qa.protocols.Reader``."""

    def __init__(
        self,
        finder: SpanFinder,
        calibration: Calibration,
        name: str,
        checker: Checker | None = None,
        options: ReadingOptions = MEASURED,
    ) -> None:
        self.name = f"{name}+{checker.name}" if checker else name
        self._finder = finder
        self._calibration = calibration
        self._checker = checker
        self._options = options

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        found = self.look(asked, hits)
        if not found.spans:
            return Reading((), 1.0)
        judged = self._judge(asked, found.spans)
        said = answers(asked, found.spans, judged.chances, judged.by.shares, self._options)
        if judged.answerable < judged.by.threshold:
            doubtful = said if judged.answerable >= self._options.least_doubtful else ()
            return Reading((), 1 - judged.answerable, doubtful)
        also = beside(said, further(asked, found.sentences, self._options))
        return Reading((*said, *also), judged.held)

    def look(self, asked: AskedFor, hits: Sequence[Hit]) -> Candidates:
        """Every span of the passages that may answer, and every sentence.

        Where the answer is a statement, not a part of one, the spans are the sentences.
        """
        if not words(asked.text) or not hits:
            return Candidates((), ())
        pairs = [(asked.text, excerpt) for excerpt in naming(asked.ids, excerpts(hits))]
        pairs += _asked_again(asked, hits)
        readings = self._finder.read_pairs(
            [(text, excerpt.text) for text, excerpt in pairs],
            [excerpt.sentences.values() for _, excerpt in pairs],
        )
        found = look([excerpt for _, excerpt in pairs], readings).without(
            lambda one: (
                is_about_another(asked.ids, one) or asked.is_answered_otherwise(one.sentence_text)
            )
        )
        spans = found.sentences if asked.statement else of_asked_parts(asked, found.spans)
        return Candidates(spans[: self._options.candidates], found.sentences)

    def checks(self, asked: AskedFor, found: Sequence[Candidate]) -> Matrix | None:
        """The logits of their passages saying so, by the checker, if there is one."""
        return self._checker.logits(_claims(asked, found)) if self._checker else None

    def _judge(self, asked: AskedFor, found: Sequence[Candidate]) -> _Judged:
        by = self._calibration.unchecked
        told = Described.all(describe(found), priors(asked, found, self._options))
        chances = told.chances(by.right)
        if self._checker and self._calibration.checked:
            rows = worth_checking(chances, [one.text for one in found], self._options)
            checks = self._checker.logits(_claims(asked, [found[row] for row in rows]))
            by, told = self._calibration.checked, told.checked(rows, checks, chances)
            chances = told.chances(by.right)
        best = told.best(by.right)
        of_best, prior = told.features[best : best + 1], told.priors[best]
        return _Judged(
            by,
            chances,
            float(by.answerable.probabilities(told.deciding(best), prior)[0]),
            float(by.held.probabilities(of_best, prior)[0]),
        )


def _asked_again(asked: AskedFor, hits: Sequence[Hit]) -> Iterator[tuple[str, Excerpt]]:
    """Sentences on the side that a question names, each read alone, in other words too."""
    if not asked.rephrasings:
        return
    for hit in hits:
        for span in hit.passage.sentences:
            # It is its side, not the search, that brings this sentence.
            excerpt = Excerpt(hit, 0.0, span)
            if stance(hit.document.text[slice(*span)]) == asked.side:
                yield from ((other, excerpt) for other in asked.rephrasings)


def _claims(asked: AskedFor, found: Sequence[Candidate]) -> list[Claim]:
    return [Claim(one.text, asked.text, one.answer_text) for one in found]


def load_span_reader(
    name: str, options: ReadingOptions = MEASURED, calibration: Calibration | None = None
) -> SpanReader:
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
    return SpanReader(SpanFinder(network), calibration, network.name, checker, options)
