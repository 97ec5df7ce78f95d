"""What is said is told from what is denied."""

from __future__ import annotations

import pytest

from footnoted.qa.english.polarity import Polarity, polarity, predicate
from footnoted.qa.english.question import AskedFor


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Boats may anchor here.", Polarity(says=True, denies=False)),
        ("Boats may not anchor here.", Polarity(says=False, denies=True)),
        ("Boats mustn't ever anchor here.", Polarity(says=False, denies=True)),
        ("Anchor in the bay, never anchor here.", Polarity(says=True, denies=True)),
        ("Not even on the hottest day of August should you anchor.", Polarity(True, False)),
        ("Boats are welcome.", Polarity(says=True, denies=False)),
    ],
)
def test_a_negation_reaches_three_words_on(text: str, expected: Polarity) -> None:
    of = {"anchor"} if "nchor" in text else {"welcom"}
    assert polarity(text, of) == expected


@pytest.mark.parametrize(
    ("question", "stems", "denied"),
    [
        ("Which boats are not insured?", {"insur"}, True),
        ("When was the board that reads “No boats” repaired?", {"read", "repair"}, False),
        ("Which boats are insured?", {"insur"}, False),
        ("What doesn't the policy cover?", {"cover"}, True),
        ("Who may anchor in the bay?", {"anchor"}, False),
        ("Who is no member?", {"member"}, True),
        ("Which cells help T cells?", {"help"}, False),
        ("Who can’t anchor in the bay?", {"anchor"}, True),
        ("What does the policy pay, and what not?", set(), False),
    ],
)
def test_what_a_question_says_or_denies(question: str, stems: set[str], denied: bool) -> None:
    assert predicate(question) == (frozenset(stems), denied)


@pytest.mark.parametrize(
    ("question", "sentence", "otherwise"),
    [
        ("Which boats are not insured?", "The ferry is insured.", True),
        ("Which boats are not insured?", "The tug is not insured.", False),
        ("Which boats are insured?", "The tug is not insured.", True),
        ("Which boats are insured?", "The tug is not insured, the ferry is insured.", False),
        ("Is the tug insured?", "The tug is not insured.", False),
        ("Who uses the tug?", "Nobody uses the tug.", False),
        ("How many boats sank in 2018?", "In 2019 two boats sank, in 2020 five.", True),
        ("How many boats sank in 2019?", "In 2019 two boats sank, in 2020 five.", False),
    ],
)
def test_what_answers_otherwise(question: str, sentence: str, otherwise: bool) -> None:
    assert AskedFor.of(question).is_answered_otherwise(sentence) == otherwise
