"""A search among some documents finds what a search among all would, less the others."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
import pytest

from footnoted.index import dense, derived
from footnoted.index import lexical as lexical_module
from footnoted.index.dense import DenseIndex
from footnoted.index.lexical import LexicalIndex
from footnoted.index.library import Library
from footnoted.index.options import SearchOptions
from footnoted.index.protocols import Fetch, Passages, Rows, Vectors, VectorSearch, WordSearch
from footnoted.index.store import Store
from footnoted.index.types import Filter, Hit


class PlainSearch:
    """Every vector compared by NumPy: the oracle, and a second kind of vector search."""

    def __init__(self, rows: Rows, vectors: Vectors) -> None:
        self._rows, self._vectors = rows, vectors

    @classmethod
    def build(cls, rows: Rows, fetch: Fetch, dimension: int, before: Path | None = None) -> Self:
        none = np.empty((0, dimension), np.float32)
        return cls(rows, np.concatenate([none, *fetch(rows)]))

    @classmethod
    def read(cls, path: Path) -> Self:
        with path.open("rb") as file:
            return cls(np.load(file), np.load(file))

    def write(self, path: Path) -> None:
        with path.open("wb") as file:
            np.save(file, self._rows)
            np.save(file, self._vectors)

    def __len__(self) -> int:
        return len(self._rows)

    def search(
        self, vector: Vectors, limit: int, among: Rows | None = None
    ) -> list[tuple[int, float]]:
        rows = self._rows if among is None else np.intersect1d(self._rows, among)
        scored = zip(rows.tolist(), self.cosines(vector, rows.tolist()), strict=True)
        return sorted(scored, key=lambda pair: -pair[1])[:limit]

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        places = np.searchsorted(self._rows, rows)
        found: list[float] = (self._vectors[places] @ vector[0]).tolist()
        return found


def unit(rows: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, 24)).astype(np.float32)
    made: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return made


@pytest.mark.parametrize("clusters", [0, 16])
@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_a_dense_search_among_rows_is_numpy_s(
    clusters: int, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "_clusters_for", lambda _: clusters)
    monkeypatch.setattr(dense, "_probes", lambda _: 1)  # no cluster may be missed all the same
    rows, vectors = np.arange(1500, dtype=np.int64) * 2 + 7, unit(1500, seed=1)

    def fetch(wanted: Rows) -> list[Vectors]:
        return [vectors[(wanted - 7) // 2]]

    searched = DenseIndex.build(rows, fetch, 24)
    oracle = PlainSearch.build(rows, fetch, 24)
    among = rows[np.random.default_rng(2).random(len(rows)) < share]
    for question in unit(20, seed=3):
        found = searched.search(question[None], 10, among)
        expected = oracle.search(question[None], 10, among)
        # In clusters, eight bits do not tell vectors apart that are all but equal.
        close = 0.01 if clusters else 1e-6
        assert {row for row, _ in found} <= set(among.tolist())
        assert [c for _, c in found] == pytest.approx([c for _, c in expected], abs=close)


def test_a_lexical_search_among_rows_is_the_whole_one_less_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical_module, "_SHARD", 40)
    chance = random.Random(5)
    texts = [" ".join(chance.choices("abcdefghij", k=4)) for _ in range(200)]
    index = LexicalIndex.build(np.arange(200), lambda rows: [texts[row] for row in rows], tmp_path)
    for size in (0, 1, 20, 200):
        among = np.array(sorted(chance.sample(range(200), size)), np.int64)
        for question in ("c d", "j", "b e g h"):
            whole = [hit for hit in index.search(question, 200) if hit[0] in among]
            assert sorted(index.search(question, 200, among)) == sorted(whole)
            assert [s for _, s in index.search(question, 5, among)] == [s for _, s in whole[:5]]


# -- of a library ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Many documents, all about the same; one question is near to all of them."""
    folder = tmp_path_factory.mktemp("fleet")
    for number in range(120):
        crates = f"Boat {number} of the harbour carries {number * 7} crates of rye bread."
        (folder / f"{number:03}.txt").write_text(crates)
    (folder / "choir.txt").write_text("The choir meets on Thursdays in the old school.")
    library = Library.create(folder / ".index")
    library.update([folder])
    return library


QUESTIONS = ("How many crates of bread does boat 17 carry?", "harbour", "?!", "When do they sing?")


def scored(hits: Sequence[Hit]) -> dict[str, float]:
    return {hit.document.id: hit.score for hit in hits}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_filter_takes_out_the_others_and_changes_no_score(fleet: Library, question: str) -> None:
    everything = SearchOptions(proposed=1000)
    chosen = frozenset(["003.txt", "017.txt", "099.txt", "choir.txt", "not there.txt"])
    whole = scored(fleet.retrieve(question, 1000, options=everything).hits)
    found = fleet.retrieve(question, 1000, Filter(chosen)).hits
    expected = {id_: whole[id_] for id_ in chosen & whole.keys()}
    assert scored(found) == pytest.approx(expected, abs=1e-6)
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)


def test_what_many_others_are_nearer_than_is_found_among_its_own(fleet: Library) -> None:
    question = QUESTIONS[0]
    assert "choir.txt" not in scored(fleet.search(question, 50))
    assert scored(fleet.retrieve(question, 5, Filter(frozenset(["choir.txt"]))).hits).keys() == {
        "choir.txt"
    }


def test_nothing_is_found_among_none_and_everything_without_a_filter(fleet: Library) -> None:
    question = QUESTIONS[0]
    assert fleet.retrieve(question, 5, Filter(frozenset())).hits == ()
    assert fleet.retrieve(question, 5, Filter()).hits == fleet.retrieve(question, 5).hits
    assert len(fleet.retrieve(question, 5).hits) == 5


def test_another_vector_search_is_handed_in_and_finds_the_same(fleet: Library) -> None:
    """A library goes over to it, rebuilding the search files alone, and back."""
    plain: type[VectorSearch] = PlainSearch
    expected = {question: fleet.search(question, 10) for question in QUESTIONS}
    for vectors in (plain, DenseIndex):
        with_it = Library.open(fleet.folder, fleet.embedder, vectors=vectors)
        for question, hits in expected.items():
            assert scored(with_it.search(question, 10)) == pytest.approx(scored(hits), abs=1e-6)
        store = Store.open(fleet.folder)
        assert isinstance(derived.load(store, vectors).dense, vectors)
        store.close()
        with_it.close()


def test_a_library_is_what_the_stages_after_it_ask_for(fleet: Library) -> None:
    passages: Passages = fleet
    words: WordSearch = fleet
    assert passages.coverage().documents == 121
    assert words.holders("choir", 9) == frozenset(["choir.txt"])


def test_an_embedder_that_is_handed_in_is_used(fleet: Library, tmp_path: Path) -> None:
    class Renamed:
        """The real embedder under another name, as a person's own would be."""

        name = "renamed"

        def __getattr__(self, name: str) -> object:
            return getattr(fleet.embedder, name)

    own: Any = Renamed()
    library = Library.create(tmp_path / "index", own)
    assert library.embedder is own and library.manifest.embedder_name == "renamed"
    library.close()
    assert Library.open(tmp_path / "index", own).embedder is own
