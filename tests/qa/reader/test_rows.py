"""Which rows of a table are about what a question names."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus import files
from footnoted.corpus.types import Document, Passage, Span
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.reader.candidates import Candidate
from footnoted.qa.reader.rows import AskedRows

PLANS = """# Hosting

All plans are billed by Norvik Hosting.

| Plan | Storage | Price |
|---|---|---|
| Basic | 20 GB | 4 euros |
| Team | 200 GB | 18 euros |
| Team Plus | 400 GB | 25 euros |
"""
HOUSES = """# Listed buildings

| Building | Built in |
|---|---|
| Oak House | 1950 |
| Elm House | 1970 |
| United Kingdom | 1990 |
"""


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "tables.md"


def left(question: str, written: Path, text: str, column: int = -1) -> list[str]:
    """The first cells of the rows whose cell in a column may answer."""
    written.write_text(text)
    (file,) = files.read(written)
    (document,) = file.documents
    passage = Passage(document.id, 0, len(document.text), ())
    hit = Hit(passage, document, 1.0, 0.5)
    rows = AskedRows(AskedFor.of(question), [hit])
    every = document.structure.within(Span(0, len(document.text)), "row")[1:]
    kept = []
    for row in every:
        cells = cells_of(document, Span(row.start, row.end))
        span = Span(row.start, row.end)
        one = Candidate(hit, document.text, 0.0, cells[column], span, 0.0, 0.0)
        if not rows.are_about_another(one):
            kept.append(document.text[slice(*cells[0])])
    return kept


def cells_of(document: Document, row: Span) -> list[Span]:
    return [Span(one.start, one.end) for one in document.structure.within(row, "cell")]


ALL_PLANS = ["Basic", "Team", "Team Plus"]
ALL_HOUSES = ["Oak House", "Elm House", "United Kingdom"]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What does the Basic plan cost?", ["Basic"]),
        ("What does Team Plus cost?", ["Team", "Team Plus"]),
        ("Is Basic cheaper than Team?", ["Basic", "Team"]),
        ("What does the Enterprise plan cost?", []),
        ("Which plan costs 4 euros?", ALL_PLANS),
        ("What do the plans of Norvik Hosting cost?", ALL_PLANS),
        ("What does a plan cost?", ALL_PLANS),
    ],
)
def test_a_row_answers_for_what_it_names(question: str, expected: list[str], written: Path) -> None:
    assert left(question, written, PLANS) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When was Elm House built?", ["Elm House"]),
        ("When was Poplar House built?", []),
        ("When was the UK built?", ["United Kingdom"]),
        ("When was a House built?", ALL_HOUSES),
    ],
)
def test_what_several_rows_share_tells_none_of_them_apart(
    question: str, expected: list[str], written: Path
) -> None:
    assert left(question, written, HOUSES) == expected


def test_where_the_first_cells_are_asked_for_the_one_that_is_named_is_not(written: Path) -> None:
    question = "Which plan has more storage than Team?"
    assert left(question, written, PLANS, column=0) == ALL_PLANS


def test_text_beside_a_table_is_left_alone(written: Path) -> None:
    written.write_text(PLANS)
    (file,) = files.read(written)
    (document,) = file.documents
    hit = Hit(Passage(document.id, 0, len(document.text), ()), document, 1.0, 0.5)
    start = document.text.index("All plans")
    sentence = Span(start, start + 10)
    one = Candidate(hit, document.text, 0.0, sentence, sentence, 0.0, 0.0)
    rows = AskedRows(AskedFor.of("What does the Enterprise plan cost?"), [hit])
    assert not rows.are_about_another(one)
