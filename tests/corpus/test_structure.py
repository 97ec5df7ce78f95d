from __future__ import annotations

from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.spans import Span
from footnoted.corpus.types import Document


def document() -> Document:
    made = TextBuilder()
    made.page(1, "i")
    made.block("heading", "The pier", "1")
    made.block("paragraph", "It is long.")
    made.page(2)
    made.block("heading", "Fees", "2")
    with made.within("table"):
        made.row(["Boat", "Fee"], value="header")
        made.row(["Maren", "5 euros"], ["Boat", "Fee"])
    made.block("heading", "Boats", "1")
    with made.within("list"):
        made.block("item", "Freja", "There are:")
    return Document("a", made.text, "T", pages=made.pages, annotations=made.annotations)


def at(made: Document, words: str) -> int:
    return made.text.index(words)


def test_headings_above() -> None:
    made = document()
    path = made.structure.heading_path
    assert path(at(made, "It is")) == ("The pier",)
    assert path(at(made, "Maren")) == ("The pier", "Fees")
    assert path(at(made, "Freja")) == ("Boats",)
    assert path(at(made, "Fees")) == ("The pier",)
    assert path(0) == ()


def test_pages() -> None:
    made = document()
    assert [(page.number, page.label) for page in made.pages] == [(1, "i"), (2, "")]
    page = made.structure.page_at(at(made, "Maren"))
    assert page is not None and page.number == 2
    assert Document("b", "No pages.", "T").structure.page_at(0) is None


def test_what_holds_a_place() -> None:
    made = document()
    cell = made.structure.around(at(made, "5 euros") + 1, "cell")
    assert cell is not None and cell.value == "Fee"
    assert made.structure.around(at(made, "Freja"), "cell") is None
    block = made.structure.block_at(at(made, "Freja"))
    assert block is not None and (block.kind, block.value) == ("item", "There are:")
    assert made.structure.block_at(at(made, "It is") - 1) is None


def test_blocks_of_a_stretch() -> None:
    made = document()
    stretch = Span(at(made, "long"), at(made, "Maren") + 1)
    assert [one.kind for one in made.structure.blocks_in(stretch)] == [
        "paragraph",
        "heading",
        "row",
        "row",
    ]
    between = Span(at(made, "It is") - 2, at(made, "It is"))
    assert made.structure.blocks_in(between) == []


def test_a_heading_stands_under_none_beside_it() -> None:
    made = TextBuilder()
    for level, title in enumerate(["A", "B", "C", "D"]):
        made.block("heading", title, "1323"[level])
    built = Document("a", made.text, "T", annotations=made.annotations)
    paths = [built.structure.heading_path(built.text.index(title)) for title in "ABCD"]
    assert paths == [(), ("A",), ("A",), ("A", "C")]
