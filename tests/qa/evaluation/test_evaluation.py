"""Evaluations of the real pipeline, scored a second time by a scorer that shares no code."""

from __future__ import annotations

import json
import logging
import math
import re
import shutil
import string
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.types import Document
from footnoted.index.library import Library
from footnoted.index.options import SearchOptions
from footnoted.index.types import Filter, Retrieved
from footnoted.qa.evaluation.compare import compare
from footnoted.qa.evaluation.metrics import (
    METRICS,
    OF_WRITTEN,
    aggregate,
    aggregate_by_kind,
    score,
)
from footnoted.qa.evaluation.questions import read
from footnoted.qa.evaluation.results import partial_file, read_result, save
from footnoted.qa.evaluation.retrieval import DEPTH
from footnoted.qa.evaluation.run import evaluate
from footnoted.qa.evaluation.types import Question
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within

FEW = 4

Json = dict[str, Any]


# -- the second scorer: naive, from INTERFACE.md, on the JSON of questions and answers -----------


def normal(text: str) -> str:
    dropped = {*string.punctuation, *"‘’“”"}
    composed = unicodedata.normalize("NFKC", text)
    kept = "".join(c for c in composed.lower() if c not in dropped)
    return " ".join(word for word in re.sub(r"\b(a|an|the)\b", " ", kept).split())


def fenced(text: str) -> str:
    """Every figure between control characters, its thousands together, its decimals in words."""

    def fence(found: re.Match[str]) -> str:
        minus, figure = found.groups()
        if re.fullmatch(r"\d{1,3}(,\d{3})+", figure):
            figure = figure.replace(",", "")
        return "\2" + "minus" * len(minus) + figure.replace(".", "point") + "\3"

    return normal(re.sub(r"(?<![\w-])(-?)(\d+(?:[.,]\d+)*)", fence, text))


def stands(wording: str, text: str) -> bool:
    if normal(wording) == "":
        return normal(text) == ""
    return fenced(text).find(fenced(wording)) != -1


def squad_f1(prediction: str, gold: str) -> float:
    a, b = normal(prediction).split(), normal(gold).split()
    if not a or not b:
        return float(a == b)
    same = sum((Counter(a) & Counter(b)).values())
    return (
        0.0
        if same == 0
        else 2 * (same / len(a)) * (same / len(b)) / (same / len(a) + same / len(b))
    )


def shared(a: list[str], b: list[str]) -> float:
    """The share of the words of a that can be struck out against those of b."""
    if not a or not b:
        return float(a == b)
    left, same = list(b), 0
    for word in a:
        if word in left:
            left.remove(word)
            same += 1
    return same / len(a)


def naive_places(question: Json, texts: dict[str, str]) -> list[tuple[str, int, int]]:
    places = []
    for place in question["evidence"]:
        name, quote = place["document"], place["quote"]
        if place.get("start") is not None:
            places.append((name, place["start"], place["start"] + len(quote)))
            continue
        text = texts.get(name, "")
        for start in range(len(text)):
            if text[start : start + len(quote)] == quote:
                places.append((name, start, start + len(quote)))
    return places


def naive_scores(
    question: Json, answer: Json, ranking: Sequence[str], texts: dict[str, str]
) -> dict[str, float]:
    facts, answered, citations = question["answers"], answer["answered"], answer["citations"]
    said = [x["text"] for x in answer["answers"]] + [x["text"] for x in answer["statements"]]
    found = [any(stands(w, text) for w in fact for text in said) for fact in facts]
    scores: dict[str, float] = {
        "abstention_accuracy": 1.0 if answered == (facts != []) else 0.0,
        "wrong_answer_rate": 1.0 if answered and not any(found) else 0.0,
    }
    if facts:
        scores["fact_recall"] = sum(found) / len(found)
    if not facts:
        scores["answer_f1"] = scores["answer_em"] = 0.0 if answered else 1.0
    elif len(facts) == 1:
        scores["answer_f1"] = scores["answer_em"] = 0.0
        if answer["answers"]:
            first = answer["answers"][0]["text"]
            wordings = [w for w in facts[0] if normal(w)] or [""]
            scores["answer_f1"] = max(squad_f1(first, w) for w in wordings)
            scores["answer_em"] = max(float(normal(first) == normal(w)) for w in wordings)
    else:
        scores |= naive_lists(facts, sorted({normal(x["text"]) for x in answer["answers"]}))
    if question["evidence"]:
        scores |= naive_place_scores(question, answer, naive_places(question, texts))
    gold = {question["passage"]} if "passage" in question else set()
    gold = gold or {place["document"] for place in question["evidence"]}
    if gold:
        ranks = [n for n, name in enumerate(ranking, 1) if name in gold]
        scores["hit@1"] = float(any(n <= 1 for n in ranks))
        scores["hit@5"] = float(any(n <= 5 for n in ranks))
        scores["mrr@10"] = max([1 / n for n in ranks if n <= 10], default=0.0)
        ideal = sum(1 / math.log2(n + 1) for n in range(1, min(10, len(gold)) + 1))
        scores["ndcg@10"] = sum(1 / math.log2(n + 1) for n in ranks if n <= 10) / ideal
    assert all(citation["quote"] for citation in citations)
    return scores


