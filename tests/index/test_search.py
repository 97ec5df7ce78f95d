"""The two searches and their fusion, each against a naive oracle."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.ids import figures
from footnoted.corpus.words import content_words, stems
from footnoted.index import dense, derived
from footnoted.index import lexical as lexical_module
from footnoted.index.dense import DenseIndex
from footnoted.index.fusion import convex
from footnoted.index.lexical import LexicalIndex
from footnoted.index.library import Library
from footnoted.index.protocols import Fetch, Rows, Vectors
from footnoted.index.store import Store
from footnoted.index.types import Hit


def unit(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    unit_rows: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit_rows


def fetching(rows: Rows, vectors: Vectors) -> Fetch:
    """The vectors of rows, in batches of a hundred."""
    place = {row: at for at, row in enumerate(rows.tolist())}

    def fetch(wanted: Rows) -> Iterator[Vectors]:
        for start in range(0, len(wanted), 100):
            yield vectors[[place[row] for row in wanted[start : start + 100].tolist()]]

    return fetch


@pytest.mark.parametrize("rows", [1, 7, 500])
def test_dense_search_is_numpy_s(rows: int, tmp_path: Path) -> None:
    vectors = unit(rows, 24, seed=rows)
    ids = np.arange(rows, dtype=np.int64) * 3 + 11
    DenseIndex.build(ids, fetching(ids, vectors), 24).write(tmp_path / "dense")
    index = DenseIndex.read(tmp_path / "dense")
    for question in unit(20, 24, seed=999):
        found = dict(index.search(question[None], 10))
        assert list(found) == nearest(ids, vectors, question)
        again = index.cosines(question[None], list(found))
        assert again == pytest.approx(list(found.values()), abs=1e-6)


def nearest(rows: Rows, vectors: Vectors, question: Vectors) -> list[int]:
    best: list[int] = rows[np.argsort(-(vectors @ question))][:10].tolist()
    return best


def test_dense_search_in_nothing() -> None:
    nothing = np.empty(0, np.int64)
    index = DenseIndex.build(nothing, fetching(nothing, unit(0, 8, 0)), 8)
    assert index.search(unit(1, 8, 0), 5) == []


def test_every_row_needs_its_vector() -> None:
    with pytest.raises(ValueError, match="2 rows for 1 vectors"):
        DenseIndex.build(np.arange(2, dtype=np.int64), lambda _: [unit(1, 8, 0)], 8)


@pytest.fixture
def small_clusters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clusters already for a few hundred vectors, as there are for many thousands."""
    monkeypatch.setattr(dense, "EXACT_UP_TO", 300)
    monkeypatch.setattr(dense, "_clusters_for", lambda size: 0 if size <= 300 else 16)
    monkeypatch.setattr(dense, "_probes", lambda clusters: clusters // 2)


def test_clusters_find_nearly_what_there_is(small_clusters: None, tmp_path: Path) -> None:
    ids, vectors = np.arange(2000, dtype=np.int64) * 2, unit(2000, 24, seed=1)
    index = DenseIndex.build(ids, fetching(ids, vectors), 24)
    index.write(tmp_path / "dense")
    index = DenseIndex.read(tmp_path / "dense")
    assert len(index) == 2000
    questions = unit(50, 24, seed=2)
    hits = 0
    for question in questions:
        found = dict(index.search(question[None], 10))
        hits += len(set(found) & set(nearest(ids, vectors, question)))
        cosines = vectors[[row // 2 for row in found]] @ question
        assert list(found.values()) == pytest.approx(cosines.tolist(), abs=0.01)
        again = index.cosines(question[None], list(found))
        assert again == pytest.approx(list(found.values()), abs=1e-6)
    assert hits / 500 > 0.8  # chance would find a half: half of the clusters are looked at


@pytest.mark.parametrize(("before", "after"), [(100, 200), (200, 900), (900, 1000), (900, 200)])
def test_a_changed_dense_index_is_one_from_scratch(
    small_clusters: None, tmp_path: Path, before: int, after: int
) -> None:
    """Whether it stays exact, is put into clusters, keeps them or leaves them."""
    vectors = unit(1000, 24, seed=3)
    old = np.arange(before, dtype=np.int64)
    new = np.sort(np.random.default_rng(4).permutation(1000)[:after])
    fetch = fetching(np.arange(1000), vectors)
    DenseIndex.build(old, fetch, 24).write(tmp_path / "dense")
    fetched: list[int] = []

    def counting(rows: Rows) -> Iterable[Vectors]:
        fetched.extend(rows.tolist())
        return fetch(rows)

    changed = DenseIndex.build(new, counting, 24, tmp_path / "dense")
    assert len(changed) == after and changed._rows().tolist() == new.tolist()
    if dense._clusters_for(before) == dense._clusters_for(after):
        assert fetched == np.setdiff1d(new, old).tolist()
    elif after == 900:
        assert set(fetched) == set(new.tolist())
    for question in unit(20, 24, seed=5):
        found = [row for row, _ in changed.search(question[None], 10)]
        assert set(found) <= set(new.tolist())
        if after <= 300:
            assert found == nearest(new, vectors[new], question)


TEXTS = [
    "the old boat lies in the harbour",
    "a boat is a boat",
    "bread and butter",
    "the harbour master counts every boat in the harbour and sells bread",
]


def build(texts: Sequence[str], folder: Path, first: int = 0) -> LexicalIndex:
    rows = np.arange(first, first + len(texts))
    return LexicalIndex.build(rows, lambda wanted: [texts[row - first] for row in wanted], folder)


def shares(texts: list[str], question: str) -> dict[int, float]:
    """The rarity of the words and pairs held, over that of the words asked for; no stop words."""
    asked = question.split()
    held = [set(re.findall(r"\w+", text)) for text in texts]
    pairs = [set(pairwise(re.findall(r"\w+", text))) for text in texts]

    def rarity(item: object, sets: Sequence[AbstractSet[object]]) -> float:
        having = sum(item in each for each in sets)
        return math.log(1 + (len(sets) - having + 0.5) / (having + 0.5))

    found = {}
    for row in range(len(texts)):
        score = sum(rarity(word, held) for word in set(asked) & held[row])
        score += 0.3 * sum(rarity(pair, pairs) for pair in set(pairwise(asked)) & pairs[row])
        if score:
            found[row] = score / sum(rarity(word, held) for word in set(asked))
    return found


@pytest.mark.parametrize(
    "question", ["boat", "harbour boat", "bread", "old bread", "old boat", "boat bridge", "nothing"]
)
def test_lexical_search_is_its_formula(question: str, tmp_path: Path) -> None:
    build(TEXTS, tmp_path)
    found = LexicalIndex.read(tmp_path).search(question, 10)
    assert dict(found) == pytest.approx(shares(TEXTS, question), rel=1e-5)
    assert [share for _, share in found] == sorted((share for _, share in found), reverse=True)


def test_all_words_are_a_whole_and_neighbours_are_more(tmp_path: Path) -> None:
    texts = ["A master left his harbour.", "The harbour master left.", "The boat left."]
    found = build(texts, tmp_path).search("Who is the harbour master?", 9)
    assert [row for row, _ in found] == [1, 0]
    assert found[0][1] > 1.1 and found[1][1] == pytest.approx(1)


def test_pairs_of_words_that_mean_nothing_are_not_asked_for(tmp_path: Path) -> None:
    index = build(["Who is that? It is she.", "Bakers bake."], tmp_path)
    assert [row for row, _ in index.search("Who is that baker?", 9)] == [1]


def test_nothing_but_such_words_is_asked_for_all_the_same(tmp_path: Path) -> None:
    index = build(["Who is that? It is she.", "Bakers bake."], tmp_path)
    assert [row for row, _ in index.search("Who is it?", 9)] == [0]


def test_words_are_stemmed_and_folded(tmp_path: Path) -> None:
    index = build(["Naïve BOATS opposed it"], tmp_path, first=5)
    for question in ("naive", "boat", "opposes"):
        assert [row for row, _ in index.search(question, 10)] == [5]
        assert index.holders(question) == [5]


def test_an_id_is_found_whole_before_its_parts(tmp_path: Path) -> None:
    texts = ["KX-20-0B fits. B 200.", "See kx 200, or 200-B.", "KX-200-B fits.", "KX-200-D and B."]
    index = build(texts, tmp_path)
    assert index.search("KX-200-B", 9)[0][0] == 2
    assert index.search("kx200b", 9)[0][0] == 2
    assert {row for row, _ in index.search("200", 9)} == {0, 1, 2, 3}
    assert index.frequency(figures("KX-200-B")[0]) == 1


@given(st.text(max_size=60))
def test_a_question_is_words_whatever_stands_in_it(lexical: LexicalIndex, question: str) -> None:
    lexical.search(question + ' AND text:( "[ * TO', 10)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return build(TEXTS, tmp_path_factory.mktemp("lexical"))


def test_many_shards_are_searched_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(6)
    texts = [" ".join(chance.choices("abcdefghij", k=4)) for _ in range(70)]
    (tmp_path / "one").mkdir()
    whole = build(texts, tmp_path / "one")
    monkeypatch.setattr(lexical_module, "_SHARD", 9)
    (tmp_path / "many").mkdir()
    cut = build(texts, tmp_path / "many")
    assert len(list((tmp_path / "many").iterdir())) == 8 and len(cut) == len(whole) == 70
    for question in ("c d", "j", "b e g h"):
        assert cut.search(question, 10) == whole.search(question, 10)
        assert cut.frequency(question) == whole.frequency(question)
    assert sorted(cut.holders("j") or ()) == sorted(whole.holders("j") or ())


@pytest.mark.slow
def test_a_change_writes_only_the_shards_that_it_concerns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical_module, "_SHARD", 10)
    chance = random.Random(7)
    texts = [" ".join(chance.choices("abcdefghij", k=4)) for _ in range(2000)]
    rows, last = np.arange(95), 95
    before: Path | None = None
    for step in range(40):
        folder = tmp_path / str(step)
        folder.mkdir()
        written: list[int] = []

        def fetch(wanted: Rows, written: list[int] = written) -> list[str]:
            written.extend(wanted.tolist())
            return [texts[row] for row in wanted]

        index = LexicalIndex.build(rows, fetch, folder, before)
        if before:
            # What left and came was of one place: two shards, and those that are not full.
            assert len(written) <= 4 * 10
        assert len(index) == len(rows)
        shards = [np.load(shard / "rows.npy") for shard in folder.iterdir()]
        assert sorted(np.concatenate(shards).tolist()) == rows.tolist()
        assert len(shards) <= 2 * len(rows) / 10 + 2
        scratch = tmp_path / f"scratch {step}"
        scratch.mkdir()
        fresh = LexicalIndex.build(rows, fetch, scratch)
        for question in ("c d", "b e g h"):
            assert sorted(index.search(question, 99)) == sorted(fresh.search(question, 99))
        gone, come = chance.randrange(len(rows)), chance.randrange(12)
        rows = np.concatenate(
            [np.delete(rows, slice(gone, gone + chance.randrange(12))), last + np.arange(come)]
        )
        last, before = last + come, folder


def test_convex_by_hand() -> None:
    fused = convex([(0.6, {"a": 0.5, "b": 0.4}), (0.4, {"b": 1.0, "c": 0.5})])
    assert [item for item, _ in fused] == ["b", "a", "c"]
    assert dict(fused) == pytest.approx({"b": 0.64, "a": 0.3, "c": 0.2})
    assert convex([]) == []


@given(
    st.lists(
        st.tuples(st.floats(0, 1), st.dictionaries(st.integers(0, 9), st.floats(-1, 1))), max_size=4
    )
)
def test_convex_against_the_formula(scored: list[tuple[float, dict[int, float]]]) -> None:
    fused = convex(scored)
    for item, score in fused:
        assert score == pytest.approx(sum(w * scores.get(item, 0) for w, scores in scored))
    assert {item for item, _ in fused} == {item for _, scores in scored for item in scores}
    assert [score for _, score in fused] == sorted((s for _, s in fused), reverse=True)


DOCUMENTS = {
    "ferry": ("Harbour notes", "The ferry Maren sails at noon. Tickets are sold on the quay."),
    "oven": ("Bakery notes", "The loaf stays in the oven for fifty minutes."),
    "bus": ("Model XK-7", "The vehicle carries forty people and needs charging at night."),
    "bus2": ("Model XK-9", "The vehicle carries sixty people and needs charging at night."),
}


@pytest.fixture(scope="module")
def notes(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("notes")
    lines = [
        json.dumps({"_id": id_, "title": title, "text": text})
        for id_, (title, text) in DOCUMENTS.items()
    ]
    (folder / "corpus.jsonl").write_text("\n".join(lines))
    library = Library.create(folder / "index")
    library.update([folder / "corpus.jsonl"])
    return library


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How long must bread be baked?", "oven"),  # no word in common
        ("When does Maren sail?", "ferry"),
        ("How many people fit into the XK-9?", "bus2"),  # its title tells them apart
        ("How many people fit into the XK-7?", "bus"),
    ],
)
def test_a_library_finds_by_meaning_by_words_and_by_title(
    notes: Library, question: str, first: str
) -> None:
    assert notes.search(question, 5)[0].document.id == first


def best_sentence(library: Library, question: str, hit: Hit) -> float:
    rarity = {word.stem: library.rarity(word.text) for word in content_words(question)}
    held = (stems(hit.document.text[start:end]) for start, end in hit.passage.sentences)
    return max(sum(rarity[s] for s in found if s in rarity) for found in held) / sum(
        rarity.values()
    )


def test_a_hit_s_score_is_the_weighted_sum(notes: Library) -> None:
    question = "How many people does the ferry carry?"
    hits = notes.search(question, 5)
    asked = notes.embedder.embed_question(question)
    store = Store.open(notes.folder)
    found = dict(derived.load(store).lexical.search(question, 5))
    passages = store.passages(list(found))
    share = {passage: found[row] for row, passage in passages.items()}
    assert len(hits) == len(DOCUMENTS) and 0 < len(share) < len(hits)
    for hit in hits:
        vector = notes.embedder.embed_passages([f"{hit.document.title}\n{hit.text}"])
        assert hit.similarity == pytest.approx((vector @ asked[0]).item(), abs=0.01)
        of_words = (share.get(hit.passage, 0) + best_sentence(notes, question, hit)) / 2
        expected = 0.59 * hit.similarity + 0.41 * of_words
        assert hit.score == pytest.approx(expected)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_search_files_of_an_older_version_are_rebuilt(notes: Library) -> None:
    (stamp,) = (notes.folder / "derived").glob("*/stamp.json")
    held = json.loads(stamp.read_text())
    stamp.write_text(json.dumps({name: held[name] for name in held if name != "layout"}))
    again = Library.open(notes.folder)
    assert again.search("When does Maren sail?", 1)[0].document.id == "ferry"
    assert json.loads(stamp.read_text())["layout"] == held["layout"]
