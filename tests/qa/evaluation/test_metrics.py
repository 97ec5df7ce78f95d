"""Every metric by hand, on published cases, and at its edges."""

from __future__ import annotations

import itertools
import math
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.types import Document
from footnoted.qa.evaluation.calibration_error import calibration_error, percentile
from footnoted.qa.evaluation.compare import PERMUTATIONS, randomisation_test
from footnoted.qa.evaluation.metrics import aggregate, aggregate_by_kind, score
from footnoted.qa.evaluation.retrieval import retrieval_scores
from footnoted.qa.evaluation.text import (
    best_wording,
    exact,
    f1,
    holds,
    list_f1,
    list_f1_partial,
    normalise,
)
from footnoted.qa.evaluation.types import Evidence, Question

TEXT = "Ann Lee sails. The boat is red. Ann Lee rests."
DOCUMENTS = {"d": Document("d", TEXT, "D"), "e": Document("e", "Red boats.", "E")}


def citation(start: int, end: int, document: str = "d") -> dict[str, Any]:
    quote = DOCUMENTS[document].text[start:end]
    return {"document": document, "start": start, "end": end, "quote": quote}


def answer(
    *answers: str,
    statements: tuple[str, ...] = (),
    citations: tuple[dict[str, Any], ...] = (),
    answered: bool = True,
) -> dict[str, Any]:
    return {
        "answered": answered,
        "confidence": 0.75,
        "answers": [{"text": text} for text in answers],
        "statements": [{"text": text} for text in statements],
        "citations": list(citations),
        "seconds": {"total": 0.5},
    }


DECLINED = answer(answered=False)


def asked(*facts: tuple[str, ...], evidence: tuple[Evidence, ...] = ()) -> Question:
    return Question("q", "?", facts, evidence)


def scored(question: Question, given: dict[str, Any], *ranking: str) -> dict[str, float]:
    return score(question, given, ranking, DOCUMENTS.get)


# -- text ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The  Red-Green Alliance!", "redgreen alliance"),
        ("a an the", ""),
        ("An answer\tto\nthe theatre", "answer to theatre"),
        ("“not” – it’s", "not – its"),
        ("d‘Or, d`Or, d´Or, «d'Or»", "dor dor dor dor"),
        ("Zoe\u0308 ﬁlmed 4\xa0km", "zoë filmed 4 km"),
        ("10² m²", "10 2 m2"),
        ("U.S.", "us"),
        ("the-boat", "theboat"),
        ("ÉCOLE", "école"),
    ],
)
def test_normalisation_is_squads(text: str, normal: str) -> None:
    assert normalise(text) == normal


@pytest.mark.parametrize(
    ("prediction", "wording", "em", "overlap"),
    [
        # Stanford's CS224N, "Default Final Project: Question Answering on SQuAD 2.0".
        ("Einstein", "Albert Einstein", 0, 2 / 3),
        # Hugging Face's card of the metric squad_v2.
        ("1976", "1976", 1, 1),
        ("the 1976.", "1976", 1, 1),
        ("in the 10th and 11th centuries", "10th and 11th centuries", 0, 2 * 0.8 / 1.8),
        ("boat boat", "boat", 0, 2 / 3),
        ("red", "green", 0, 0),
        ("", "green", 0, 0),
        ("The", "a", 1, 1),
    ],
)
def test_exact_match_and_f1(prediction: str, wording: str, em: float, overlap: float) -> None:
    assert exact(prediction, wording) == em
    assert f1(prediction, wording) == pytest.approx(overlap)
    assert f1(wording, prediction) == pytest.approx(overlap)


def test_the_best_wording_counts_and_empty_ones_only_alone() -> None:
    assert best_wording("Lee", ["Bo", "Ann Lee"], f1) == pytest.approx(2 / 3)
    assert best_wording("The", ["a", "Ann"], exact) == 0
    assert best_wording("The", ["a", "!"], exact) == 1


