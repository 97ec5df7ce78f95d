"""Development sets for the benchmarks: their indexes, kept between runs, and their questions."""

from __future__ import annotations

import platform
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS
from footnoted.index.library import Library
from footnoted.qa.evaluation import questions as sets
from footnoted.qa.evaluation.types import Question
from footnoted.qa.training.examples import MEASURE, read

SEED = 20221122

Item = TypeVar("Item")


def name_of(folder: Path | None) -> str:
    """A set's name: its folder's, or ``sample`` for the shipped documents (None)."""
    return folder.resolve().name if folder else "sample"


def place_of(folder: Path | None) -> Path:
    """Where a set's index is kept between runs: embedding a large corpus is most of the work."""
    return Path(tempfile.gettempdir()) / f"footnoted-benchmark-{name_of(folder)}"


def index(folder: Path | None) -> Library:
    """The index of a set's corpus, made or brought up to date."""
    library = Library.open_or_create(place_of(folder))
    library.update([folder / "corpus.jsonl" if folder else SHIPPED], progress)
    return library


def questions(folder: Path | None, library: Library, *, kept: bool = False) -> list[Question]:
    """A set's questions; of ``kept``, only those on which no reader was trained or calibrated."""
    path = folder / "questions.jsonl" if folder else SHIPPED_QUESTIONS
    asked = list(sets.read(path if path.exists() else path.parent, library.documents()).questions)
    if not kept or folder is None:
        return asked
    measured = {one.question for one in read(folder) if one.part == MEASURE}
    return [one for one in asked if one.question.strip() in measured]


def sample(asked: Sequence[Item], most: int | None) -> list[Item]:
    """``most`` of the questions, or of what else is asked, drawn with a fixed seed."""
    if most is None or most >= len(asked):
        return list(asked)
    return random.Random(SEED).sample(asked, most)


def progress(what: str, done: int, total: int) -> None:
    if done % 50 == 0 or done == total:
        print(f"{what} {done}/{total or '?'}", file=sys.stderr)


def commit() -> str:
    described = ["git", "describe", "--always", "--dirty", "--exclude=*"]
    return subprocess.run(
        described, cwd=Path(__file__).parent, check=True, capture_output=True, text=True
    ).stdout.strip()


def circumstances() -> dict[str, str]:
    """When, at which commit and on what something was measured."""
    return {
        "date": date.today().isoformat(),
        "commit": commit(),
        "machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}",
    }


def cell(metrics: dict[str, float], name: str) -> str:
    """A metric as tables show it; a dash where it was not measured."""
    return f"{metrics[name]:.3f}" if name in metrics else "–"


def table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def put_between(path: Path, start: str, end: str, text: str) -> None:
    """Replace what stands between two lines of a file."""
    before, _, rest = path.read_text(encoding="utf-8").partition(start)
    after = rest.partition(end)[2]
    path.write_text(f"{before}{start}\n\n{text}\n\n{end}{after}", encoding="utf-8")
