"""A question and its deceptive twin on one paragraph: how often both are right, as shipped.

    python benchmarks/pairs.py FILE [--sample N] [--reader MODEL] [--output FILE]

FILE is SQuAD 2.0's JSON where each question that its paragraph does not answer names, as ``pair``,
the one that it was made of (Zhu et al., "Learning to Ask Unanswerable Questions", ACL 2019). Each
pair is asked of an index of its paragraph alone. Who answers everything, or nothing, is right on
one of each pair and gets no pair right. A question is right if its answer holds an accepted
wording, and its twin if it is declined. N pairs are drawn with a fixed seed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple

from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from footnoted.qa.evaluation.text import fact_recall
from footnoted.qa.protocols import Reader
from footnoted.qa.readers import named_reader
from footnoted.qa.training.examples import Example, read
from footnoted.qa.types import Answer
from question_sets import circumstances, progress, sample
from reader import asked_alone


class Pair(NamedTuple):
    """What a paragraph answers, and what a person made of that question."""

    question: Example
    twin: Example


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--reader")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    pairs = sample(read_pairs(options.file), options.sample)
    if not pairs:
        parser.error(f"{options.file} holds no question with a pair")
    result = {**circumstances(), **measure(named_reader(options.reader), pairs)}
    json.dump(result, sys.stdout, indent=1)
    if options.output:
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def read_pairs(file: Path) -> list[Pair]:
    """The pairs of a file, in its order."""
    articles = json.loads(file.read_text(encoding="utf-8"))["data"]
    every = [one for article in articles for part in article["paragraphs"] for one in part["qas"]]
    examples = {one["id"]: example for one, example in zip(every, read(file), strict=True)}
    return [
        Pair(examples[one["pair"]], examples[one["id"]])
        for one in every
        if one["is_impossible"] and one.get("pair") in examples
    ]


def measure(reader: Reader, pairs: Sequence[Pair]) -> dict[str, Any]:
    """The shares of questions, of twins and of pairs that are right, and the AUC of the stated
    probability that the paragraph answers."""
    examples = [example for pair in pairs for example in pair]
    answers = []
    for done, (_, answer) in enumerate(asked_alone(reader, examples)):
        progress("asking", done + 1, len(examples))
        answers.append(answer)
    asked, of_twins = answers[::2], answers[1::2]
    right = [
        answer.answered and fact_recall([pair.question.answers], _said(answer)) > 0
        for pair, answer in zip(pairs, asked, strict=True)
    ]
    declined = [not answer.answered for answer in of_twins]
    chances = [one.confidence if one.answered else 1 - one.confidence for one in answers]
    return {
        "reader": reader.name,
        "pairs": len(pairs),
        "questions_right": fmean(right),
        "twins_declined": fmean(declined),
        "both_right": fmean(a and b for a, b in zip(right, declined, strict=True)),
        "auc_confidence": roc_auc_score([True, False] * len(pairs), chances),
    }


def _said(answer: Answer) -> list[str]:
    return [*(one.text for one in answer.answers), *(one.text for one in answer.statements)]


if __name__ == "__main__":
    main()