def naive_lists(facts: list[list[str]], answers: list[str]) -> dict[str, float]:
    if not answers:
        return {"list_f1": 0.0, "list_f1_partial": 0.0}
    wordings = [[normal(w) for w in fact] for fact in facts]
    p = sum(any(a in fact for fact in wordings) for a in answers) / len(answers)
    r = sum(any(a in fact for a in answers) for fact in wordings) / len(facts)
    pp = sum(
        max(shared(a.split(), w.split()) for fact in wordings for w in fact) for a in answers
    ) / len(answers)
    rr = sum(
        max(shared(w.split(), a.split()) for w in fact for a in answers) for fact in wordings
    ) / len(facts)
    return {
        "list_f1": 2 * p * r / (p + r) if p + r else 0.0,
        "list_f1_partial": 2 * pp * rr / (pp + rr) if pp + rr else 0.0,
    }


def naive_place_scores(
    question: Json, answer: Json, places: list[tuple[str, int, int]]
) -> dict[str, float]:
    scores = {}
    right = []
    for citation in answer["citations"]:
        cited = {(citation["document"], n) for n in range(citation["start"], citation["end"])}
        if any(cited & {(name, n) for n in range(a, b)} for name, a, b in places):
            right.append(citation["quote"])
    if answer["answered"]:
        count = len(answer["citations"])
        scores["citation_precision"] = len(right) / count if count else 0.0
    if question["answers"]:
        proven = [any(stands(w, q) for w in fact for q in right) for fact in question["answers"]]
        scores["citation_recall"] = sum(proven) / len(proven)
    gold = {(name, n) for name, a, b in places for n in range(a, b)}
    said = {(c["document"], n) for c in answer["citations"] for n in range(c["start"], c["end"])}
    scores["span_recall"] = len(gold & said) / len(gold) if gold else 0.0
    scores["span_precision"] = len(gold & said) / len(said) if said else 0.0
    scores["span_iou"] = len(gold & said) / len(gold | said) if gold | said else 0.0
    return scores


def naive_metrics(
    questions: list[Json], answers: list[Json], each: list[dict[str, float]]
) -> dict[str, float]:
    metrics = {}
    for name in {name for scores in each for name in scores}:
        values = [scores[name] for scores in each if name in scores]
        metrics[name] = sum(values) / len(values)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for question, answer, scores in zip(questions, answers, each, strict=True):
        right = scores.get("fact_recall", 0) > 0 if answer["answered"] else not question["answers"]
        bins.setdefault(min(int(answer["confidence"] * 10), 9), []).append(
            (answer["confidence"], right)
        )
    metrics["calibration_error"] = sum(
        len(held) / len(each) * abs(sum(c for c, _ in held) - sum(r for _, r in held)) / len(held)
        for held in bins.values()
    )
    seconds = sorted(answer["seconds"]["total"] for answer in answers)
    for name, share in (("latency_p50", 0.5), ("latency_p95", 0.95)):
        at = share * (len(seconds) - 1)
        low, high = seconds[math.floor(at)], seconds[math.ceil(at)]
        metrics[name] = low + (high - low) * (at - math.floor(at))
    return metrics


