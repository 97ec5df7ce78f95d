from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.types import Document, Listed, Span
from footnoted.index.library import Library
from footnoted.qa.escape import one_line
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.summary import summary
from footnoted.qa.show.terminal import Style
from footnoted.qa.types import Answer, Citation, Searched
from support.answers import NOTHING


@pytest.fixture(scope="module")
def answer(shipped: Library) -> Answer:
    return Pipeline(shipped).ask("Who opposes the plan?")


def test_every_statement_carries_its_numbers(answer: Answer) -> None:
    shown = terminal.answer(answer, Style())
    flat = " ".join(shown.split())
    for statement in answer.statements:
        marks = "".join(f"[{number}]" for number in statement.citations)
        assert f"{' '.join(statement.text.split())} {marks}" in flat
    for citation in answer.citations:
        assert f"[{citation.number}] {citation.title} · {citation.publisher}" in flat
        assert f"{citation.document}, characters {citation.start} to {citation.end}" in flat


def test_short_answers_come_first(answer: Answer) -> None:
    short = replace(answer.answers[0], text="Maren", citations=(1,), rendered="")
    shown = terminal.answer(replace(answer, answers=(short,)), Style())
    assert shown.startswith("• Maren [1]\n\n")
    said = replace(short, text=answer.statements[0].text)
    shown = terminal.answer(replace(answer, answers=(said,)), Style())
    assert "•" not in shown


def test_what_no_answer_cites_is_shown_apart(answer: Answer) -> None:
    first = answer.answers[0]
    only = replace(answer, answers=(replace(first, citations=first.citations[:1]),))
    assert len(only.statements) > 1
    shown = terminal.answer(only, Style())
    assert "More on this:" in shown
    assert "More on this:" not in terminal.answer(answer, Style())


def test_colour_changes_nothing_but_the_colour(answer: Answer) -> None:
    plain = terminal.answer(answer, Style())
    coloured = terminal.answer(answer, Style(colour=True))
    assert coloured != plain and re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_a_quotation_that_differs_from_its_statement_is_shown(answer: Answer) -> None:
    said = answer.statements[0]
    statement = replace(said, text="In other words.", support="supported", rendered="")
    shown = terminal.answer(replace(answer, statements=(statement,)), Style())
    assert " ".join(answer.citations[0].quote.split()) in " ".join(shown.split())


def test_unreadable_files_are_told(answer: Answer) -> None:
    coverage = replace(answer.coverage, unreadable=3)
    shown = terminal.answer(replace(answer, coverage=coverage), Style())
    assert "3 files unreadable" in shown


def test_of_one_thing_is_told_in_the_singular() -> None:
    one = Searched(documents=1, passages=1, passages_read=1, unreadable=1)
    shown = terminal.answer(replace(NOTHING, coverage=one), Style())
    assert "1 of 1 passage in 1 document read; 1 file unreadable; " in shown
    listed = terminal.documents([Listed("a", "A", None, None, 1, "")], Style())
    assert listed.endswith(", 1 character")
    result: dict[str, Any] = {"by_kind": {}, "metrics": {}, "questions": [{}]}
    assert summary(result, Style()).startswith("1 question\n")


def test_a_page_is_named_as_it_is_printed(answer: Answer) -> None:
    citation = replace(answer.citations[0], page=9)
    shown = terminal.answer(replace(answer, citations=(citation,)), Style())
    assert f"{citation.document}, p. 9, characters" in shown
    citation = replace(citation, page_label="vii")
    shown = terminal.answer(replace(answer, citations=(citation,)), Style())
    assert f"{citation.document}, p. vii (sheet 9), characters" in shown


def plans() -> Document:
    builder = TextBuilder()
    builder.page(2)
    builder.block("heading", "Sizes", "1")
    with builder.within("table"):
        builder.row(["Plan", "Storage"], value="header")
        builder.row(["Team", "200 GB"], ["Plan", "Storage"])
    with builder.within("list"):
        one = builder.block("item", "1. Wait.")
        assert one
        builder.annotate(Span(one.start, one.start + 3), "markup")
        builder.block("item", "Ask.")
    builder.block("paragraph", "Enough.")
    about = {"pages": builder.pages, "annotations": builder.annotations}
    return Document("plans.md", builder.text, "Plans", date="2024-03-12", **about)  # type: ignore[arg-type]


def cited(document: Document, quote: str) -> Citation:
    start = document.text.index(quote)
    return Citation.of(1, document, Span(start, start + len(quote)))


def test_a_citation_is_shown_as_it_is_read(answer: Answer) -> None:
    citation = cited(plans(), "Team | 200 GB")
    only = replace(answer, answers=(), statements=(), citations=(citation,))
    shown = terminal.answer(only, Style())
    assert "[1] Plans\n    plans.md, p. 2, “Sizes”, 12 March 2024, characters " in shown
    assert "    Plan: Team; Storage: 200 GB\n" in shown


def test_a_citation_is_opened_in_its_surroundings() -> None:
    document = plans()
    citation = cited(document, "Team | 200 GB\n\n1. Wait.\nAsk")
    shown = terminal.surroundings(citation, document, Style())
    assert shown.splitlines()[2:] == [
        *("", "    Sizes", "", "    Plan | Storage", "    »Team | 200 GB"),
        *("", "    1. Wait.", "    • Ask«.", "", "    Enough."),
    ]
    coloured = terminal.surroundings(citation, document, Style(colour=True))
    assert re.sub(r"\x1b\[\d+m", "", coloured) == shown and coloured != shown


@given(st.text())
def test_no_text_steers_the_terminal(text: str) -> None:
    shown = one_line(text)
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(shown)


def test_documents_are_named_with_what_is_known() -> None:
    document = Document("a", "Text.", "Title", publisher="Press", date="2020")
    assert terminal.described(document) == "Title · Press · 2020"
    assert terminal.described(replace(document, date="2020-02-03")).endswith("· 3 February 2020")
    assert terminal.described(replace(document, publisher=None, date=None)) == "Title"
