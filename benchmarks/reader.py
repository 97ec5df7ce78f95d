"""The reader alone, with the right paragraph given: what it answers, and what it declines.

    python benchmarks/reader.py DATA [--reader MODEL] [--output FILE]

DATA holds ``squad2-dev/`` and ``multispanqa/``, as corpora and question sets. Only what is never
trained on is measured: five articles of SQuAD 2.0, and every third text of MultiSpanQA (see
``qa/training/examples.py``).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from statistics import fmean
from time import perf_counter
from typing import Any

from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from footnoted.corpus.types import Span
from footnoted.qa.english.coordination import items
from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.text import best_wording, exact, f1, list_f1, list_f1_partial
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Reader
from footnoted.qa.reader.finder import PassageReading, SpanFinder
from footnoted.qa.reader.network import load_network
from footnoted.qa.reader.reader import SHIPPED_READER
from footnoted.qa.readers import named_reader
from footnoted.qa.training.calibrate_reader import index_texts
from footnoted.qa.training.examples import MEASURE, Example, read
from footnoted.qa.types import Answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--reader", default=str(SHIPPED_READER))
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    result = measure(options.reader, options.data)
    json.dump(result, sys.stdout, indent=1)
    if options.output:
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def measure(reader: str, data: Path) -> dict[str, Any]:
    network = load_network(reader)
    finder = SpanFinder(network)
    paragraphs = _measured(data / "squad2-dev")
    return {
        "reader": network.name,
        "squad2-dev": _paragraphs(finder, paragraphs) | _answered(reader, paragraphs),
        "multispanqa": _lists(finder, _measured(data / "multispanqa")),
    }


def _measured(folder: Path) -> list[Example]:
    return [example for example in read(folder) if example.part == MEASURE]


def _paragraphs(finder: SpanFinder, examples: Sequence[Example]) -> dict[str, float]:
    """EM and F1 of answerable questions, and how well each score tells them from the others."""
    started = perf_counter()
    readings = finder.read_pairs([(one.question, one.text) for one in examples])
    seconds = perf_counter() - started
    answered = [
        (_text(example, reading), example.answers)
        for example, reading in zip(examples, readings, strict=True)
        if example.spans
    ]
    answerable = [bool(example.spans) for example in examples]
    return {
        "questions": len(examples),
        "answerable_em": fmean(best_wording(text, right, exact) for text, right in answered),
        "answerable_f1": fmean(best_wording(text, right, f1) for text, right in answered),
        "auc_margin": roc_auc_score(answerable, [one.margin for one in readings]),
        "auc_answerable_head": roc_auc_score(answerable, [one.answerable for one in readings]),
        "auc_both": roc_auc_score(answerable, [one.margin + one.answerable for one in readings]),
        "seconds_a_question": seconds / len(examples),
    }


def _answered(reader: str, examples: Sequence[Example]) -> dict[str, float]:
    """How well the stated confidence tells them, each asked of an index of its paragraph alone."""
    asked = [
        (bool(example.spans), answer.confidence if answer.answered else 1 - answer.confidence)
        for example, answer in asked_alone(named_reader(reader), examples)
    ]
    return {"auc_confidence": roc_auc_score(*zip(*asked, strict=True))}


def asked_alone(reader: Reader, examples: Sequence[Example]) -> Iterator[tuple[Example, Answer]]:
    """Each example and its answer, in their order, from an index of its text alone."""
    for _, group in groupby(examples, attrgetter("text")):
        some = list(group)
        with tempfile.TemporaryDirectory() as scratch:
            library = index_texts(some, Path(scratch))
            pipeline = Pipeline(library, reader)
            yield from ((example, pipeline.ask(example.question)) for example in some)
            library.close()


def _lists(finder: SpanFinder, examples: Sequence[Example]) -> dict[str, float]:
    """The best F1 that any one threshold on the margin gives."""
    readings = finder.read_pairs([(one.question, one.text) for one in examples])
    scores = [_list_scores(examples, readings, threshold / 2) for threshold in range(-20, 20)]
    exact_f1, partial_f1 = max(scores, key=sum)
    return {"questions": len(examples), "list_f1": exact_f1, "list_f1_partial": partial_f1}


def _list_scores(
    examples: Sequence[Example], readings: Sequence[PassageReading], threshold: float
) -> tuple[float, float]:
    exactly, partly = [], []
    for example, reading in zip(examples, readings, strict=True):
        shown = [one for one in reading.spans if one.margin >= threshold] or reading.spans[:1]
        answers = [part for one in shown for part in _parts(example, one.span)]
        facts = [(answer,) for answer in dict.fromkeys(example.answers)]
        exactly.append(list_f1(facts, answers))
        partly.append(list_f1_partial(facts, answers))
    return fmean(exactly), fmean(partly)


def _parts(example: Example, span: Span) -> list[str]:
    text = example.text[span.start : span.end]
    found = items(text)
    several = AskedFor.of(example.question).expects(len(found))
    return [text[a:b] for a, b in found] if several else [text]


def _text(example: Example, reading: PassageReading) -> str:
    return example.text[slice(*reading.spans[0].span)] if reading.spans else ""


if __name__ == "__main__":
    main()
