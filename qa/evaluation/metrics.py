"""Every metric of an evaluation: a question's scores, and what they come to together.

An answer is taken as the published answer object, a record as an entry of a result's
``questions``: all metrics can be computed again from a saved result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from footnoted.corpus.types import Document
from footnoted.qa.evaluation.calibration_error import calibration_error, percentile
from footnoted.qa.evaluation.character_spans import (
    citation_precision,
    citation_recall,
    gold_places,
    span_scores,
)
from footnoted.qa.evaluation.retrieval import retrieval_scores
from footnoted.qa.evaluation.text import (
    best_wording,
    exact,
    f1,
    fact_recall,
    list_f1,
    list_f1_partial,
)
from footnoted.qa.evaluation.types import Question
from footnoted.qa.evaluation.written import written_scores

Scores = dict[str, float]
"""Metric to value, without the metrics that do not apply."""

OF_WRITTEN = ("supported_share", "unproved_sentences")
"""Metrics of answers that a language model wrote, and of no others."""

SCORED = (
    "fact_recall",
    "answer_f1",
    "answer_em",
    "list_f1",
    "list_f1_partial",
    "citation_precision",
    "citation_recall",
    "span_recall",
    "span_precision",
    "span_iou",
    "abstention_accuracy",
    "wrong_answer_rate",
    "hit@1",
    "hit@5",
    "mrr@10",
    "ndcg@10",
    *OF_WRITTEN,
)
"""Metrics that each question has a score in."""

OF_A_SET = ("calibration_error", "latency_p50", "latency_p95")
"""Metrics of many questions together."""

METRICS = (*SCORED, *OF_A_SET)

LOWER_IS_BETTER = frozenset({"wrong_answer_rate", "unproved_sentences", *OF_A_SET})

COUNTS = frozenset({"unproved_sentences"})
"""Metrics that are no shares of 1."""


def score(
    question: Question,
    answer: Mapping[str, Any],
    ranking: Sequence[str],
    find: Callable[[str], Document | None],
) -> Scores:
    """A question's score in every metric that applies to it.

    ``ranking`` are the documents found before reading, best first; ``find`` gives the document
    with an id, for evidence that has no ``start``. Where answers are not known, only what needs
    none is measured: retrieval, and what was written.
    """
    scores: Scores = {}
    if question.answers_known:
        scores |= _text_scores(question.answers, answer)
        scores |= _decision(question.answers, answer)
        if question.evidence:
            scores |= _place_scores(question, answer, find)
    if question.relevant:
        scores |= retrieval_scores(ranking, question.relevant)
    scores |= written_scores(answer)
    return {name: scores[name] for name in SCORED if name in scores}


def _text_scores(facts: Sequence[Sequence[str]], answer: Mapping[str, Any]) -> Scores:
    """Facts held, and answers given: one is compared as SQuAD does, several as a list.

    Of several answers to a question with one fact, the most certain counts: the first.
    """
    answers = [short["text"] for short in answer["answers"]]
    if not facts:
        declined = float(not answer["answered"])
        return {"answer_f1": declined, "answer_em": declined}
    scores = {"fact_recall": fact_recall(facts, stated(answer))}
    if len(facts) > 1:
        scores["list_f1"] = list_f1(facts, answers)
        scores["list_f1_partial"] = list_f1_partial(facts, answers)
    else:
        for name, measure in (("answer_f1", f1), ("answer_em", exact)):
            scores[name] = best_wording(answers[0], facts[0], measure) if answers else 0.0
    return scores


def _decision(facts: Sequence[Sequence[str]], answer: Mapping[str, Any]) -> Scores:
    """Whether it was right to answer, and whether what was said is wrong altogether."""
    held = bool(facts) and fact_recall(facts, stated(answer)) > 0
    return {
        "abstention_accuracy": float(answer["answered"] == bool(facts)),
        "wrong_answer_rate": float(answer["answered"] and not held),
    }


def _place_scores(
    question: Question, answer: Mapping[str, Any], find: Callable[[str], Document | None]
) -> Scores:
    citations, gold = answer["citations"], gold_places(question.evidence, find)
    scores = span_scores(citations, gold)
    if answer["answered"]:
        scores["citation_precision"] = citation_precision(citations, gold)
    if question.answers:
        scores["citation_recall"] = citation_recall(question.answers, citations, gold)
    return scores


def stated(answer: Mapping[str, Any]) -> list[str]:
    """The texts of an answer and its statements, but for what is struck."""
    kept = (one for one in answer["statements"] if one.get("support") != "unsupported")
    return [part["text"] for part in (*answer["answers"], *kept)]


def is_right(record: Mapping[str, Any]) -> bool | None:
    """Whether an answer has some fact right, or declines what cannot be answered.

    None where answers are not known.
    """
    scores = record["scores"]
    if scores.get("abstention_accuracy") is None or scores.get("wrong_answer_rate") is None:
        return None
    if record["answer"]["answered"]:
        return bool(scores["wrong_answer_rate"] == 0)
    return bool(scores["abstention_accuracy"] == 1)


def aggregate(records: Sequence[Mapping[str, Any]]) -> Scores:
    """Each metric as its mean over the questions to which it applies; those of a set, of them all.

    A metric that applies to no question is left out. Latency is the answer's own total, in
    seconds, and ``calibration_error`` is over the questions whose answers are known.
    """
    totals: Scores = {}
    for name in SCORED:
        values = [value for record in records if (value := record["scores"].get(name)) is not None]
        if values:
            totals[name] = fmean(values)
    judged = [(record, right) for record in records if (right := is_right(record)) is not None]
    if judged:
        totals["calibration_error"] = calibration_error(
            [record["answer"]["confidence"] for record, _ in judged], [right for _, right in judged]
        )
    seconds = [record["answer"]["seconds"]["total"] for record in records]
    if seconds:
        totals |= {f"latency_p{share}": percentile(seconds, share) for share in (50, 95)}
    return totals


def aggregate_by_kind(records: Iterable[Mapping[str, Any]]) -> dict[str, Scores]:
    """``aggregate`` for the questions of each kind; those without one are in none."""
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if record["kind"] is not None:
            kinds.setdefault(record["kind"], []).append(record)
    return {kind: aggregate(kinds[kind]) for kind in sorted(kinds)}
