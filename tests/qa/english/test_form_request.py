"""Requests for a form, as different people word them: a summary, a comparison, a timeline, and who
is for and who against. What only sounds like one is left to be answered as the question it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from footnoted.qa.english.request import Request, requested

ARTICLE_STATEMENT = ("the joint statement", "the article")


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Summarise the plan", "the plan"),
        ("Summarise this document", ""),
        ("Please summarize this.", ""),
        ("Can you sum this up for me?", ""),
        ("Give me a summary", ""),
        ("give me a short summary of the joint statement please", "the joint statement"),
        ("Give me the key points", ""),
        ("Give me the main points of the article.", "the article"),
        ("What are the main points of the article?", "the article"),
        ("What are the key takeaways?", ""),
        ("What are the most important points?", ""),
        ("Key points, please", ""),
        ("Main points of the joint statement", "the joint statement"),
        ("tl;dr", ""),
        ("Can I have a summary of the minutes?", "the minutes"),
        ("Could I get a quick overview?", ""),
        ("Summary please", ""),
        ("Write a summary of the documents in five sentences", ""),
        ("What is the gist?", ""),
        ("What's the gist of the letter?", "the letter"),
        ("In a nutshell, what is this about?", ""),
        ("In short: what does the report say?", "the report"),
        ("Bullet points of the minutes please", "the minutes"),
        ("What does this document say?", ""),
        ("Summarise the two statements", "the two statements"),
    ],
)
def test_a_summary(question: str, topic: str) -> None:
    assert requested(question) == Request("overview", topic)


@pytest.mark.parametrize(
    ("question", "between", "topic"),
    [
        ("What are the differences between the two documents?", (), ""),
        ("What is the difference between the two statements?", (), ""),
        ("Where do the two statements differ, and since when?", (), ""),
        ("How do the two articles differ?", (), ""),
        ("Compare the two documents", (), ""),
        ("Compare both documents.", (), ""),
        ("Could you compare these two texts for me?", (), ""),
        ("Give me a comparison of the two press releases", (), ""),
        ("Do the two documents contradict each other?", (), ""),
        ("Are there contradictions between the documents?", (), ""),
        ("Do both reports agree?", (), ""),
        ("Do the two documents say the same?", (), ""),
        ("In what way are the two statements different?", (), ""),
        ("What has changed between the two versions?", (), ""),
        ("What do the two documents say differently about the office?", (), "the office"),
        ("How do the two articles differ on the office?", (), "the office"),
        ("Contrast the two reports", (), ""),
        ("Put the two statements side by side", (), ""),
        ("Compare them", (), ""),
        ("Compare the two statements. Where do they differ?", (), ""),
        ("differences between both", (), ""),
        ("What are the similarities and differences between the documents?", (), ""),
        ("What differences are there between the two minutes?", (), ""),
        ("Compare the joint statement with the article", ARTICLE_STATEMENT, ""),
        ("Compare the joint statement to the article", ARTICLE_STATEMENT, ""),
        (
            "Compare the joint statement and the article on the office",
            ARTICLE_STATEMENT,
            "the office",
        ),
        ("How does the joint statement differ from the article?", ARTICLE_STATEMENT, ""),
        ("Differences between the joint statement and the article", ARTICLE_STATEMENT, ""),
        ("Where does the joint statement disagree with the article?", ARTICLE_STATEMENT, ""),
        ("Does the joint statement contradict the article?", ARTICLE_STATEMENT, ""),
        ("How is the joint statement different from the article?", ARTICLE_STATEMENT, ""),
        ("What does the joint statement say that the article doesn't?", ARTICLE_STATEMENT, ""),
        ("What is in the joint statement but not in the article?", ARTICLE_STATEMENT, ""),
        ("the joint statement vs. the article: what is different?", ARTICLE_STATEMENT, ""),
        ("How do Labour and the Greens differ on fees?", ("Labour", "the Greens"), "fees"),
        (
            "What differs between the minutes of May 2008 and the minutes of November 2008?",
            ("the minutes of May 2008", "the minutes of November 2008"),
            "",
        ),
    ],
)
def test_a_comparison(question: str, between: tuple[str, ...], topic: str) -> None:
    found = requested(question)
    assert found and replace(found, both="") == Request("comparison", topic, between=between)
    assert bool(found.both) != bool(between)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Give me a timeline", ""),
        ("Give me a timeline of the plan.", "the plan"),
        ("timeline", ""),
        ("Timeline of the access road", "the access road"),
        ("Make a timeline of events", ""),
        ("Show me the chronology", ""),
        ("Could you create a chronology of the dispute?", "the dispute"),
        ("What happened when?", ""),
        ("What happened, and when?", ""),
        ("When did what happen?", ""),
        ("Who did what when?", ""),
        ("What is the timeline of the access road?", "the access road"),
        ("List the events in chronological order", ""),
        ("List all dates", ""),
        ("Which dates are mentioned?", ""),
        ("What are the key dates?", ""),
        ("What are the important dates for the bill?", "the bill"),
        ("Put the events in order", ""),
        ("In what order did things happen?", ""),
        (
            "Can you draw up a timeline for the planning application, please?",
            "the planning application",
        ),
        ("Tell me what happened in chronological order", ""),
        ("What happened with the access road, and when?", "the access road"),
        ("How did the plan develop over time?", "the plan"),
        ("What is the sequence of events?", ""),
        ("I need a timeline of the joint statement", "the joint statement"),
        ("Summarise the plan as a timeline", "the plan"),
    ],
)
def test_a_timeline(question: str, topic: str) -> None:
    assert requested(question) == Request("timeline", topic)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("List the positions: who is for and who against, in whose words, when?", ""),
        ("List the positions on the plan", "the plan"),
        ("List the positions on the quay: who is for and who against?", "the quay"),
        ("Compile a list of positions on the bill, with quotations", "the bill"),
        ("Who is for and who is against the plan?", "the plan"),
        ("Who is for the plan and who is against it?", "the plan"),
        ("Who is against the plan, and who is for it?", "the plan"),
        ("Who supports and who opposes the bill?", "the bill"),
        ("Who supports the bill, and who opposes it?", "the bill"),
        ("Who supports or opposes the bill?", "the bill"),
        ("Who is for or against the access road?", "the access road"),
        ("Which parties support and which oppose the bill?", "the bill"),
        ("Who is in favour of the bill and who is not?", "the bill"),
        ("Who are the supporters and opponents of the plan?", "the plan"),
        ("List supporters and critics of the plan", "the plan"),
        ("What are the positions on the plan?", "the plan"),
        ("What positions are there on the plan?", "the plan"),
        ("Give me a table of positions on the bill", "the bill"),
        ("Make a table of who is for and who is against the plan", "the plan"),
        ("Where does everyone stand on the plan?", "the plan"),
        ("Who stands where on the bill?", "the bill"),
        ("Who takes which position on the plan, and since when?", "the plan"),
        ("What are the different views on the new road?", "the new road"),
        ("Tell me who is for and who is against it", ""),
    ],
)
def test_positions(question: str, topic: str) -> None:
    assert requested(question) == Request("positions", topic)


@pytest.mark.parametrize(
    "question",
    [
        "Who opposes the plan?",
        "Who is for the plan?",
        "Who supports the bill and opposes the amendment?",
        "Who supports the bill and who wrote it?",
        "Is Amnesty for or against the plan?",
        "What is the position of Amnesty on the plan?",
        "Who holds the position of treasurer?",
        "What is the position of the crane?",
        "When did it happen?",
        "What happened in 2019?",
        "What happened when the bell rang?",
        "What happened at the meeting when the chair left?",
        "When was the meeting?",
        "What is the date of the meeting?",
        "Which dates did Ada Holm propose?",
        "When does the timeline start?",
        "What changed in 2019?",
        "What is different about the new ferry?",
        "Did the two parties differ on the fee?",
        "Do both sides agree?",
        "Which two documents were signed in April 2021?",
        "What is the main point of the argument?",
        "Which is older, the ferry or the letter?",
    ],
)
def test_what_is_a_question_all_the_same(question: str) -> None:
    wanted = requested(question)
    assert wanted is None or wanted.wanted not in ("comparison", "timeline", "positions")


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between a season ticket and a day ticket?",
        "How do trawlers differ from ferries?",
        "Compare Maren and Astrid",
    ],
)
def test_whether_two_things_are_documents_is_for_the_documents_to_tell(question: str) -> None:
    wanted = requested(question)
    assert wanted is not None and len(wanted.between) == 2
