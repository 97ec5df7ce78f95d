"""Candidates are really asked, and kept only where they are answered as they should be."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from footnoted.corpus.types import Span
from footnoted.index.library import Library
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.suggestions.proposing import propose
from footnoted.qa.suggestions.suggesting import ENOUGH, MOST_ASKED, suggest
from footnoted.qa.suggestions.types import Candidate
from footnoted.qa.types import Answer

pytestmark = pytest.mark.models

LETTER = (
    "The treasurer of the society is Sven Brandt.\n\n"
    "The roof of the school will cost 48,000 euros.\n\n"
    "Anna Bergqvist, the mayor of Ribe, opposes the sale of the old school.\n"
)
WHO = "Who is the treasurer of the society?"


@pytest.fixture
def asked(library: Library, tmp_path: Path) -> Pipeline:
    (tmp_path / "letter.txt").write_text(LETTER)
    library.update([tmp_path / "letter.txt"])
    return Pipeline(library)


def candidate(question: str, holder: str, expected: str = "") -> Candidate:
    at = LETTER.index(holder)
    return Candidate("role", question, "letter.txt", Span(at, at + len(holder)), expected)


def test_a_letter_gives_questions_that_it_answers(asked: Pipeline) -> None:
    found = {one.question: one for one in suggest(propose(asked.library), asked.ask)}
    assert {question: one.said for question, one in found.items()} == {
        WHO: "Sven Brandt",
        "Who is the mayor of Ribe?": "Anna Bergqvist",
        "How much will the roof of the school cost?": "48,000 euros",
    }
    for one in found.values():
        assert one.answer.answered and one.answer.confidence >= 0.7
        assert all(LETTER[c.start : c.end] == c.quote for c in one.answer.citations)
        assert one.document == "letter.txt"


def test_what_is_not_answered_as_it_should_be_is_not_kept(asked: Pipeline) -> None:
    sentence = "The treasurer of the society is Sven Brandt."
    for refused in (
        candidate("Who is the mayor of Kigali?", sentence),  # not answered
        candidate(WHO, sentence, "Anna Bergqvist"),  # answered by somebody else
        candidate(WHO, "The roof of the school will cost 48,000 euros."),  # from another place
        candidate("Who is the tresurer of the society?", sentence),  # read as another word
    ):
        assert list(suggest([refused], asked.ask)) == []
    assert [one.said for one in suggest([candidate(WHO, sentence)], asked.ask)] == ["Sven Brandt"]


def test_no_two_are_answered_alike_and_few_are_asked(asked: Pipeline) -> None:
    sentence = "The treasurer of the society is Sven Brandt."
    alike = [candidate(f"Who is {the} treasurer of the society?", sentence) for the in ("the", "a")]
    assert len(list(suggest(alike, asked.ask))) == 1
    questions: list[str] = []

    def ask(question: str) -> Answer:
        questions.append(question)
        return asked.ask("What is the capital of Peru?")

    many = [candidate(f"Who is the treasurer of number {n}?", sentence) for n in range(40)]
    assert list(suggest(many, ask)) == []
    assert len(questions) == MOST_ASKED > ENOUGH


def test_what_asks_for_no_particular_thing_is_suggested_where_there_is_little_else(
    asked: Pipeline,
) -> None:
    telling = list(propose(asked.library))
    vague = candidate("What is said about the roof of the school?", "The roof of the school")
    vague = replace(vague, kind="heading")
    assert [one.kind for one in telling if one.kind == "heading"] == []
    full = [one.question for one in suggest([vague, *telling], asked.ask)]
    assert len(full) == 3 and vague.question not in full
    few = [one for one in telling if "roof" not in one.question]
    assert [one.question for one in suggest([vague, *few], asked.ask)][2:] == [vague.question]
