"""Indexing with Ray beside the local command, into the same store, on one core and on all.

    python benchmarks/many_machines.py qdrant+http://HOST:PORT [DOCUMENTS] [--rounds N]

DOCUMENTS is a folder; without one, 120 texts are made of the shipped documents' sentences. In each
round, every way indexes the same into an index of its own, in turn and in a process of its own,
which has one core or all: a worker of Ray's to each. The store, if it is on this machine, takes its
share. Told are, for each number of cores, the seconds from the first file to the change that counts
(Ray started already), the passages embedded in a second once the first batch is done, and the share
of the time after which all is embedded, as of a part that no further worker makes shorter; and the
medians of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from uuid import uuid4

from footnoted.corpus.files import SHIPPED
from footnoted.index.cluster import on_ray
from footnoted.index.library import Library
from footnoted.index.qdrant.address import Address

WAYS = ("local", "ray")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("store")
    parser.add_argument("documents", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)  # a way, and its cores
    given = parser.parse_args()
    if given.one:
        print(json.dumps(indexed(given.store, given.documents, *given.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        documents = given.documents or made(Path(folder))
        every = len(os.sched_getaffinity(0))
        for cores in sorted({1, every}):
            rounds = [
                {way: apart(given.store, documents, way, cores) for way in WAYS}
                for _ in range(given.rounds)
            ]
            tell(cores, rounds)


def made(folder: Path, number: int = 120) -> Path:
    """Texts of about 25 passages each, no two alike."""
    chance = random.Random(1)
    shipped = [path.read_text(encoding="utf-8") for path in sorted(SHIPPED.iterdir())]
    sentences = [one for text in shipped for one in text.split(". ") if len(one) > 40]
    for at in range(number):
        paragraphs = [". ".join(chance.sample(sentences, 6)) for _ in range(6)]
        (folder / f"{at}.txt").write_text("\n\n".join(paragraphs), encoding="utf-8")
    return folder


def apart(store: str, documents: Path, way: str, cores: int) -> dict[str, float]:
    """What ``indexed`` measures, in a process of its own."""
    command = [sys.executable, __file__, store, str(documents), "--one", way, str(cores)]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def indexed(store: str, documents: Path, way: str, cores: str) -> dict[str, float]:
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(cores)])
    embedded: list[tuple[float, int]] = []

    def progress(what: str, done: int, _: int) -> None:
        if what == "embedding passages" and done:
            embedded.append((time.monotonic(), done))

    with on_ray() if way == "ray" else nullcontext() as workers:
        library = Library.create(Address.parse(f"{store}/{uuid4().hex}"))
        library.embedder  # noqa: B018  loaded, as the actors' is not
        began = time.monotonic()
        receipt = library.update([documents], progress, workers=workers)
        ended = time.monotonic()
        library.close()
    (first, at_first), (last, at_last) = embedded[0], embedded[-1]
    return {
        "passages": receipt.embedded,
        "seconds": ended - began,
        "rate": (at_last - at_first) / (last - first),
        "after": (ended - last) / (ended - began),
    }


def tell(cores: int, rounds: list[dict[str, dict[str, float]]]) -> None:
    for way in WAYS:
        middle = {
            name: statistics.median(one[way][name] for one in rounds) for name in rounds[0][way]
        }
        print(
            f"{cores} cores, {way}: {middle['passages']:.0f} passages in {middle['seconds']:.1f} s;"
            f" {middle['rate']:.0f} embedded a second; {middle['after']:.0%} after that"
        )
    for name in ("seconds", "rate"):
        ratios = [one["ray"][name] / one["local"][name] for one in rounds]
        told = ", ".join(f"{ratio:.2f}" for ratio in sorted(ratios))
        print(f"{cores} cores, ray to local, {name}: {statistics.median(ratios):.2f} (of {told})")


if __name__ == "__main__":
    main()
