"""The reader: a network finds spans, a calibration says how probable they are.

The passages are read together in a few batches; every span that may answer is described by the
network's logits and by how its passage was found, and gets the probability that it answers. The
likeliest are checked by another network; the best of them and the surest check decide whether the
documents answer at all.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.words import content_stems, words
from footnoted.index.networks.models import exact_name
from footnoted.index.types import Hit
from footnoted.qa.checker.checker import SHIPPED_CHECKER
from footnoted.qa.checker.named import DEFAULT_CHECKER, load_checker
from footnoted.qa.english.attribution import is_asked
from footnoted.qa.english.measures import is_of_another_measure
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.year_ranges import was_so_in
from footnoted.qa.protocols import Checker, Claim, Reading
from footnoted.qa.reader.asked_parts import of_asked_parts
from footnoted.qa.reader.calibration import FILE as CALIBRATION
from footnoted.qa.reader.calibration import Calibration, Described, Fitted
from footnoted.qa.reader.candidates import (
    Candidate,
    Candidates,
    Matrix,
    describe,
    excerpts,
    look,
    said_by,
    with_speakers,
)
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.named import is_about_another, is_of_what_is_left_out, naming
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.options import MEASURED, ReadingOptions
from footnoted.qa.reader.rows import AskedRows
from footnoted.qa.reader.selection import (
    answers,
    beside,
    further,
    is_known,
    priors,
    worth_checking,
)
from footnoted.qa.reader.told import Told

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
        parts = [name, *([checker.name] if checker else [])]
        # That of our own, or of a folder, is a part of the reader.
        self.name = "+".join([*parts, calibration.name] if calibration.reader else parts)
        self.network_name = name
        self.calibration = calibration
        self.checker = checker
        self.finder = finder
        self._options = options

    def changed(self, calibration: Calibration, checker: Checker | None) -> SpanReader:
        """The same network, with others to judge what it found."""
        return SpanReader(self.finder, calibration, self.network_name, checker, self._options)

    def reading_more(self, passages: int, candidates: int, checked: int) -> SpanReader:
        """The same, with other choices of how much is read; see ``ReadingOptions``."""
        options = replace(self._options, passages=passages, candidates=candidates, checked=checked)
        return SpanReader(self.finder, self.calibration, self.network_name, self.checker, options)

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        return self.judge(asked, self.look(asked, hits))

    def judge(self, asked: AskedFor, found: Candidates) -> Reading:
        """What of all that was found answers, or nothing."""
        return self.judged(asked, found)[0]

    def judged(self, asked: AskedFor, found: Candidates) -> tuple[Reading, Matrix]:
        """As ``judge``, with the chance of each span, shape (spans,)."""
        if not found.spans:
            return Reading((), 1.0), np.zeros(0)
        judged = self._judge(asked, found.spans)
        said = answers(asked, found.spans, judged.chances, judged.by.shares, self._options)
        if judged.answerable < judged.by.threshold:
            doubtful = said if judged.answerable >= self._options.least_doubtful else ()
            return Reading((), 1 - judged.answerable, doubtful), judged.chances
        also = beside(said, further(asked, found.sentences, self._options))
        return Reading((*said, *also), judged.held), judged.chances

    def weigh(self, asked: Sequence[AskedFor], hits: Sequence[Sequence[Hit]]) -> list[float]:
        """See ``qa.protocols.Weighing``: without the check, which takes longest."""
        found = (self.look(one, passages) for one, passages in zip(asked, hits, strict=True))
        return [
            self._judge(one, among.spans, checked=False).answerable if among.spans else 0.0
            for one, among in zip(asked, found, strict=True)
        ]

    def look(self, asked: AskedFor, hits: Sequence[Hit]) -> Candidates:
        """Every span of the passages that may answer, and every sentence.

        Where the answer is a statement, not a part of one, the spans are the sentences.
        """
        if not words(asked.text) or not hits:
            return Candidates((), ())
        pairs = [(asked.text, excerpt) for excerpt in naming(asked.ids, excerpts(hits))]
        if asked.who_says:
            pairs += [(asked.text, excerpt) for excerpt in with_speakers(hits)]
        elif asked.what_is_said:
            pairs += [(asked.text, excerpt) for excerpt in said_by(asked.names, hits)]
        readings = self.finder.read_pairs(
            [(text, excerpt.text) for text, excerpt in pairs],
            [excerpt.units for _, excerpt in pairs],
        )
        rows = AskedRows(asked, hits)
        told = Told(asked, hits)
        found = look([excerpt for _, excerpt in pairs], readings).without(
            lambda one: (
                is_about_another(asked.ids, one)
                or rows.are_about_another(one)
                or _is_asked(asked, one)
                or asked.is_answered_otherwise(one.sentence_text)
                or is_of_what_is_left_out(asked.apart_from, one)
                or is_known(asked, one)
                or _is_of_another_measure(asked, one)
                or told.is_beside(one)
                or _was_in_other_years(asked, one)
            )
        )
        spans = found.sentences if asked.statement else of_asked_parts(asked, found.spans)
        return Candidates(spans[: self._options.candidates], found.sentences)

    def checks(self, asked: AskedFor, found: Sequence[Candidate]) -> Matrix | None:
        """The logits of their passages saying so, by the checker, if there is one."""
        return self.checker.logits(_claims(asked, found)) if self.checker else None

    def _judge(self, asked: AskedFor, found: Sequence[Candidate], checked: bool = True) -> _Judged:
        by = self.calibration.unchecked
        told = Described.all(describe(found), priors(asked, found, self._options))
        chances = told.chances(by.right)
        if checked and self.checker and self.calibration.checked:
            rows = worth_checking(chances, [one.text for one in found], self._options)
            checks = self.checker.logits(_claims(asked, [found[row] for row in rows]))
            by, told = self.calibration.checked, told.checked(rows, checks, chances)
            chances = told.chances(by.right)
        best = told.best(by.right)
        of_best, prior = told.features[best : best + 1], told.priors[best]
        return _Judged(
            by,
            chances,
            float(by.answerable.probabilities(told.deciding(best), prior)[0]),
            float(by.held.probabilities(of_best, prior)[0]),
        )


def _is_asked(asked: AskedFor, one: Candidate) -> bool:
    """Whether it is a question of the document's own, which answers nothing."""
    return not asked.what_was_asked and is_asked(one.hit.document, one.sentence)


