"""Passages found by Qdrant: by their vectors, and by their terms, each counted by its rarity."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qdrant_client import models
from rapidfuzz import process
from rapidfuzz.distance import OSA

from footnoted.corpus.ids import Id
from footnoted.index.options import DEFAULT
from footnoted.index.protocols import Vectors
from footnoted.index.qdrant.client import Client
from footnoted.index.qdrant.points import (
    DENSE,
    WORDS,
    Moment,
    equals,
    one_of,
    seen,
    term_number,
)
from footnoted.index.terms import FIGURES, TEXT, Asked, Term, analyzer, rarity

# Up to so many passages every vector is compared, as in a folder of our own.
_EXACT_UP_TO = 50_000
# Values of a facet: more words than any language has.
_EVERY = 10_000_000

_PASSAGE = equals("kind", "passage")


class _Seen:
    """The passages that are there at the change that is read."""

    def __init__(self, client: Client, moment: Callable[[], Moment]) -> None:
        self.client = client
        self._moment = moment

    def where(
        self, *conditions: models.Condition, among: Sequence[str] | None = None
    ) -> models.Filter:
        """With ``among``, those of the documents with these ids."""
        chosen = [] if among is None else [one_of("document", among)]
        return seen(self._moment(), _PASSAGE, *conditions, *chosen)


class QdrantDense:
    """Passages by their vectors: exact up to 50,000 of them, by a graph (HNSW) beyond."""

    def __init__(
        self,
        client: Client,
        moment: Callable[[], Moment],
        size: int,
        cosines: Callable[[Vectors, Sequence[int]], list[float]],
    ) -> None:
        self._passages = _Seen(client, moment)
        self._is_exact = size <= _EXACT_UP_TO
        self._cosines = cosines

    def search(
        self, vector: Vectors, limit: int, among: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        if among is not None and not len(among):
            return []
        found = self._passages.client.search(
            vector[0].tolist(), DENSE, self._passages.where(among=among), limit, self._is_exact
        )
        return [(int(one.id), float(one.score)) for one in found]

    def cosines(self, vector: Vectors, rows: Sequence[int]) -> list[float]:
        return self._cosines(vector, rows)


class QdrantLexical:
    """Passages by their terms: what a question weighs each by is sent with it.

    Qdrant could weigh terms itself, but counts points, too, that a reader does not see or that are
    deleted. What is counted here is of one change, and remembered.
    """

    def __init__(self, client: Client, moment: Callable[[], Moment], size: int) -> None:
        self._passages = _Seen(client, moment)
        self._client = client
        self._size = size
        self._analyzer = analyzer()
        self._counted: dict[int, int] | None = None
        self._vocabulary: list[str] | None = None

    def __len__(self) -> int:
        return self._size

    def frequency(self, word: str | Id) -> int:
        if isinstance(word, Id):
            return self._count([(FIGURES, word.key)])[0]
        stems = self._analyzer.analyze(word)
        return max(self._count([(TEXT, stem) for stem in stems]), default=0)

    def holders(self, word: str) -> list[int] | None:
        stems = self._analyzer.analyze(word)
        if len(stems) != 1:
            return None
        where = self._passages.where(equals("terms", term_number((TEXT, stems[0]))))
        return [int(one.id) for one in self._client.scroll(where, payload=False)]

    def alike(self, word: str, distance: int, limit: int) -> list[int]:
        """Neighbours that changed places are one letter; those first that were read first."""
        stems = self._analyzer.analyze(word)
        if len(stems) != 1:
            return []
        if self._vocabulary is None:
            held = self._client.values("stems", self._passages.where(), _EVERY)
            self._vocabulary = [str(stem) for stem in held]
        near = process.extract(
            stems[0], self._vocabulary, scorer=OSA.distance, score_cutoff=distance, limit=None
        )
        if not near:
            return []
        where = self._passages.where(one_of("stems", [stem for stem, _, _ in near]))
        return [int(one.id) for one in self._client.first(where, "number", limit)]

    def search(
        self,
        question: str,
        limit: int,
        among: Sequence[str] | None = None,
        pair_weight: float = DEFAULT.pair_weight,
    ) -> list[tuple[int, float]]:
        asked = Asked.by(question, self._analyzer)
        if not asked.words or (among is not None and not len(among)):
            return []
        terms = [*asked.words, *asked.pairs]
        rarities = [rarity(held, len(self)) for held in self._count(terms)]
        weights: dict[int, float] = {}
        for number, (term, one) in enumerate(zip(terms, rarities, strict=True)):
            weight = one if number < len(asked.words) else pair_weight * one
            weights[term_number(term)] = weights.get(term_number(term), 0.0) + weight
        query = models.SparseVector(indices=list(weights), values=list(weights.values()))
        found = self._client.search(query, WORDS, self._passages.where(among=among), limit)
        whole = sum(rarities[: len(asked.words)])
        return [(int(one.id), float(one.score) / whole) for one in found]

    def _count(self, terms: Sequence[Term]) -> list[int]:
        """How many passages hold each term."""
        numbers = [term_number(term) for term in terms]
        if self._client.is_local:  # where to count one takes as long as to count all
            if self._counted is None:
                self._counted = self._client.values("terms", self._passages.where(), _EVERY)
            return [self._counted.get(number, 0) for number in numbers]
        counted = self._counted = self._counted or {}
        new = [number for number in dict.fromkeys(numbers) if number not in counted]
        wheres = [self._passages.where(equals("terms", number)) for number in new]
        counted |= zip(new, self._client.counts(wheres), strict=True)
        return [counted[number] for number in numbers]
