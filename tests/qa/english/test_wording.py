"""What words tell: sides, headlines, and how rare they are."""

from __future__ import annotations

import math

import pytest

from footnoted.index.library import Library
from footnoted.qa.english.boilerplate import is_furniture
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.stance import holder_of, stance


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("They oppose the plan.", -1),
        ("She criticised it sharply.", -1),
        ("They do not support the plan.", -1),
        ("The agency said it does not view this as a solution.", -1),
        ("They support the plan.", 1),
        ("He does not oppose it.", 1),
        ("The office opens in May.", 0),
        ("It is not raining.", 0),
        ("“I’m not saying that this solves everything,” he said.", 0),
        ("He does not think that it helps.", -1),
        ("", 0),
    ],
)
def test_stance(text: str, side: int) -> None:
    assert stance(text) == side


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("The fishers oppose it too, because rents would rise.", -1),
        ("The union is against it.", -1),
        ("The union supports its members in the strike of the dockers.", 0),
    ],
)
def test_stance_on_what_it_stands_for(text: str, side: int) -> None:
    assert stance(text, frozenset({"merger"})) == side


@pytest.mark.parametrize(
    ("text", "holder"),
    [
        ("Amnesty has criticised the plan of Rwanda.", "Amnesty has "),
        ("UNHCR does not view sending people to Rwanda as a solution.", "UNHCR does not "),
        ("The plan was criticised by Amnesty.", " Amnesty."),
        ("It met with criticism, Amnesty said.", "It met with "),
        ("The office opens in May.", "The office opens in May."),
    ],
)
def test_who_takes_a_side_stands_ahead_of_it_or_behind_by(text: str, holder: str) -> None:
    start, end = holder_of(text)
    assert text[start:end] == holder


def test_a_side_is_asked_for_only_by_name() -> None:
    assert AskedFor.of("Who opposes the plan?").side == -1
    assert AskedFor.of("Who supports the plan?").side == 1
    assert AskedFor.of("Who does not support the plan?").side == -1
    assert AskedFor.of("Who said that it is not raining?").side == 0
    assert AskedFor.of("Is the Red Cross for it?").side == 1
    assert AskedFor.of("Is Amnesty against it?").side == -1
    assert AskedFor.of("Is there a plan for Kigali?").side == 0
    assert AskedFor.of("Is Kigali known for it?").side == 0
    assert AskedFor.of("Who is for it?").side == 1
    assert AskedFor.of("Which of the parties are not for the plan?").side == -1
    assert AskedFor.of("Which funds are for schools?").side == 0
    assert AskedFor.of("Who is responsible for it?").side == 0


@pytest.mark.parametrize(
    ("question", "agrees"),
    [
        ("Who opposes the plan?", 1),
        ("Who supports the plan?", -1),
        ("Does Amnesty oppose the plan?", 1),
        ("Does Amnesty support the plan?", 1),
        ("Is Amnesty for the plan?", 1),
        ("Who is for the plan?", -1),
        ("Who is not for the plan?", 1),
        ("Does Denmark oppose the plan?", 0),
        ("Who described the plan?", 0),
    ],
)
def test_agreement(question: str, agrees: int) -> None:
    asked = AskedFor.of(question)
    assert asked.agreement("Amnesty criticised the plan.") == agrees
    assert asked.agreement("It rains.") == 0


def test_rarity_is_what_its_formula_says(shipped: Library) -> None:
    passages = shipped.coverage().passages
    assert shipped.rarity("flight") == pytest.approx(math.log(1 + (passages + 1) / 0.5))
    assert shipped.rarity("Rwanda") < shipped.rarity("Amnesty") < shipped.rarity("flight")
    assert shipped.rarity("diplomat") == shipped.rarity("diplomats")


@pytest.mark.parametrize(
    ("text", "furniture"),
    [
        ("The office will open in May.", False),
        ("“We go on,” he said.", False),
        ("Please log in to leave a comment.", True),
        ("Photo: A. Person/Agency.", True),
        ("See also", True),
        ("Office opens in May", True),
        ("Harbour news.", True),
    ],
)
def test_lines_of_the_page_are_told_from_text(text: str, furniture: bool) -> None:
    assert is_furniture(text, "Harbour news") == furniture