@pytest.mark.parametrize(
    ("text", "wordings", "held"),
    [
        ("Denmark’s Social Democratic government", ["Social Democrat"], True),
        ("It was the UNHCR.", ["UN refugee agency", "U.N.H.C.R."], True),
        ("red, green", ["red green"], True),
        ("green red", ["red green"], False),
        ("The Who", ["the"], False),
        ("The", ["an"], True),
        ("Zoe\u0308 O’Neil", ["Zoë O'Neil"], True),
        ("She said: “never”!", ['said "never"'], True),
    ],
)
def test_a_wording_stands_in_a_text(text: str, wordings: list[str], held: bool) -> None:
    assert holds(text, wordings) is held


@pytest.mark.parametrize(
    ("text", "wording", "held"),
    [
        ("The club has 312 members.", "312", True),
        ("The club has 312 members.", "12", False),
        ("The club has 312 members.", "31", False),
        ("the 21st", "1st", False),
        ("the 21st", "21", True),
        ("COVID-19", "19", True),
        ("Model B12", "B1", False),
        # Decimals.
        ("It rose by 12.5%.", "12.5", True),
        ("It rose by 12.5%.", "12", False),
        ("It rose by 12.5%.", "5", False),
        ("It rose by 12.5%.", "125", False),
        ("It rose by 12,5 percent", "12.5", True),
        ("It rose by .5 percent", "5", False),
        ("It rose by .5 percent", "0.5", True),
        ("It rose by 12·5 percent", "12.5", True),
        ("There are 12. They", "12", True),
        ("in 10² cases", "102", False),
        ("1½ hours", "11", False),
        # Thousands.
        ("The fee is 1,250 euros.", "1250", True),
        ("The fee is 1250 euros.", "1,250", True),
        ("The fee is 1,250 euros.", "250", False),
        ("The fee is 1,250 euros.", "1", False),
        ("The fee is 1.250.000 euros.", "1,250,000", True),
        ("The fee is 1\u202f250 euros.", "1250", True),
        ("The fee is 1’250 francs.", "1,250", True),
        ("It cost 1,00,000 rupees", "100,000", True),
        ("1,250.75", "1250.75", True),
        ("1,250.75", "1250", False),
        # Signs.
        ("It was -5 degrees.", "5", False),
        ("It was −5 degrees.", "-5", True),
        ("It was 5 degrees.", "-5", False),
        ("(-5)", "-5", True),
        # Figures beside one another.
        ("1914-1918", "1914", True),
        ("1914–1918", "1918", True),
        ("1914–1918", "1914-1918", True),
        ("1914-1918", "19141918", False),
        ("12.05.2020", "2020", True),
        ("at 12:30", "12", True),
        ("pages 1,2,3", "2", True),
    ],
)
def test_a_figure_stands_only_whole(text: str, wording: str, held: bool) -> None:
    assert holds(text, [wording]) is held


whole_numbers = st.integers(-(10**7), 10**7)


@given(whole_numbers, whole_numbers, st.sampled_from(["{} km", "It is {}.", "({})", "“{}”, or so"]))
def test_one_number_stands_in_another_only_if_it_is_the_same(a: int, b: int, said: str) -> None:
    for text in (said.format(a), said.format(f"{a:,}"), said.format(a).replace("-", "−")):
        assert holds(text, [str(b)]) is holds(text, [f"{b:,}"]) is (a == b)


@given(st.integers(0, 999), st.integers(0, 99), st.integers(0, 99999))
def test_a_number_with_decimals_holds_itself_alone(whole: int, part: int, other: int) -> None:
    text = f"about {whole}.{part:02}."
    assert holds(text, [f"{whole}.{part:02}"])
    assert not holds(text, [str(other)])


@given(st.text(), st.text())
def test_a_text_holds_itself_however_it_is_spelt(text: str, more: str) -> None:
    for form in ("NFC", "NFD"):
        spelt = unicodedata.normalize(form, text)
        assert normalise(spelt) == normalise(text)
        assert holds(spelt, [text])
        assert holds(f"{text} – {more}", [spelt]) or not normalise(text)
    assert holds(text.replace("’", "'"), [text.replace("'", "’")])


