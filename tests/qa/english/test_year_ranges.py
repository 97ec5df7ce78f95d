"""What was so in a range of years was so in each of them."""

from __future__ import annotations

import pytest

from footnoted.corpus.types import Span
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.year_ranges import covers, in_one_year, was_so_in

BOARD = "The board: Ada Holm (chair, 2015–19), Per Lie (chair, 2020-2023), Bo Dahl (since 2021)."


@pytest.mark.parametrize(
    ("year", "name", "was_so"),
    [
        ("2015", "Ada Holm", True),
        ("2019", "Ada Holm", True),
        ("2020", "Ada Holm", False),
        ("2022", "Per Lie", True),
        ("2020", "Bo Dahl", False),
        ("2024", "Bo Dahl", True),
        ("2016", "Ada Holm (chair, 2015–19)", True),
        ("2016", "Ada Holm (chair, 2015–19), Per Lie", False),
    ],
)
def test_the_range_behind_a_name_is_its(year: str, name: str, was_so: bool) -> None:
    start = BOARD.index(name)
    place = Span(start, start + len(name))
    assert was_so_in(year, frozenset(), BOARD, place) == was_so
    is_chair = was_so and name != "Bo Dahl"
    assert was_so_in(year, {"chair"}, BOARD, place) == is_chair
    assert was_so_in(year, {"board"}, BOARD, place) == was_so


def test_the_range_before_a_name_is_its_where_none_follows() -> None:
    sentence = "From 2011 to 2014 the treasurer was Ada Holm."
    name = Span(sentence.index("Ada"), len(sentence) - 1)
    assert was_so_in("2012", {"treasur"}, sentence, name)
    assert not was_so_in("2015", {"treasur"}, sentence, name)
    assert not was_so_in("2012", {"chair"}, sentence, name)
    assert covers(sentence, "2012") and not covers("She came in 2012.", "2012")


def test_a_question_for_one_year() -> None:
    assert in_one_year("Who was chair in 2020?") == ("Who was chair?", "2020")
    assert in_one_year("Who was chair?") is None
    assert in_one_year("Who was chair in 2020 and in 2021?") is None
    ranged = AskedFor.of("Who was chair in 2020?").in_a_range()
    assert ranged and (ranged.text, ranged.year) == ("Who was chair?", "2020")
