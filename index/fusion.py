"""Several rankings to one."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

K = 60

Item = TypeVar("Item", bound=Hashable)


def reciprocal_rank(rankings: Iterable[Sequence[Item]], k: int = K) -> list[tuple[Item, float]]:
    """Fuse rankings by reciprocal rank: score(d) = sum over the rankings of 1 / (k + rank(d)).

    Ranks count from 1, and a ranking without d adds nothing. Only ranks count, so cosines and
    BM25 scores need no common scale. Ties keep the order in which items were first seen.

    Source: Cormack, Clarke and Buettcher, "Reciprocal Rank Fusion outperforms Condorcet and
    individual Rank Learning Methods", SIGIR 2009; k = 60 is theirs.
    """
    scores: dict[Item, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking, start=1):
            scores[item] = scores.get(item, 0.0) + 1.0 / (k + rank)
    return sorted(scores.items(), key=lambda pair: -pair[1])
