"""A question set, asked: question by question, and nothing that is done is lost."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.types import Document
from footnoted.index.protocols import Progress, Searchable, silent
from footnoted.qa.evaluation.causes import cause, counted_causes
from footnoted.qa.evaluation.character_spans import gold_places, overlaps
from footnoted.qa.evaluation.metrics import aggregate, aggregate_by_kind, score
from footnoted.qa.evaluation.results import FORMAT, SECONDS, keeping
from footnoted.qa.evaluation.retrieval import DEPTH, ranked_documents
from footnoted.qa.evaluation.types import Question
from footnoted.qa.spelling import corrected
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within


class Answering(Protocol):
    """What is evaluated: a pipeline, or what stands for one."""

    @property
    def library(self) -> Searchable:
        """What is searched."""

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        """Answer a question, asked after the questions ``history``, oldest first; what is read for
        it is ``told``."""

    def document(self, document_id: str) -> Document | None:
        """The document with this id, if it can be cited."""


def evaluate(
    pipeline: Answering,
    questions: Sequence[Question],
    progress: Progress = silent,
    done: Path | None = None,
) -> dict[str, Any]:
    """Ask every question and measure the answers; the published result object.

    ``done`` is a file that keeps what is done (``results.partial_file``): a run that was
    interrupted goes on from it. ``results.save`` removes it once the result is safe.
    ``seconds`` in the result are sums over the questions.

    Raises:
        UnusableInput: ``done`` cannot be written, or the index changed meanwhile.
    """
    # Asked for its models, and so that no question's latency holds the time to load them.
    first = pipeline.ask("Ready?")
    models, index = asdict(first.models), asdict(first.index)
    header = {"format": FORMAT, "index": index, "models": models, "questions": _hash(questions)}
    find = cache(pipeline.document)
    with keeping(done, header, {question.id for question in questions}) as kept:
        for number, question in enumerate(questions):
            progress("asking", number, len(questions))
            if question.id in kept.records:
                continue
            answer = pipeline.ask(question.question, question.history)
            if asdict(answer.index) != index:
                raise UnusableInput("the index changed during the evaluation; evaluate again")
            record = {
                "id": question.id,
                "kind": question.kind,
                "answer": answer.as_dict(),
                "gold": _gold(pipeline, question, answer, find),
                "scores": score(
                    question, answer.as_dict(), _ranking(pipeline, question, answer), find
                ),
            }
            kept.add({**record, "cause": cause(record)})
        progress("asking", len(questions), len(questions))
    records = [kept.records[question.id] for question in questions]
    return {
        "format": FORMAT,
        "metrics": aggregate(records),
        "causes": counted_causes(records),
        "by_kind": aggregate_by_kind(records),
        "questions": records,
        "models": records[-1]["answer"]["models"] if records else models,
        "index": index,
        "seconds": {
            name: sum(record["answer"]["seconds"][name] for record in records) for name in SECONDS
        },
    }


def _ranking(pipeline: Answering, question: Question, answer: Answer) -> list[str]:
    """The documents found for the question as it was searched for, deeper than it was read."""
    if not question.relevant:
        return []
    return ranked_documents(pipeline.library.retrieve(answer.understood, DEPTH).hits)


def _gold(
    pipeline: Answering,
    question: Question,
    answer: Answer,
    find: Callable[[str], Document | None],
) -> dict[str, bool] | None:
    """Whether a gold place is in the passages that were read, and in ``nearest``.

    None where nobody named any. A search for fewer passages is no part of one for more, and so the
    one that was read is made again.
    """
    if not question.evidence:
        return None
    gold = gold_places(question.evidence, find)
    asked, limit = corrected(answer.understood, answer.corrected), answer.coverage.passages_read
    hits = pipeline.library.retrieve(asked, limit).hits if limit else ()
    read = (
        {"document": hit.document.id, "start": hit.passage.start, "end": hit.passage.end}
        for hit in hits
    )
    return {
        "read": any(overlaps(passage, gold) for passage in read),
        "nearest": any(overlaps(citation, gold) for citation in answer.as_dict()["nearest"]),
    }


def _hash(questions: Sequence[Question]) -> str:
    held = json.dumps([asdict(question) for question in questions], sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()