def test_fact_recall_looks_at_answers_and_statements_each_by_itself() -> None:
    question = asked(("Ann",), ("Bo", "Beau"), ("Lee sails",), ("Cy",))
    given = answer("Ann Lee", statements=("sails", "so says beau"))
    assert scored(question, given)["fact_recall"] == 2 / 4


def test_one_fact_is_compared_with_the_first_answer() -> None:
    scores = scored(asked(("Ann Lee", "Lee")), answer("Ann", "Lee"))
    assert scores["answer_em"] == 0
    assert scores["answer_f1"] == pytest.approx(2 / 3)
    assert "list_f1" not in scores


def test_declined_is_right_exactly_for_what_is_not_answered() -> None:
    expected = {"abstention_accuracy": 1, "answer_em": 1, "answer_f1": 1, "wrong_answer_rate": 0}
    assert scored(asked(), DECLINED) == expected
    expected = {"abstention_accuracy": 0, "answer_em": 0, "answer_f1": 0, "wrong_answer_rate": 1}
    assert scored(asked(), answer("Ann")) == expected
    expected |= {"fact_recall": 0, "wrong_answer_rate": 0}
    assert scored(asked(("Ann",)), DECLINED) == expected


def test_an_answer_with_some_fact_right_is_not_wrong() -> None:
    question = asked(("Ann",), ("Bo",))
    assert scored(question, answer("Ann"))["wrong_answer_rate"] == 0
    assert scored(question, answer("Cy"))["wrong_answer_rate"] == 1
    assert scored(question, DECLINED)["wrong_answer_rate"] == 0


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["Ann", "Bo"], 1),
        (["ann", "The Ann!", "Bo"], 1),
        (["Ann"], 2 * 1 * 0.5 / 1.5),
        (["Ann", "Cy"], 0.5),
        (["Ann", "Annie"], 2 * 1 * 0.5 / 1.5),
        (["Ann Lee"], 0),
        ([], 0),
    ],
)
def test_list_f1(answers: list[str], expected: float) -> None:
    assert list_f1([["Ann", "Annie"], ["Bo"]], answers) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answers", "precision", "recall"),
    [
        (["Ann Lee", "Bo Ray Day"], 1, 1),
        (["Ann"], 1, 0.5 / 2),
        (["Ann of Aarhus"], 1 / 3, 0.5 / 2),
        (["Ann Lee", "Bo"], 1, (1 + 1 / 3) / 2),
        (["Day", "Cy"], 1 / 2, (0 + 1 / 3) / 2),
        (["Bo met Day"], 2 / 3, (0 + 2 / 3) / 2),
        (["Lee Lee"], 1 / 2, (1 / 2 + 0) / 2),
        (["Bono"], 0, 0),
        ([], 0, 0),
    ],
)
def test_list_f1_partial(answers: list[str], precision: float, recall: float) -> None:
    both = precision + recall
    expected = 2 * precision * recall / both if both else 0
    assert list_f1_partial([["Ann Lee"], ["Bo Ray Day"]], answers) == pytest.approx(expected)


phrases = st.lists(st.sampled_from("the red boat, Boat sails".split()), min_size=1).map(" ".join)


@given(st.lists(st.lists(phrases, min_size=1), min_size=1), st.lists(phrases))
def test_part_marks_are_never_fewer(facts: list[list[str]], answers: list[str]) -> None:
    assert 0 <= list_f1(facts, answers) <= list_f1_partial(facts, answers) + 1e-9 <= 1 + 2e-9


# -- places --------------------------------------------------------------------------------------


def test_citations_are_right_where_they_overlap_a_gold_place() -> None:
    question = asked(("red",), ("Ann",), evidence=(Evidence("d", 15, "The boat is red."),))
    given = answer("x", citations=(citation(0, 20), citation(30, 46), citation(31, 46)))
    scores = scored(question, given)
    assert scores["citation_precision"] == 2 / 3  # half-open: the third begins where gold ends
    # "Ann" stands in the first, which overlaps; "red" only in the gold place, not in a quotation.
    assert scores["citation_recall"] == 1 / 2


