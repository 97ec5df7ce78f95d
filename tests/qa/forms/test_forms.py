"""Whole answers, quoted: two documents side by side, what happened when, who is for and against."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from footnoted.index.library import Library
from footnoted.qa.conversations.exported import of_answer
from footnoted.qa.notebook import html
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.types import QUOTED, Answer, Row
from footnoted.qa.verify.saved import answer_from, read_answer
from footnoted.qa.verify.verification import verify

DOCUMENTS = {
    "board.md": """---
title: Statement of the harbour board
publisher: Harbour Board of Sund
date: 2021-03-04
---

# Statement of the harbour board

The harbour board will build a new ferry quay in the north basin in 2023 for 40 million crowns.

The board supports the quay plan, because larger ferries need deeper water.

Read more about the board on Sundnet.

Two tenders were received from builders in Aarhus in January 2021.

The old lighthouse will be painted white by volunteers of the sailing club.
""",
    "news.txt": """Fishers angry as ferry quay grows dearer

Sund Gazette
15 June 2022

The new ferry quay in the north basin will cost 65 million crowns and open in 2025, the board said.

“We oppose the quay plan, which takes our moorings away,” said Ada Holm, who speaks for the fishers.

Read more about the fishers on Sundnet.

The trawlers have moored in the north basin since 1954. A decision is due next week.

The county council has ordered a study of currents from the University of Odense.
""",
    "minutes.txt": """Minutes of the village meeting

Minutes of the village meeting held on 9 May 2021 in the hall at 7.30 p.m.

Present: Clara Frost - chair, Owen Price, Ada Holm and 14 members of the public.

Clara Frost opened the meeting by thanking all for attending.

Owen Price asked for a bus shelter beside the school before the winter.

