"""Why questions were not answered rightly, from records by hand."""

from __future__ import annotations

from typing import Any

import pytest

from footnoted.qa.evaluation.causes import CAUSES, cause, counted_causes

READ, LOST = {"read": True, "nearest": False}, {"read": False, "nearest": False}
NEAR = {"read": True, "nearest": True}


def record(
    outcome: str | None = None, gold: dict[str, bool] | None = None, **scores: float | None
) -> dict[str, Any]:
    """An answered one, or one with the ``outcome``."""
    scores = {"abstention_accuracy": float(outcome is None), "fact_recall": 0.0, **scores}
    if "mrr" in scores:
        scores["mrr@10"] = scores.pop("mrr")
    answer = {"answered": outcome is None, "outcome": outcome or "answered"}
    return {"answer": answer, "gold": gold, "scores": scores}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (record("not found", LOST), "not_retrieved"),
        (record("uncertain", LOST), "not_retrieved"),
        (record(None, LOST, citation_precision=0.0), "not_retrieved"),
        (record("not found", READ), "not_read"),
        (record("not found", NEAR), "not_read"),
        (record("not a question", LOST), "not_read"),
        (record("uncertain", NEAR), "uncertain_place_near"),
        (record("otherwise", NEAR), "uncertain_place_near"),
        (record("uncertain", READ), "uncertain_place_missed"),
        (record(None, READ, citation_precision=0.5), "chosen_place_cited"),
        # What is cited was found, whichever search found it.
        (record(None, LOST, citation_precision=0.5), "chosen_place_cited"),
        (record(None, READ, citation_precision=0.0), "chosen_place_missed"),
        (record(None, READ, fact_recall=0.25, citation_precision=0.0), "incomplete"),
        (record(None, READ, fact_recall=1.0, citation_precision=0.0), None),
    ],
)
def test_the_first_stage_that_failed(asked: dict[str, Any], expected: str | None) -> None:
    assert cause(asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (record("uncertain"), "uncertain"),
        (record("not found"), "not_read"),
        (record(None), "chosen"),
        (record(None, mrr=0.0), "not_retrieved"),
        (record("uncertain", mrr=0.0), "not_retrieved"),
        (record("uncertain", mrr=0.1), "uncertain"),
        (record(None, citation_precision=1.0, mrr=0.0), "chosen_place_cited"),
    ],
)
def test_without_gold_places_no_more_is_said_than_is_known(
    asked: dict[str, Any], expected: str
) -> None:
    assert cause(asked) == expected
    # Nor was it, before records had any.
    del asked["gold"]
    assert cause(asked) == expected


def test_what_nothing_answers_is_answered_or_declined() -> None:
    near_miss = record(None, fact_recall=None, abstention_accuracy=0.0)
    declined = record("uncertain", fact_recall=None, abstention_accuracy=1.0)
    assert (cause(near_miss), cause(declined)) == ("near_miss", None)


def test_what_is_not_judged_has_no_cause() -> None:
    searched = {"answer": {"answered": True}, "gold": None, "scores": {"mrr@10": 0.0}}
    assert cause(searched) is None


def test_counts_are_in_the_order_of_the_stages() -> None:
    records = [{"cause": name} for name in ("near_miss", None, "incomplete", "near_miss")]
    assert list(counted_causes(records).items()) == [("incomplete", 1), ("near_miss", 2)]
    assert list(counted_causes({"cause": name} for name in reversed(CAUSES))) == list(CAUSES)
