"""The two searches and their fusion, each against a naive oracle."""

from __future__ import annotations

import math
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dense import DenseIndex
from index.embedding import Vectors
from index.fusion import reciprocal_rank
from index.lexical import LexicalIndex


def unit(rows: int, dimension: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    unit_rows: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit_rows


@pytest.mark.parametrize("rows", [1, 7, 500])
def test_dense_search_is_numpy_s(rows: int, tmp_path: Path) -> None:
    vectors = unit(rows, 24, seed=rows)
    ids = np.arange(rows, dtype=np.int64) * 3 + 11
    DenseIndex.build(ids, vectors).write(tmp_path / "dense")
    index = DenseIndex.read(tmp_path / "dense")
    for question in unit(20, 24, seed=999):
        cosines = vectors @ question
        expected = ids[np.argsort(-cosines)][:10].tolist()
        assert index.search(question[None], 10) == expected
        np.testing.assert_allclose(
            index.similarities(question[None], expected), np.sort(cosines)[::-1][:10], atol=1e-6
        )


def test_dense_search_in_nothing() -> None:
    index = DenseIndex.build(np.empty(0, np.int64), np.empty((0, 8), np.float32))
    assert index.search(unit(1, 8, 0), 5) == []
    assert index.similarities(unit(1, 8, 0), []) == []


def test_dense_sizes_must_match() -> None:
    with pytest.raises(ValueError, match="2 rows for 3 vectors"):
        DenseIndex.build(np.arange(2, dtype=np.int64), unit(3, 8, 0))


TEXTS = [
    "the old boat lies in the harbour",
    "a boat is a boat",
    "bread and butter",
    "the harbour master counts every boat in the harbour and sells bread",
]


def bm25(texts: list[str], question: str, k1: float = 1.2, b: float = 0.75) -> list[int]:
    """Robertson's BM25 with Lucene's idf, from the formula."""
    bags = [Counter(re.findall(r"\w+", text)) for text in texts]
    lengths = [sum(bag.values()) for bag in bags]
    mean = sum(lengths) / len(lengths)
    scores = []
    for bag, length in zip(bags, lengths, strict=True):
        score = 0.0
        for word in set(question.split()):
            having = sum(word in other for other in bags)
            idf = math.log(1 + (len(bags) - having + 0.5) / (having + 0.5))
            score += idf * bag[word] * (k1 + 1) / (bag[word] + k1 * (1 - b + b * length / mean))
        scores.append(score)
    return [i for i in sorted(range(len(texts)), key=lambda i: -scores[i]) if scores[i] > 0]


@pytest.mark.parametrize("question", ["boat", "harbour boat", "bread", "old bread", "nothing"])
def test_lexical_search_is_bm25(question: str, tmp_path: Path) -> None:
    LexicalIndex.build(enumerate(TEXTS), tmp_path)
    index = LexicalIndex.read(tmp_path)
    assert index.search(question, 10) == bm25(TEXTS, question)


def test_words_are_stemmed_and_folded(tmp_path: Path) -> None:
    index = LexicalIndex.build([(5, "Naïve BOATS opposed it")], tmp_path)
    for question in ("naive", "boat", "opposes"):
        assert index.search(question, 10) == [5]


@given(st.text(max_size=60))
def test_a_question_is_words_whatever_stands_in_it(lexical: LexicalIndex, question: str) -> None:
    lexical.search(question + ' AND text:( "[ * TO', 10)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    return LexicalIndex.build(enumerate(TEXTS), tmp_path_factory.mktemp("lexical"))


def test_reciprocal_rank_by_hand() -> None:
    fused = reciprocal_rank([["a", "b"], ["b", "c"]], k=60)
    assert [item for item, _ in fused] == ["b", "a", "c"]
    assert fused[0][1] == pytest.approx(1 / 62 + 1 / 61)
    assert reciprocal_rank([]) == []


@given(st.lists(st.lists(st.integers(0, 9), unique=True), max_size=4))
def test_reciprocal_rank_against_the_formula(rankings: list[list[int]]) -> None:
    fused = dict(reciprocal_rank(rankings))
    for item in range(10):
        expected = sum(1 / (61 + ranking.index(item)) for ranking in rankings if item in ranking)
        assert fused.get(item, 0) == pytest.approx(expected)
    assert list(fused.values()) == sorted(fused.values(), reverse=True)
