"""Why a question was not answered rightly: the first stage that failed, as its record tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

NOT_RETRIEVED = "not_retrieved"
NOT_READ = "not_read"
UNCERTAIN_PLACE_NEAR = "uncertain_place_near"
UNCERTAIN_PLACE_MISSED = "uncertain_place_missed"
UNCERTAIN = "uncertain"
CHOSEN_PLACE_CITED = "chosen_place_cited"
CHOSEN_PLACE_MISSED = "chosen_place_missed"
CHOSEN = "chosen"
INCOMPLETE = "incomplete"
NEAR_MISS = "near_miss"

CAUSES = (
    NOT_RETRIEVED,
    NOT_READ,
    UNCERTAIN_PLACE_NEAR,
    UNCERTAIN_PLACE_MISSED,
    UNCERTAIN,
    CHOSEN_PLACE_CITED,
    CHOSEN_PLACE_MISSED,
    CHOSEN,
    INCOMPLETE,
    NEAR_MISS,
)
"""Every cause, in the order of the stages; what each means, the report's ``meanings.toml`` says.

``UNCERTAIN`` and ``CHOSEN`` are of questions whose gold places nobody named.
"""


# By whether a gold place is among what was shown.
_UNCERTAIN = {True: UNCERTAIN_PLACE_NEAR, False: UNCERTAIN_PLACE_MISSED, None: UNCERTAIN}
_CHOSEN = {True: CHOSEN_PLACE_CITED, False: CHOSEN_PLACE_MISSED, None: CHOSEN}


def cause(record: Mapping[str, Any]) -> str | None:
    """The one cause for which a question was not answered rightly and in full.

    ``record`` is an entry of a result's ``questions``; one that was saved before there were causes
    has no ``gold``, and is told apart as far as its scores do. None where nothing is amiss, and
    where answers are not known.
    """
    scores, answer = record["scores"], record["answer"]
    answered, outcome = answer["answered"], answer.get("outcome")
    found = scores.get("fact_recall")
    if found is None:
        return NEAR_MISS if answered and scores.get("abstention_accuracy") == 0 else None
    if found:
        return INCOMPLETE if found < 1 else None
    if outcome == "not a question":
        return NOT_READ
    there = _cited(scores) if answered else _of_gold(record, "nearest")
    if not there and _was_retrieved(record) is False:
        return NOT_RETRIEVED
    if answered:
        return _CHOSEN[there]
    return _UNCERTAIN[there] if outcome in ("uncertain", "otherwise") else NOT_READ


def counted_causes(records: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How many questions failed for which cause, of those that occur, in the order of the stages.

    Every record holds its ``cause``.
    """
    counts = Counter(record["cause"] for record in records)
    return {name: counts[name] for name in CAUSES if counts[name]}


def _was_retrieved(record: Mapping[str, Any]) -> bool | None:
    """Whether a gold place was among what was read or, of places unknown, its document found."""
    read = _of_gold(record, "read")
    if read is not None:
        return read
    rank = record["scores"].get("mrr@10")
    return None if rank is None else rank > 0


def _of_gold(record: Mapping[str, Any], where: str) -> bool | None:
    gold = record.get("gold")
    return None if gold is None else bool(gold[where])


def _cited(scores: Mapping[str, float | None]) -> bool | None:
    precision = scores.get("citation_precision")
    return None if precision is None else precision > 0
