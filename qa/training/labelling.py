"""What was found for a question, and what is true of it: what a calibration is fitted to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.text import best_wording, f1, holds
from footnoted.qa.reader.calibration import Rows
from footnoted.qa.reader.candidates import Candidate, Candidates, Matrix, Place, describe
from footnoted.qa.reader.options import MEASURED
from footnoted.qa.reader.reader import SpanReader
from footnoted.qa.reader.selection import further, named_in

# An answer this near to an accepted one is right; SQuAD's people agree with one another at 0.9.
_RIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question, read: its candidates, and what is true of them.

    Of each candidate, ``texts`` is that of its passage, ``places`` where its sentence stands,
    ``answers`` what it names, ``right`` says whether that is one of the ``facts``, nearly word for
    word, and ``holds`` whether its sentence holds one. ``further``: whether one of the further
    sentences does. ``answerable``: whether anything that was read could answer. ``deceptive``: the
    question was written so that nothing does. ``facts`` are the accepted wordings, of each fact its
    own. ``checks`` gives the checker's logits of some candidates. ``priors`` is what a reader adds
    to their logits.
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
    priors: Matrix


class Truth(NamedTuple):
    """What is known of a question: ``facts``, each with its wordings; whether anything answers it
    (``answered``); and whether what does was among what was read (``held``)."""

    facts: tuple[tuple[str, ...], ...]
    answered: bool
    held: bool

    @property
    def wordings(self) -> list[str]:
        return [wording for fact in self.facts for wording in fact]


def label(
    reader: SpanReader,
    asked: AskedFor,
    found: Candidates,
    truth: Truth,
    priors: Matrix | None = None,
) -> Labelled:
    """What the reader found for a question, which is something, held against the truth."""
    spans = found.spans
    answers = [_named(asked, one) for one in spans]
    right = [_is_right(one, truth, of) for one, of in zip(spans, answers, strict=True)]
    holding = np.array([_holds(one, truth) for one in spans], dtype=float)
    return Labelled(
        describe(spans),
        tuple(one.text for one in spans),
        tuple(one.place for one in spans),
        tuple(answers),
        np.array(right, dtype=float),
        holding,
        any(_holds(one, truth) for one in further(asked, found.sentences, MEASURED)),
        truth.answered and (truth.held or bool(holding.any())),
        not truth.answered,
        truth.facts,
        lambda rows: reader.checks(asked, [spans[row] for row in rows]),
        np.zeros(len(spans)) if priors is None else priors,
    )


def _named(asked: AskedFor, candidate: Candidate) -> tuple[str, ...]:
    text = candidate.hit.document.text
    return tuple(text[start:end] for start, end in named_in(asked, candidate))


def _is_right(candidate: Candidate, truth: Truth, named: Sequence[str]) -> bool:
    """Whether most of ``named``, which the candidate names, are near an accepted answer.

    A statement is right if it holds one.
    """
    if candidate.is_statement:
        return _holds(candidate, truth)
    near = [best_wording(text, truth.wordings, f1) >= _RIGHT for text in named]
    return truth.answered and 2 * sum(near) >= len(near)


def _holds(candidate: Candidate, truth: Truth) -> bool:
    return truth.answered and holds(candidate.sentence_text, truth.wordings)
