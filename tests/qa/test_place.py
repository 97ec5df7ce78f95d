"""Where something stands, in words, and what stands there as it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from footnoted.corpus.spans import Annotation, Page, Span
from footnoted.corpus.types import Document
from footnoted.qa.place import date_in_words, page_in_words
from footnoted.qa.types import Citation

TEXT = "Guide\n\nPlans\n\nThe *big*\none\n\nTeam | 200 GB"
GUIDE = Document(
    "guide.pdf",
    TEXT,
    "Guide",
    date="2024-03-12",
    pages=(Page(0, 12, 19), Page(14, 45, 20, "2")),
    annotations=(
        *(Annotation(0, 5, "heading", "1"), Annotation(7, 12, "heading", "2")),
        *(Annotation(14, 27, "paragraph"), Annotation(18, 19, "markup")),
        *(Annotation(22, 23, "markup"), Annotation(29, 42, "row")),
        *(Annotation(29, 33, "cell", "Plan"), Annotation(36, 42, "cell", "Storage")),
    ),
)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2024-03-12", "12 March 2024"),
        ("2024-12-01", "1 December 2024"),
        ("2024-02-30", "2024-02-30"),
        ("March 2024", "March 2024"),
        ("2024-03-12T10:00", "2024-03-12T10:00"),
    ],
)
def test_days_are_said(written: str, said: str) -> None:
    assert date_in_words(written) == said


def test_pages_are_named_as_they_are_printed() -> None:
    assert page_in_words(4, "") == page_in_words(4, None) == page_in_words(4, "4") == "p. 4"
    assert page_in_words(20, "2") == "p. 2 (sheet 20)"


def test_a_place_is_page_heading_and_date() -> None:
    citation = Citation.of(1, GUIDE, Span(14, 27))
    assert citation.place == "p. 2 (sheet 20), “Plans”, 12 March 2024"
    # The title of the document is no news.
    assert Citation.of(1, GUIDE, Span(7, 12)).place == "p. 19, 12 March 2024"
    assert Citation.of(1, Document("d", "Text.", "D"), Span(0, 5)).place == ""


def test_a_quotation_is_read_without_signs_and_published_as_it_stands() -> None:
    citation = Citation.of(1, GUIDE, Span(14, 27))
    assert (citation.quote, citation.said) == ("The *big*\none", "The big one")
    row = Citation.of(1, GUIDE, Span(29, 42))
    assert (row.quote, row.said) == ("Team | 200 GB", "Plan: Team; Storage: 200 GB")
    assert "rendered" not in row.as_dict()
    # Of one that was read back from a file, nothing more is known.
    assert replace(row, rendered="").said == row.quote


def test_what_is_held_for_a_heading_is_shortened_where_it_tells_a_place() -> None:
    title = "Word " * 3000
    annotations = (
        Annotation(0, len(title), "heading", "1"),
        Annotation(15_001, 15_006, "paragraph"),
    )
    document = Document("a.md", f"{title}\nText.", "A", annotations=annotations)
    citation = Citation.of(1, document, Span(15_001, 15_006))
    assert len(citation.heading[0]) > 10_000
    assert len(citation.place) < 130 and citation.place.endswith("Word…”")
