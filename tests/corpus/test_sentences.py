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