def test_a_citation_of_another_document_is_no_evidence() -> None:
    question = asked(("red",), evidence=(Evidence("d", 0, "Ann Lee"),))
    scores = scored(question, answer("red", citations=(citation(0, 10, "e"),)))
    assert [scores[name] for name in ("citation_precision", "span_recall", "span_iou")] == [0] * 3


def test_evidence_without_start_is_everywhere_it_stands() -> None:
    question = asked(("Ann",), evidence=(Evidence("d", None, "Ann Lee"),))
    scores = scored(question, answer("Ann", citations=(citation(32, 46),)))
    assert scores["citation_precision"] == 1
    assert scores["citation_recall"] == 1
    assert scores["span_recall"] == 7 / 14
    assert scores["span_precision"] == 7 / 14
    assert scores["span_iou"] == 7 / 21


def test_evidence_that_stands_nowhere_is_evidence_still() -> None:
    gone = (Evidence("d", None, "Bo"), Evidence("none", None, "Ann"))
    scores = scored(asked(("Ann",), evidence=gone), answer("Ann", citations=(citation(0, 7),)))
    names = ("citation_precision", "citation_recall", "span_recall", "span_precision", "span_iou")
    assert [scores[name] for name in names] == [0] * 5


def test_characters_count_once() -> None:
    question = asked(("Ann",), evidence=(Evidence("d", 0, "Ann Lee"), Evidence("d", 4, "Lee sail")))
    given = answer("Ann", citations=(citation(4, 10), citation(6, 14), citation(0, 3, "e")))
    scores = scored(question, given)  # gold 0–12; cited 4–14, and 3 characters elsewhere
    assert scores["span_recall"] == 8 / 12
    assert scores["span_precision"] == 8 / 13
    assert scores["span_iou"] == 8 / 17


def test_places_apply_only_with_evidence_and_precision_only_if_answered() -> None:
    assert not {"citation_recall", "span_recall"} & set(scored(asked(("Ann",)), answer("Ann")))
    scores = scored(asked(("Ann",), evidence=(Evidence("d", 0, "Ann"),)), DECLINED)
    assert "citation_precision" not in scores
    names = ("citation_recall", "span_recall", "span_precision", "span_iou")
    assert [scores[name] for name in names] == [0] * 4


def test_an_answer_that_cites_nothing_has_no_precision() -> None:
    question = asked(("Ann",), evidence=(Evidence("d", 0, "Ann"),))
    assert scored(question, answer("Ann"))["citation_precision"] == 0


# -- retrieval -----------------------------------------------------------------------------------


def test_retrieval_by_hand() -> None:
    ranking = [f"d{rank}" for rank in range(1, 13)]
    assert retrieval_scores(ranking, {"d1": 1}) == {
        "hit@1": 1,
        "hit@5": 1,
        "mrr@10": 1,
        "ndcg@10": 1,
    }
    second = retrieval_scores(ranking, {"d6": 1, "d2": 1})
    assert second["hit@1"] == 0
    assert second["hit@5"] == 1
    assert second["mrr@10"] == 0.5
    gained = 1 / math.log2(3) + 1 / math.log2(7)
    assert second["ndcg@10"] == pytest.approx(gained / (1 + 1 / math.log2(3)))
    for nothing in (retrieval_scores(ranking, {"d11": 1}), retrieval_scores([], {"d1": 1})):
        assert set(nothing.values()) == {0}


def test_graded_relevance_as_published() -> None:
    """The case of Wikipedia's "Discounted cumulative gain": DCG 6.861, ideal DCG@6 8.740."""
    grades = {"d1": 3, "d2": 2, "d3": 3, "d5": 1, "d6": 2, "d7": 3, "d8": 2}
    found = retrieval_scores(["d1", "d2", "d3", "d4", "d5", "d6"], grades)
    ideal_seventh = 1 / math.log2(8)  # @10 the ideal ranking goes on beyond the six
    assert found["ndcg@10"] == pytest.approx(6.861 / (8.740 + ideal_seventh), abs=1e-4)


def test_ids_may_hold_anything() -> None:
    odd = ["a b", "\0", "", "é\n", "0"]
    assert retrieval_scores(odd, {"\0": 1})["mrr@10"] == 0.5
    assert retrieval_scores(odd, {"0": 1})["mrr@10"] == 0.2


