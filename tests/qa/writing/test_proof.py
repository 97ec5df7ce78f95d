"""What quotations prove of a sentence: figures, units, dates, names, denials."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.files import SHIPPED, read
from footnoted.qa.english.quantities import quantities
from footnoted.qa.writing.checking import Check
from footnoted.qa.writing.proof import unproved

QUOTED = (
    "Ada Holm, the minister, visited Oslo on 12 August 2022 and said that the office would be run "
    "by two clerks and cost 1.1 million euros. The union has criticised the plan, which is not yet "
    "in force."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two clerks will run the office.",
        "The office would cost €1,100,000, said Ada Holm.",
        "Holm visited Oslo in August 2022.",
        "On 2022-08-12 Ada Holm visited Oslo.",
        "The union has criticised the plan.",
        "The plan is not in force.",
        "The minister said that 2 clerks would run the office.",
    ],
)
def test_what_is_quoted_is_proved(sentence: str) -> None:
    assert list(unproved(sentence, [QUOTED])) == []


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Three clerks will run the office.", "no figure 3"),
        ("The office would cost 1.1 million kroner.", "is quoted of something else"),
        ("The office would cost 1.1 billion euros.", "no figure 1,100,000,000"),
        ("Ada Holm visited Oslo on 13 August 2022.", "the date 13 August 2022 is not quoted"),
        ("Ada Holm visited Oslo in August 2021.", "the date August 2021 is not quoted"),
        ("Ada Holm visited Bergen on 12 August 2022.", "the name Bergen is not quoted"),
        ("Bo Lind visited Oslo on 12 August 2022.", "the name"),
        ("The union has not criticised the plan.", "says the opposite"),
        ("The plan is in force.", "says the opposite"),
        ("Ferries leave the harbour at dawn each day.", "too little of it is quoted"),
    ],
)
def test_what_is_not_quoted_is_told(sentence: str, why: str) -> None:
    assert why in "; ".join(unproved(sentence, [QUOTED]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2.5 million euros", "€2,500,000"),
        ("EUR 2.5m", "two point five million euros"),
        ("65 per cent", "65%"),
        ("5 km", "five kilometres"),
        ("3 p.m.", "15:00"),
        ("twenty-two thousand people", "22,000 people"),
    ],
)
def test_figures_are_one_however_they_are_written(one: str, other: str) -> None:
    (first,), (second,) = quantities(one), quantities(other)
    assert first.value == second.value and first.units & second.units


@pytest.mark.parametrize(
    ("one", "other"), [("5 km", "5 miles"), ("5 euros", "5 kroner"), ("5 years", "5 months")]
)
def test_units_are_told_apart(one: str, other: str) -> None:
    (first,), (second,) = quantities(one), quantities(other)
    assert first.is_measured and not first.units & second.units


def test_planted_errors_are_caught_and_true_sentences_kept() -> None:
    from planted import measure  # benchmarks/, whose figures on other texts stand in its README

    documents = [document for file in read(Path(SHIPPED)) for document in file.documents]
    judged, _ = measure(documents, Check())
    true = judged.pop("true")
    caught = [one for some in judged.values() for one in some]
    assert len(caught) >= 40 and set(judged) >= {"number", "date", "name", "negation"}
    assert sum(caught) / len(caught) >= 0.95 and sum(true) / len(true) >= 0.85
