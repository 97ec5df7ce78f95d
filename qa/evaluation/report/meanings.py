"""What each metric and each cause is called and means, as ``meanings.toml`` has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

HIT = re.compile(r"hit@(\d+)")

_CAUSES = "Causes"  # the group of what are no metrics


@dataclass(frozen=True, slots=True)
class Meaning:
    """How the report calls a metric or a cause, and explains it."""

    title: str
    meaning: str


def grouped(names: Iterable[str]) -> dict[str, dict[str, Meaning]]:
    """The metrics of a result in the order of ``meanings.toml``; others, unexplained, come last."""
    left = list(dict.fromkeys(names))
    groups: dict[str, dict[str, Meaning]] = {}
    for group, known in _known().items():
        if group == _CAUSES:
            continue
        hits = sorted(filter(HIT.fullmatch, left), key=depth) if group == "Retrieval" else []
        groups[group] = {name: _hit(name) for name in hits}
        groups[group] |= {name: Meaning(**known[name]) for name in known if name in left}
        left = [name for name in left if name not in groups[group]]
    groups["Others"] = {name: Meaning(name, "") for name in left}
    return {group: metrics for group, metrics in groups.items() if metrics}


def causes() -> dict[str, Meaning]:
    """Every cause, in the order of the stages."""
    return {name: Meaning(**words) for name, words in _known()[_CAUSES].items()}


def _hit(name: str) -> Meaning:
    first = depth(name)
    where = "first" if first == 1 else f"among the first {first}"
    return Meaning(f"Found {where}", f"How often the search found a right document {where}.")


def depth(name: str) -> int:
    return int(name.partition("@")[2])


def _known() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("footnoted.qa.evaluation.report") / "meanings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
