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
        ("four decades", "forty years"),
        ("two weeks", "14 days"),
        ("1.5 km", "1,500 metres"),
        ("two dozen eggs", "24 eggs"),
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
    assert first.is_measured and not (first.value == second.value and first.units & second.units)


@pytest.mark.parametrize(
    ("sentence", "quoted", "why"),
    [
        ("It closed in the 1990s.", "It closed in the late 1990s.", ""),
        ("It closed in the 1990s.", "It closed in 1994.", ""),
        ("It closed in the 1980s.", "It closed in 1994.", "the decade 1980s"),
        ("They showed The Fifth Element.", "The Fifth Element was what they showed.", ""),
        # Who stands in another place there, or is meant by what stands there, is not exchanged.
        ("The council elected Ada Holm.", "Ada Holm was elected by the council of Lund.", ""),
        ("She sold the boats Ane and Rut.", "The boats Bo, Ane and Rut were sold by her.", ""),
        ("Ada Holm sold her boat in May 2021.", "The owner sold her boat in May 2021.", "name Ada"),
        ("Ada met Bo in Lund.", "Bo met Ada in Lund.", "the other way round"),
        ("Ada and Bo met in Lund.", "Bo and Ada met in Lund.", ""),
        ("Bo was met by Ada in Lund.", "Ada met Bo in Lund.", ""),
        ("Red Lion beat Ada Holm.", "On Friday, Ada Holm beat Red Lion.", "the other way round"),
    ],
)
def test_what_is_told_otherwise_is_told_apart(sentence: str, quoted: str, why: str) -> None:
    found = "; ".join(unproved(sentence, [quoted]))
    assert why in found and bool(why) == bool(found)


def test_names_may_stand_in_the_title_of_what_is_quoted() -> None:
    sentence, quoted = "The Students' Union opposes the bill.", ["We oppose the bill."]
    assert "the name" in "; ".join(unproved(sentence, quoted))
    assert not list(unproved(sentence, quoted, "Students' Union: no to the bill"))


def test_planted_errors_are_caught_and_true_sentences_kept() -> None:
    # benchmarks/, whose figures on other texts stand in its README
    from planted import measure, planted_ones

    documents = [document for file in read(Path(SHIPPED)) for document in file.documents]
    judged, _ = measure(documents, Check())
    true, caught = judged["true"], planted_ones(judged)
    assert len(caught) >= 40 and set(judged) >= {"number", "date", "name", "negation"}
    assert sum(caught) / len(caught) >= 0.95 and sum(true) / len(true) >= 0.85
