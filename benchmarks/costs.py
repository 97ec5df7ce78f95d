"""What 10 million passages and more would cost in Qdrant, on paper: counted from what was measured.

    python benchmarks/costs.py [--into docs/scale-out.md] [--copies N] [--machine-price EUR] …

Bytes of a passage, milliseconds of the processor for each part of a search, and how often each is
asked for are those of ``stores.py`` (``results/stores/stores.json``); what embedding takes is that
of ``peers/compare.py``. How they grow is assumed: words and counts with the passages of a shard,
the graph with their logarithm, changes with the documents of the folder that is looked through,
memory and disk with all passages. So are prices and machines, which are options; none of it was
run.

A search asks all shards and waits for the last, several times one after the other. For that, a
fixed number of searches is drawn with a fixed seed: of each shard what it takes (lognormal, as wide
as was measured) and how long it waits behind others' (exponential, by how busy its machine is).
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.index.qdrant.client import LOOKED_AT
from question_sets import SEED, put_between, table

HERE = Path(__file__).parent
MEASURED = HERE / "results" / "stores" / "stores.json"
SIZES = 10_000_000, 100_000_000, 1_000_000_000
START, END = "<!-- costs: made by costs.py -->", "<!-- end of costs -->"

# Seconds of the processor to read, cut and embed a passage: two cores do 99 a second.
_TO_EMBED = 2 / 99
# Milliseconds in which a question is embedded, beside the search for its words.
_QUESTION = 4.0
_SEARCHES = 20_000


@dataclass(frozen=True)
class Assumed:
    """Prices in euros, as of November 2026, of machines that are rented by the month."""

    copies: int = 2
    gib: float = 64.0  # of memory in a machine
    cores: int = 8
    machine_price: float = 350.0  # a month
    disk_price: float = 0.08  # a GB and month
    core_price: float = 0.04  # an hour of one core, to embed
    used: float = 0.75  # of memory and disk: the rest is for what is being put in order
    network_ms: float = 0.5  # there and back
    questions: float = 10.0  # a second
    passages_a_document: float = 20.0
    folder: float = 50_000.0  # documents that are named, and looked at, as one


class Measured:
    """What a passage and a search cost, by ``stores.py``."""

    def __init__(self, result: Mapping[str, Any]) -> None:
        self._served, self._graphs = result["served"], result["graphs"]
        self._graph_of = float(result["graph"])
        bytes_of = self._served["bytes_a_passage"]
        plain, int8 = (self._graphs[way]["bytes_a_passage"] for way in ("as they are", "int8"))
        quantised: float = int8["dense vectors"] - plain["dense vectors"]
        # What every search reads; vectors themselves and payload are read of the best alone.
        self.in_memory: float = quantised + plain["graph"] + bytes_of["words"]
        self.in_memory += bytes_of["payload index"]
        self.on_disk: float = int8["dense vectors"] + plain["graph"] + bytes_of["words"]
        self.on_disk += bytes_of["payload index"] + bytes_of["payload"]
        seconds = {int(n): s for n, s in self._served["seconds_to_change"]["in"].items()}
        few, many = min(seconds), max(seconds)
        self.to_change: float = (seconds[many] - seconds[few]) / (many - few)
        """Seconds until one changed file counts, for each document of its folder: all of its files
        are looked at, and what is known of them read."""
        self.terms: float = self._served["engine"]["terms"]
        """Words, and pairs of them, of a question."""

    def ms(self, part: str, passages: float) -> tuple[float, float]:
        """The median of a part of a search in a shard of so many passages, and how wide it is: the
        deviation of the logarithm."""
        if part == "dense":
            found = self._graphs["int8"]["found"][str(LOOKED_AT)]["ms"]
            grown = math.log(passages) / math.log(self._graph_of)
        else:
            found = self._served["engine"]["ms"][part]
            grown = passages / self._served["passages"] if part != "fetching 20" else 1.0
        return found["p50"] * max(grown, 1.0), math.log(found["p95"] / found["p50"]) / 1.645


@dataclass(frozen=True)
class Size:
    """So many passages, in as many shards as there are machines for one copy of all."""

    passages: int
    measured: Measured
    assumed: Assumed

    @property
    def shards(self) -> int:
        room = self.assumed.gib * 2**30 * self.assumed.used
        return math.ceil(self.passages * self.measured.in_memory / room)

    @property
    def machines(self) -> int:
        return self.shards * self.assumed.copies

    @property
    def memory(self) -> float:
        """Bytes."""
        return self.passages * self.measured.in_memory * self.assumed.copies

    @property
    def disk(self) -> float:
        """Bytes, with the room in which Qdrant puts them in order."""
        return self.passages * self.measured.on_disk * self.assumed.copies / self.assumed.used

    @property
    def documents(self) -> float:
        return self.passages / self.assumed.passages_a_document

    @property
    def monthly(self) -> float:
        of_disk = self.disk / 1e9 * self.assumed.disk_price
        return self.machines * self.assumed.machine_price + of_disk

    @property
    def embedding_days(self) -> float:
        """Of one core."""
        return self.passages * _TO_EMBED / 86_400

    @property
    def embedding_price(self) -> float:
        return self.embedding_days * 24 * self.assumed.core_price

    @property
    def change(self) -> float:
        """Seconds until one changed file of a folder counts."""
        return min(self.assumed.folder, self.documents) * self.measured.to_change

    @cached_property
    def busy(self) -> float:
        """The share of a machine's cores that the questions take, their words known; below 1."""
        each = self.passages / self.shards
        spent = sum(self.measured.ms(part, each)[0] for part in ("dense", "words", "fetching 20"))
        return self.assumed.questions / self.assumed.copies * spent / 1000 / self.assumed.cores

    def latency(self, *, are_new: bool) -> tuple[float, float]:
        """The 50th and the 99th percentile of a search in milliseconds, its words counted before or
        new; infinite where machines cannot keep up."""
        if self.busy >= 1:
            return math.inf, math.inf
        chance = np.random.default_rng(SEED)
        each = self.passages / self.shards

        def asked(part: str, times: float = 1.0) -> NDArray[np.float64]:
            """One request to all shards: the last one's answer."""
            last = np.zeros(_SEARCHES)
            median, width = self.measured.ms(part, each)
            for _ in range(self.shards):
                taken = times * median * chance.lognormal(0, width, _SEARCHES)
                waits = chance.random(_SEARCHES) < self.busy
                behind = chance.exponential(median / (1 - self.busy), _SEARCHES)
                last = np.maximum(last, taken + waits * behind)
            return self.assumed.network_ms + last

        # Terms are counted six at once, each request on a core of its own.
        counting = asked("counting a term", math.ceil(self.measured.terms / 6)) if are_new else 0
        of_words = counting + asked("words")
        beside = np.maximum(_QUESTION + asked("dense"), of_words)
        # The manifest before and after, cosines twice, passages and their documents.
        whole = beside + sum(asked("fetching 20") for _ in range(6))
        median, last = np.percentile(whole, (50, 99))
        return float(median), float(last)

    @property
    def beyond(self) -> str:
        """What is more than can be borne, and how many times, the worst first."""
        times = {
            "a change (a minute)": self.change / 60,
            "new words (a second)": self.latency(are_new=True)[1] / 1000,
            "a search (a second)": self.latency(are_new=False)[1] / 1000,
            "processors (70%)": self.busy / 0.7,
        }
        worst = sorted(times.items(), key=lambda each: -each[1])
        told = [f"{what} {by:,.1f} times" for what, by in worst if by > 1]
        return ", ".join(told) or "nothing"


