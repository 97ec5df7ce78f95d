"""The check alone: how well it tells what a text says from what it does not.

    python benchmarks/claims.py DATA... [--sample N] [--output FILE]

DATA are files of JSON lines, or folders of such, with ``context`` and either ``claim`` and
``label`` (``supported`` or another) or ``question`` and ``yesno`` (``yes``, ``no`` or another). A
claim is checked as what the text says, and a question as one answered with yes. As in an index, a
long text is cut into passages, of which the surest counts. N lines of each file are drawn with a
fixed seed; of each file, the AUC of supported against not. Lines of other forms are passed over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from footnoted.corpus.passages import PassageSplitter
from footnoted.index.embedding import load_embedder
from footnoted.index.options import DEFAULT
from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.protocols import Checker, Claim
from question_sets import circumstances, sample, table

_ASKED_OF_A_CLAIM = "What does the text say?"

Cut = Callable[[str], Sequence[str]]


class Judged(NamedTuple):
    """A claim on a whole text, and whether it is supported."""

    claim: Claim
    supported: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    checker = shipped_checker()
    if checker is None:
        parser.error("there is no check to measure")
    cut = PassageSplitter(load_embedder().count_tokens, DEFAULT.passage_tokens).split_text
    measured = {}
    for file in files(options.data):
        judged = sample(list(read(file)), options.sample)
        if len({one.supported for one in judged}) < 2:
            print(f"{file.name} holds nothing to tell apart", file=sys.stderr)
            continue
        measured[file.stem] = measure(checker, judged, cut)
        print(f"{file.name} done", file=sys.stderr)
    head = ("file", "claims", "supported", "AUC")
    rows = [(n, m["claims"], m["supported"], f"{m['auc']:.3f}") for n, m in measured.items()]
    print(table(head, rows))
    if options.output:
        result = {**circumstances(), "checker": checker.name, "files": measured}
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def files(data: Sequence[Path]) -> Iterator[Path]:
    for path in data:
        yield from sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def read(file: Path) -> Iterator[Judged]:
    """The claims and questions of a file, in its order."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            if "claim" in one:
                claim = Claim(one["context"], _ASKED_OF_A_CLAIM, one["claim"])
                yield Judged(claim, one["label"] == "supported")
            elif "yesno" in one:
                claim = Claim(one["context"], one["question"], "Yes")
                yield Judged(claim, one["yesno"] == "yes")


def measure(checker: Checker, judged: Sequence[Judged], cut: Cut) -> dict[str, Any]:
    """How often the check is surer of what is supported than of what is not."""
    sure = [surest(checker, one.claim, cut) for one in judged]
    supported = [one.supported for one in judged]
    return {
        "claims": len(judged),
        "supported": sum(supported),
        "auc": float(roc_auc_score(supported, sure)),
    }


def surest(checker: Checker, claim: Claim, cut: Cut) -> float:
    """The logit of the claim on that passage of its text which says it most surely."""
    passages = [text for passage in cut(claim.text) if (text := passage.strip())]
    return float(checker.logits([claim._replace(text=text) for text in passages]).max())


if __name__ == "__main__":
    main()
