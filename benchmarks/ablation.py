"""What each part is worth: the product's own evaluation, with one part taken out or exchanged.

    python benchmarks/ablation.py DATA --floor READER [--most N]

DATA holds ``squad2-dev/`` and ``multispanqa/``; the shipped questions are asked too. READER is the
folder of the floor, calibrated as ours was. Only questions that are kept for measuring are asked,
N of each set at most. The table goes into ``benchmarks/README.md`` and the metrics to
``benchmarks/results/ablation/ablation.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from footnoted.corpus.types import Span
from footnoted.index.library import Library
from footnoted.index.options import SearchOptions
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.evaluation.run import evaluate
from footnoted.qa.evaluation.types import Question
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Reading
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.reader import SHIPPED_READER, SpanReader, load_span_reader
from footnoted.qa.readers import named_reader
from footnoted.qa.types import Finding
from question_sets import (
    cell,
    circumstances,
    index,
    name_of,
    progress,
    put_between,
    questions,
    sample,
    table,
)

HERE = Path(__file__).parent
# Apart from the development sets' results, all of which become columns of one table.
RESULTS = HERE / "results" / "ablation"
START, END = "<!-- ablation: made by ablation.py -->", "<!-- end of ablation -->"
SHOWN = (
    "answer_f1",
    "list_f1_partial",
    "fact_recall",
    "citation_precision",
    "abstention_accuracy",
    "wrong_answer_rate",
    "calibration_error",
)


class SimilarityReader:
    """No reading at all: the sentence nearest to the question, if its cosine is high enough."""

    name = "similarity alone"

    def __init__(self, library: Library, threshold: float) -> None:
        self._embedder = library.embedder
        self._threshold = threshold

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        """See ``qa.protocols.Reader``; the cosine is taken for a probability."""
        places = [(hit.document, span) for hit in hits for span in hit.passage.sentences]
        if not places:
            return Reading((), 1.0)
        texts = [document.text[slice(*span)] for document, span in places]
        question = self._embedder.embed_question(asked.text).ravel()
        cosines = self._embedder.embed_passages(texts) @ question
        best = int(np.argmax(cosines))
        cosine = float(np.clip(cosines[best], 0, 1))
        if cosine < self._threshold:
            return Reading((), 1 - cosine)
        document, sentence = places[best]
        return Reading((Finding(document, sentence, Span(*sentence), cosine),), cosine)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("data", type=Path)
    parser.add_argument("--floor", type=Path, required=True, help="calibrated, as ours is")
    parser.add_argument("--most", type=int, default=200)
    options = parser.parse_args()
    measured = {
        name_of(folder): measure(folder, options.floor, options.most)
        for folder in (None, options.data / "squad2-dev", options.data / "multispanqa")
    }
    stored = {**circumstances(), "metrics": measured}
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "ablation.json").write_text(json.dumps(stored, indent=1) + "\n", encoding="utf-8")
    rows = [
        (name, variant, *(cell(metrics, metric) for metric in SHOWN))
        for name, variants in measured.items()
        for variant, metrics in variants.items()
    ]
    head = ("set", "", *(f"`{metric}`" for metric in SHOWN))
    put_between(HERE / "README.md", START, END, table(head, rows))


def measure(folder: Path | None, floor: Path, most: int) -> dict[str, dict[str, float]]:
    """The metrics of each variant on a set."""
    library = index(folder)
    asked = sample(questions(folder, library, kept=True), most)
    variants: dict[str, Callable[[], Pipeline]] = {
        "similarity alone": lambda: _best_similarity(library, asked),
        "floor": lambda: Pipeline(library, named_reader(str(floor))),
        "as shipped": lambda: Pipeline(library),
        "search by meaning alone": lambda: Pipeline(
            library, search=SearchOptions(weights=(1.0, 0.0))
        ),
        "search by words alone": lambda: Pipeline(
            library, search=SearchOptions(weights=(0.0, 1.0))
        ),
        "not checked": lambda: Pipeline(library, _with(_unchecked())),
        "not calibrated": lambda: Pipeline(library, _with(Calibration.plain())),
    }
    return {name: _metrics(make(), asked) for name, make in variants.items()}


def _metrics(pipeline: Pipeline, asked: Sequence[Question]) -> dict[str, float]:
    metrics: dict[str, float] = evaluate(pipeline, asked, progress)["metrics"]
    return metrics


def _with(calibration: Calibration) -> SpanReader:
    return load_span_reader(str(SHIPPED_READER), calibration=calibration)


def _unchecked() -> Calibration:
    return replace(Calibration.load(SHIPPED_READER), checked=None)


def _best_similarity(library: Library, asked: Sequence[Question]) -> Pipeline:
    """With the threshold that decides best on the very questions asked: it flatters."""
    always = evaluate(_by_similarity(library, 0.0), asked, progress)["questions"]
    cosines = np.array([record["answer"]["confidence"] for record in always])
    answerable = np.array([bool(question.answers) for question in asked])
    best = max(np.arange(0, 1, 0.01), key=lambda t: ((cosines >= t) == answerable).sum())
    return _by_similarity(library, float(best))


def _by_similarity(library: Library, threshold: float) -> Pipeline:
    return Pipeline(library, SimilarityReader(library, threshold))


if __name__ == "__main__":
    main()