def costs(sizes: Sequence[Size]) -> str:
    """The table."""
    rows: dict[str, Callable[[Size], str]] = {
        "shards; machines": lambda s: f"{s.shards:,}; {s.machines:,}",
        "memory, GB": lambda s: f"{s.memory / 1e9:,.0f}",
        "disk, GB": lambda s: f"{s.disk / 1e9:,.0f}",
        "euros a month": lambda s: f"{s.monthly:,.0f}",
        "embedding once, days of a core; euros": lambda s: (
            f"{s.embedding_days:,.0f}; {s.embedding_price:,.0f}"
        ),
        "processors busy": lambda s: f"{s.busy:.0%}",
        "a search, p50 / p99, ms": lambda s: _pair(s.latency(are_new=False)),
        "with new words": lambda s: _pair(s.latency(are_new=True)),
        "one changed file, s": lambda s: f"{s.change:,.0f}",
        "beyond what can be borne": lambda s: s.beyond,
    }
    head = ["passages", *(f"{size.passages:,}" for size in sizes)]
    return table(head, [[name, *map(show, sizes)] for name, show in rows.items()])


def _pair(of: tuple[float, float]) -> str:
    return " / ".join("–" if math.isinf(one) else f"{one:,.0f}" for one in of)


def measured() -> Measured:
    return Measured(json.loads(MEASURED.read_text(encoding="utf-8")))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--into", type=Path, metavar="FILE", help="put the table there, too")
    for one in fields(Assumed):
        name = f"--{one.name.replace('_', '-')}"
        parser.add_argument(name, type=type(one.default), default=one.default)
    given = vars(parser.parse_args())
    into, assumed = given.pop("into"), Assumed(**given)
    found = costs([Size(passages, measured(), assumed) for passages in SIZES])
    print(found)
    if into:
        put_between(into, START, END, found)


if __name__ == "__main__":
    main()