def agree(ours: dict[str, float], naive: dict[str, float]) -> None:
    assert set(ours) == set(naive)
    for name, value in ours.items():
        assert value == pytest.approx(naive[name], abs=1e-6), name


# -- the shipped questions, asked ----------------------------------------------------------------


@pytest.fixture(scope="module")
def questions() -> tuple[Question, ...]:
    return read(SHIPPED_QUESTIONS).questions


@pytest.fixture
def result(sample_result: Json) -> Json:
    return sample_result


def test_a_result_has_the_published_form(result: Json, questions: tuple[Question, ...]) -> None:
    assert result["format"] == 1
    assert {"metrics", "causes", "by_kind", "questions", "models", "index", "seconds"} <= set(
        result
    )
    assert set(result["metrics"]) == set(METRICS) - set(OF_WRITTEN)
    assert set(result["by_kind"]) == {"list", "fact", "unanswerable", "follow-up"}
    assert [record["id"] for record in result["questions"]] == [q.id for q in questions]
    for record in result["questions"]:
        assert set(record) == {"id", "kind", "answer", "gold", "scores", "cause"}
        assert record["answer"]["models"] == result["models"]
        assert record["answer"]["index"] == result["index"]
        assert all(0 <= value <= 1 for value in record["scores"].values())


def test_the_naive_scorer_agrees_on_the_shipped_questions(result: Json, shipped: Library) -> None:
    lines = SHIPPED_QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked: list[Json] = [json.loads(line) for line in lines]
    texts = {document.id: document.text for document in shipped.documents()}
    answers = [record["answer"] for record in result["questions"]]
    each = []
    for question, record in zip(asked, result["questions"], strict=True):
        hits = shipped.search(record["answer"]["understood"], 100)
        ranking = list(dict.fromkeys(hit.document.id for hit in hits))
        each.append(naive_scores(question, record["answer"], ranking, texts))
        agree(record["scores"], each[-1])
    agree(result["metrics"], naive_metrics(asked, answers, each))
    for kind, metrics in result["by_kind"].items():
        chosen = [n for n, question in enumerate(asked) if question["kind"] == kind]
        picked = [[held[n] for n in chosen] for held in (asked, answers, each)]
        agree(metrics, naive_metrics(*picked))


def test_gold_places_are_where_the_record_says(
    result: Json, questions: tuple[Question, ...], shipped: Library
) -> None:
    texts = {document.id: document.text for document in shipped.documents()}
    counts = Counter(record["cause"] for record in result["questions"] if record["cause"])
    assert result["causes"] == counts
    for question, record in zip(questions, result["questions"], strict=True):
        asked = [asdict(place) for place in question.evidence]
        places = naive_places({"evidence": asked}, texts)
        answer, gold = record["answer"], record["gold"]
        assert (gold is None) == (asked == [])
        if gold:
            hits = shipped.search(answer["understood"], answer["coverage"]["passages_read"])
            read = [(hit.document.id, hit.passage.start, hit.passage.end) for hit in hits]
            near = [(one["document"], one["start"], one["end"]) for one in answer["nearest"]]
            assert gold == {"read": meet(read, places), "nearest": meet(near, places)}


def meet(some: list[tuple[str, int, int]], others: list[tuple[str, int, int]]) -> bool:
    return any(a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in some for b in others)


@pytest.mark.models
def test_beir_is_asked_and_measured_for_retrieval_alone(shipped: Library) -> None:
    name = shipped.documents()[1].id
    question = Question("1", "Who opposes?", (), relevant={name: 2}, answers_known=False)
    metrics = evaluate(Pipeline(shipped), [question])["metrics"]
    assert set(metrics) == {"hit@1", "hit@5", "mrr@10", "ndcg@10", "latency_p50", "latency_p95"}
    assert metrics["hit@5"] == 1


@pytest.mark.models
def test_the_ranking_is_deep_and_of_the_question_as_understood(
    shipped: Library, questions: tuple[Question, ...]
) -> None:
    follow_up = next(question for question in questions if question.history)
    pipeline = Watched(shipped)
    (record,) = evaluate(pipeline, [follow_up])["questions"]
    assert pipeline.watched.searched[-1] == (record["answer"]["understood"], DEPTH)
    assert record["answer"]["understood"] != follow_up.question


