"""What an index costs as it grows: to build, to keep and to search.

    python benchmarks/growth.py ARTICLES QUESTIONS [--sizes N...] [--keep FOLDER]

ARTICLES is a folder of long texts, QUESTIONS a folder with a question set. The articles are indexed
as anything is. Beyond their own size, copies of them are, under titles of their own, whose vectors
are not computed but turned a little from the originals' (cosine 0.9): embedding a million passages
would take hours and tell nothing new. All else is done as for any document. Each size is measured
in processes of its own:

- seconds to index all but the embedding, and to take one document out; most memory meanwhile
- bytes of a passage on the disk, by what they are for
- p50 and p95, in milliseconds, of a question's embedding, of either search, and of all together
  with their fusion and the passages' texts: asked for the first time, when what is read of the
  database may still lie on the disk, and again
- recall@10 of the dense search against every vector compared, on the same questions
- seconds to open the index and search once; memory after all questions, the reader loaded

The results go to ``benchmarks/results/growth/growth.json``, and the table and the picture in
``benchmarks/README.md`` are made anew. With --keep, the indexes stay in FOLDER, and those that are
there are only searched: what is tried on searching need not wait for a million passages.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np

from footnoted.corpus.files import read
from footnoted.index import derived
from footnoted.index.embedding import load_embedder
from footnoted.index.library import Library
from footnoted.index.protocols import Dense, Embedder, Vectors
from footnoted.index.store import Store
from footnoted.qa.evaluation import questions as sets
from footnoted.qa.pipeline import Pipeline
from question_sets import SEED, circumstances, progress, put_between, sample, table
from timing import percentiles, timed

HERE = Path(__file__).parent
RESULT = HERE / "results" / "growth" / "growth.json"
PICTURE = RESULT.with_suffix(".svg")
SIZES = 1_000, 10_000, 100_000, 1_000_000
QUESTIONS = 300
# Between a vector and its copy.
_COSINE = 0.9
_COPY = " (copy "


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", type=Path, metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(_measured(options, options.keep or Path(folder)))
    result = {
        **circumstances(),
        "sizes": rows,
    }
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    draw(rows, PICTURE)
    start, end = "<!-- growth: made by growth.py -->", "<!-- end of growth -->"
    put_between(HERE / "README.md", start, end, growth_table(rows))


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[dict[str, Any]]:
    found = sets.read(options.questions / "questions.jsonl").questions
    asked = [one.question for one in sample(found, QUESTIONS)]
    kept = Path(tempfile.gettempdir()) / "footnoted-benchmark-growth"  # embedded once for all runs
    counts = _apart(embed, options.articles, kept)
    for size in sorted(options.sizes):
        place = folder / str(size)
        built = _built(options.articles, counts, size, kept, place)
        row = {**built, **_apart(_ask, place / "index", asked)}
        if not options.keep:
            shutil.rmtree(place)
        print(json.dumps(row), file=sys.stderr)
        yield row


def _built(
    articles: Path, counts: dict[str, int], size: int, embedded: Path, place: Path
) -> dict[str, Any]:
    """What building an index of ``size`` passages in ``place`` costs, or did if it is there."""
    told = place / "built.json"
    if not told.is_file():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        documents = _write_corpus(articles, counts, size, place / "corpus.jsonl")
        built = _apart(_build, embedded, place / "corpus.jsonl", place / "index")
        told.write_text(json.dumps({"documents": documents, **built}), encoding="utf-8")
    found: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))
    return found


def _apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """What ``work`` returns in a process of its own, whose memory tells nothing of others."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


# -- building --------------------------------------------------------------------------------------


def embed(articles: Path, folder: Path) -> dict[str, int]:
    """Embed the articles; how many passages each has. Vectors go to ``folder``, by their texts."""
    library = Library.open_or_create(folder / "articles")
    library.update([articles], progress)
    store = Store.open(library.folder)
    rows = store.passage_rows()
    np.save(folder / "vectors.npy", np.concatenate(list(store.vectors(rows))))
    texts = [_body(text) for text in store.passage_texts(rows)]
    (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")
    return store.passage_counts()


def _body(text: str) -> str:
    """A passage's text without its document's title."""
    return text.partition("\n")[2]


def _write_corpus(articles: Path, counts: dict[str, int], size: int, path: Path) -> int:
    """Write whole articles, and copies of them, until they make ``size`` passages or a few more."""
    documents = [document for file in read(articles) for document in file.documents]
    written, left = 0, size
    with path.open("w", encoding="utf-8") as file:
        while left > 0:
            document = documents[written % len(documents)]
            copy = written // len(documents)
            row = {
                "_id": f"{document.id}-{copy}",
                "title": f"{document.title}{_COPY}{copy})" if copy else document.title,
                "text": document.text,
            }
            print(json.dumps(row), file=file)
            left -= counts[document.id]
            written += 1
    return written


class Turning:
    """The packaged embedder; of passages that it has embedded, it gives copies of their vectors."""

    def __init__(self, embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._vectors = np.load(folder / "vectors.npy")
        texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))
        self._places = {text: at for at, text in enumerate(texts)}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        found = self._vectors[[self._places[_body(text)] for text in texts]]
        copies = [_COPY in text.partition("\n")[0] for text in texts]
        return np.where(np.array(copies)[:, None], turned(found, crc32(texts[0].encode())), found)


def turned(vectors: Vectors, seed: int) -> Vectors:
    """Vectors in random directions at the copies' angle from these."""
    noise = np.random.default_rng([SEED, seed]).normal(size=vectors.shape)
    noise -= (noise * vectors).sum(1, keepdims=True) * vectors
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    turned: Vectors = (_COSINE * vectors + (1 - _COSINE**2) ** 0.5 * noise).astype(np.float32)
    return turned


