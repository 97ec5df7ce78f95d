"""Collections as people have them, kept outside the repository: the figures that decide.

    python benchmarks/domain.py FOLDER... [--hold]

A FOLDER holds ``documents/`` and ``questions.jsonl``, or folders that do. Each is asked through
``footnoted evaluate``, over an index of its own. The figures of each and of all together go to
``benchmarks/results/domain/domain.json`` and, as a table, into ``benchmarks/README.md``. With
``--hold``, nothing is written: it exits with 1 if the figures of all together miss ``LIMITS``.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from footnoted.qa.evaluation import questions as sets
from footnoted.qa.evaluation.causes import counted_causes
from footnoted.qa.evaluation.metrics import aggregate, is_right
from footnoted.qa.evaluation.text import Facts, holds
from footnoted.qa.evaluation.types import Question
from question_sets import circumstances, name_of, put_between, table

HERE = Path(__file__).parent
# Apart from the development sets' results, all of which become columns of one table.
RESULTS = HERE / "results" / "domain"
START, END = "<!-- domain: made by domain.py -->", "<!-- end of domain -->"
TOGETHER = "together"
LISTS_AND_SIDES = frozenset({"list", "who-opposes", "who-supports"})

DECLINED, WRONG, FACTS, CITED = (
    "unanswerable, declined",
    "wrong answers",
    "facts found",
    "citations at gold places",
)
OF_LISTS, WHOLE = "lists and sides: facts found", "lists and sides: whole and clean"
FALSE_MEDIAN, FALSE_MOST = (
    "confidence of false answers, median",
    "confidence of false answers, most",
)
CALIBRATION = "calibration error"
AUC_ANSWERS, AUC_ALL = (
    "AUC of confidence, answers: right before wrong",
    "AUC of confidence, all: right before wrong",
)

LOWER_IS_BETTER = frozenset({WRONG, FALSE_MEDIAN, FALSE_MOST, CALIBRATION})
LIMITS = {
    DECLINED: 0.5,
    WRONG: 0.24,
    FACTS: 0.7,
    CITED: 0.6,
    OF_LISTS: 0.4,
    CALIBRATION: 0.2,
    AUC_ALL: 0.6,
}
"""What ``--hold`` holds all folders together to: what each of ours reached, less what another
processor's rounding may turn."""


class Asked(NamedTuple):
    """A question, and the entry of the result that says what became of it."""

    question: Question
    record: Mapping[str, Any]

    @property
    def is_answered(self) -> bool:
        return bool(self.record["answer"]["answered"])

    @property
    def is_right(self) -> bool:
        return bool(is_right(self.record))

    @property
    def confidence(self) -> float:
        return float(self.record["answer"]["confidence"])


class Figure(NamedTuple):
    """A figure to compare, None where it applies to nothing, and as the table shows it."""

    value: float | None
    shown: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--hold", action="store_true")
    options = parser.parse_args()
    folders = [found for folder in options.folders for found in collections(folder)]
    if not folders:
        parser.error("no folder holds documents/ and questions.jsonl; name one that does")
    asked = {name_of(folder): ask(folder) for folder in folders}
    if len(asked) > 1:
        asked[TOGETHER] = [one for some in asked.values() for one in some]
    measured = {name: figures(some) for name, some in asked.items()}
    shown = as_table(asked, measured)
    print(shown)
    if options.hold:
        lines = missed(measured[list(asked)[-1]])
        print("".join(f"missed: {line}\n" for line in lines), end="")
        sys.exit(1 if lines else 0)
    keep(asked, measured)
    put_between(HERE / "README.md", START, END, shown)


def collections(folder: Path) -> Iterator[Path]:
    """The folder, or those in it, that hold documents and questions."""
    for found in (folder, *sorted(folder.glob("*/"))):
        if (found / "questions.jsonl").is_file() and (found / "documents").is_dir():
            yield found


def ask(folder: Path) -> list[Asked]:
    """What ``footnoted evaluate`` makes of a folder."""
    questions = folder / "questions.jsonl"
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "result.json"
        options = [questions, "--corpus", folder / "documents", "--json", file]
        command = [sys.executable, "-m", "footnoted", "evaluate", *map(str, options)]
        done = subprocess.run(command)
        if done.returncode:
            sys.exit(done.returncode)
        records = json.loads(file.read_text(encoding="utf-8"))["questions"]
    return [Asked(*pair) for pair in zip(sets.read(questions).questions, records, strict=True)]


