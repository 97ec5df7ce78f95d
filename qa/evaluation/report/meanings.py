"""What each metric is called and means, as ``meanings.toml`` has it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

HIT = re.compile(r"hit@(\d+)")


@dataclass(frozen=True, slots=True)
class Metric:
    """How the report calls a metric and explains it."""

    title: str
    meaning: str


def grouped(names: Iterable[str]) -> dict[str, dict[str, Metric]]:
    """The metrics of a result in the order of ``meanings.toml``; others, unexplained, come last."""
    left = list(dict.fromkeys(names))
    groups: dict[str, dict[str, Metric]] = {}
    for group, known in _known().items():
        hits = sorted(filter(HIT.fullmatch, left), key=depth) if group == "Retrieval" else []
        groups[group] = {name: _hit(name) for name in hits}
        groups[group] |= {name: Metric(**known[name]) for name in known if name in left}
        left = [name for name in left if name not in groups[group]]
    groups["Others"] = {name: Metric(name, "") for name in left}
    return {group: metrics for group, metrics in groups.items() if metrics}


def _hit(name: str) -> Metric:
    first = depth(name)
    where = "first" if first == 1 else f"among the first {first}"
    return Metric(f"Found {where}", f"How often the search found a right document {where}.")


def depth(name: str) -> int:
    return int(name.partition("@")[2])


def _known() -> dict[str, dict[str, dict[str, str]]]:
    file = resources.files("footnoted.qa.evaluation.report") / "meanings.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
