"""What is measured of every peer, by the same code.

Standard library and numpy only, because it is imported in every peer's environment. A peer's script
calls ``measure`` with its class; ``compare.py`` runs the script and reads the one line of JSON that
it prints.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

FOUND = 10
"""How many passages a search is asked for."""

_FIRST = 8
_WARMING = 32


class Passage(NamedTuple):
    """What a peer indexes; ``embedded`` is what every one of them embeds, Footnoted included."""

    id: str
    title: str
    text: str

    @property
    def embedded(self) -> str:
        return f"{self.title}\n{self.text}"


class Peer(Protocol):
    """A library with its model loaded, used as its documentation shows and with its defaults."""

    def index(self, passages: Sequence[Passage]) -> int:
        """Hold these passages, and no others any more; returns how many the index holds."""

    def search(self, question: str, limit: int) -> list[str]:
        """The ids of what is found, best first."""


def measure(name: str, load: Callable[[str], Peer], packages: Iterable[str]) -> None:
    """Print what a peer reaches, as one line of JSON.

    Args:
        name: what the table calls it.
        load: from the model's folder to the peer.
        packages: those whose versions are reported.
    """
    options = _options()
    indexed, ranked = _passages(options.indexed), _passages(options.ranked)
    peer = load(options.model)
    peer.index(ranked[:_FIRST])
    peer.search(ranked[0].title, FOUND)
    cold_start = time.time() - options.started
    result = {
        "peer": name,
        "versions": {package: version(package) for package in packages},
        "passages": len(indexed),
        "cold_start_s": round(cold_start, 2),
        "passages_per_second": round(_indexing_rate(peer, indexed, ranked[:_WARMING]), 1),
        **_searching(peer, ranked, _lines(options.questions)),
        "peak_memory_mib": _peak_memory(),
    }
    print(json.dumps(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", help="the folder of the weights that all peers share")
    parser.add_argument("indexed", type=Path, help="passages, for the rate of indexing")
    parser.add_argument("ranked", type=Path, help="passages that the questions are about")
    parser.add_argument("questions", type=Path, help="questions, each with its passage's id")
    parser.add_argument("--started", type=float, required=True, help="time.time() at its start")
    return parser.parse_args()


def _passages(path: Path) -> list[Passage]:
    return [Passage(line["_id"], line["title"], line["text"]) for line in _lines(path)]


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def _indexing_rate(peer: Peer, passages: Sequence[Passage], warming: Sequence[Passage]) -> float:
    """Passages a second, the model being warm from others.

    Others, because an index may know again what it has embedded before.
    """
    peer.index(warming)
    started = time.perf_counter()
    held = peer.index(passages)
    seconds = time.perf_counter() - started
    assert held == len(passages), f"{held} passages were made of {len(passages)}"
    return held / seconds


def _searching(
    peer: Peer, passages: Sequence[Passage], questions: Sequence[dict[str, Any]]
) -> dict[str, float]:
    """How long a search takes, and how often it finds the right passage."""
    peer.index(passages)
    for passage in passages[:_FIRST]:
        peer.search(passage.title, FOUND)
    milliseconds, ranks = [], []
    for question in questions:
        started = time.perf_counter()
        found = peer.search(question["question"], FOUND)
        milliseconds.append(1000 * (time.perf_counter() - started))
        right = question["passage"]
        ranks.append(found.index(right) + 1 if right in found else FOUND + 1)
    return {
        "questions": len(questions),
        "p50_ms": round(float(np.percentile(milliseconds, 50)), 2),
        "p95_ms": round(float(np.percentile(milliseconds, 95)), 2),
        **{f"hit@{k}": round(float(np.mean(np.array(ranks) <= k)), 4) for k in (1, 5)},
    }


def _peak_memory() -> int:
    """In MiB; the system counts in bytes on macOS and in KiB elsewhere."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