def test_where_answers_are_not_known_retrieval_alone_is_measured() -> None:
    question = Question("q", "?", (), relevant={"d": 1}, answers_known=False)
    assert set(scored(question, DECLINED, "d")) == {"hit@1", "hit@5", "mrr@10", "ndcg@10"}


# -- of a set ------------------------------------------------------------------------------------


def test_calibration_error() -> None:
    assert calibration_error([1.0, 0.0], [True, False]) == 0
    # Bins 0.9 (two, one right) and 0.1 (one, wrong; 0.1 belongs to the upper of its two bins).
    error = calibration_error([0.95, 0.91, 0.1], [True, False, False])
    assert error == pytest.approx((abs(1 - 1.86) + 0.1) / 3)
    assert calibration_error([0.1, 0.0], [True, False]) == pytest.approx(0.9 / 2)
    assert calibration_error([0.62, 0.68], [True, False]) == pytest.approx(0.15)


def test_percentiles_are_interpolated() -> None:
    assert percentile([4, 1, 2, 3], 50) == 2.5
    assert percentile([1, 2], 95) == pytest.approx(1.95)
    assert percentile([7], 95) == 7


def record(name: str, kind: str | None, seconds: float, **scores: float) -> dict[str, Any]:
    given = {**answer("x"), "seconds": {"total": seconds}}
    return {"id": name, "kind": kind, "answer": given, "scores": scores}


def test_means_are_over_the_questions_to_which_a_metric_applies() -> None:
    right = {"abstention_accuracy": 1.0, "wrong_answer_rate": 0.0}
    records = [
        record("1", "list", 1.0, **right, list_f1=0.5),
        record("2", None, 2.0, **right),
        record("3", "fact", 3.0, abstention_accuracy=1.0, wrong_answer_rate=1.0),
    ]
    assert aggregate(records) == pytest.approx(
        {
            "list_f1": 0.5,
            "abstention_accuracy": 1,
            "wrong_answer_rate": 1 / 3,
            "calibration_error": abs(2 - 3 * 0.75) / 3,
            "latency_p50": 2,
            "latency_p95": 2.9,
        }
    )
    by_kind = aggregate_by_kind(records)
    assert list(by_kind) == ["fact", "list"]
    assert by_kind["list"]["calibration_error"] == 0.25
    assert by_kind["fact"]["latency_p95"] == 3
    assert "list_f1" not in by_kind["fact"]


def test_nothing_comes_to_nothing() -> None:
    assert aggregate([]) == {}
    assert set(aggregate([record("1", None, 1.0)])) == {"latency_p50", "latency_p95"}


# -- chance --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("differences", "p"),
    [([], 1), ([0, 0], 1), ([1], 1), ([1, 1, 1], 0.25), ([1, 0, 1, 1], 0.25), ([1, -1], 1)],
)
def test_chance_by_hand(differences: list[float], p: float) -> None:
    assert randomisation_test(differences) == p


@given(st.lists(st.integers(-4, 4).map(lambda n: n / 3), max_size=9))
def test_few_changes_are_enumerated(differences: list[float]) -> None:
    seen = abs(math.fsum(differences))
    signs = list(itertools.product((-1, 1), repeat=len(differences)))
    sums = [abs(math.fsum(map(math.prod, zip(differences, s, strict=True)))) for s in signs]
    expected = sum(total >= seen - 1e-9 for total in sums) / len(signs)
    assert randomisation_test(differences) == pytest.approx(expected)


def test_many_changes_are_sampled_with_a_fixed_seed() -> None:
    assert randomisation_test([1.0] * 40) == 1 / (PERMUTATIONS + 1)
    mixed = [1.0] * 30 + [-1.0] * 20
    # Two-sided binomial: 30 or more of 50 either way has probability 0.2026.
    assert randomisation_test(mixed) == pytest.approx(0.2026, abs=0.02)
    assert randomisation_test(mixed) == randomisation_test(mixed)
    assert randomisation_test([-value for value in mixed]) == randomisation_test(mixed)
