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
from footnoted.index.types import Coverage, FileReceipt, Origin, Receipt
from footnoted.qa.escape import one_line
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.show import terminal
from footnoted.qa.show.style import Style
from footnoted.qa.show.summary import summary
from footnoted.qa.types import Answer, Citation, Ledger, LeftOut, Searched
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


def test_the_command_that_lists_unreadable_files_is_named(answer: Answer) -> None:
    assert "footnoted documents" not in terminal.answer(answer, Style())
    missed = replace(answer, coverage=replace(answer.coverage, unreadable=3))
    assert terminal.answer(missed, Style(), "footnoted documents --unreadable").endswith(
        "\nwhat is unreadable may hold an answer; footnoted documents --unreadable lists it"
    )


def test_a_declined_answer_says_what_is_not_in_english(answer: Answer) -> None:
    languages = {"en": 9, "de": 2, "fr": 1}
    coverage = replace(answer.coverage, documents=14, languages=languages)
    said = "3 of 14 documents are not in English (German and French); English alone is read well."
    declined = replace(NOTHING, coverage=coverage)
    assert said in terminal.answer(declined, Style(width=100))
    assert "English" not in terminal.answer(replace(answer, coverage=coverage), Style(width=100))
    in_english = replace(declined, coverage=replace(coverage, languages={"en": 9}))
    assert "English" not in terminal.answer(in_english, Style())


REPORT = FileReceipt(
    *("/papers/r.pdf", 1, 900, 3, 2, "added", ("page 2 cannot be read", "noted")),
    **{"size": 2_300_000, "reader": "PDF 1 pypdfium2 5", "languages": ("de",)},  # type: ignore[arg-type]
    lost=("page 2 cannot be read",),
)
FAILED = FileReceipt("/papers/\x1b[31m.xyz", 0, 0, None, 0, "failed", failure="is broken: no end")


def test_documents_are_listed_with_their_receipts() -> None:
    document = Listed("r.pdf", "Report", None, None, 900, "", None, "de", 3, REPORT.reader)
    origin = Origin(REPORT, copies=("/papers/copy.pdf",), near=("/papers/draft.pdf",))
    assert list(terminal.documents([document], {"r.pdf": origin}, [FAILED, REPORT], Style())) == [
        "r.pdf  Report, PDF, 3 pages, in German, 900 characters, 2.3 MB, 2 warnings",
        "    also at /papers/copy.pdf",
        "    nearly the same as /papers/draft.pdf",
        "",
        "1 file could not be read:",
        "    /papers/␛[31m.xyz: is broken: no end",
        "",
        "1 file partly read; footnoted documents --unreadable says what is missing",
    ]


def test_files_are_listed_with_their_receipts() -> None:
    copy = replace(REPORT, path="/papers/copy.pdf", warnings=(), lost=(), same_as=REPORT.path)
    assert list(terminal.files([copy, REPORT, FAILED], Style())) == [
        "read         /papers/copy.pdf: same as /papers/r.pdf",
        "partly read  /papers/r.pdf: PDF, 3 pages, in German, 900 characters, 2 passages, 2.3 MB",
        "             page 2 cannot be read",
        "             noted",
        "failed       /papers/␛[31m.xyz: is broken: no end",
        "3 files: 1 read, 1 partly read, 1 failed",
    ]
    assert list(terminal.files([], Style())) == ["No such files."]


def test_indexing_says_what_is_not_in_english() -> None:
    both = replace(REPORT, path="/papers/b.pdf", languages=("de", "en", "fr"))
    english = replace(REPORT, path="/papers/e.pdf", languages=("en",))
    shown = terminal.receipt(Receipt((REPORT, both, english), 6, Coverage(3, 6, 3), 1), Style())
    lines = shown.splitlines()
    assert lines[0].endswith("2 passages, in German")
    assert lines[3].endswith("2 passages, partly in German and French")
    assert lines[6].endswith("2 passages")
    assert "2 files not, or not only, in English, which alone is read well" in lines


def test_of_one_thing_is_told_in_the_singular() -> None:
    one = Searched(documents=1, passages=1, passages_read=1, unreadable=1)
    shown = terminal.answer(replace(NOTHING, coverage=one), Style())
    assert "1 of 1 passage in 1 document read; 1 file unreadable; " in shown
    (listed,) = terminal.documents([Listed("a", "A", None, None, 1, "")], {}, [], Style())
    assert listed.endswith(", 1 character")
    result: dict[str, Any] = {"by_kind": {}, "metrics": {}, "questions": [{}]}
    assert summary(result, Style()).startswith("1 question\n")


def test_causes_are_counted_under_the_metrics_with_the_first_questions() -> None:
    records: list[dict[str, Any]] = [{"id": f"q\n{n}", "cause": "near_miss"} for n in range(8)]
    records += [{"id": "one", "cause": "incomplete"}, {"id": "two", "cause": None}]
    counts = {"incomplete": 1, "near_miss": 8}
    result = {"by_kind": {}, "metrics": {}, "causes": counts, "questions": records}
    assert summary(result, Style()).splitlines()[-3:] == [
        "not right   n  questions",
        "incomplete  1  one",
        "near_miss   8  q 0, q 1, q 2, q 3, q 4, q 5, …",
    ]


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


def test_the_speaker_stands_beside_the_quotation(answer: Answer) -> None:
    short = replace(answer.answers[0], speaker="Max\x1b[1m Hardy")
    shown = terminal.answer(replace(answer, answers=(short,)), Style())
    said = one_line(answer.main[0].said).split()[-1]
    assert re.search(
        rf"{re.escape(said)} (\[\d+\])+\n  — {re.escape(one_line(short.speaker or ''))}\n", shown
    )
    assert "\x1b" not in shown
    assert "—" not in terminal.answer(
        replace(answer, answers=(replace(short, speaker=None),)), Style()
    )


def test_what_was_left_out_of_a_list_is_shown_on_demand() -> None:
    left_out = LeftOut("the Liberals", "on the other side", 0.12, "minutes.md", 10, 20)
    other = LeftOut("Anna", "in doubt", 0.4, "minutes.md", 30, 40)
    answer = replace(NOTHING, ledger=Ledger(3, 12, 2, (other, left_out)))
    shown = terminal.answer(answer, Style())
    assert "Searched 3 of 0 documents; 0 said, 1 in doubt" in shown
    assert "Liberals" not in shown
    shown = terminal.answer(answer, Style(), with_ledger=True)
    assert "the Liberals: on the other side, 0.12 (minutes.md)" in shown
    assert "said" not in terminal.answer(NOTHING, Style(), with_ledger=True)
