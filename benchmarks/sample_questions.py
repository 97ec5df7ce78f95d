"""The sample questions, asked of the shipped documents.

    python benchmarks/sample_questions.py [QUESTIONS.jsonl]

Prints each question with what came of it, then the measures: how often the decision to answer was
right, how often an answer was wrong, the share of facts that the statements hold, and the share of
citations that overlap a gold place.
"""

from __future__ import annotations

import json
import re
import string
import sys
import tempfile
from pathlib import Path
from statistics import mean
from typing import Any

import corpus
from corpus.reading import SHIPPED
from index.library import Library
from qa.pipeline import Pipeline
from qa.types import Answer


def main() -> None:
    path = sys.argv[1] if len(sys.argv) > 1 else Path(corpus.__path__[0], "questions.jsonl")
    questions = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]
    with tempfile.TemporaryDirectory() as folder:
        library = Library.create(Path(folder))
        library.update([SHIPPED])
        pipeline = Pipeline(library)
        scores = [_score(question, pipeline) for question in questions]
    for name in scores[0]:
        values = [value for score in scores if (value := score[name]) is not None]
        print(f"{name:20} {mean(values):.3f}  over {len(values)}")


def _score(question: dict[str, Any], pipeline: Pipeline) -> dict[str, float | None]:
    answer = pipeline.ask(question["question"], question.get("history", []))
    answerable = bool(question["answers"])
    said = " ".join(_normal(statement.text) for statement in answer.statements)
    facts = [any(_normal(w) in said for w in fact) for fact in question["answers"]]
    cited = _overlaps(answer, question["evidence"])
    print(f"{'answered' if answer.answered else 'declined':8} {question['question']} {facts}")
    return {
        "abstention_accuracy": float(answer.answered == answerable),
        "wrong_answer_rate": float(answer.answered and not any(facts)),
        "fact_recall": mean(facts) if answerable else None,
        "citation_precision": mean(cited) if cited and answerable else None,
        "seconds": answer.seconds.total,
    }


def _overlaps(answer: Answer, evidence: list[dict[str, Any]]) -> list[bool]:
    gold = [(e["document"], e["start"], e["start"] + len(e["quote"])) for e in evidence]
    return [
        any(c.document == name and c.start < end and start < c.end for name, start, end in gold)
        for c in answer.citations
    ]


def _normal(text: str) -> str:
    """SQuAD's normalisation: lower case, without punctuation, articles and extra white space."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(?:a|an|the)\b", " ", text).split())


if __name__ == "__main__":
    main()
