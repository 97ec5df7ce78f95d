"""Some documents of an index: nothing is found or counted outside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from footnoted.index.library import Library
from footnoted.index.part import Part
from footnoted.index.protocols import Searchable
from footnoted.index.types import Coverage, Filter
from support.embedder import HashedEmbedder

TEXTS = {
    "boats/maren.txt": "The harbour holds the boat Maren.\n\nMaren was built in 1902.\n",
    "boats/thyra.txt": "The harbour holds the boat Thyra.\n",
    "bread.txt": "Rye bread is baked for three hours near the harbour.\n",
}
BOATS = frozenset({"boats/maren.txt", "boats/thyra.txt"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("part")
    for name, text in TEXTS.items():
        (folder / "docs" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "docs" / name).write_text(text, encoding="utf-8")
    (folder / "docs" / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    library = Library.create(folder / "index", HashedEmbedder())
    library.update([folder / "docs"])
    yield library
    library.close()


@pytest.fixture
def part(whole: Library) -> Searchable:
    return Part(whole, BOATS)


def test_it_is_covered_by_itself(whole: Library, part: Searchable) -> None:
    assert whole.coverage().unreadable == 1
    assert part.coverage() == part.retrieve("harbour", 5).coverage == Coverage(2, 2, 0)
    assert part.retrieve("harbour", 5).languages == {"en": 2}
    assert part.coverage(Filter(frozenset({"bread.txt"}))) == Coverage(0, 0, 0)


def test_nothing_is_found_outside_it(whole: Library, part: Searchable) -> None:
    assert {hit.document.id for hit in part.retrieve("harbour", 9).hits} == BOATS
    assert {document.id for document, _ in part.candidates("harbour", 9)} == BOATS
    only = Filter(frozenset({"boats/thyra.txt", "bread.txt"}))
    assert [hit.document.id for hit in part.retrieve("harbour", 9, only).hits] == [
        "boats/thyra.txt"
    ]
    assert [document.id for document, _ in part.candidates("harbour", 9, only)] == [
        "boats/thyra.txt"
    ]
    assert part.holders("harbour", 9) == BOATS and part.holders("bread", 9) == frozenset()
    assert [one.id for one in part.documents()] == [one.id for one in part.listing()]
    assert {one.id for one in part.listing()} == set(part.origins()) == BOATS
    assert part.document("bread.txt") is None and part.origin("bread.txt") is None
    assert {Path(file.path).name for file in part.files()} == {"maren.txt", "thyra.txt"}
    assert part.files(unreadable=True) == [] and len(part.files(most=1)) == 1
    every = [file.path for file in whole.files()]
    assert set(part.held(every).values()) == BOATS


def test_scores_are_those_of_the_whole(whole: Library, part: Searchable) -> None:
    scored = {hit.document.id: hit.score for hit in whole.retrieve("boat in the harbour", 9).hits}
    for hit in part.retrieve("boat in the harbour", 9).hits:
        assert hit.score == pytest.approx(scored[hit.document.id])
    assert part.rarity("bread") == whole.rarity("bread")
    assert part.alike("harbor", 1) == whole.alike("harbor", 1) == ["harbour"]


def test_what_is_kept_of_it_is_its_own(whole: Library, part: Searchable) -> None:
    def ids(library: Searchable) -> list[str]:
        return [one.id for one in library.listing()]

    assert len(whole.kept(ids)) > len(part.kept(ids)) == 2
    assert part.kept(ids) is part.kept(ids)
