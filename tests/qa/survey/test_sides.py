"""Who is on a side, asked of press releases with the real models."""

from __future__ import annotations

import pytest

from footnoted.index.library import Library
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.types import Answer
from support.releases import AGAINST, FOR, OF_ANOTHER_PLAN, write

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    library = Library.create(tmp_path_factory.mktemp("index"))
    library.update([write(tmp_path_factory.mktemp("releases"))])
    return Pipeline(library)


@pytest.fixture(scope="module")
def opponents(releases: Pipeline) -> Answer:
    return releases.ask("Who opposes the bridge toll?")


def named(answer: Answer) -> str:
    return "; ".join(short.said for short in answer.answers)


def test_all_on_the_side_are_named_and_none_of_the_others(opponents: Answer) -> None:
    assert {name for name in AGAINST if name in named(opponents)} == AGAINST
    assert not {name for name in FOR | OF_ANOTHER_PLAN if name in named(opponents)}


def test_the_other_side_is_another_answer(releases: Pipeline) -> None:
    answer = releases.ask("Which groups support the bridge toll?")
    assert {name for name in FOR if name in named(answer)} == FOR
    assert not {name for name in AGAINST | OF_ANOTHER_PLAN if name in named(answer)}


def test_another_plan_has_others(releases: Pipeline) -> None:
    assert "Friends of the Library" in named(releases.ask("Who is against the closure?"))


def test_each_is_quoted_where_it_stands(opponents: Answer, releases: Pipeline) -> None:
    for citation in opponents.citations:
        document = releases.document(citation.document)
        assert document and document.text[citation.start : citation.end] == citation.quote
    assert {citation.document for citation in opponents.citations} == {"cyclists.md", "council.md"}


def test_the_ledger_tells_what_was_read_and_left_out(opponents: Answer, releases: Pipeline) -> None:
    ledger = opponents.ledger
    assert ledger and ledger.documents == opponents.coverage.documents == 5
    assert ledger.passages == opponents.coverage.passages_read
    assert ledger.candidates >= len(opponents.answers) + len(ledger.left_out)
    assert [one.confidence for one in ledger.left_out] == sorted(
        (one.confidence for one in ledger.left_out), reverse=True
    )
    for one in ledger.left_out:
        document = releases.document(one.document)
        assert document and one.start < one.end <= len(document.text)
    assert opponents.weighed.startswith("searched 5 of 5 documents; ")


def test_what_nobody_says_is_declined(releases: Pipeline) -> None:
    answer = releases.ask("Who opposes the wage cut?")
    assert not answer.answered and answer.ledger


def test_other_questions_have_no_ledger(releases: Pipeline) -> None:
    assert releases.ask("When will the bridge be painted?").ledger is None
