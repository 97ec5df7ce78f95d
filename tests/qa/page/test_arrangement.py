"""How the page arranges what documents hold: columns, items, folds, portions."""

from __future__ import annotations

from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.spans import Annotation, Span
from footnoted.corpus.types import Document
from footnoted.qa.page import arrangement
from footnoted.qa.page.arrangement import BLOCKS, Fold, Table, items, parts, shown
from footnoted.qa.show.outline import Node, outline

HEADERS = ["Plan", "Storage", "Price"]


def built(builder: TextBuilder) -> Document:
    return Document("d", builder.text, "D", annotations=builder.annotations)


def cells(table: Table) -> list[list[str | None]]:
    return [[cell.text if cell else None for cell in row.cells] for row in table.rows]


def first_table(document: Document) -> Table:
    (node,) = (one for one in outline(document).children if isinstance(one, Node))
    return arrangement.table(node.children)


def test_cells_stand_under_their_headers() -> None:
    builder = TextBuilder()
    with builder.within("table"):
        builder.row(HEADERS, value="header")
        builder.row(["Team", "", "9 €"], HEADERS)
        builder.row(["", "1 TB", ""], HEADERS)
    table = first_table(built(builder))
    assert cells(table) == [HEADERS, ["Team", None, "9 €"], [None, "1 TB", None]]
    assert [row.is_header for row in table.rows] == [True, False, False]
    assert not table.labels and table.columns == 3


def test_a_corner_without_a_header_moves_the_headers() -> None:
    builder = TextBuilder()
    with builder.within("table"):
        builder.row(["", "May", "June"], value="header")
        builder.row(["Ann", "", "3"], ["", "May", "June"])
    assert cells(first_table(built(builder))) == [[None, "May", "June"], ["Ann", None, "3"]]


def test_headers_that_no_row_shows_are_labels() -> None:
    builder = TextBuilder()
    with builder.within("table"):
        builder.row(["Team", "", "9 €"], HEADERS)
        builder.row(["Solo", "1 TB", ""], HEADERS)
    table = first_table(built(builder))
    assert table.labels == HEADERS
    assert cells(table) == [["Team", None, "9 €"], ["Solo", "1 TB", None]]


def test_rows_with_cells_are_a_table_wherever_they_stand() -> None:
    builder = TextBuilder()
    with builder.within("record"):
        builder.block("paragraph", "About one")
        builder.row(["Name", "Ann"])
        builder.row(["Office", "Aarhus"])
    (record,) = (one for one in outline(built(builder)).children if isinstance(one, Node))
    text, table = parts(record.children)
    assert isinstance(text, Node) and isinstance(table, Table)
    assert cells(table) == [["Name", "Ann"], ["Office", "Aarhus"]]


def test_what_is_no_row_is_as_wide_as_its_table() -> None:
    builder = TextBuilder()
    with builder.within("table"):
        builder.row(["a", "b"])
        builder.page(2)
        builder.block("note", "A note.")
    table = first_table(
        Document("d", builder.text, "D", pages=builder.pages, annotations=builder.annotations)
    )
    assert [row.across is not None for row in table.rows] == [False, True, True]


def test_what_stands_below_an_item_is_in_it() -> None:
    builder = TextBuilder()
    with builder.within("list"):
        builder.block("item", "one")
        with builder.within("list"):
            builder.block("item", "inner")
        builder.block("item", "two")
    (node,) = (one for one in outline(built(builder)).children if isinstance(one, Node))
    assert [[getattr(part, "kind", "") for part in item.parts] for item in items(node)] == [
        ["item", "list"],
        ["item"],
    ]


def test_neighbours_around_the_text_are_one_fold() -> None:
    builder = TextBuilder()
    for kind in ("boilerplate", "boilerplate", "metadata", "paragraph"):
        builder.block(kind, kind)
    document = built(builder)
    found = list(parts(outline(document, Span(0, 3)).children))
    assert [(one.label, len(one.parts), one.marked) for one in found if isinstance(one, Fold)] == [
        ("Around the text", 2, True),
        ("About this document", 1, False),
    ]


def test_lines_that_were_full_run_on() -> None:
    def is_wrapped(text: str) -> bool:
        document = Document("d", text, "D", annotations=(Annotation(0, len(text), "paragraph"),))
        (node,) = (one for one in outline(document).children if isinstance(one, Node))
        return arrangement.is_wrapped(node)

    assert is_wrapped("One line")
    assert is_wrapped("This line is as full as a\nline can be. It goes on and\nends.")
    assert is_wrapped(
        "A long address [https://example.org/long/long] is in it, and\nhere it goes on"
    )
    assert not is_wrapped("12 Harbour Street\nAarhus\nDenmark, which is far away from the sea")


def test_a_long_document_is_shown_around_the_mark() -> None:
    many = 3 * BLOCKS
    text = "\n".join(f"{n:06}" for n in range(many))
    document = Document(
        "d",
        text,
        "D",
        annotations=tuple(Annotation(7 * n, 7 * n + 6, "paragraph") for n in range(many)),
    )
    begun = shown(document, None)
    assert (begun.first, begun.after, begun.blocks) == (0, BLOCKS, many)
    mark = Span(7 * 2000, 7 * 2001 + 3)
    around = shown(document, mark)
    assert around.first < 2000 < around.after and around.after - around.first <= BLOCKS + 2
    assert around.first_marked and around.first_marked.text == "002000"
    later = shown(document, mark, around.after)
    assert later.first == around.after and later.first_marked is None
    assert later.root.text.startswith(f"{around.after:06}")
    assert shown(document, mark, around.before).after >= around.first
    last = shown(document, None, 10**9)
    assert last.after == many and last.root.text
