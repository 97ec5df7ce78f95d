"""Many askers at once: answers a second, waiting, wrong or lost answers, and memory.

    python benchmarks/load.py DOCUMENTS... --questions FILE [--beside PYTHON] [--long N]

The server is started as users start it, in a process of its own, over an index of DOCUMENTS, and is
asked on the loopback address. Askers ask as soon as they are answered, each for as many seconds,
first questions that nobody has asked before, then such of which a share was asked already. Machines
differ and are noisy, so each number of askers is measured in turn, several times, and counts by its
ratio to one asker's rate of the same round, and to that of the server of another installation,
whose Python ``--beside`` names. The seconds of processor that an answer takes are told, too, which
others on the machine disturb less.

The questions of FILE must last, a few thousand: others, made of the documents' words, would mostly
be answered without reading, and flatter whoever comes to them first.

Of the answers, a sample is compared with those of a server that is asked one question at a time:
all but the seconds must be the same. ``--long`` asks N questions more, by eight askers, and tells
of the memory meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from footnoted.index.library import Library
from footnoted.qa.evaluation import questions as sets
from question_sets import SEED, circumstances, progress, table
from timing import percentiles

ASKERS = (1, 8, 32, 64)
LONG_ASKERS = 8
READINGS = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--questions", type=Path, required=True)
    parser.add_argument("--beside", metavar="PYTHON", help="that of another installation")
    parser.add_argument("--askers", type=int, nargs="+", default=ASKERS)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--repeated", type=float, default=0.5, help="their share, second time")
    parser.add_argument("--compared", type=int, default=60, help="answers, with those given alone")
    parser.add_argument("--long", type=int, default=0, metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(_measured(options, Path(folder)), indent=2))


def _measured(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with closing(Library.open_or_create(folder / "index")) as library:
        library.update(options.documents, progress)
        documents = library.documents()
        asked = [one.question for one in sets.read(options.questions, documents).questions]
    pythons = [sys.executable, *([options.beside] if options.beside else [])]
    with ExitStack() as stack:
        servers = [
            stack.enter_context(_serving(python, folder / "index", folder / f"home{number}"))
            for number, python in enumerate(pythons)
        ]
        distinct = [_Distinct(asked) for _ in servers]
        found: dict[str, Any] = {**circumstances(), "documents": len(documents)}
        for name, share in (("distinct", 0.0), ("repeated", options.repeated)):
            loads = _rounds(options, servers, distinct, share)
            _show(name, loads, options)
            found[name] = [load.told() for load in loads]
            found[f"{name}_wrong"] = _wrong(loads, options.compared, folder / "index")
        if options.long:
            found["long"] = _long(servers[0], distinct[0], options.long)
        found["memory_mb"] = [server.memory() for server in servers]
    return found


@dataclass(frozen=True)
class _Server:
    python: str
    process: int
    host: str
    port: int

    def memory(self) -> dict[str, int]:
        status = Path(f"/proc/{self.process}/status").read_text()
        kilobytes = dict(re.findall(r"(VmHWM|VmRSS):\s+(\d+)", status))
        return {
            name: int(kilobytes[key]) // 1000 for name, key in (("peak", "VmHWM"), ("now", "VmRSS"))
        }

    def processor(self) -> float:
        """Seconds that it has computed."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def _serving(python: str, index: Path, home: Path) -> Iterator[_Server]:
    command = [python, "-m", "footnoted", "serve", "--port", "0"]
    command += ["--index", str(index), "--home", str(home)]
    # Where words are summed up in the order of their hashes, last bits depend on it.
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout
            address = re.search(r"http://\S+", process.stdout.readline())
            assert address
            parts = urlsplit(address[0])
            assert parts.hostname and parts.port
            server = _Server(python, process.pid, parts.hostname, parts.port)
            _ask(HTTPConnection(server.host, server.port), "Is everything ready?")
            yield server
        finally:
            process.terminate()


class _Distinct:
    """Questions of a set, each once and in the same order for every server."""

    def __init__(self, asked: Sequence[str]) -> None:
        self._chance = random.Random(SEED)
        self._lock = threading.Lock()
        self._given: list[str] = []
        self._unasked = list(dict.fromkeys(asked))
        self._chance.shuffle(self._unasked)

    def next(self, share_repeated: float) -> str:
        """
        Raises:
            IndexError: there is no other.
        """
        with self._lock:
            if self._given and self._chance.random() < share_repeated:
                return self._chance.choice(self._given)
            self._given.append(self._unasked.pop())
            return self._given[-1]


@dataclass
class _Load:
    """So many askers for some seconds, a number of rounds."""

    server: _Server
    askers: int
    rates: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    is_short: bool = False
    seconds: list[float] = field(default_factory=list)
    lost: int = 0
    answers: dict[str, Any] = field(default_factory=dict)
    to_one: float = 1.0
    to_beside: float | None = None

    def told(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "python": self.server.python,
            "askers": self.askers,
            "answers_a_second": round(statistics.median(self.rates), 2),
            "processor_seconds": round(statistics.median(self.processor), 3),
            "to_one_asker": round(self.to_one, 2),
            "milliseconds": percentiles(self.seconds),
            "asked": len(self.seconds),
            "lost": self.lost,
        }
        return found if self.to_beside is None else found | {"to_beside": round(self.to_beside, 2)}