def _build(embedded: Path, corpus: Path, place: Path) -> dict[str, Any]:
    library = Library.create(place, Turning(load_embedder(), embedded))
    writing = _Since("writing the search files")
    started = time.perf_counter()
    receipt = library.update([corpus], writing)
    indexed = time.perf_counter() - started
    size = receipt.coverage.passages
    of_disk = {
        "texts and vectors": _bytes(place, "index.sqlite*") / size,
        "dense": _bytes(place, "derived/*/dense.faiss") / size,
        "lexical": _bytes(place, "derived/*/lexical/**/*") / size,
    }
    memory = _most_memory()
    removing = timed(partial(library.remove, [library.listing()[0].id]))
    library.close()
    return {
        "passages": size,
        "seconds_to_index": indexed,
        "seconds_of_search_files": writing.seconds,
        "seconds_to_remove_one": removing,
        "building_mib": memory,
        "bytes_a_passage": of_disk,
    }


class _Since:
    """Progress that measures one stage."""

    def __init__(self, stage: str) -> None:
        self._stage = stage
        self._began = 0.0
        self.seconds = 0.0

    def __call__(self, what: str, done: int, total: int) -> None:
        progress(what, done, total)
        if what == self._stage:
            self._began, self.seconds = time.perf_counter(), time.perf_counter() - self._began


def _bytes(place: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in place.glob(pattern) if path.is_file())


# -- asking ----------------------------------------------------------------------------------------


def _ask(place: Path, asked: Sequence[str]) -> dict[str, Any]:
    started = time.perf_counter()
    library = Library.open(place)
    library.search(asked[0], 10)
    opened = time.perf_counter() - started
    Pipeline(library).warm_up()
    embedder = library.embedder
    current = derived.load(Store.open(place))
    dense, lexical = current.dense, current.lexical
    vectors = [embedder.embed_question(question) for question in asked]
    parts = {
        "first search": [timed(partial(library.search, question, 10)) for question in asked],
        "embed": [timed(partial(embedder.embed_question, question)) for question in asked],
        "dense": [timed(partial(dense.search, vector, 50)) for vector in vectors],
        "lexical": [timed(partial(lexical.search, question, 50)) for question in asked],
        "search": [timed(partial(library.search, question, 10)) for question in asked],
    }
    return {
        "seconds_to_first_search": opened,
        "serving_mib": _memory(),
        "milliseconds": {name: percentiles(seconds) for name, seconds in parts.items()},
        "recall@10": _recall(dense, place, vectors),
    }


def _recall(dense: Dense, place: Path, vectors: Sequence[Vectors]) -> float:
    """The share of the ten nearest passages of all that are the ten nearest of those proposed."""
    store = Store.open(place)
    asked = np.concatenate(vectors)
    best = np.full((len(asked), 0), 0.0, np.float32)
    for batch in store.vectors(store.passage_rows()):
        best = -np.sort(-np.hstack([best, asked @ batch.T]), axis=1)[:, :10]
    hits = 0
    for vector, tenth in zip(vectors, best[:, -1], strict=True):
        proposed = np.array([row for row, _ in dense.search(vector, 50)])
        cosines = np.concatenate(list(store.vectors(proposed))) @ vector[0]
        hits += min(10, int((cosines >= tenth - 1e-6).sum()))
    return hits / (10 * len(vectors))


def _most_memory() -> float:
    """Of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _memory() -> float:
    """Of this process now, in MiB, with what it shares with others or maps from files."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


# -- showing ---------------------------------------------------------------------------------------


def growth_table(rows: Sequence[dict[str, Any]]) -> str:
    shown: dict[str, Callable[[dict[str, Any]], str]] = {
        "indexing without embedding, s": lambda row: f"{row['seconds_to_index']:.0f}",
        "of that, search files, s": lambda row: f"{row['seconds_of_search_files']:.1f}",
        "one document removed, s": lambda row: f"{row['seconds_to_remove_one']:.1f}",
        "most memory while indexing, MiB": lambda row: f"{row['building_mib']:.0f}",
        "memory while serving, MiB": lambda row: f"{row['serving_mib']:.0f}",
        "bytes a passage: texts and vectors": partial(_of_disk, "texts and vectors"),
        "bytes a passage: dense": partial(_of_disk, "dense"),
        "bytes a passage: lexical": partial(_of_disk, "lexical"),
        "question embedded, ms, p50 / p95": partial(_pair, "embed"),
        "dense": partial(_pair, "dense"),
        "lexical": partial(_pair, "lexical"),
        "all, fused, with texts": partial(_pair, "search"),
        "the same, asked for the first time": partial(_pair, "first search"),
        "recall@10 of dense": lambda row: f"{row['recall@10']:.3f}",
        "opened and searched once, s": lambda row: f"{row['seconds_to_first_search']:.1f}",
    }
    head = ["passages", *(f"{row['passages']:,}" for row in rows)]
    return table(head, [[name, *map(show, rows)] for name, show in shown.items()])


def _of_disk(part: str, row: dict[str, Any]) -> str:
    return f"{row['bytes_a_passage'][part]:,.0f}"


def _pair(part: str, row: dict[str, Any]) -> str:
    found = row["milliseconds"][part]
    return f"{found['p50']:.1f} / {found['p95']:.1f}"


def draw(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Milliseconds of the parts of a search against the number of passages, on logarithms."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.subplots()
    sizes = [row["passages"] for row in rows]
    for part in ("embed", "dense", "lexical", "search"):
        axes.plot(sizes, [row["milliseconds"][part]["p95"] for row in rows], "o-", label=part)
    axes.set(xscale="log", yscale="log", xlabel="passages", ylabel="milliseconds, p95")
    axes.legend()
    figure.savefig(path)


if __name__ == "__main__":
    main()
