"""The outline of a document: nothing is lost in it, and the mark stands where it is said to."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.spans import Annotation, Kind, Page, Span, in_order
from footnoted.corpus.types import Document
from footnoted.qa.show.outline import Node, PageBreak, Run, marker, outline
from support.texts import HOSTILE

BLOCKS: list[Kind] = [
    *("heading", "paragraph", "item", "row", "turn", "code", "note"),
    *("running", "boilerplate", "metadata"),
]
AROUND: list[Kind] = ["list", "table", "record", "quotation"]
INSIDE: list[Kind] = ["cell", "markup"]

MARKDOWN = """---
title: Storage
---

# Storage

The *service* keeps files for **thirty days**;
see [the terms](https://example.org/terms).

Teams may ask for more.

| Plan | Storage |
|------|---------|
| Solo | 50 GB |
| **Team** | 200 GB |

- files
  - pictures
- folders

2. Wait.

> We never look into files.
>
> We count them.

Ann Lee: Where do files stand that nobody has opened?
"""


def of_markdown(folder: Path, text: str = MARKDOWN) -> Document:
    file = folder / "it.md"
    file.write_text(text, encoding="utf-8")
    (read,) = Markdown().read(file).texts
    return Document("it.md", read.text, read.title, annotations=read.annotations)


@pytest.fixture
def storage(tmp_path: Path) -> Document:
    return of_markdown(tmp_path)


def place(document: Document, words: str) -> Span:
    start = document.text.index(words)
    return Span(start, start + len(words))


def kinds(node: Node) -> list[str]:
    """The kinds of what stands in a node, with what they stand in."""
    found = []
    for child in node.children:
        if isinstance(child, PageBreak):
            found.append(child.label)
        elif isinstance(child, Node):
            found += [child.kind, *(f"{child.kind}/{kind}" for kind in kinds(child))]
    return found


def marked(root: Node, shown: bool = True) -> str:
    return "".join(run.text for run in root.runs() if run.marked and run.shown >= shown)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any text under any structure, also such as no reader would make."""
    text = draw(HOSTILE.filter(bool)).encode("utf-8", "ignore").decode()
    edges = st.integers(0, len(text))
    spans = st.tuples(edges, edges).map(lambda two: Span(min(two), max(two)))

    def some(kinds: list[Kind]) -> list[Annotation]:
        drawn = draw(st.lists(st.tuples(spans, st.sampled_from(kinds)), max_size=6))
        return [Annotation(*span, kind, "1") for span, kind in drawn if span.start < span.end]

    blocks = sorted(some(BLOCKS))
    apart = [one for n, one in enumerate(blocks) if not n or one.start >= blocks[n - 1].end]
    apart = [one for n, one in enumerate(apart) if not n or one.start >= apart[n - 1].end]
    starts = sorted(draw(st.sets(edges.filter(lambda at: at < len(text)), max_size=3)))
    pages = [
        Page(a, b, number, draw(st.sampled_from(["", "iv"])))
        for number, (a, b) in enumerate(pairwise([*starts, len(text)]), 1)
    ]
    return Document(
        "it",
        text,
        "It",
        pages=tuple(pages),
        annotations=in_order([*apart, *some(AROUND), *some(INSIDE)]),
    )


@given(documents(), st.data())
def test_nothing_is_lost_and_the_mark_is_the_quotation(
    document: Document, data: st.DataObject
) -> None:
    text = document.text
    edges = st.integers(0, len(text))
    start, end = sorted((data.draw(edges), data.draw(edges)))
    mark = Span(start, end) if start < end else None
    root = outline(document, mark)
    assert "".join(run.text for run in root.runs()) == text
    assert marked(root, shown=False) == (text[start:end] if mark else "")
    assert all(run.text for run in root.runs())
    if mark:
        assert root.marked
    assert sum(kind.split("/")[-1].startswith("p. ") for kind in kinds(root)) == len(document.pages)


@given(documents(), st.data())
def test_a_stretch_of_a_document_is_its_own(document: Document, data: st.DataObject) -> None:
    edges = st.integers(0, len(document.text))
    start, end = sorted((data.draw(edges), data.draw(edges)))
    root = outline(document, None, Span(start, end))
    assert "".join(run.text for run in root.runs()) == document.text[start:end]


@given(HOSTILE)
def test_any_markdown_is_shown_whole(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    assume(not re.search("[\0-\x08\x0e-\x1f\ud800-\udfff]", text))  # else it is no text file
    document = of_markdown(tmp_path_factory.mktemp("md"), f"- a\n\n> b\n\n{text}")
    assert "".join(run.text for run in outline(document).runs()) == document.text


def test_what_holds_what(storage: Document) -> None:
    assert kinds(outline(storage)) == [
        *("metadata", "heading", "paragraph", "paragraph"),
        *("table", "table/row", "table/row/cell", "table/row/cell"),
        *("table/row", "table/row/cell", "table/row/cell") * 2,
        *("list", "list/item", "list/list", "list/list/item", "list/item"),
        *("list", "list/item"),
        *("quotation", "quotation/paragraph", "quotation/paragraph"),
        *("turn", "turn/speaker"),
    ]


def test_signs_are_not_shown(storage: Document) -> None:
    shown = outline(storage).text
    assert "The service keeps files for thirty days;\nsee the terms." in shown
    assert not set("#*[|>") & set(shown)


def test_a_mark_across_blocks_and_signs(storage: Document) -> None:
    start, end = storage.text.index("**thirty"), storage.text.index(" may ask")
    assert marked(outline(storage, Span(start, end))) == "thirty days;\nsee the terms.Teams"
    row = place(storage, "**Team** | 200 GB")
    assert marked(outline(storage, row)) == "Team200 GB"


@pytest.mark.parametrize("signs", ["https://example.org", "|------|", "**Team**"])
def test_a_mark_is_shown_also_where_only_signs_are(storage: Document, signs: str) -> None:
    root = outline(storage, place(storage, signs))
    assert marked(root) == (signs.strip("*") if "Team" in signs else signs)
    assert "".join(run.text for run in root.runs()) == storage.text


def test_items_are_headed_with_their_numbers(storage: Document) -> None:
    found: dict[str, str] = {}

    def collect(node: Node) -> None:
        before = ""
        for child in node.children:
            if isinstance(child, Node) and child.kind == "item":
                found[child.text] = marker(before, child)
            elif isinstance(child, Node):
                collect(child)
            before = child.text if isinstance(child, Run) else ""

    collect(outline(storage))
    assert found == {"files": "•", "pictures": "•", "folders": "•", "Wait.": "2."}
    sign = Node("item", children=[Run("b) ", shown=False), Run("Wait.")])
    assert marker("\n", sign) == "b)"


def test_a_row_that_says_more_than_its_cells_is_a_line() -> None:
    annotations = in_order(
        [
            *(Annotation(0, 9, "row"), Annotation(6, 9, "cell", "From")),
            *(Annotation(10, 15, "row"), Annotation(10, 11, "cell"), Annotation(14, 15, "cell")),
        ]
    )
    root = outline(Document("d", "From: Ann\na | b", "", annotations=annotations))
    assert root.text == "From: Annab"
    assert kinds(root) == ["row", "row", "row/cell", "row/cell"]


def test_headers_that_stand_in_their_rows_may_stand_above_them() -> None:
    """Outside of tables, and where more than the header is said before a cell, they are lines."""
    text = "Room: Hall | Seats: 9\nRoom: (old) Barn | Seats: 4\nFrom: Ann"
    annotations = in_order(
        [
            *(Annotation(0, 49, "table"), Annotation(0, 21, "row")),
            *(Annotation(6, 10, "cell", "Room"), Annotation(20, 21, "cell", "Seats")),
            *(Annotation(22, 49, "row"), Annotation(34, 38, "cell", "Room")),
            *(Annotation(48, 49, "cell", "Seats"), Annotation(50, 59, "row")),
            Annotation(56, 59, "cell", "From"),
        ]
    )
    rooms = Document("d", text, "", annotations=annotations)
    assert outline(rooms).text == text.replace("\n", "")
    root = outline(rooms, in_columns=True)
    assert kinds(root) == [
        "table",
        *(f"table/{one}" for one in ("row", "row/cell", "row/cell", "row")),
        "row",
    ]
    assert root.text == "Hall9Room: (old) Barn | Seats: 4From: Ann"


def test_pages_begin_before_the_list_that_begins_with_them() -> None:
    annotations = in_order(
        [
            *(Annotation(0, 3, "paragraph"), Annotation(5, 14, "list")),
            *(Annotation(5, 8, "item"), Annotation(9, 14, "item")),
        ]
    )
    pages = (Page(0, 3, 1), Page(5, 8, 2, "ii"), Page(9, 11, 3), Page(11, 14, 4))
    document = Document("d", "one\n\ntwo\nthree", "", pages=pages, annotations=annotations)
    assert kinds(outline(document)) == [
        *("p. 1", "paragraph", "p. ii (sheet 2)", "list", "list/item", "list/p. 3", "list/item"),
        "list/item/p. 4",
    ]


def test_what_a_site_puts_around_its_article_needs_no_lists() -> None:
    annotations = in_order(
        [
            *(Annotation(0, 7, "list"), Annotation(8, 11, "list")),
            *(Annotation(0, 3, "boilerplate"), Annotation(4, 7, "boilerplate")),
            Annotation(8, 11, "item"),
        ]
    )
    document = Document("d", "one\ntwo\nsix", "", annotations=annotations)
    assert kinds(outline(document)) == ["boilerplate", "boilerplate", "list", "list/item"]


def test_containers_in_containers_come_to_an_end() -> None:
    depth = 5_000
    around = [Annotation(n, depth + 3, "quotation") for n in range(depth)]
    document = Document(
        "d",
        ">" * depth + "one",
        "",
        annotations=(*around, Annotation(depth, depth + 3, "paragraph")),
    )
    root = outline(document)
    assert root.text == "one" and max(kinds(root), key=len).count("/") == 8
