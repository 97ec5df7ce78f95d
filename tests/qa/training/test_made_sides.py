"""Texts about who is for or against what: what is called right is, and nothing else tells."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable

import pytest

from footnoted.qa.training.claims import Judged
from footnoted.qa.training.made_sides import judged


@pytest.fixture(scope="module")
def some() -> list[Judged]:
    return list(judged(3000, random.Random(1)))


def test_the_same_seed_makes_the_same() -> None:
    once, again, other = (list(judged(20, random.Random(seed))) for seed in (5, 5, 6))
    assert once == again
    assert once != other


def test_answers_stand_in_their_texts(some: list[Judged]) -> None:
    for (text, _, answer), _ in some:
        assert answer in ("Yes", "No") or answer in text


def test_texts_are_whole_and_of_the_length_of_passages(some: list[Judged]) -> None:
    for (text, question, _), _ in some:
        assert 80 <= len(text) <= 700
        assert question[0].isupper() or question.startswith("who ")
        for left_over in "{}|*":
            assert left_over not in text + question
        for slip in ("  ", ",,", " ,", "the the ", "s's"):
            assert slip not in text, text


def _share(some: list[Judged], part: Callable[[Judged], bool]) -> float:
    right = [one.right for one in some if part(one)]
    return sum(right) / len(right)


@pytest.mark.parametrize(
    "part",
    [
        lambda one: True,
        lambda one: one.claim.question.startswith("Who "),
        lambda one: one.claim.question.startswith("Which "),
        lambda one: one.claim.answer == "Yes",
        lambda one: one.claim.answer == "No",
        lambda one: "against" in one.claim.question,
        lambda one: "favour" in one.claim.question,
        lambda one: one.claim.answer.lower().startswith("the "),
    ],
)
def test_neither_question_nor_answer_tells(
    some: list[Judged], part: Callable[[Judged], bool]
) -> None:
    assert 0.37 < _share(some, part) < 0.63


def test_an_answer_is_right_for_one_question_and_wrong_for_another_on_its_text(
    some: list[Judged],
) -> None:
    verdicts: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for (text, _, answer), right in some:
        verdicts[text, answer].add(right)
    assert sum(len(of_one) == 2 for of_one in verdicts.values()) > 400


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("voted against", ("support", "in favour", "voted for", "welcomed")),
        ("voted for", ("oppose", "against", "criticised", "reject")),
    ],
)
def test_who_votes_one_way_is_not_on_the_other_side(
    some: list[Judged], said: str, asked: tuple[str, ...]
) -> None:
    found = [
        right
        for (text, question, answer), right in some
        if f"{answer} {said}" in text and any(words in question for words in asked)
    ]
    assert found
    assert not any(found)
