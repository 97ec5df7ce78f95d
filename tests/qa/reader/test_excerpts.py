"""What is read at once, and that nothing but the document's words is ever an answer."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from footnoted.corpus.files import read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Span
from footnoted.index.types import Hit
from footnoted.qa.reader.candidates import excerpts, look
from footnoted.qa.reader.finder import FoundSpan, PassageReading, WindowReading

TEXT = """# Fees

Nobody pays twice. Skippers pay first.

| Boat | Fee |
|------|-----|
| Maren | 5 euros |
| Freja | 7 euros |
| Per Moe | Dr Per van der Moe |
| Skiff | Per litre of fuel |

Who may come:

- members
- their *guests*
"""


def hits(folder: Path) -> list[Hit]:
    (folder / "a.md").write_text(TEXT)
    ((document,),) = (file.documents for file in read(folder / "a.md"))
    splitter = PassageSplitter(lambda text: len(text.split()), 60)
    return [Hit(passage, document, 1.0, 0.5) for passage in split(document, splitter)]


def test_rows_and_items_are_read_each_for_themselves(tmp_path: Path) -> None:
    assert [excerpt.text for excerpt in excerpts(hits(tmp_path))] == [
        "Fees\n\nNobody pays twice. Skippers pay first.",
        "Boat: Maren; Fee: 5 euros",
        "Boat: Freja; Fee: 7 euros",
        "Boat: Per Moe; Fee: Dr Per van der Moe",
        "Boat: Skiff; Fee: Per litre of fuel",
        "Who may come:",
        "Who may come:\nmembers",
        "Who may come:\ntheir guests",
    ]


def test_a_check_of_a_row_sees_no_other_row(tmp_path: Path) -> None:
    prose, row, *_ = excerpts(hits(tmp_path))
    assert prose.checked == prose.text
    assert row.checked == "Boat: Maren; Fee: 5 euros"


def test_what_is_found_in_a_header_is_no_answer(tmp_path: Path) -> None:
    row = excerpts(hits(tmp_path))[1]
    tokens = tuple(Span(m.start(), m.end()) for m in re.finditer(r"\w+", row.text))
    logits = np.zeros(len(tokens), np.float32)
    window = WindowReading(tokens, logits, logits)
    fee, amount = (_place(row.text, words) for words in ("Fee", "5 euros"))
    reading = PassageReading((FoundSpan(fee, 3.0), FoundSpan(amount, 2.0)), 1.0, (window,))
    assert [one.answer_text for one in look([row], [reading]).spans] == ["5 euros"]


@pytest.mark.parametrize(
    ("number", "cut", "expected"),
    [
        (3, "Moe", "Per Moe"),
        (3, "van der Moe", "Dr Per van der Moe"),
        (4, "litre of fuel", "litre of fuel"),
        (1, "euros", "euros"),
    ],
)
def test_a_name_in_a_cell_is_not_cut(number: int, cut: str, expected: str, tmp_path: Path) -> None:
    row = excerpts(hits(tmp_path))[number]
    tokens = tuple(Span(m.start(), m.end()) for m in re.finditer(r"\w+", row.text))
    logits = np.zeros(len(tokens), np.float32)
    window = WindowReading(tokens, logits, logits)
    reading = PassageReading((FoundSpan(_place(row.text, cut), 3.0),), 1.0, (window,))
    assert [one.answer_text for one in look([row], [reading]).spans] == [expected]


def _place(text: str, words: str) -> Span:
    return Span(text.index(words), text.index(words) + len(words))


def test_sentences_know_where_they_are_read(tmp_path: Path) -> None:
    for excerpt in excerpts(hits(tmp_path)):
        for sentence, place in excerpt.sentences.items():
            assert excerpt.rendering.source(place) == sentence or "*" in TEXT[slice(*sentence)]