def _was_in_other_years(asked: AskedFor, one: Candidate) -> bool:
    if not asked.year:
        return False
    wanted = content_stems(asked.text)
    answer = one.answer.moved(-one.sentence.start)
    return not was_so_in(asked.year, wanted, one.sentence_text, answer)


def _is_of_another_measure(asked: AskedFor, one: Candidate) -> bool:
    if one.is_statement:
        return False
    return is_of_another_measure(
        asked.measure, one.sentence_text, one.answer.moved(-one.sentence.start)
    )


def _claims(asked: AskedFor, found: Sequence[Candidate]) -> list[Claim]:
    return [Claim(one.text, asked.text, one.answer_text) for one in found]


def load_span_reader(
    name: str,
    options: ReadingOptions = MEASURED,
    calibration: Calibration | None = None,
    checker: str | Checker | None = None,
) -> SpanReader:
    """A model for extractive question answering, from its folder or by its name on the hub.

    Without ``calibration``, its own is read, if its folder holds one. Without ``checker``, ours is
    loaded where the calibration knows of one. Of what was not calibrated, probabilities are taken
    at their word.

    Raises:
        UnusableInput: there is no such model, it is of another kind, or the calibration was fitted
            with another.
    """
    network = load_network(name)
    known = calibration or _saved_with(Path(name))
    uncalibrated = [] if known else [name]
    used = known or Calibration.plain()
    if used.reader not in (None, network.name):
        raise _refused("reader", used.reader, network.name)
    checking = _checker(checker, used)
    if checking and not _is_fitted_with(checking, used):
        if used.reader:
            raise _refused("checker", used.checker or "none", checking.name)
        used = used.pooled()
        uncalibrated.append(checking.name)
    _warn_of(uncalibrated)
    return SpanReader(SpanFinder(network), used, network.name, checking, options)


def _saved_with(folder: Path) -> Calibration | None:
    """A reader's own calibration."""
    return Calibration.load(folder) if (folder / CALIBRATION).is_file() else None


def _checker(given: str | Checker | None, calibration: Calibration) -> Checker | None:
    if given is None:
        return load_checker(DEFAULT_CHECKER) if calibration.checked else None
    return load_checker(given) if isinstance(given, str) else given


def _warn_of(uncalibrated: Sequence[str]) -> None:
    if uncalibrated:
        log.warning(
            "%s %s not calibrated: %s probabilities are taken at their word; "
            "footnoted calibrate fits them to questions of yours",
            " and ".join(uncalibrated),
            *(("is", "its") if len(uncalibrated) == 1 else ("are", "their")),
        )


def _is_fitted_with(checker: Checker, calibration: Calibration) -> bool:
    if not calibration.checked:
        return False
    return checker.name == (calibration.checker or exact_name(str(SHIPPED_CHECKER)))


def _refused(part: str, fitted_with: str | None, given: str) -> UnusableInput:
    return UnusableInput(
        f"the calibration was fitted with the {part} {fitted_with}, not with {given}; name that "
        f"with --{part}, or fit another with footnoted calibrate"
    )
