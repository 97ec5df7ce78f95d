"""Questions on documents, overviews, and questions with two sides, over a few documents."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from footnoted.index.library import Library
from footnoted.qa.catalogue.meant import meant
from footnoted.qa.english.request import Request
from footnoted.qa.notebook import html
from footnoted.qa.parts import each_alone, of_its_source, of_its_time
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.types import Answer, ShortAnswer
from footnoted.qa.verify.saved import read_answer
from footnoted.qa.verify.verification import verify

DOCUMENTS = {
    "guide.md": """---
title: "Mooring in the harbour"
author: Ada Holm
date: 2019-05-04
status: draft
---

# Mooring

Visitors moor at the east pier. Holders of a season ticket moor at the west pier.

# Fees

The fee was 12 euros in 2018 and 14 euros in 2019. Rowing boats are not charged.
Sailing boats are charged by their length.
""",
    "letter.txt": """Open letter to the harbour board

The fishers of Sund

The east pier is too short for trawlers. We ask the board to lengthen it before winter.

The fishers paid 90 euros for ice.
""",
    "minutes.md": """# Minutes of the slip works group

Present: Clara Frost (CF), chair; Owen Price (OP)

CF: The crane has to be mended before April.

OP said that the slip is icy. OP offered to strew sand.
""",
    "news.txt": """Ferry line to close

By Per Lie
Friday, 6 March 2020

The ferry Maren at her last voyage. Photo: Ines Faro/Sund Press

The ferry Maren stops in April. The ferry was built in 1961, and the line belongs to the county.
""",
}

FIGURES = """Figures of the dairy

Sales were 7 million in 2020 and 9 million in 2021. Profit fell to 2 million.

The meeting took place on 14 March 2022. The next one is planned for 11 June 2023.

The cellar is 18 metres deep. Guests may not enter the cellar. Staff may enter the cellar.

The board consists of Ida Lund (chair, 2015-2019), Peter Voss (since 2020) and Nils Berg.
"""
FERRIES = """Ferries of the sound

The ferry Maren was built in 1961. Her captain is Ada Holm.

The ferry Astrid was built in 1974. Her captain is Per Lie.

