"""One development set, run through the product's own evaluation.

    python benchmarks/development_set.py [FOLDER] [--kept] [--sample N] [--reader MODEL]

FOLDER holds ``corpus.jsonl`` and either ``questions.jsonl`` or BEIR's ``queries.jsonl`` and
``qrels/test.tsv``; without it, the shipped questions are asked of the shipped documents. With
``--kept``, only the questions on which no reader of ours was trained or calibrated are asked. The
metrics go to ``benchmarks/results/NAME.json`` with the commit, the models and the machine, and the
table in ``benchmarks/README.md`` is made anew. ``--sample`` asks N of the questions, drawn with a
fixed seed; the corpus is always whole. A run that is interrupted goes on from where it was.
"""

from __future__ import annotations

import argparse
import json
import platform
import random
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from corpus.reading import SHIPPED, SHIPPED_QUESTIONS
from index.library import Library
from qa.evaluation import questions as sets
from qa.evaluation.run import evaluate
from qa.evaluation.types import Question
from qa.pipeline import Pipeline
from qa.training.examples import MEASURE, read

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SEED = 20221122
# Of each metric that a set measures, the table shows these.
SHOWN = (
    "fact_recall",
    "answer_f1",
    "list_f1",
    "list_f1_partial",
    "citation_precision",
    "citation_recall",
    "span_recall",
    "span_iou",
    "abstention_accuracy",
    "wrong_answer_rate",
    "calibration_error",
    "hit@1",
    "hit@5",
    "ndcg@10",
)
START, END = "<!-- results: made by development_set.py -->", "<!-- end of results -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--reader")
    options = parser.parse_args()
    name = options.folder.resolve().name if options.folder else "sample"
    corpus = options.folder / "corpus.jsonl" if options.folder else SHIPPED
    RESULTS.mkdir(exist_ok=True)
    # Kept between runs that were interrupted: embedding a large corpus is most of the work.
    place = Path(tempfile.gettempdir()) / f"footnoted-benchmark-{name}"
    library = Library.open_or_create(place)
    library.update([corpus], _progress)
    questions = _questions(options.folder, library)
    if options.kept:
        name += ", kept"
        measured = {one.question for one in read(options.folder) if one.part == MEASURE}
        questions = [one for one in questions if one.question.strip() in measured]
    if options.sample and options.sample < len(questions):
        questions = random.Random(SEED).sample(questions, options.sample)
    done = place / "done.jsonl"
    result = evaluate(Pipeline(library, options.reader), questions, _progress, done)
    done.unlink()
    stored = {
        "set": name,
        "questions": len(questions),
        "sample": options.sample,
        "date": date.today().isoformat(),
        "commit": _commit(),
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
        "models": result["models"],
        "metrics": result["metrics"],
        "by_kind": result["by_kind"],
        "seconds": result["seconds"],
    }
    (RESULTS / f"{name.replace(', ', '-')}.json").write_text(
        json.dumps(stored, indent=1) + "\n", encoding="utf-8"
    )
    write_table()


def _questions(folder: Path | None, library: Library) -> list[Question]:
    path = folder / "questions.jsonl" if folder else SHIPPED_QUESTIONS
    return list(sets.read(path if path.exists() else path.parent, library.documents()).questions)


def _progress(what: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        print(f"{what} {done}/{total or '?'}", file=sys.stderr)


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(
        described, cwd=HERE, check=True, capture_output=True, text=True
    ).stdout.strip()


def write_table() -> None:
    """Put the metrics of all results, a column each, into the README."""
    results = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))
    ]
    head = ["", *(f"{r['set']} ({r['questions']:,})" for r in results)]
    rows = [head, ["---"] * len(head)]
    for metric in SHOWN:
        rows.append([f"`{metric}`", *(_cell(result, metric) for result in results)])
    rows.append(["commit", *(f"`{result['commit']}`" for result in results)])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    readme = HERE / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(START)
    after = rest.partition(END)[2]
    readme.write_text(f"{before}{START}\n\n{table}\n\n{END}{after}", encoding="utf-8")


def _cell(result: dict[str, Any], metric: str) -> str:
    value = result["metrics"].get(metric)
    return "–" if value is None else f"{value:.3f}"


if __name__ == "__main__":
    main()
