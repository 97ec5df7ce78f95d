"""The scores of several searches to one ranking."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def convex(scored: Iterable[tuple[float, Mapping[Item, float]]]) -> list[tuple[Item, float]]:
    """Fuse scores by their weighted sum: score(d) = sum of weight * score of d, best first.

    What a scorer did not propose gets 0 from it. Ties keep the order in which items were first
    seen. Scores must have fixed scales, as cosines and shares do; unlike ranks, they tell a
    passage that holds every word asked for from one that is merely first.

    Source: Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", ACM
    TOIS 2023, where such a sum is better than reciprocal ranks, and needs few examples to tune.
    """
    fused: dict[Item, float] = {}
    for weight, scores in scored:
        for item, score in scores.items():
            fused[item] = fused.get(item, 0.0) + weight * score
    return sorted(fused.items(), key=lambda pair: -pair[1])
