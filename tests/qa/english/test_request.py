"""What is asked of documents themselves is told from what is asked of their texts."""

from __future__ import annotations

import pytest

from footnoted.qa.english.request import Request, requested


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Which documents are there?", Request("documents")),
        ("How many files do you have?", Request("documents")),
        ("List all documents", Request("documents")),
        ("Which reports mention asbestos?", Request("mentions", "asbestos")),
        ("In which letters is the ferry named?", Request("mentions", "the ferry")),
        ("How many documents talk about “the dike”?", Request("mentions", "the dike")),
        ("Do the documents mention eels?", Request("mentions", "eels", whether=True)),
        ("Is the ferry mentioned anywhere?", Request("mentions", "the ferry", whether=True)),
        ("Tell me about the ferry", Request("overview", "the ferry")),
        ("What do the letters say about the dike?", Request("overview", "the dike")),
        ("Please summarise the harbour report.", Request("overview", "the harbour report")),
        ("Can you give me an overview of the documents?", Request("overview")),
        ("What is this about?", Request("overview")),
        ("Who wrote the harbour report?", Request("attribute", "the harbour report", "author")),
        ("When was this page last updated?", Request("attribute", "this page", "updated")),
        ("What is the status of the guide?", Request("attribute", "the guide", "status")),
        ("Who took the picture of the bridge?", Request("attribute", "the bridge", "credit")),
    ],
)
def test_what_is_wanted(question: str, expected: Request) -> None:
    assert requested(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When was the bridge built?",
        "Which harbours mention fees?",
        "What is the depth of the harbour?",
        "Explain why the ferry stopped",
        "Tell me who owns the ferry.",
        "What does the minister say about the dike?",
        "Summer?",
    ],
)
def test_what_is_asked_of_the_texts(question: str) -> None:
    assert requested(question) is None


def test_a_thing_of_another_name_is_no_document() -> None:
    wanted = requested("Who owns the ferry?")
    assert wanted is not None and not wanted.names_a_kind


def test_only_a_sentence_on_the_document_tells_of_it() -> None:
    wanted = requested("When was the report published?")
    assert wanted is not None
    assert wanted.may_be_told_by("The report was published in May 2019.")
    assert not wanted.may_be_told_by("The bridge was opened in May 2019.")
