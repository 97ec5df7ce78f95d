"""Measures on the ranking, before anything is read; computed by ir-measures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from footnoted.index.types import Hit

DEPTH = 100
"""Passages to fetch: ten documents must be among them, and a document has many passages."""


def ranked_documents(hits: Iterable[Hit]) -> list[str]:
    """The documents of the hits, each at the rank of its first passage."""
    return list(dict.fromkeys(hit.document.id for hit in hits))


def retrieval_scores(ranking: Sequence[str], relevant: Mapping[str, int]) -> dict[str, float]:
    """How high the gold documents stand among the distinct documents found.

    - ``hit@k``: 1 if one of the first k documents is gold, else 0
    - ``mrr@10``: 1 / rank of the first gold document, 0 if none of the first ten is
    - ``ndcg@10``: ``DCG / ideal DCG`` with ``DCG = sum over ranks i ≤ 10 of rel_i / log2(i + 1)``;
      the ideal ranking holds all gold documents by falling relevance

    Source: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002;
    Voorhees, "The TREC-8 Question Answering Track Report", 1999.
    """
    # Imported here: nothing but this needs it.
    from ir_measures import RR, Success, iter_calc, nDCG

    names = {"hit@1": Success @ 1, "hit@5": Success @ 5, "mrr@10": RR @ 10, "ndcg@10": nDCG @ 10}
    # Documents go by number: an id may hold what trec_eval's C strings do not.
    number = {name: str(n) for n, name in enumerate(dict.fromkeys([*ranking, *relevant]))}
    judged = {number[name]: grade for name, grade in relevant.items()}
    found = {number[name]: -float(rank) for rank, name in enumerate(ranking)}
    measured = iter_calc(names.values(), {"": judged}, {"": found})
    values = {metric.measure: float(metric.value) for metric in measured}
    return {name: values[measure] for name, measure in names.items()}
