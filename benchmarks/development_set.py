"""One development set, run through the product's own evaluation.

    python benchmarks/development_set.py [FOLDER] [--kept] [--sample N] [--reader MODEL]
                                         [--draw PICTURES]

FOLDER holds ``corpus.jsonl`` and either ``questions.jsonl`` or BEIR's ``queries.jsonl`` and
``qrels/test.tsv``; without it, the shipped questions are asked of the shipped documents. With
``--kept``, only the questions on which no reader of ours was trained or calibrated are asked. The
metrics go to ``benchmarks/results/NAME.json`` with the commit, the models and the machine, and the
table in ``benchmarks/README.md`` is made anew. ``--sample`` asks N of the questions, drawn with a
fixed seed; the corpus is always whole. A run that is interrupted goes on from where it was.
``--draw`` writes the report's plots of the confidence, ``risk.svg`` and ``reliability.svg``, into
the folder PICTURES.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from footnoted.qa.evaluation.report.cases import Case, read_cases
from footnoted.qa.evaluation.report.confidence import plot_reliability, plot_risk
from footnoted.qa.evaluation.run import evaluate
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.readers import named_reader
from question_sets import (
    cell,
    circumstances,
    index,
    name_of,
    place_of,
    progress,
    put_between,
    questions,
    sample,
    table,
)

HERE = Path(__file__).parent
RESULTS = HERE / "results"
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
COLOURS = (
    "font-family: sans-serif; background: #fff; --ink: #222; --muted: #666; --line: #ccc; "
    "--accent: #1f5fbf; --bad: #b3261e; --fill: #dbe7f8"
)
START, END = "<!-- results: made by development_set.py -->", "<!-- end of results -->"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--sample", type=int)
    parser.add_argument("--kept", action="store_true")
    parser.add_argument("--reader")
    parser.add_argument("--draw", type=Path)
    options = parser.parse_args()
    name = name_of(options.folder)
    RESULTS.mkdir(exist_ok=True)
    library = index(options.folder)
    asked = sample(questions(options.folder, library, kept=options.kept), options.sample)
    if options.kept:
        name += ", kept"
    done = place_of(options.folder) / "done.jsonl"
    result = evaluate(Pipeline(library, named_reader(options.reader)), asked, progress, done)
    done.unlink()
    if options.draw:
        draw(read_cases(result, asked, None), options.draw)
    stored = {
        "set": name,
        "questions": len(asked),
        "sample": options.sample,
        **circumstances(),
        "models": result["models"],
        "metrics": result["metrics"],
        "by_kind": result["by_kind"],
        "seconds": result["seconds"],
    }
    (RESULTS / f"{name.replace(', ', '-')}.json").write_text(
        json.dumps(stored, indent=1) + "\n", encoding="utf-8"
    )
    write_table()


def draw(cases: Sequence[Case], folder: Path) -> None:
    """The report's plots as pictures of their own, in colours for light and dark pages."""
    for name, plot in (("risk", plot_risk(cases)), ("reliability", plot_reliability(cases))):
        if plot:
            root = f'<svg xmlns="http://www.w3.org/2000/svg" style="{COLOURS}"'
            svg = str(plot.svg).replace("<svg", root, 1)
            (folder / f"{name}.svg").write_text(f"{svg}\n", encoding="utf-8")


def write_table() -> None:
    """Put the metrics of all results, a column each, into the README."""
    results = [
        json.loads(path.read_text(encoding="utf-8")) for path in sorted(RESULTS.glob("*.json"))
    ]
    head = ["", *(f"{r['set']} ({r['questions']:,})" for r in results)]
    rows = [[f"`{metric}`", *(cell(one["metrics"], metric) for one in results)] for metric in SHOWN]
    rows.append(["commit", *(f"`{result['commit']}`" for result in results)])
    put_between(HERE / "README.md", START, END, table(head, rows))


if __name__ == "__main__":
    main()
