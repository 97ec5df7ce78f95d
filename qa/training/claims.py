"""What the checker is trained on: what the reader would answer, and whether it is right.

Questions on one text are asked together (see ``qa.checker.packing``): that some are answered and
some are not keeps the text itself from telling.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from footnoted.corpus.types import Span
from footnoted.index.networks.compiled import by_length
from footnoted.qa.checker.packing import Pack
from footnoted.qa.english.question_kind import asks_for_a_statement
from footnoted.qa.evaluation.text import best_wording, f1, holds
from footnoted.qa.protocols import Claim
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.training.examples import Example
from footnoted.qa.training.windows import sentence_starts

# Passages of an index are about as long.
_MOST_LETTERS = 600
# So near to an accepted answer a span is right; so far it is wrong. What is between is left out.
_RIGHT, _WRONG = 0.4, 0.05
# Beside the reader's best, so many of its next best spans; of a list, all of them.
_CONSIDERED, _OTHERS = 6, 2
_ANOTHER_OF_UNANSWERED = 0.3
_WHOLE_SENTENCE = 0.15
"""How often the answers are sentences, also where the question asks for a part of one."""
_LONGEST_JOINT = 8
"""Letters between the things of a list that are said in one breath (", and ")."""


class Judged(NamedTuple):
    claim: Claim
    right: bool


def judged(
    examples: Sequence[Example], finder: SpanFinder, chance: random.Random
) -> Iterator[Judged]:
    """What the reader would answer to each example, and some of what it would answer next."""
    readings = finder.read_pairs([(example.question, example.text) for example in examples])
    for example, reading in zip(examples, readings, strict=True):
        spans = [found.span for found in reading.spans]
        if not spans:
            continue
        if asks_for_a_statement(example.question) or chance.random() < _WHOLE_SENTENCE:
            yield from _sentences(example, spans[0], chance)
        else:
            yield from _parts(example, spans, chance)


def _parts(example: Example, spans: Sequence[Span], chance: random.Random) -> Iterator[Judged]:
    best, *others = spans[:_CONSIDERED]
    if not example.is_list:
        most = _OTHERS if example.spans else int(chance.random() < _ANOTHER_OF_UNANSWERED)
        others = chance.sample(others, min(most, len(others)))
    wordings = [*example.answers, *_joined(example)]
    for span in (best, *others):
        nearness = best_wording(_said(example, span), wordings, f1) if example.spans else 0.0
        if not _WRONG < nearness <= _RIGHT:
            yield _judged(example, span, nearness > _RIGHT)


def _joined(example: Example) -> Iterator[str]:
    """Of a list, what its text says in one breath: "Denmark, Iceland and Norway"."""
    if not example.is_list:
        return
    runs: list[list[Span]] = []
    for span in sorted(example.spans):
        if runs and span.start - runs[-1][-1].end <= _LONGEST_JOINT:
            runs[-1].append(span)
        else:
            runs.append([span])
    for run in runs:
        yield example.text[run[0].start : run[-1].end]


def _sentences(example: Example, best: Span, chance: random.Random) -> Iterator[Judged]:
    """The sentence that holds the reader's best span, and any other."""
    sentences = [Span(a, b) for a, b in pairwise(sentence_starts(example.text))]
    first = next(one for one in sentences if one.start <= best.start < one.end)
    others = [one for one in sentences if one is not first]
    for sentence in (first, *chance.sample(others, min(1, len(others)))):
        right = any(span.overlaps(sentence) for span in example.spans)
        # The same words elsewhere may be said of something else.
        if right or not example.spans or not holds(_said(example, sentence), example.answers):
            yield _judged(example, sentence, right)


def _judged(example: Example, span: Span, right: bool) -> Judged:
    edges = sentence_starts(example.text)
    start, end = next(
        ((a, b) for a, b in _passages(edges) if a <= span.start < b), (edges[0], edges[-1])
    )
    text = example.text[start : max(end, span.end)]
    return Judged(Claim(text.strip(), example.question, _said(example, span)), right)


def _said(example: Example, span: Span) -> str:
    return example.text[span.start : span.end].strip()


def _passages(edges: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Whole sentences, as many as fit."""
    start = edges[0]
    for before, edge in pairwise(edges):
        if edge - start > _MOST_LETTERS and before > start:
            yield start, before
            start = before
    yield start, edges[-1]


def batches(
    found: Sequence[Pack], tokens: int, pool: int, chance: random.Random
) -> Iterator[list[Pack]]:
    """Packs of nearly equal lengths, of ``pool`` at a time; ``tokens`` in each at most."""
    for first in range(0, len(found), pool):
        some = found[first : first + pool]
        cut = list(by_length([len(pack) for pack in some], tokens))
        chance.shuffle(cut)
        yield from ([some[at] for at in rows] for rows in cut)
