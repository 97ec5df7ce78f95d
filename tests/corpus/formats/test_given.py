from __future__ import annotations

import pytest

from footnoted.corpus.formats.given import given_title


@pytest.mark.parametrize(
    "title",
    [
        "Microsoft Word - Minutes_final.doc",
        "minutes.docx",
        "Untitled",
        "untitled 3",
        "Document1",
        "PowerPoint Presentation",
        "Presentation Title",
        "Slide 1",
        "  ",
        "2021-02-03",
    ],
)
def test_what_a_program_put_in_is_no_title(title: str) -> None:
    assert given_title(title) == ""


@pytest.mark.parametrize(
    "title", ["The pier", "Documents of the harbour", "Slides and ladders", "Untitled (Blue), 1961"]
)
def test_what_somebody_wrote_is(title: str) -> None:
    assert given_title(f" {title}\n") == title
