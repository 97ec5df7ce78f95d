"""One known text in every format: the same sentences, where they say that they stand."""

from __future__ import annotations

import pytest

from footnoted.corpus.files import SourceFile
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Document
from support.fuzzing import read_each
from support.small_files import small_files

FIRST = "The harbour has forty boats; the oldest is called Maren."
SECOND = "Its crane lifts nine tonnes, as it did in 1911."
IN_ROWS = {"table.csv", "table.tsv", "sheet.xlsx", "open.ods"}
SHORT = {"corpus.jsonl", "slides.pptx", "open.odp"}  # without the second sentence
ON_PAGES = {"text.pdf", "slides.pptx", "open.odp"}


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SourceFile]:
    return read_each(tmp_path_factory.mktemp("small"))


@pytest.fixture
def document(files: dict[str, SourceFile], name: str) -> Document:
    assert files[name].failure is None
    (document,) = files[name].documents
    return document


@pytest.mark.parametrize("name", sorted(small_files()))
def test_sentences_are_the_same_in_every_format(name: str, document: Document) -> None:
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
def test_pages_where_a_format_has_them(name: str, document: Document) -> None:
    page = document.structure.page_at(document.text.index(FIRST))
    assert (page is not None and page.number == 1) == (name in ON_PAGES)