The county supports the new timetable. The hoteliers support it, too, because guests come later.
"""


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    folder: Path = tmp_path_factory.mktemp("harbour")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    library = Library.create(tmp_path_factory.mktemp("index") / "index")
    library.update([folder])
    yield Pipeline(library)
    library.close()


@pytest.fixture(scope="module")
def ferries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    yield from of_one(tmp_path_factory, FERRIES)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    yield from of_one(tmp_path_factory, FIGURES)


def of_one(tmp_path_factory: pytest.TempPathFactory, text: str) -> Iterator[Pipeline]:
    folder: Path = tmp_path_factory.mktemp("documents")
    (folder / "one.txt").write_text(text, encoding="utf-8")
    library = Library.create(tmp_path_factory.mktemp("index") / "index")
    library.update([folder])
    yield Pipeline(library)
    library.close()


def asked(pipeline: Pipeline, question: str) -> Answer:
    """The answer; whatever it says, all of it holds."""
    answer = pipeline.ask(question)
    assert verify(answer, pipeline.document) == []
    return answer


def said(answer: Answer) -> list[str]:
    return [short.text for short in answer.answers]


@pytest.mark.parametrize(
    ("question", "expected", "quoted"),
    [
        ("Who wrote the mooring guide?", "Ada Holm", "author: Ada Holm"),
        ("When was the mooring guide published?", "2019-05-04", "date: 2019-05-04"),
        ("What is the status of the guide?", "draft", "status: draft"),
        ("Who wrote the article about the ferry line?", "Per Lie", "By Per Lie"),
        ("When was the ferry article published?", "6 March 2020", "Friday, 6 March 2020"),
        ("Who took the photo of the ferry?", "Ines Faro/Sund Press", "Photo: Ines Faro/Sund Press"),
    ],
)
def test_what_a_document_tells_of_itself(
    pipeline: Pipeline, question: str, expected: str, quoted: str
) -> None:
    answer = asked(pipeline, question)
    assert answer.answered and said(answer) == [expected]
    assert quoted in answer.citations[0].quote


def test_which_documents_mention_a_thing(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Which documents mention the east pier?")
    assert sorted(said(answer)) == ["Mooring in the harbour", "Open letter to the harbour board"]
    assert all("east pier" in statement.text for statement in answer.statements)
    assert said(asked(pipeline, "Do the documents mention trawlers?")) == ["Yes"]
    assert asked(pipeline, "Which document mentions submarines?").outcome == "not found"


def test_which_documents_there_are(pipeline: Pipeline) -> None:
    titles = [one.title for one in pipeline.listing()]
    assert said(asked(pipeline, "Which documents are there?")) == titles
    assert said(asked(pipeline, "Summarise the documents.")) == titles


def test_a_title_is_held_to_be_its_documents(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Which documents are there?")
    lie = ShortAnswer("The secret file", 1.0, answer.answers[0].citations)
    problems = verify(replace(answer, answers=(lie,)), pipeline.document)
    assert [problem.where for problem in problems] == ["answer 1"]


def test_what_the_properties_alone_tell_is_not_said(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "What language is the guide in?")
    assert answer.outcome == "uncertain" and not answer.answers
    assert answer.nearest[0].title == "Mooring in the harbour"


@pytest.mark.parametrize("question", ["Tell me about the ferry", "What is the article about?"])
def test_an_overview_quotes_what_is_on_its_topic(pipeline: Pipeline, question: str) -> None:
    answer = asked(pipeline, question)
    assert answer.answered and not answer.answers
    quotes = [statement.text for statement in answer.statements]
    assert "The ferry Maren stops in April." in quotes
    assert all("ferry" in quote for quote in quotes)


def test_an_overview_of_what_nobody_names_is_not_found(pipeline: Pipeline) -> None:
    assert not asked(pipeline, "Tell me about submarines").answered


def test_what_is_denied_is_told_from_what_is_said(pipeline: Pipeline) -> None:
    assert said(asked(pipeline, "Which boats are not charged?")) == ["Rowing boats"]
    assert said(asked(pipeline, "Are rowing boats charged?")) == ["No"]


def test_a_figure_is_that_of_the_year_asked_for(pipeline: Pipeline) -> None:
    assert said(asked(pipeline, "What was the fee in 2018?")) == ["12 euros"]
    assert said(asked(pipeline, "What was the fee in 2019?")) == ["14 euros"]


def test_each_of_two_parts_is_answered(pipeline: Pipeline) -> None:
    both = asked(pipeline, "What was the fee in 2018 and in 2019?")
    assert said(both) == ["12 euros", "14 euros"]
    assert len({citation.quote for citation in both.citations}) == len(both.citations)


@pytest.mark.parametrize(
    ("question", "expected", "missing"),
    [
        ("When was the ferry built and who painted it?", "1961", "Who painted it?"),
        ("Who painted the ferry and when was it built?", "1961", "Who painted the ferry?"),
        ("What was the fee in 2018 and in 2011?", "12 euros", "What was the fee in 2011?"),
    ],
)
def test_the_part_that_is_not_answered_is_said(
    pipeline: Pipeline, question: str, expected: str, missing: str
) -> None:
    answer = asked(pipeline, question)
    assert answer.outcome == "answered" and said(answer) == [expected]
    assert answer.unanswered == (missing,) and answer.not_found == f"Not found: {missing}"
    assert read_answer(json.dumps(answer.as_dict()).encode()) == answer
    assert f"Not found: {missing}" in terminal.answer(answer, Style())
    assert f"Not found: {missing}" in html(answer)


def test_of_two_parts_neither_may_be_answered(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Who painted the ferry and how many cars does it carry?")
    assert not answer.answered and answer.unanswered == ()


def test_what_the_documents_say_instead_is_shown(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "When was the ferry Astrid built?")
    assert answer.outcome in ("uncertain", "not found")
    for question in ("When does the ferry Astrid stop?", "When does the ferry Maren start?"):
        answer = asked(pipeline, question)
        assert answer.outcome == "otherwise" and not answer.answered
        assert answer.nearest[0].quote == "The ferry Maren stops in April."
        assert answer.confidence >= 0.9


@pytest.mark.parametrize(
    ("question", "expected", "quoted"),
    [
        ("Who said that the slip is icy?", "Owen Price", "OP said that the slip is icy."),
        ("Who offered to strew sand?", "Owen Price", "OP offered to strew sand."),
        (
            "What did Clara Frost say about the crane?",
            "CF: The crane has to be mended before April.",
            "CF: The crane has to be mended before April.",
        ),
    ],
)
def test_initials_are_those_of_who_is_present(
    pipeline: Pipeline, question: str, expected: str, quoted: str
) -> None:
    answer = asked(pipeline, question)
    assert said(answer) == [expected]
    assert quoted in {citation.quote for citation in answer.citations}


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ((), "Which is older, the ferry Maren or the open letter?", None),
        ((), "Who paid more, the fishers or the visitors?", None),
        ((), "Which was built first, the Astrid or the Maren?", "Maren"),
        ((), "Is the Maren older than the Astrid?", "Yes"),
        (("When was the Astrid built?", "And the Maren?"), "Which one is newer?", "Astrid"),
    ],
)
def test_two_things_are_compared(
    ferries: Pipeline, history: tuple[str, ...], question: str, expected: str | None
) -> None:
    answer = ferries.ask(question, history)
    assert verify(answer, ferries.document) == []
    if expected is None:
        assert not answer.answered or answer.unanswered
    else:
        assert said(answer) == [expected] and len(answer.answers[0].citations) == 2
        assert len(answer.main) == 2


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ("When was the ferry Maren built?", "And the other one?", ["1974"]),
        ("When was the ferry Maren built?", "Which other ferry was built?", ["Astrid"]),
        ("Who supports the new timetable?", "Who else?", ["The county"]),
        ("Does the county support the new timetable?", "Who else?", ["The hoteliers"]),
    ],
)
def test_what_is_known_is_left_out(
    ferries: Pipeline, history: str, question: str, expected: list[str]
) -> None:
    answer = ferries.ask(question, [history])
    assert said(answer) == expected
    assert verify(answer, ferries.document) == []


def test_what_the_question_names_is_left_out(ferries: Pipeline) -> None:
    answer = ferries.ask("Who supports the new timetable besides the county?")
    assert said(answer) == ["The hoteliers"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What were the sales in 2021?", "9 million"),
        ("What was the profit in 2021?", "2 million"),
        ("When is the next meeting?", "11 June 2023"),
        ("When was the meeting?", "14 March 2022"),
        ("Who was chair in 2017?", "Ida Lund"),
        ("Who was chair in 2013?", None),
        ("Who may enter the cellar?", "Staff"),
        ("Who may not enter the cellar?", "Guests"),
        ("How deep is the cellar?", "18 metres"),
        ("How long is the cellar?", None),
    ],
)
def test_the_one_beside_it_is_not_taken_for_it(
    figures: Pipeline, question: str, expected: str | None
) -> None:
    assert said(asked(figures, question))[:1] == ([expected] if expected else [])


def test_each_alone() -> None:
    assert each_alone(["When was the ferry built?", "By whom?"]) == (
        "When was the ferry built?",
        "By whom was the ferry built?",
    )
    assert each_alone(["When was it built?", "Who owns it?"]) == (
        "When was it built?",
        "Who owns it?",
    )
    assert each_alone(["Who laid out the garden?", "In what year?"]) == ()


def test_what_is_of_a_time_or_by_somebody(pipeline: Pipeline) -> None:
    timed = of_its_time("What was said in March 2020 of the ferry?", pipeline.library)
    assert timed is not None
    assert timed.question == "What was said of the ferry?"
    assert timed.among.documents == frozenset({"news.txt"})
    assert of_its_time("What was said in March 1999?", pipeline.library) is None
    by_fishers = of_its_source(("Sund", "fishers"), pipeline.library)
    assert by_fishers is not None and by_fishers.documents == frozenset({"letter.txt"})


def test_a_document_is_called_by_its_files_name_too(library: Library, tmp_path: Path) -> None:
    (tmp_path / "market-rules.md").write_text("# Rules of the Sund Market\n\nStalls open at six.\n")
    library.update([tmp_path / "market-rules.md"])
    (found,) = meant(Request("attribute", "the market rules", "author"), library)
    assert found.title == "Rules of the Sund Market"
    assert meant(Request("attribute", "the market", "author"), library) == []
    # What is said on a thing stands in more than the file that is called so.
    assert meant(Request("overview", "the market rules"), library) == []