class WatchedLibrary:
    """A library that remembers what it was searched for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.searched: list[tuple[str, int]] = []

    def retrieve(
        self,
        question: str,
        limit: int,
        where: Filter | None = None,
        options: SearchOptions | None = None,
    ) -> Retrieved:
        self.searched.append((question, limit))
        return self._library.retrieve(question, limit, where, options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)


class Watched(Pipeline):
    """A pipeline that remembers what it was asked."""

    def __init__(self, library: Library) -> None:
        self.watched = WatchedLibrary(library)
        super().__init__(self.watched)
        self.asked: list[str] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        self.asked.append(question)
        return super().ask(question, history, within)


# -- interruptions -------------------------------------------------------------------------------


def interrupted_at(number: int) -> Any:
    def progress(_: str, done: int, __: int) -> None:
        if done == number:
            raise KeyboardInterrupt

    return progress


@pytest.fixture(scope="module")
def interrupted(
    shipped: Library, questions: tuple[Question, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    file = partial_file(tmp_path_factory.mktemp("interrupted") / "result.json")
    assert file.name == "result.json.partial.jsonl"
    with pytest.raises(KeyboardInterrupt):
        evaluate(Pipeline(shipped), questions[:FEW], interrupted_at(2), done=file)
    return file


@pytest.fixture
def done(interrupted: Path, tmp_path: Path) -> Path:
    """What two questions of ``FEW`` left behind when the evaluation was interrupted."""
    return Path(shutil.copy(interrupted, tmp_path))


def same(result: Json, other: Json) -> bool:
    """Whether two results are equal but for the time that they took."""
    return all(
        a["id"] == b["id"]
        and a["scores"] == b["scores"]
        and a["answer"] | {"seconds": 0} == b["answer"] | {"seconds": 0}
        for a, b in zip(result["questions"], other["questions"], strict=True)
    )


def test_an_interruption_loses_nothing_that_is_done(
    done: Path, shipped: Library, questions: tuple[Question, ...]
) -> None:
    assert len(done.read_bytes().splitlines()) == 3
    pipeline, seen = Watched(shipped), list[tuple[str, int, int]]()
    result = evaluate(pipeline, questions[:FEW], lambda *step: seen.append(step), done)
    assert pipeline.asked[1:] == [question.question for question in questions[2:FEW]]
    assert seen == [("asking", number, FEW) for number in range(FEW + 1)]
    kept = [json.loads(line) for line in done.read_bytes().splitlines()][1:]
    assert kept == result["questions"]
    assert same(result, evaluate(Pipeline(shipped), questions[:FEW]))
    save(result, done.with_name("result.json"))
    assert not done.exists()
    assert read_result(done.with_name("result.json")) == result
    assert [path.name for path in done.parent.iterdir()] == ["result.json"]


@pytest.mark.parametrize("torn", [b'{"id": "d0', b"[]\n", b"\xff\n", b'{"id": []}\n'])
def test_a_line_that_was_cut_off_is_dropped(
    done: Path, shipped: Library, questions: tuple[Question, ...], torn: bytes
) -> None:
    with done.open("ab") as lines:
        lines.write(torn)
    pipeline = Watched(shipped)
    result = evaluate(pipeline, questions[:FEW], done=done)
    assert len(pipeline.asked) == 1 + 2
    kept = [json.loads(line) for line in done.read_bytes().splitlines()][1:]
    assert kept == result["questions"]


@pytest.mark.models
def test_what_another_evaluation_left_is_not_used(
    done: Path,
    shipped: Library,
    questions: tuple[Question, ...],
    caplog: pytest.LogCaptureFixture,
) -> None:
    pipeline = Watched(shipped)
    with caplog.at_level(logging.WARNING):
        evaluate(pipeline, questions[: FEW - 1], done=done)
    assert "is of another evaluation" in caplog.text
    assert len(pipeline.asked) == 1 + FEW - 1
    assert len(done.read_bytes().splitlines()) == FEW


@pytest.mark.models
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_asked(
    tmp_path: Path, shipped: Library, questions: tuple[Question, ...]
) -> None:
    pipeline = Watched(shipped)
    with pytest.raises(UnusableInput, match="cannot be written"):
        evaluate(pipeline, questions, done=tmp_path / "none" / "x.partial.jsonl")
    assert pipeline.asked == ["Ready?"]
    with pytest.raises(UnusableInput, match="cannot be written"):
        save({}, tmp_path / "none" / "x.json")


@pytest.mark.models
def test_an_index_that_changes_meanwhile_is_noticed(
    library: Library, folder: Path, questions: tuple[Question, ...]
) -> None:
    library.update([folder])

    def progress(_: str, done: int, __: int) -> None:
        if done == 1:
            library.remove(["boats.txt"])

    with pytest.raises(UnusableInput, match="the index changed"):
        evaluate(Pipeline(library), questions[:2], progress)


# -- comparison ----------------------------------------------------------------------------------


def test_a_result_does_not_differ_from_itself(result: Json) -> None:
    compared = compare(result, result)
    assert set(compared) == set(METRICS) - set(OF_WRITTEN)
    for name, change in compared.items():
        assert change["difference"] == 0
        assert change["better"] == change["worse"] == []
        assert change["result"] == pytest.approx(result["metrics"][name])
        assert change["p"] == (None if name.startswith(("latency", "calibration")) else 1)


def test_a_comparison_names_what_changed(result: Json, caplog: pytest.LogCaptureFixture) -> None:
    baseline = json.loads(json.dumps(result))
    answerable = [r for r in baseline["questions"] if "fact_recall" in r["scores"]]
    for record in answerable[:5]:
        record["scores"] |= {"fact_recall": -1.0, "wrong_answer_rate": 2.0}
    answerable[5]["scores"]["fact_recall"] = 2.0
    baseline["questions"].pop()
    baseline["questions"][-1]["answer"]["question"] = "Another question?"
    with caplog.at_level(logging.WARNING):
        compared = compare(result, baseline)
    assert "the 23 questions shared, of 25" in caplog.text
    ids = [record["id"] for record in answerable]
    assert compared["fact_recall"]["better"] == ids[:5]
    assert compared["fact_recall"]["worse"] == ids[5:6]
    assert compared["wrong_answer_rate"]["better"] == ids[:5]
    assert compared["wrong_answer_rate"]["difference"] < 0 < compared["fact_recall"]["difference"]
    assert compared["wrong_answer_rate"]["questions"] == 23
    assert compared["wrong_answer_rate"]["p"] == 2 / 2**5


def test_results_that_share_nothing_cannot_be_compared(result: Json) -> None:
    with pytest.raises(UnusableInput, match="shares no question"):
        compare(result, {"questions": []})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("[]", "is not a JSON object"),
        ("{", "is not valid JSON"),
        ('{"format": 2, "questions": []}', "is of format 2"),
        ('{"metrics": {}}', "questions is missing"),
        ('{"questions": [3]}', r"questions\[0\] is not a JSON object"),
        ('{"questions": [{"id": "q"}]}', "the field answer is missing"),
    ],
)
def test_a_baseline_that_is_no_result_is_refused(tmp_path: Path, change: str, message: str) -> None:
    file = tmp_path / "baseline.json"
    file.write_text(change)
    with pytest.raises(UnusableInput, match=message):
        read_result(file)
    with pytest.raises(UnusableInput, match="cannot be opened"):
        read_result(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["answer", "confidence"], "high"),
        (["answer", "confidence"], 10**400),
        (["answer", "answered"], 1),
        (["answer", "seconds"], []),
        (["scores"], [1]),
        (["scores", "fact_recall"], True),
        (["scores", "of two\nlines"], "x"),
        (["answer", "seconds", "total"], None),
        (["id"], "d02"),
        (["kind"], 3),
    ],
)
def test_a_baseline_with_wrong_values_is_refused(
    tmp_path: Path, result: Json, path: list[str], value: object
) -> None:
    changed = json.loads(json.dumps(result))
    place = changed["questions"][0]
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    save(changed, tmp_path / "baseline.json")
    with pytest.raises(UnusableInput) as refusal:
        read_result(tmp_path / "baseline.json")
    assert len(str(refusal.value).splitlines()) == 1


# -- made-up questions and answers ---------------------------------------------------------------

WORDS = """
    the a red Red green boat boats UNHCR U.N. 2 22 2.2 -2 2,222 222 2222 it’s it's Zoë Zoe\u0308 — !
