from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footnoted.corpus.formats.plain import first_line, structure
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.spans import Annotation, in_order
from footnoted.corpus.types import Document
from footnoted.index.protocols import Embedder
from support.texts import HOSTILE


def words(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


@given(HOSTILE, st.integers(1, 40))
def test_passages_hold_every_letter_once_at_its_offset(text: str, most: int) -> None:
    document = Document("d", text, "D")
    passages = split(document, PassageSplitter(words, most))
    sentences = [span for passage in passages for span in passage.sentences]
    assert all(one.end <= two.start for one, two in itertools.pairwise(sentences))
    quoted = "".join(text[a:b] for a, b in sentences)
    assert "".join(quoted.split()) == "".join(text.split())
    for passage in passages:
        assert (passage.start, passage.end) == (
            passage.sentences[0].start,
            passage.sentences[-1].end,
        )
        # A single character may have more tokens than fit; nothing else may.
        assert words(text[passage.start : passage.end]) <= max(most, 1)


@settings(max_examples=30, deadline=None)
@given(HOSTILE)
def test_passages_fit_the_embedder(embedder: Embedder, text: str) -> None:
    for passage in split(Document("d", text * 8, "D"), PassageSplitter(embedder.count_tokens, 30)):
        # Cutting inside a word may add a token on either side of the cut.
        assert embedder.count_tokens((text * 8)[passage.start : passage.end]) <= 32


def test_the_same_text_many_times_has_as_many_places() -> None:
    text = "Same words here. " * 50
    passages = split(Document("d", text, "D"), PassageSplitter(words, 10))
    starts = [span.start for passage in passages for span in passage.sentences]
    assert starts == list(range(0, 50 * 17, 17))


def test_whole_paragraphs_where_they_fit() -> None:
    text = "One two three.\n\nFour five six. Seven eight.\n\nNine ten."
    passages = split(Document("d", text, "D"), PassageSplitter(words, 8))
    found = [text[passage.start : passage.end] for passage in passages]
    assert found == ["One two three.", "Four five six. Seven eight.", "Nine ten."]


def test_lines_are_as_wide_as_they_are_written() -> None:
    text = (
        "See the [list of ferries](https://boats.example.org/of/ferries)\nIna Holm made for us.\n"
    )
    sign = re.search(r"\]\(.*\)", text)
    assert sign
    signs = [Annotation(8, 9, "markup"), Annotation(*sign.span(), "markup")]
    annotations = in_order([Annotation(0, len(text.rstrip()), "paragraph"), *signs])
    document = Document("d", text, "D", annotations=annotations)
    (passage,) = split(document, PassageSplitter(words, 90))
    assert [text[a:b] for a, b in passage.sentences] == [text.rstrip()]


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["x", "word ", "A sentence. ", "😀", "é"])
def test_a_line_of_a_megabyte(embedder: Embedder, unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    passages = split(Document("d", text, "D"), PassageSplitter(embedder.count_tokens, 200))
    assert max(passage.end - passage.start for passage in passages) <= 200 * 9
    covered = sum(len(text[passage.start : passage.end].rstrip()) for passage in passages)
    assert covered >= len(text.rstrip()) - len(passages) * len(unit)


def cut(text: str, most: int = 60) -> list[str]:
    title = first_line(text)
    document = Document("d", text, title, annotations=structure(text, title))
    return [text[p.start : p.end] for p in split(document, PassageSplitter(words, most))]


def test_no_passage_crosses_a_heading_but_that_of_the_text() -> None:
    text = "1. Oslo\n\nThe fee is 5 euros.\n\n2. Ribe\n\nIt is 7 euros.\n\n3. Molde\n"
    assert cut(text) == ["1. Oslo\n\nThe fee is 5 euros.", "It is 7 euros.", "3. Molde"]


def test_no_passage_mixes_records() -> None:
    maren, freja = "Maren was built in 1911. She leaks.", "Freja was built in 1950. She is dry."
    sheet = "Length: 7 m\nMast: none"
    assert cut(f"The harbour is old.\n\n{maren}\n\n{freja}\n\n{sheet}\n\nAll float.") == [
        "The harbour is old.",
        maren,
        freja,
        sheet,
        "All float.",
    ]


def test_a_long_list_is_cut_between_items() -> None:
    items = [f"- item number {n} of the list" for n in range(9)]
    found = cut("\n".join(["We bring:", *items]), 30)
    assert all(one.split("\n")[-1].endswith("of the list") for one in found)
    assert len(found) > 2


def test_rows_are_weighed_with_their_headers() -> None:
    rows = [f"boat {n},harbour {n},{n} m" for n in range(1, 13)]
    text = "\n".join(["name of the boat,name of the harbour,length of the boat", *rows])
    found = cut(text, 60)
    assert [len(one.split("\n")) for one in found] == [2, 2, 2, 2, 2, 2]


def test_a_row_amid_prose_or_too_long_is_cut_like_prose() -> None:
    prose = "One sentence of some words. " * 40
    long = "Reason: " + "many words, one after the other, " * 40
    for text in (f"{prose}\nNote: none\n{prose}", f"Length: 7 m\n{long}\nMast: none"):
        assert max(words(one) for one in cut(text, 30)) <= 30


STRUCTURED = st.lists(
    st.sampled_from(
        [
            "# h",
            "## i",
            "- j",
            "1. k",
            "Key: value",
            "Ann: It is so I say.",
            "Prose here. More.",
            "",
        ]
    ),
    max_size=30,
).map("\n".join)


@given(STRUCTURED, st.integers(3, 30))
def test_every_block_is_in_one_passage(text: str, most: int) -> None:
    document = Document("d", text, "T", annotations=structure(text, ""))
    passages = split(document, PassageSplitter(words, most))
    held = [span for passage in passages for span in passage.sentences]
    assert all(one.end <= two.start for one, two in itertools.pairwise(held))
    for block in document.structure.blocks:
        inside = [span for span in held if block.start <= span.start < span.end <= block.end]
        if block.kind == "heading":
            continue
        said = "".join(text[a:b] for a, b in inside)
        assert "".join(document.structure.words_of(block).split()) == "".join(said.split())
