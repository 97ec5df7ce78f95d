from __future__ import annotations

import itertools

import pytest
from hypothesis import example, given

from footnoted.corpus.sentences import paragraphs, sentences, spans
from support.texts import HOSTILE


@given(HOSTILE)
@example("")
@example("\n")
def test_pieces_are_the_text(text: str) -> None:
    assert "".join(paragraphs(text)) == text
    assert "".join(sentences(text)) == text


@given(HOSTILE)
def test_spans_are_trimmed_in_order_and_lose_no_letter(text: str) -> None:
    found = spans(sentences(text))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert "".join(text.split()) == "".join("".join(text[a:b] for a, b in found).split())


def cut(text: str) -> list[str]:
    return [text[a:b] for a, b in spans(sentences(text))]


def test_a_quotation_keeps_its_speaker() -> None:
    text = "“It is late. I am tired,” he said. Then he left."
    assert cut(text) == ["“It is late. I am tired,” he said.", "Then he left."]


def test_abbreviations_and_numbers_end_no_sentence() -> None:
    text = "Dr. Smith paid 3.5 million to the U.N. agency. It was enough."
    assert len(cut(text)) == 2


def test_headlines_and_bylines_stand_alone() -> None:
    text = (
        "Office to open\nBy A. Writer\nThe ministry said on Monday that an office will open soon."
    )
    assert cut(text)[:2] == ["Office to open", "By A. Writer"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hard_wrapped_prose_is_joined(newline: str) -> None:
    lines = [
        "The ministry said on Monday that an",
        "office will open in Kigali before the",
        "year ends.",
    ]
    assert cut(newline.join(lines)) == [newline.join(lines)]


def test_a_megabyte_on_one_line() -> None:
    text = "x" * 1_000_000
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "sentence",
    [
        "Max. pressure of the tank is 4 bar.",
        "Min. Age: nine years.",
        "The quay is 30 m. wide at the east end.",
        "Call Tel. 5120 or ext. 31 after noon.",
        "It is listed as Cat. No. 12-K in App. C of Vol. 3.",
        "Approx. 70 boats came, as shown in Figs. 2 and 3 on pp. 8-9.",
        "Ms. Aune and Capt. Ek met Rev. Lund vs. No. 7 of the club.",
        "The bridge opened on 12. March 1931 at 6 a.m. Sunday.",
        "Ek et al. (2011) agree with Ek et al. [4].",
        "The tools use .NET and the site reads .htaccess files.",
        "Wait... what did they say?",
        "“Must we?!” she asked.",
        "Version v1.2.4 costs 3.75 euros.",
        "It says so in [3].",
        "Section 7.1(b). The tenant pays.",
        "ERR-5120. The tank is empty.",
    ],
)
def test_nothing_inside_a_sentence_ends_it(sentence: str) -> None:
    assert cut(f"{sentence} Then they left.") == [sentence, "Then they left."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Is it so? No. It is not.", 3),
        ("They sell <5 ppm gas. The rest is >7 ppm gas.", 2),
        ('One pipe is 3" wide. One is 5" wide.', 2),
        ("He came at 5 p.m. They left.", 2),
        ("We took v1.2. Next came v1.3.", 2),
        ("so we left. then it rained. nobody came.", 3),
        ("“Stop!” he said. “We cannot!” said Ms. Aune. Then they left.", 3),
        ("Is it late?! It is.", 2),
        ("There were 12. They left.", 2),
        ("In 1931. They left.", 2),
        ("他走了。她来了。", 2),
    ],
)
def test_what_ends_a_sentence_does(text: str, count: int) -> None:
    assert len(cut(text)) == count


def test_prose_runs_on_in_small_letters_and_after_commas() -> None:
    ragged = (
        "The licence shall mean the terms and conditions for use,\n"
        "Reproduction, and distribution, as they are set out in the sections of this\n"
        "document. It ends where the contributor leaves\n"
        "or is made to leave."
    )
    assert [" ".join(one.split()) for one in cut(ragged)] == [
        "The licence shall mean the terms and conditions for use, Reproduction, and distribution, "
        "as they are set out in the sections of this document.",
        "It ends where the contributor leaves or is made to leave.",
    ]
    assert len(cut("red apples of autumn\npears\nplums")) == 2


def test_a_long_address_does_not_make_lines_short() -> None:
    text = (
        "What is known of the ferry stands in the book by\n"
        "Ina Holm, who lived there, and in a page of the\n"
        "https://archive.example.org/boats/of/the/alm/1901/1950/ferries-and-bridges.html\n"
        "Museum of Oberdorf."
    )
    assert len(cut(text)) == 1
