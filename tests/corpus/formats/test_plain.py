from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.formats.plain import first_line, structure
from footnoted.corpus.rendering import without_signs
from footnoted.corpus.types import Document, Extracted
from support.extracted import check, said


def read(text: str) -> Extracted:
    title = first_line(text)
    extracted = Extracted(text, title, annotations=structure(text, title))
    check(extracted)
    return extracted


def test_the_title_is_the_heading_above_all_others() -> None:
    found = read("The pier\n\n1. Building\n\nIt was built in 1901.\n\n1.1 Wood\n\nOak was used.\n")
    assert said(found, "heading") == [("The pier", "1"), ("1. Building", "2"), ("1.1 Wood", "3")]
    assert said(found, "paragraph") == [("It was built in 1901.", ""), ("Oak was used.", "")]


def test_headings_are_underlined_numbered_or_in_capitals() -> None:
    found = read(
        "Some prose ends here.\n\nThe quay\n--------\nIt is long.\n\nFEES\nThey are low.\n\n"
        "Annex B\n\n## Boats\nThey are old.\n\n3. Anybody may come who has paid.\n"
    )
    assert said(found, "heading") == [
        ("The quay", "2"),
        ("FEES", "1"),
        ("Annex B", "1"),
        ("Boats", "2"),
    ]


def test_clauses_below_a_numbered_heading_are_no_headings() -> None:
    found = read("It is agreed:\n\n2. MOORING\n2.1 Boats moor at the quay.\n2.2 No boat stays.\n")
    assert said(found, "heading") == [("2. MOORING", "1")]
    assert said(found, "paragraph")[1:] == [("2.1 Boats moor at the quay.\n2.2 No boat stays.", "")]


def test_items_know_what_they_continue() -> None:
    found = read(
        "Bring:\n- a rope\n- two oars,\n  not too long\n* a lamp\n\nNobody sails at night.\n"
    )
    assert said(found, "item") == [
        ("- a rope", "Bring:"),
        ("- two oars,\n  not too long", "Bring:"),
        ("* a lamp", "Bring:"),
    ]
    assert said(found, "paragraph") == [("Bring:", ""), ("Nobody sails at night.", "")]
    assert [sign for sign, _ in said(found, "markup")] == ["- ", "- ", "* "]


def test_a_dash_or_an_initial_in_prose_begins_no_list() -> None:
    found = read("A. Holm built it in 1901, and\nB. Dahl paid.\n\nIt is long.\n")
    assert not said(found, "item")


def test_keys_and_values_are_rows_of_a_record() -> None:
    found = read("Boat sheet\n\nLength: 7 m\nBuilt in: 1911\nMax. load: 2 t\n\nShe leaks.\n")
    assert [row for row, _ in said(found, "row")] == [
        "Length: 7 m",
        "Built in: 1911",
        "Max. load: 2 t",
    ]
    assert said(found, "record") == [("Length: 7 m\nBuilt in: 1911\nMax. load: 2 t", "")]


def test_prose_with_a_colon_is_prose() -> None:
    found = read(
        "There is one rule: nobody sails alone.\n\nThe reason: storms come quickly and\nstay.\n"
    )
    assert len(said(found, "paragraph")) == 2


def test_what_a_speaker_says_is_a_turn() -> None:
    found = read(
        "Minutes\n\nAda Moss: We need a new rope for the ferry.\nIt is worn.\n"
        "Piet van Dam: I will order one tomorrow.\n"
    )
    assert said(found, "turn") == [
        ("Ada Moss: We need a new rope for the ferry.\nIt is worn.", "Ada Moss"),
        ("Piet van Dam: I will order one tomorrow.", "Piet van Dam"),
    ]


def test_columns_are_a_table() -> None:
    found = read("boat,harbour,length\nMaren,Aarhus,7\nFreja,Ribe,9\n")
    assert said(found, "row") == [
        ("boat,harbour,length", "header"),
        ("Maren,Aarhus,7", ""),
        ("Freja,Ribe,9", ""),
    ]
    assert said(found, "cell")[3:6] == [("Maren", "boat"), ("Aarhus", "harbour"), ("7", "length")]
    prose = (
        "We have a boat, a ferry, a raft.\nThey have a car, a cart, a sledge.\nAll, so far, float."
    )
    assert not said(read(prose), "table")


def test_paragraphs_of_one_mould_are_records() -> None:
    maren = "Maren was built in 1911. She leaks."
    freja = "Freja Holm was built in 1950. She is dry."
    other = "Nobody knows why. It may be the oak."
    assert said(read(f"{maren}\n\n{freja}\n\n{other}\n"), "record") == [(maren, ""), (freja, "")]


PIECES = (
    "- a|1. b|Key: value|Ann Lee: It is so, I say.|A line.|CAPITALS|===|---|a,b,c|a\tb|• y|## X"
)
LINES = st.lists(
    st.sampled_from([*PIECES.split("|"), "| a | b |", "", " ", "  deep", "\u2028", "\r", "x" * 200])
)


@given(LINES.map("\n".join) | st.text())
def test_whatever_the_lines_the_spans_are_right(text: str) -> None:
    read(text)


def test_words_broken_at_a_lines_end_are_whole() -> None:
    text = (
        "It is an inter-\nnational plan of a well-\nknown firm. Well is known: the long-\n"
        "  standing plan.\n\nNobody was long-standing before. See page 3-\n4, or Anne-\nMarie.\n"
    )
    found = read(text)
    document = Document("d", text, "", annotations=found.annotations)
    assert "international plan of a well-known firm" in without_signs(document).text
    assert "long-standing plan" in without_signs(document).text
    assert said(found, "markup") == [("-\n", ""), ("\n", ""), ("\n  ", "")]