def _rounds(
    options: argparse.Namespace,
    servers: Sequence[_Server],
    distinct: Sequence[_Distinct],
    share: float,
) -> list[_Load]:
    loads = [_Load(server, askers) for askers in options.askers for server in servers]
    of_server = dict(zip((server.process for server in servers), distinct, strict=True))
    for _ in range(options.rounds):
        for load in loads:
            questions = of_server[load.server.process]
            _run(load, lambda: questions.next(share), until=time.monotonic() + options.seconds)  # noqa: B023
    for load in loads:
        load.to_one = _ratio(load, _of(loads, load.server, options.askers[0]))
        if load.server is servers[0] and len(servers) > 1:
            load.to_beside = _ratio(load, _of(loads, servers[1], load.askers))
    return loads


def _of(loads: Sequence[_Load], server: _Server, askers: int) -> _Load:
    return next(one for one in loads if one.server is server and one.askers == askers)


def _ratio(load: _Load, other: _Load) -> float:
    return statistics.median(a / b for a, b in zip(load.rates, other.rates, strict=True))


def _run(
    load: _Load, question: Callable[[], str], until: float = float("inf"), most: int = sys.maxsize
) -> None:
    """Ask until a time, or ``most`` questions; those that were asked by then are waited for."""
    lock, numbers = threading.Lock(), count()

    def ask() -> None:
        connection = HTTPConnection(load.server.host, load.server.port, timeout=600)
        while time.monotonic() < until:
            with lock:
                if next(numbers) >= most:
                    return
            try:
                asked, began = question(), time.perf_counter()
            except IndexError:
                load.is_short = True
                return
            answer = _ask(connection, asked)
            with lock:
                load.seconds.append(time.perf_counter() - began)
                load.lost += answer is None
                load.answers[asked] = answer

    began, before, used = time.perf_counter(), len(load.seconds), load.server.processor()
    threads = [threading.Thread(target=ask) for _ in range(load.askers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if load.is_short:
        raise SystemExit("the questions do not last; give more, or fewer seconds and rounds")
    answers = len(load.seconds) - before
    load.rates.append(answers / (time.perf_counter() - began))
    load.processor.append((load.server.processor() - used) / answers)


def _ask(connection: HTTPConnection, question: str) -> dict[str, Any] | None:
    """The answer; None where there is none."""
    try:
        body = json.dumps({"question": question})
        connection.request("POST", "/api/ask", body, {"content-type": "application/json"})
        response = connection.getresponse()
        answer: dict[str, Any] = json.loads(response.read())
    except (OSError, HTTPException, ValueError):
        connection.close()
        return None
    return answer if response.status == 200 else None


def _wrong(loads: Sequence[_Load], most: int, index: Path) -> dict[str, Any]:
    """How many of a sample of this server's answers are others than those given alone."""
    server = loads[0].server
    given = {q: a for one in loads if one.server is server for q, a in one.answers.items() if a}
    chosen = random.Random(SEED).sample(sorted(given), min(most, len(given)))
    with _serving(sys.executable, index, index.parent / "home of one") as unasked:
        connection = HTTPConnection(unasked.host, unasked.port)
        alone = {one: _ask(connection, one) or {} for one in chosen}
    differs = [q for q in chosen if _said(alone[q]) != _said(given[q])]
    decided = [q for q in differs if alone[q].get("answered") != given[q]["answered"]]
    fields = {name for q in differs for name in given[q] if alone[q].get(name) != given[q][name]}
    return {
        "compared": len(chosen),
        "different": len(differs),
        "other_decision": len(decided),
        "fields": sorted(fields - {"seconds"}),
    }


def _said(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


def _long(server: _Server, distinct: _Distinct, most: int) -> dict[str, Any]:
    load, memory = _Load(server, LONG_ASKERS), [server.memory()["now"]]
    for part in range(READINGS):
        _run(load, lambda: distinct.next(0), most=most // READINGS)
        load.answers.clear()
        memory.append(server.memory()["now"])
        print(f"long {part + 1}/{READINGS}: {memory[-1]} MB", file=sys.stderr)
    return {"questions": len(load.seconds), "lost": load.lost, "memory_mb": memory}


def _show(name: str, loads: Sequence[_Load], options: argparse.Namespace) -> None:
    head = "askers server answers/s processor-s to-one to-beside p50-ms p95-ms lost".split()
    rows = [
        [
            one["askers"], "beside" if one["python"] == options.beside else "this",
            one["answers_a_second"], one["processor_seconds"],
            one["to_one_asker"], one.get("to_beside", ""),
            one["milliseconds"]["p50"], one["milliseconds"]["p95"], one["lost"],
        ]
        for one in (load.told() for load in loads)
    ]  # fmt: skip
    print(f"{name}\n{table(head, rows)}\n", file=sys.stderr)


if __name__ == "__main__":
    main()
