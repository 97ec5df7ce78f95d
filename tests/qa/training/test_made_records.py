"""Rows made for the checker, with questions on them."""

from __future__ import annotations

import random

from footnoted.qa.training.made_records import judged


def test_the_same_seed_makes_the_same_rows() -> None:
    assert list(judged(20, random.Random(3))) == list(judged(20, random.Random(3)))
    assert list(judged(20, random.Random(3))) != list(judged(20, random.Random(4)))


def test_every_answer_stands_in_its_row() -> None:
    assert all(one.claim.answer in one.claim.text for one in judged(300, random.Random(1)))


def test_no_answer_to_a_question_on_a_row_is_both_right_and_wrong() -> None:
    said: dict[object, bool] = {}
    for one in judged(2000, random.Random(2)):
        assert said.setdefault(one.claim, one.right) == one.right, one


def test_neither_question_nor_answer_alone_tells_whether_it_is_right() -> None:
    found = list(judged(2000, random.Random(5)))
    for part in ("question", "answer"):
        of_part: dict[str, set[bool]] = {}
        for one in found:
            of_part.setdefault(getattr(one.claim, part), set()).add(one.right)
        both = sum(len(labels) == 2 for labels in of_part.values())
        assert both > len(of_part) / 4
    assert 0.3 < sum(one.right for one in found) / len(found) < 0.6
