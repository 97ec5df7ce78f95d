"""Which questions sentences, tables and headings give, and which they do not."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.types import Document
from footnoted.index.library import Library
from footnoted.qa.suggestions import proposing
from footnoted.qa.suggestions.phrases import well_formed
from footnoted.qa.suggestions.proposing import of_document, propose
from footnoted.qa.suggestions.types import Candidate


class Made(Protocol):
    def __call__(self, text: str, name: str = "letter.md") -> Document:
        """The document that a file with this text gives."""


@pytest.fixture
def document(tmp_path: Path) -> Made:
    def made(text: str, name: str = "letter.md") -> Document:
        (tmp_path / name).write_text(text, encoding="utf-8")
        (file,) = read(tmp_path / name)
        return file.documents[0]

    return made


def asked(found: Document) -> list[str]:
    return [one.question for one in of_document(found)]


@pytest.mark.parametrize(
    ("sentence", "question", "expected"),
    [
        (
            "The treasurer of the society is Sven Brandt.",
            "Who is the treasurer of the society?",
            "Sven Brandt",
        ),
        (
            "It was said by Anna Bergqvist, the mayor of Ribe, who left.",
            "Who is the mayor of Ribe?",
            "Anna Bergqvist",
        ),
        (
            "NZUSA President David Do says that it is wrong.",
            "Who is the NZUSA president?",
            "David Do",
        ),
        (
            "The Danish immigration minister Kaare Bek said so.",
            "Who is the Danish immigration minister?",
            "Kaare Bek",
        ),
        (
            "The union Nordlys and the Fishers’ League oppose the merger of the two ports.",
            "Who opposes the merger of the two ports?",
            "",
        ),
        (
            "Young Nats support the Education (Freedom of Association) Amendment Bill.",
            "Who supports the Education (Freedom of Association) Amendment Bill?",
            "",
        ),
        (
            "Ina Holm said that the lorries use Station Road.",
            "What did Ina Holm say about Station Road?",
            "",
        ),
        (
            "Two diplomats are to be sent to Kigali by the end of the year, it said.",
            "How many diplomats are to be sent to Kigali by the end of the year?",
            "Two",
        ),
        (
            "Over 90 percent of the applicants were refused a licence.",
            "What percentage of the applicants were refused a licence?",
            "90",
        ),
        (
            "The Harbour Museum has 41 rooms on two floors.",
            "How many rooms does the Harbour Museum have on two floors?",
            "41",
        ),
        (
            "The roof of the school will cost 48,000 euros.",
            "How much will the roof of the school cost?",
            "48,000 euros",
        ),
        (
            "The new pier of Ribe will be opened on 3 May 2026.",
            "When will the new pier of Ribe be opened?",
            "3 May 2026",
        ),
        (
            "The University of Michigan moved to Ann Arbor in 1837, and grew.",
            "When did the University of Michigan move to Ann Arbor?",
            "1837",
        ),
        (
            "In 1913, Tibet and Mongolia concluded a treaty of mutual recognition.",
            "When did Tibet and Mongolia conclude a treaty of mutual recognition?",
            "1913",
        ),
    ],
)
def test_a_sentence_gives_a_question(
    document: Made, sentence: str, question: str, expected: str
) -> None:
    found = document(f"# Notes\n\nSomething went before it. {sentence}\n")
    made = {one.question: one for one in of_document(found)}
    assert question in made, list(made)
    assert made[question].expected == expected
    assert sentence.startswith(found.text[slice(*made[question].place)][:20])


@pytest.mark.parametrize(
    "sentence",
    [
        "They opened it in 1998.",  # who and what stands elsewhere
        "Yesterday he opposed the plan of the council.",
        "A boat was sold in 1998.",  # one of many
        "The bridge built in 1990 by the council was sold.",
        "The council voted to support the plan of the union.",  # nobody does so yet
        "It is two metres wide, and ten boats long.",
        "In 2004, the council announced that the bridge is closed.",
        "We met Ms Holm, Harbour Manager, Tom Rees and others.",  # whose office it is
        "The former president of the union, Ada Holm, spoke.",
    ],
)
def test_what_cannot_be_asked_alone_is_not(document: Made, sentence: str) -> None:
    assert asked(document(f"# Notes\n\n{sentence}\n")) == []


def test_tables_and_headings_give_questions(document: Made) -> None:
    found = document(
        "# Harbour\n\n## Can I pay by card?\n\nYes, you can.\n\n## Opening hours\n\nAt 8.\n\n"
        "## Booking a berth\n\nWrite to us.\n\n## Berths\n\n"
        "| Berth | Depth (m) | Keeper | Colour scheme |\n|---|---|---|---|\n"
        "| North | 4 | Orla Vint | red |\n| 12 | 5 | nobody | blue |\n"
    )
    assert asked(found) == [
        "Who is the keeper of the North berth?",
        "What is the depth of the North berth?",
        "Can I pay by card?",
        "What is said about opening hours?",
    ]


@pytest.mark.parametrize(
    ("title", "question"),
    [
        ("Parental leave", "What is said about parental leave?"),
        ("Price of a meal", "What is said about the price of a meal?"),
        ("Chess club", "What is said about the chess club?"),
        ("Members show courage", ""),
        ("Before the first day", ""),
        ("Minutes of the meeting", ""),
        ("PUBLIC NOTICE BOARD", ""),
    ],
)
def test_a_title_that_names_something_gives_a_question(
    document: Made, title: str, question: str
) -> None:
    found = asked(document(f"# {title}\n\nNothing else that could be asked stands here.\n"))
    assert found == [question] * bool(question)


def test_things_of_a_sheet_are_named_as_things(document: Made) -> None:
    sheet = "Product,Price (EUR),Supplier,Phone\nOak table,310.00,Nordwood,0555 12\n"
    assert asked(document(sheet, "stock.csv")) == [
        "What is the price of the oak table?",
        "Who is the supplier of the oak table?",
        "What is the phone number of the oak table?",
    ]


def test_other_languages_give_none(document: Made) -> None:
    german = "# Die Schleuse\n\n" + "Die Schleuse wurde im Jahr 1998 von der Stadt gebaut. " * 5
    found = document(german)
    assert found.language == "de" and asked(found) == []


@pytest.mark.parametrize(
    "question",
    [
        "Who is the <b>mayor</b> of Ribe?",
        "Who is the \u202emayor of Ribe?",
        "Who is the mayor\nof Ribe\x00?",
        "Who is the mayor of [Ribe](http://x.example)?",
        "Who is the mayor of `Ribe`?",
        "Who is the mayor of Ribe? And who else?",
        f"Who is the mayor of {'Ribe ' * 30}?",
        f"Who is the mayor of {'R' * 50}?",
        "Who is the mayor of the?",
        "Who is THE CHAIRMAN of Ribe?",
    ],
)
def test_nothing_else_than_words_is_shown(question: str) -> None:
    assert well_formed("Who is the mayor of Ribe?")
    assert not well_formed(question)


@pytest.mark.usefixtures("hashed")
def test_of_many_documents_some_are_looked_at(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (tmp_path / f"{number}.txt").write_text(
            f"The mill of Ribe{number} burnt down in 18{number}0."
        )
    library.update([tmp_path / f"{number}.txt" for number in range(10)])
    monkeypatch.setattr(proposing, "MOST_DOCUMENTS", 4)
    looked: list[str] = []

    def look(found: Document) -> list[Candidate]:
        looked.append(found.id)
        return []

    assert list(propose(library, look)) == []
    assert looked == ["0.txt", "3.txt", "6.txt", "9.txt"]