""".split()
phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
texts_drawn = st.lists(st.sampled_from(WORDS), min_size=1, max_size=30).map(" ".join)


@st.composite
def spans(draw: st.DrawFn, texts: dict[str, str]) -> Json:
    name = draw(st.sampled_from(sorted(texts)))
    start = draw(st.integers(0, len(texts[name]) - 1))
    end = draw(st.integers(start + 1, min(len(texts[name]), start + 20)))
    return {"document": name, "start": start, "end": end, "quote": texts[name][start:end]}


@st.composite
def made_questions(draw: st.DrawFn, texts: dict[str, str], number: int) -> Json:
    question: Json = {"id": f"q{number}", "question": "Who?", "evidence": []}
    question["answers"] = draw(st.lists(st.lists(phrases, min_size=1, max_size=3), max_size=3))
    for span in draw(st.lists(spans(texts), max_size=3)):
        if span["quote"].strip():
            place = {name: span[name] for name in ("document", "start", "quote")}
            if draw(st.booleans()):
                del place["start"]
            if draw(st.integers(0, 9)) == 0:
                place["document"] = "missing"
            question["evidence"].append(place)
    if draw(st.booleans()):
        question["passage"] = draw(st.sampled_from([*texts, "missing"]))
    if draw(st.booleans()):
        question["kind"] = draw(st.sampled_from(["list", "fact"]))
    return question


@st.composite
def made_answers(draw: st.DrawFn, texts: dict[str, str], facts: list[list[str]]) -> Json:
    answered = draw(st.booleans())
    wordings = st.sampled_from([w for fact in facts for w in fact]) if facts else phrases
    said = st.lists((wordings | phrases).map(lambda text: {"text": text}), max_size=4)
    return {
        "answered": answered,
        "confidence": draw(st.floats(0, 1) | st.integers(0, 10).map(lambda n: n / 10)),
        "answers": draw(said) if answered else [],
        "statements": draw(said) if answered else [],
        "citations": draw(st.lists(spans(texts), max_size=4)) if answered else [],
        "seconds": {"total": draw(st.floats(0, 100))},
    }


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[dict[str, str], list[tuple[Json, Json, list[str]]]]:
    drawn = draw(st.lists(texts_drawn, min_size=1, max_size=13))
    texts = {f"d{number}": text for number, text in enumerate(drawn)}
    asked = []
    for number in range(draw(st.integers(1, 5))):
        question = draw(made_questions(texts, number))
        answer = draw(made_answers(texts, question["answers"]))
        ranking = draw(st.permutations(sorted(texts)))[: draw(st.integers(0, 13))]
        asked.append((question, answer, ranking))
    return texts, asked


@pytest.fixture(scope="module")
def question_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made") / "questions.jsonl"


@settings(max_examples=150, deadline=None)
@given(evaluations())
def test_the_naive_scorer_agrees_on_whatever_is_asked_and_answered(
    question_file: Path, made: tuple[dict[str, str], list[tuple[Json, Json, list[str]]]]
) -> None:
    texts, asked = made
    question_file.write_text("\n".join(json.dumps(question) for question, _, _ in asked))
    documents = {name: Document(name, text, name) for name, text in texts.items()}
    records: list[Json] = []
    for question, (line, answer, ranking) in zip(read(question_file).questions, asked, strict=True):
        scores = score(question, answer, ranking, documents.get)
        agree(scores, naive_scores(line, answer, ranking, texts))
        records.append({"kind": question.kind, "answer": answer, "scores": scores})
    each = [record["scores"] for record in records]
    questions, answers = [line for line, _, _ in asked], [answer for _, answer, _ in asked]
    agree(aggregate(records), naive_metrics(questions, answers, each))
    by_kind = aggregate_by_kind(records)
    assert set(by_kind) == {line["kind"] for line in questions if "kind" in line}
    for kind, metrics in by_kind.items():
        chosen = [n for n, line in enumerate(questions) if line.get("kind") == kind]
        picked = [[held[n] for n in chosen] for held in (questions, answers, each)]
        agree(metrics, naive_metrics(*picked))
