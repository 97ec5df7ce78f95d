"""The checks alone: how well they tell what a text says from what it does not.

    python benchmarks/claims.py DATA... [--sample N] [--kept] [--output FILE]

DATA are files of JSON lines, or folders of such, with ``context`` and either ``claim`` and
``label`` (``supported`` or another) or ``question`` and ``yesno`` (``yes``, ``no`` or another). Of
a claim, both checks are asked, together and each alone: the check of claims whether the text
supports it, the check of answers whether it is what the text says; and beside them the embedder
(the cosine of the nearest passage) and the share of the claim's words that stand in the text. Of a
question, the check of answers alone is asked (it is answered with yes). As in an index, a long text
is cut into passages, of which the surest counts; the check of claims has windows of its own. N
lines of each file are drawn with a fixed seed; with --kept, of those that are kept for measuring.
Lines of other forms are passed over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import (  # type: ignore[import-untyped]
    balanced_accuracy_score,
    precision_score,
    recall_score,
    roc_auc_score,
)

from footnoted.corpus.passages import PassageSplitter
from footnoted.corpus.sentences import sentences
from footnoted.corpus.words import content_stems
from footnoted.index.embedding import load_embedder
from footnoted.index.options import DEFAULT
from footnoted.index.protocols import Embedder
from footnoted.qa.checker.checker import shipped_checker
from footnoted.qa.entailment.entailment import ASKED_OF_A_CLAIM, TwoChecks, two_checks
from footnoted.qa.protocols import Checker, Claim, Pair
from footnoted.qa.training.claim_sets import group_of, part_of
from footnoted.qa.training.examples import MEASURE
from footnoted.qa.writing.particulars import said_at_once
from question_sets import circumstances, sample, table

_SAID = "supported"
_LEAST = -1e9
"""For the logit of what cannot be read."""

Cut = Callable[[str], Sequence[str]]
Scores = NDArray[np.float64]
COLUMNS = (
    *("claims", "supported", "auc", "auc of claims", "auc of answers"),
    *("auc of cosine", "auc of shared words", "balanced accuracy", "precision", "recall"),
)
"""Of the table. An AUC says how often what is supported is held likelier than what is not."""


class Judged(NamedTuple):
    """A claim on a whole text, and whether it is supported."""

    claim: Claim
    supported: bool

    @property
    def pair(self) -> Pair:
        return Pair(self.claim.text, self.claim.answer)

    @property
    def is_question(self) -> bool:
        return self.claim.question != ASKED_OF_A_CLAIM


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path, nargs="+")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    checker, embedder = shipped_checker(), load_embedder()
    if checker is None:
        parser.error("there is no check to measure")
    checks = two_checks(checker)
    cut = PassageSplitter(embedder.count_tokens, DEFAULT.passage_tokens).split_text
    measured = {}
    for file in files(options.data):
        judged = sample(list(read(file, kept=options.kept)), options.sample)
        if len({one.supported for one in judged}) < 2:
            print(f"{file.name} holds nothing to tell apart", file=sys.stderr)
            continue
        asks = any(one.is_question for one in judged)
        measured[file.stem] = {
            "claims": len(judged),
            "supported": sum(one.supported for one in judged),
            **(
                measure_questions(checker, judged, cut)
                if asks
                else measure_claims(checks, embedder, judged, cut)
            ),
        }
        print(f"{file.name} done", file=sys.stderr)
    print(table(("file", *COLUMNS), [(n, *row(of_file)) for n, of_file in measured.items()]))
    if options.output:
        names = {"checks": checks.name}
        result = {**circumstances(), **names, "files": measured}
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def row(of_file: dict[str, Any]) -> Iterator[str]:
    for name in COLUMNS:
        value = of_file.get(name, "–")
        yield f"{value:.3f}" if isinstance(value, float) else str(value)


def files(data: Sequence[Path]) -> Iterator[Path]:
    for path in data:
        yield from sorted(path.glob("*.jsonl")) if path.is_dir() else [path]


def read(file: Path, *, kept: bool = False) -> Iterator[Judged]:
    """The claims and questions of a file, in its order; those of texts that are ``kept``."""
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            one = json.loads(line)
            if kept and "context" in one and part_of(group_of(one)) != MEASURE:
                continue
            if "claim" in one:
                claim = Claim(one["context"], ASKED_OF_A_CLAIM, one["claim"])
                yield Judged(claim, one["label"] == _SAID)
            elif "yesno" in one:
                claim = Claim(one["context"], one["question"], "Yes")
                yield Judged(claim, one["yesno"] == "yes")


def measure_questions(checker: Checker, judged: Sequence[Judged], cut: Cut) -> dict[str, float]:
    """How often the check of answers is surer of what is so than of what is not."""
    return {"auc of answers": _auc(judged, [surest(checker, one.claim, cut) for one in judged])}


def measure_claims(
    checks: TwoChecks, embedder: Embedder, judged: Sequence[Judged], cut: Cut
) -> dict[str, float]:
    """The same of both checks, what they take for supported together and how right that is; and of
    what needs no training for it."""
    right = [one.supported for one in judged]
    logits = checks.logits([one.pair for one in judged])
    chances = checks.calibration.probabilities(logits)
    taken = chances >= [checks.threshold(at_once(one.pair)) for one in judged]
    return {
        "auc": _auc(judged, chances),
        "auc of claims": _auc(judged, np.maximum(logits[:, 0], _LEAST)),
        "auc of answers": _auc(judged, np.maximum(logits[:, 1], _LEAST)),
        "auc of cosine": _auc(judged, [cosine(embedder, one.pair, cut) for one in judged]),
        "auc of shared words": _auc(judged, [shared(one.pair) for one in judged]),
        "balanced accuracy": float(balanced_accuracy_score(right, taken)),
        "precision": float(precision_score(right, taken, zero_division=0.0)),
        "recall": float(recall_score(right, taken)),
    }


def at_once(pair: Pair) -> float:
    return said_at_once(pair.claim, sentences(pair.text))


def _auc(judged: Sequence[Judged], scores: Sequence[float] | Scores) -> float:
    return float(roc_auc_score([one.supported for one in judged], scores))


def passages(text: str, cut: Cut) -> list[str]:
    return [piece for passage in cut(text) if (piece := passage.strip())]


def surest(checker: Checker, claim: Claim, cut: Cut) -> float:
    """The logit of the claim on that passage of its text which says it most surely."""
    claims = [claim._replace(text=text) for text in passages(claim.text, cut)]
    return float(checker.logits(claims).max())


def cosine(embedder: Embedder, pair: Pair, cut: Cut) -> float:
    """Of the claim and the passage that is nearest to it."""
    of_claim = embedder.embed_passages([pair.claim])[0]
    return float((embedder.embed_passages(passages(pair.text, cut)) @ of_claim).max())


def shared(pair: Pair) -> float:
    """The share of the claim's words that stand in its text, by their stems."""
    claimed = content_stems(pair.claim)
    return len(claimed & content_stems(pair.text)) / max(1, len(claimed))


if __name__ == "__main__":
    main()