def figures(asked: Sequence[Asked]) -> dict[str, Figure]:
    """The figures that decide, of questions whose answers are known."""
    metrics = aggregate([one.record for one in asked])
    lists = [one for one in asked if one.question.kind in LISTS_AND_SIDES]
    unanswerable = [one for one in asked if not one.question.answers]
    answered = [one for one in asked if one.is_answered]
    wrong = [one for one in answered if not one.is_right]
    false = [one.confidence for one in wrong]
    return {
        DECLINED: _share(sum(not one.is_answered for one in unanswerable), len(unanswerable)),
        WRONG: _share(len(wrong), len(asked)),
        FACTS: _number(metrics.get("fact_recall")),
        CITED: _number(metrics.get("citation_precision")),
        OF_LISTS: _number(aggregate([one.record for one in lists]).get("fact_recall")),
        WHOLE: _share(sum(map(is_whole_and_clean, lists)), len(lists)),
        FALSE_MEDIAN: _number(median(false) if false else None),
        FALSE_MOST: _number(max(false, default=None)),
        CALIBRATION: _number(metrics.get("calibration_error")),
        AUC_ANSWERS: _number(_auc(answered)),
        AUC_ALL: _number(_auc(asked)),
    }


def is_whole_and_clean(one: Asked) -> bool:
    """Whether every fact is given, and nothing that is none."""
    answers = [short["text"] for short in one.record["answer"]["answers"]]
    facts = one.question.answers
    return one.record["scores"].get("fact_recall") == 1 and all(_is_fact(a, facts) for a in answers)


def _is_fact(answer: str, facts: Facts) -> bool:
    """Whether an answer holds an accepted wording, or is a part of one."""
    return any(holds(answer, fact) or any(holds(w, [answer]) for w in fact) for fact in facts)


def _auc(asked: Sequence[Asked]) -> float | None:
    """How often a right one is stated with more confidence than a wrong one."""
    right = [one.is_right for one in asked]
    if len(set(right)) < 2:
        return None
    return float(roc_auc_score(right, [one.confidence for one in asked]))


def _share(part: int, of: int) -> Figure:
    return Figure(part / of if of else None, f"{part} of {of}" if of else "–")


def _number(value: float | None) -> Figure:
    return Figure(value, "–" if value is None else f"{value:.3f}")


def missed(found: Mapping[str, Figure]) -> list[str]:
    """A line for each of ``LIMITS`` that is missed; what applies to no question misses it."""
    lines = []
    for name, limit in LIMITS.items():
        value = found[name].value
        sign = -1 if name in LOWER_IS_BETTER else 1
        if value is None or sign * value < sign * limit:
            bound = "at most" if name in LOWER_IS_BETTER else "at least"
            lines.append(f"{name}: {found[name].shown}; {bound} {limit:g} was asked for")
    return lines


def as_table(
    asked: Mapping[str, Sequence[Asked]], measured: Mapping[str, Mapping[str, Figure]]
) -> str:
    """The figures and then the causes, a column for each collection."""
    causes = {name: _causes(some) for name, some in asked.items()}
    every = counted_causes([one.record for some in asked.values() for one in some])
    head = ["", *(f"{name} ({len(some)})" for name, some in asked.items())]
    rows: list[list[Any]] = [
        [figure, *(one[figure].shown for one in measured.values())]
        for figure in next(iter(measured.values()))
    ]
    rows += [[f"`{cause}`", *(one.get(cause, 0) for one in causes.values())] for cause in every]
    return table(head, rows)


def _causes(asked: Sequence[Asked]) -> dict[str, int]:
    return counted_causes([one.record for one in asked])


def keep(
    asked: Mapping[str, Sequence[Asked]], measured: Mapping[str, Mapping[str, Figure]]
) -> None:
    """The figures, when and at which commit they were measured; nothing of the texts."""
    stored = {
        **circumstances(),
        "models": next(iter(asked.values()))[0].record["answer"]["models"],
        "figures": {
            name: {figure: found.value for figure, found in of_set.items()}
            for name, of_set in measured.items()
        },
        "causes": {name: _causes(some) for name, some in asked.items()},
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "domain.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