Read more about the village on Sundnet.
""",
}


def piped(tmp_path_factory: pytest.TempPathFactory, *names: str) -> Iterator[Pipeline]:
    folder: Path = tmp_path_factory.mktemp("harbour")
    for name in names:
        (folder / name).write_text(DOCUMENTS[name], encoding="utf-8")
    library = Library.create(tmp_path_factory.mktemp("index") / "index")
    library.update([folder])
    yield Pipeline(library)
    library.close()


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    yield from piped(tmp_path_factory, *DOCUMENTS)


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    yield from piped(tmp_path_factory, "board.md", "news.txt")


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pipeline]:
    yield from piped(tmp_path_factory, "minutes.txt")


def asked(pipeline: Pipeline, question: str) -> Answer:
    """The answer; whatever it says, all of it holds, and it comes back as it was saved."""
    answer = pipeline.ask(question)
    assert verify(answer, pipeline.document) == []
    assert read_answer(json.dumps(answer.as_dict()).encode()) == answer
    return answer


def quotes(answer: Answer, row: Row) -> list[list[str]]:
    return [[one.text for one in answer.quoted_in(numbers)] for numbers in row.quoted]


def everything(answer: Answer) -> str:
    return "\n".join(statement.text for statement in answer.statements)


# -- comparisons ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "Where do the two documents differ, and since when?",
        "Compare the statement of the board with the Sund Gazette",
        "How does the board's statement differ from the article of June 2022?",
    ],
)
def test_what_two_documents_say_of_one_thing_stands_side_by_side(
    two: Pipeline, question: str
) -> None:
    answer = asked(two, question)
    assert answer.answered and answer.form == "comparison"
    assert [one.split(",")[0] for one in answer.columns] == [
        "Statement of the harbour board",
        "Fishers angry as ferry quay grows dearer",
    ]
    (cost,) = [row for row in answer.rows if row.label and "40 million" in str(quotes(answer, row))]
    assert ["65 million" in quote for quote in quotes(answer, cost)[1]] == [True]
    shared = cost.label.split(" · ")
    assert len(shared) > 1 and all(word in str(quotes(answer, cost)[0]) for word in shared)
    alone = [row for row in answer.rows if row.under.startswith("Only in ")]
    assert any("lighthouse" in str(quotes(answer, row)[0]) and not row.quoted[1] for row in alone)
    assert any("currents" in str(quotes(answer, row)[1]) and not row.quoted[0] for row in alone)


def test_a_comparison_tells_when_each_is_from(two: Pipeline) -> None:
    answer = asked(two, "Compare both documents")
    assert [column.split(", ")[-1] for column in answer.columns] == ["2021-03-04", "15 June 2022"]
    assert answer.note == ""


def test_of_a_comparison_that_is_on_something_the_rest_is_left_out(two: Pipeline) -> None:
    answer = asked(two, "How do the two documents differ on the ferry quay?")
    assert "40 million" in everything(answer) and "65 million" in everything(answer)
    assert "lighthouse" not in everything(answer)


def test_which_two_of_three_are_meant_has_to_be_said(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "What are the differences between the two documents?")
    assert answer.outcome == "not found" and answer.nearest
    assert answer.refusal.startswith("There are 3 documents here: name the two")
    assert asked(pipeline, "Compare the statement and the minutes").form == "comparison"


def test_one_document_is_compared_with_nothing(one: Pipeline) -> None:
    answer = asked(one, "Compare the two documents")
    assert answer.refusal == "There is one document here, and nothing to compare it with."


def test_two_things_that_are_no_documents_are_asked_about_as_ever(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "What is the difference between a trawler and a ferry?")
    assert answer.form is None and answer.rows == () and answer.note == ""
    assert not {"form", "rows", "columns", "note"} & answer.as_dict().keys()


def test_the_two_of_a_kind_are_compared_beside_others(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("council")
    for day, said in (("2026-03-12", "The car park will close in May."), ("2026-04-16", CLOSES)):
        text = f"Lydbrook council\nMinutes of the meeting held on {day}\n\n{said}\n"
        (folder / f"council-{day}.txt").write_text(text)
    for name in ("board.md", "news.txt"):
        (folder / name).write_text(DOCUMENTS[name])
    library = Library.create(tmp_path_factory.mktemp("index") / "index")
    library.update([folder])
    answer = asked(Pipeline(library), "Where do the two minutes differ?")
    assert answer.columns == ("Lydbrook council, 2026-03-12", "Lydbrook council, 2026-04-16")
    assert asked(Pipeline(library), "Where do the two letters differ?").outcome == "not found"
    assert asked(Pipeline(library), "Where do the documents differ?").outcome == "not found"
    library.close()


CLOSES = "The car park will close in June, and that costs the traders a fifth of their takings."


# -- timelines -----------------------------------------------------------------------------------


def test_what_happened_stands_in_the_order_of_its_dates(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "What happened when?")
    assert answer.form == "timeline"
    labels = [row.label for row in answer.rows]
    assert labels[:3] == ["1954", "January 2021", "2021-03-04"]
    assert labels[3:] == ["9 May 2021", "15 June 2022", "2023", "2025"]
    assert {short.text for short in answer.answers} <= set(labels)
    assert "next week" not in labels and "Present:" not in everything(answer)
    assert "Read more" not in everything(answer) and "opened the meeting" not in everything(answer)
    of_text = {row.label: answer.labelled(row) for row in answer.rows}
    assert of_text["15 June 2022"] == "15 June 2022 (date of the text)"
    assert of_text["2025"] == "2025"


def test_a_timeline_of_something_tells_of_that_alone(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Give me a timeline of the ferry quay")
    assert [row.label for row in answer.rows][-2:] == ["2023", "2025"]
    assert "tenders" not in everything(answer) and "bus shelter" not in everything(answer)


def test_a_timeline_of_the_plan_tells_of_what_is_planned(two: Pipeline) -> None:
    answer = asked(two, "Give me a timeline of the plan")
    assert {"2023", "2025"} <= {row.label for row in answer.rows}  # told without that word


def test_what_says_no_more_than_a_date_is_no_event(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Nor is the head of a letter, whose shortened month is one."""
    folder = tmp_path_factory.mktemp("letters")
    (folder / "letter.eml").write_text(LETTER)
    (folder / "release.txt").write_text(
        "The quay is built\n\nSund, 20 March 2026.\n\nThe quay was opened on Sept. 3, 2025.\n"
    )
    library = Library.create(tmp_path_factory.mktemp("index") / "index")
    library.update([folder])
    answer = asked(Pipeline(library), "Give me a timeline")
    labels = [answer.labelled(row) for row in answer.rows]
    assert labels[0] == "Sept. 3, 2025" and labels[-1] == "24 Mar 2026 (date of the text)"
    told = [answer.citations[row.every[0] - 1].quote for row in answer.rows]
    assert len(told) == 3 and not any(one.startswith(("Date:", "Sund,")) for one in told)
    assert "Our members lose a fifth of their takings." in everything(answer)
    library.close()


LETTER = """From: Kim Lane <kim@example.org>
To: clerk@example.org
Subject: Closure of the quay
Date: Tue, 24 Mar 2026 09:12:00 +0000

Our members lose a fifth of their takings.
"""


