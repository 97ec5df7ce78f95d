from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.rendering import render, render_alone, searched
from footnoted.corpus.types import Document, Span

MARKDOWN = """# Moorings

| Boat | Fee |
|------|-----|
| Maren | **5** euros |
| Freja | 7 euros |

## Rules

Every skipper must:

- pay *at once*
- leave by [noon](https://x.example)

> Nobody knows
> when it *began*.
"""


@pytest.fixture
def made(tmp_path: Path) -> Document:
    (tmp_path / "file.md").write_text(MARKDOWN, encoding="utf-8")
    ((document,),) = (file.documents for file in read(tmp_path / "file.md"))
    return document


def place(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


def test_cells_stand_under_their_headers(made: Document) -> None:
    rendering = render(made, place(made, "Maren | **5** euros"))
    assert rendering.text == "Boat: Maren; Fee: 5 euros"
    assert rendering.source(place_in(rendering.text, "5 euros")) == place(made, "5** euros")
    assert rendering.source(place_in(rendering.text, "Fee:")) is None
    assert rendering.source(place_in(rendering.text, "Fee: 5")) == place(made, "5")


def place_in(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def test_items_stand_under_what_they_continue_and_headings(made: Document) -> None:
    rendering = render(made, place(made, "leave by [noon](https://x.example)"))
    assert rendering.text == "Rules\nEvery skipper must:\nleave by noon"
    assert render_alone(made, place(made, "pay *at once*")).text == "pay at once"
    assert searched(made, place(made, "pay *at once*")).startswith("Moorings\nRules\nEvery")


def test_signs_between_lines_are_not_read(made: Document) -> None:
    rendering = render_alone(made, place(made, "Nobody knows\n> when it *began*."))
    assert rendering.text == "Nobody knows\nwhen it began."
    began = rendering.source(place_in(rendering.text, "began"))
    assert began == place(made, "began")


def test_what_is_read_stands_where_it_says(made: Document) -> None:
    splitter = PassageSplitter(lambda text: len(text.split()), 12)
    for passage in split(made, splitter):
        rendering = render(made, Span(passage.start, passage.end))
        for piece in rendering.pieces:
            said = rendering.text[piece.at : piece.at + piece.length]
            assert said == made.text[piece.source : piece.source + piece.length]
        for sentence in passage.sentences:
            there = rendering.rendered(sentence)
            assert there is not None
            back = rendering.source(there)
            assert back is not None and sentence.start <= back.start < back.end <= sentence.end


def test_prose_is_read_as_it_stands() -> None:
    document = Document("a", "It is long.\n\nNobody knows why.", "T")
    whole = Span(0, len(document.text))
    assert render(document, whole).text == document.text
    assert render(document, whole).source(Span(3, 5)) == Span(3, 5)
