"""What a question knows already is no answer to it."""

from __future__ import annotations

import pytest

from footnoted.qa.english.besides import besides, is_apposed, without_other
from footnoted.qa.english.question import AskedFor


@pytest.mark.parametrize(
    ("question", "asked", "known"),
    [
        ("Who signed it besides Ada Holm?", "Who signed it?", ("Ada Holm",)),
        ("Who signed it apart from Ada and Per?", "Who signed it?", ("Ada", "Per")),
        ("Besides Ada Holm, who signed it?", "Who signed it?", ("Ada Holm",)),
        ("What boats, other than tugs, moor here?", "What boats moor here?", ("tugs",)),
        ("Who signed it?", "Who signed it?", ()),
        ("Is it other than that?", "Is it other than that?", ()),
    ],
)
def test_what_is_known_is_no_part_of_what_is_asked(
    question: str, asked: str, known: tuple[str, ...]
) -> None:
    assert besides(question) == (asked, known)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Who else signed the bill?", "Who signed the bill?"),
        ("When was the other port founded?", "When was the port founded?"),
        ("Which other parties signed it?", "Which parties signed it?"),
    ],
)
def test_others_are_asked_for_among_all(question: str, asked: str) -> None:
    assert without_other(question) == asked


def test_side_by_side_two_names_are_one() -> None:
    sentence = "The minister, Ada Holm, opposes the merger, and Per Lie does."
    assert is_apposed("the minister", "Ada Holm", sentence)
    assert not is_apposed("the minister", "Per Lie", sentence)


def test_answers_that_are_known() -> None:
    asked = AskedFor.of("Who opposes the merger besides the minister?")
    assert asked.text == "Who opposes the merger?" and asked.sides
    assert asked.is_known("The minister")
    assert asked.is_known("Ada Holm", "The minister, Ada Holm, opposes it.")
    assert not asked.is_known("Ada Holm")
    more = AskedFor.of("Who else opposes the merger?").of_others(["Ada Holm"], [])
    assert more.text == "Who opposes the merger?" and more.several and more.is_known("Ada Holm")