def test_where_nothing_is_dated_there_is_no_timeline(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Give me a timeline of submarines")
    assert answer.outcome == "not found"
    assert answer.refusal == (
        "There is no timeline to be made: no sentence on submarines stands with a date."
    )


# -- positions -----------------------------------------------------------------------------------


def test_who_is_for_and_who_against_in_whose_words_and_when(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "List the positions on the quay plan: who is for and who against?")
    assert answer.form == "positions" and answer.ledger
    sides = {row.under: row for row in answer.rows}
    assert "board" in sides["For"].label.lower()
    assert sides["For"].dated == "2021-03-04"
    against = sides["Against"]
    assert "fishers" in against.label or against.label == "Ada Holm"
    assert "takes our moorings away" in str(quotes(answer, against))
    assert against.dated == "15 June 2022"


def test_where_nobody_takes_a_side_that_is_said(one: Pipeline) -> None:
    answer = asked(one, "Who is for and who is against the tunnel?")
    assert not answer.answered and answer.rows == ()


# -- summaries -----------------------------------------------------------------------------------


def test_a_summary_of_all_stands_under_their_titles(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Summarise the documents")
    assert answer.form == "summary"
    titles = [one.title for one in pipeline.listing()]
    assert [row.label for row in answer.rows] == titles
    assert "bus shelter" in everything(answer) and "quay" in everything(answer)
    for furniture in ("Read more", "Present:", "opened the meeting", "7.30 p.m."):
        assert furniture not in everything(answer)


def test_a_summary_of_one_document_is_of_it_alone_and_in_its_order(pipeline: Pipeline) -> None:
    answer = asked(pipeline, "Give me the key points of the board's statement")
    assert {citation.document for citation in answer.citations} == {"board.md"}
    places = [citation.start for citation in answer.citations]
    assert places == sorted(places) and len(places) >= 3


# -- what is shown and checked -------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    ["Compare the two documents", "Timeline", "Who is for and against the plan?", "tl;dr"],
)
def test_every_face_tells_that_it_is_quoted_and_shows_all_of_it(
    two: Pipeline, question: str
) -> None:
    answer = asked(two, question)
    assert answer.told_first == QUOTED
    shown = {
        "terminal": " ".join(terminal.answer(answer, Style(width=2000)).split()),
        "Markdown": " ".join("\n".join(of_answer(answer)).replace("\\", "").split()),
        "notebook": " ".join(html(answer).split()),
    }
    for face, text in shown.items():
        assert QUOTED in text, face
        for statement in answer.statements:
            assert " ".join(statement.said.split()[:8]) in text, face
        for row in answer.rows:
            if answer.form != "comparison":
                assert row.label in text, face


def test_what_a_model_wrote_over_is_not_shown_as_quoted(two: Pipeline) -> None:
    answer = asked(two, "Compare the two documents")
    written = replace(answer.statements[0], text="They differ.", support="supported", rendered="")
    over = replace(answer, statements=(written, *answer.statements[1:]))
    assert over.told_first == "" and over.laid_out == ()
    assert "They differ." in terminal.answer(over, Style())


def test_rows_that_were_tampered_with_do_not_hold(two: Pipeline) -> None:
    answer = asked(two, "Timeline")
    first = answer.rows[0]
    for row, problem in (
        (replace(first, label="1066"), "its citations do not tell '1066'"),
        (replace(first, dated="1 April 2022"), "its citations do not tell '1 April 2022'"),
        (replace(first, quoted=((99,),)), "it names a citation that no statement quotes"),
        (replace(first, quoted=((),)), "it names a citation that no statement quotes"),
    ):
        lie = replace(answer, rows=(row, *answer.rows[1:]))
        (found,) = verify(lie, two.document)
        assert found.where == "row 1" and found.detail == problem


def test_an_answer_that_was_saved_before_there_were_forms_is_read(two: Pipeline) -> None:
    stored = asked(two, "Timeline").as_dict()
    for field in ("form", "columns", "rows", "note"):
        stored.pop(field, None)
    old = answer_from(stored)
    assert old.form is None and old.rows == () and verify(old, two.document) == []


@pytest.mark.parametrize(
    ("question", "understood"),
    [
        ("And a timeline of it?", "A timeline of the quay plan"),
        ("Give me a timeline of it.", "Give me a timeline of the quay plan"),
        ("What about a summary?", "A summary?"),
        ("Now give me a timeline.", "Now give me a timeline."),
        (
            "And who is for it and who is against it?",
            "Who is for the quay plan and who is against it?",
        ),
    ],
)
def test_a_form_that_is_asked_for_next_is_none_of_the_question_before(
    pipeline: Pipeline, question: str, understood: str
) -> None:
    answer = pipeline.ask(question, ["Who opposes the quay plan?"])
    assert answer.understood == understood and answer.form is not None
