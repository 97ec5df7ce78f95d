"""One known text in every format: the same sentences, where they say that they stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.files import read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Document
from support.small_files import small_files

FIRST = "The harbour has forty boats; the oldest is called Maren."
SECOND = "Its crane lifts nine tonnes, as it did in 1911."
IN_ROWS = {"table.csv", "table.tsv", "sheet.xlsx", "open.ods"}
SHORT = {"corpus.jsonl", "slides.pptx", "open.odp"}  # without the second sentence
ON_PAGES = {"text.pdf", "slides.pptx", "open.odp"}


def document_of(tmp_path: Path, name: str) -> Document:
    (tmp_path / name).write_bytes(small_files()[name])
    (file,) = read(tmp_path / name)
    assert file.failure is None
    (document,) = file.documents
    return document


@pytest.mark.parametrize("name", sorted(small_files()))
def test_sentences_are_the_same_in_every_format(name: str, tmp_path: Path) -> None:
    document = document_of(tmp_path, name)
    splitter = PassageSplitter(lambda text: len(text.split()), 100)
    said = [
        document.text[start:end]
        for passage in split(document, splitter)
        for start, end in passage.sentences
    ]
    if name in IN_ROWS:
        assert any(FIRST in one for one in said)
    else:
        assert FIRST in said
    if name not in IN_ROWS | SHORT:
        assert SECOND in [one.removeprefix("- ") for one in said]


@pytest.mark.parametrize("name", sorted(small_files()))
def test_pages_where_a_format_has_them(name: str, tmp_path: Path) -> None:
    document = document_of(tmp_path, name)
    page = document.structure.page_at(document.text.index(FIRST))
    assert (page is not None and page.number == 1) == (name in ON_PAGES)
