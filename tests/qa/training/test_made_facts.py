"""What is made to train the check: true by construction, and told by nothing but the text."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import cache

from footnoted.qa.training.claims import Judged
from footnoted.qa.training.made_facts import judged


def made(seed: int, count: int) -> list[Judged]:
    return list(judged(count, random.Random(seed)))


@cache
def many() -> list[Judged]:
    return made(3, 400)


def test_the_same_seed_makes_the_same() -> None:
    assert made(1, 50) == made(1, 50)
    assert made(1, 50) != made(2, 50)


def test_of_each_text_as_many_answers_are_right_as_wrong() -> None:
    of_text: dict[str, Counter[bool]] = defaultdict(Counter)
    for one in many():
        of_text[one.claim.text][one.right] += 1
    assert len(of_text) > 350
    assert all(counts[True] == counts[False] for counts in of_text.values())


def test_answers_stand_in_their_texts_word_for_word() -> None:
    for claim, _ in many():
        assert claim.answer in claim.text or claim.answer in ("Yes", "No")


def test_nothing_is_left_open_or_empty() -> None:
    for claim, _ in many():
        assert not set("{}[]|~") & set("".join(claim))
        assert all(part.strip() == part and "  " not in part for part in claim)
        assert claim.question[0].isupper()


def test_no_answer_is_both_right_and_wrong() -> None:
    found = many()
    right = {claim for claim, is_right in found if is_right}
    assert not right & {claim for claim, is_right in found if not is_right}


def test_the_same_answer_is_right_for_one_question_and_wrong_for_another() -> None:
    of_answer: dict[tuple[str, str], set[bool]] = defaultdict(set)
    for claim, is_right in many():
        of_answer[claim.text, claim.answer].add(is_right)
    assert sum(len(labels) == 2 for labels in of_answer.values()) > 100
