"""What an index in Qdrant costs a passage, what a search asks of it, and what its graph misses.

    python benchmarks/stores.py ARTICLES QUESTIONS [--passages N] [--graph N]

ARTICLES and QUESTIONS are as for ``growth.py``: whole articles, embedded once for all runs, and
questions. Qdrant's own engine for one process (Edge) stands for a server:

- behind HTTP, N passages are indexed as any are: seconds without embedding, the requests of a
  search, their bytes and seconds, among all documents and among some; seconds in which one changed
  file counts, of a folder with few small documents and with many, and beside it;
- by itself, it is asked for the same: bytes of a passage by what they are for, milliseconds of the
  processor for each part of a search, memory;
- by itself, it holds N vectors, beyond the articles' own turned copies of them as in ``growth.py``:
  recall of the graph against every vector compared and what that takes, for each way to keep
  vectors that the address of a store may name, and for several numbers of points to look at.

The results go to ``benchmarks/results/stores/stores.json``, from which ``costs.py`` counts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import qdrant_edge as edge
from qdrant_client import models

sys.path.append(str(Path(__file__).parents[1] / "tests"))

from footnoted.index.embedding import load_embedder
from footnoted.index.library import Library
from footnoted.index.protocols import Vectors
from footnoted.index.qdrant.address import Address
from footnoted.index.qdrant.client import OVERSAMPLING
from footnoted.index.qdrant.collection import asked as asked_of_server
from footnoted.index.qdrant.options import Options
from footnoted.index.qdrant.points import Moment, equals, seen, term_number
from footnoted.index.store import Store
from footnoted.index.terms import Asked, analyzer
from footnoted.index.types import Filter
from footnoted.qa.evaluation import questions as sets
from growth import Turning, embed, turned
from question_sets import circumstances, progress, sample, table
from support.embedder import HashedEmbedder
from support.qdrant_rest import config_of, filter_of, serving_qdrant
from timing import percentiles, timed

RESULT = Path(__file__).parent / "results" / "stores" / "stores.json"
QUESTIONS = 200
WAYS = {"": "as they are", "quantisation=int8": "int8", "quantisation=int8&on_disk=true": "on disk"}
DOCUMENTS = 500, 2000, 4000
WIDTHS = 100, 200, 400
_PARTS = {
    "vector_storage-dense": "dense vectors",
    "vector_index-dense": "graph",
    "vector_storage-words": "words",
    "vector_index-words": "words",
    "payload_storage": "payload",
    "payload_index": "payload index",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("articles", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--graph", type=int, default=100_000)
    options = parser.parse_args()
    kept = Path(tempfile.gettempdir()) / "footnoted-benchmark-growth"
    if not (kept / "vectors.npy").is_file():
        _apart(embed, options.articles, kept)
    found = sets.read(options.questions / "questions.jsonl").questions
    asked = [one.question for one in sample(found, QUESTIONS)]
    with tempfile.TemporaryDirectory() as folder:
        served = _apart(_served, options.articles, kept, options.passages, asked, Path(folder))
        place = Path(folder) / "qdrant" / "costs"
        served["seconds_to_change"] = _apart(_changes, Path(folder) / "changes")
        served |= _apart(_optimised, place, served["passages"])
        served["engine"] = _apart(_engine, place, asked)
    vectors = np.stack([load_embedder().embed_question(one)[0] for one in asked])
    graphs = {}
    for query, way in WAYS.items():
        with tempfile.TemporaryDirectory() as folder:
            _apart(_build, kept, options.graph, query, Path(folder))
            told = _apart(_optimised, Path(folder), options.graph)
            graphs[way] = told | _apart(_recall, Path(folder), vectors)
        print(way, json.dumps(graphs[way]), file=sys.stderr)
    RESULT.parent.mkdir(exist_ok=True)
    result = {**circumstances(), "served": served, "graph": options.graph, "graphs": graphs}
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(_tables(result))


def _apart(work: Any, *arguments: Any) -> Any:
    """What ``work`` returns in a process of its own, whose memory tells nothing of others."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


# -- behind HTTP -----------------------------------------------------------------------------------


def _served(
    articles: Path, kept: Path, size: int, asked: Sequence[str], folder: Path
) -> dict[str, Any]:
    texts = folder / "texts"
    texts.mkdir()
    with serving_qdrant(folder / "qdrant") as served:
        library = Library.create(Address.parse(f"{served}/costs"), Turning(load_embedder(), kept))
        for name in _so_many(kept, size):
            shutil.copyfile(articles / name, texts / name)
        seconds = timed(partial(library.update, [texts], progress))
        passages = library.coverage().passages
        ids = [one.id for one in library.listing()]
        random.Random(1).shuffle(ids)
        some = {"all": None, "a tenth": ids[: len(ids) // 10], "nine tenths": ids[len(ids) // 10 :]}
        searches = {
            name: _searches(library, asked, None if among is None else Filter(frozenset(among)))
            for name, among in some.items()
        }
        library.close()
    return {
        "passages": passages,
        "documents": len(ids),
        "seconds_to_index": seconds,
        "searches": searches,
    }


def _changes(folder: Path) -> dict[str, dict[int, float]]:
    """Seconds in which one changed file counts, by how many documents there are: in a folder that
    holds them all, and in one that holds a hundred others."""
    found: dict[str, dict[int, float]] = {"in": {}, "beside": {}}
    with serving_qdrant(folder / "qdrant") as served:
        library = Library.create(Address.parse(f"{served}/changes"), HashedEmbedder())
        for size in DOCUMENTS:
            sources = {"in": _of_boats(folder / "all", size), "beside": _of_boats(folder / "few")}
            library.update(list(sources.values()), progress)
            library.update(list(sources.values()), progress)  # then nothing is told as new
            for name, source in sources.items():
                seconds = []
                for again in range(3):
                    (source / f"{source.name} 0.txt").write_text(f"Boat 0, {size} {again}.")
                    seconds.append(timed(partial(library.update, [source])))
                found[name][size] = statistics.median(seconds)
        library.close()
    return found


def _of_boats(folder: Path, size: int = 100) -> Path:
    """A folder of small texts."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(size):
        text = f"Boat {number} of {folder.name} carries bread {number % 97}."
        (folder / f"{folder.name} {number}.txt").write_text(text)
    return folder


def _so_many(kept: Path, size: int) -> Iterator[str]:
    """Articles until they make ``size`` passages."""
    counts = Store.open(kept / "articles").passage_counts()
    for name, count in counts.items():
        if size > 0:
            yield name
        size -= count


def _searches(library: Library, asked: Sequence[str], where: Filter | None) -> dict[str, Any]:
    """What each of the questions costs whose words are new, and then again."""
    told: dict[str, Any] = {}
    for name in ("first", "again"):
        with _overheard() as requests:
            seconds = [timed(partial(library.retrieve, one, 10, where)) for one in asked]
        counts = Counter(one[0] for one in requests)
        spent: dict[str, float] = defaultdict(float)
        for path, _, _, took in requests:
            spent[path] += took
        told[name] = {
            "milliseconds": percentiles(seconds),
            "requests": len(requests) / len(asked),
            "sent_kb": sum(r[1] for r in requests) / len(asked) / 1000,
            "received_kb": sum(r[2] for r in requests) / len(asked) / 1000,
            "largest_kb": max(r[1] for r in requests) / 1000,
            "by_request": {
                path: {"number": n / len(asked), "ms": 1000 * spent[path] / n}
                for path, n in counts.items()
            },
        }
    return told


@contextmanager
def _overheard() -> Iterator[list[tuple[str, int, int, float]]]:
    """Of each request meanwhile: what is asked, bytes sent and received, seconds."""
    requests: list[tuple[str, int, int, float]] = []
    send = httpx.Client.send

    def told(self: httpx.Client, request: httpx.Request, **how: Any) -> httpx.Response:
        began = time.perf_counter()
        response = send(self, request, **how)
        path = request.url.path.partition("/costs/")[2]
        sizes = len(request.content), len(response.content)
        requests.append((path, *sizes, time.perf_counter() - began))
        return response

    httpx.Client.send = told  # type: ignore[method-assign]
    try:
        yield requests
    finally:
        httpx.Client.send = send  # type: ignore[method-assign]


# -- the engine by itself --------------------------------------------------------------------------


def _optimised(place: Path, passages: int) -> dict[str, Any]:
    """Have a collection in order, as a server does by itself; its bytes by what they are for."""
    shard = edge.EdgeShard.load(str(place))
    building = timed(partial(_optimise, shard))
    points = shard.info().points_count
    shard.close()
    found: dict[str, int] = dict.fromkeys([*_PARTS.values(), "log and else"], 0)
    for file in place.rglob("*"):
        if file.is_file():
            parts = (_PARTS[one] for one in file.parts if one in _PARTS)
            # What is reserved and not written takes no room.
            found[next(parts, "log and else")] += 512 * file.stat().st_blocks
    bytes_of = {part: size / passages for part, size in found.items()}
    return {"points": points, "seconds_to_build": building, "bytes_a_passage": bytes_of}


def _optimise(shard: edge.EdgeShard) -> None:
    while shard.optimize():
        pass
    shard.flush()


def _engine(place: Path, asked: Sequence[str]) -> dict[str, Any]:
    """Milliseconds of the processor that the parts of a search take, without HTTP; memory."""
    shard, analyzed = edge.EdgeShard.load(str(place)), analyzer()
    among, embedder = seen(Moment(10**6), equals("kind", "passage")), load_embedder()
    vectors = [embedder.embed_question(one)[0].tolist() for one in asked]
    terms = [Asked.by(one, analyzed) for one in asked]
    numbers = [[term_number(t) for t in {*one.words, *one.pairs}] for one in terms]
    words = [edge.SparseVector(sorted(set(each)), [1.0] * len(set(each))) for each in numbers]
    every = [number for each in numbers for number in each][:200]
    found: list[int] = []

    def near(query: Any, using: str, exact: bool = False) -> None:
        nearest, where = edge.Query.Nearest(query, using=using), filter_of(among)
        how = edge.SearchParams(exact=exact)
        wanted = edge.QueryRequest(limit=50, query=nearest, filter=where, params=how)
        found.extend(int(one.id) for one in shard.query(wanted)[:20])

    def count(number: int) -> None:
        where = seen(Moment(10**6), equals("kind", "passage"), equals("terms", number))
        shard.count(edge.CountRequest(exact=True, filter=filter_of(where)))

    told = {
        "dense, exact": _spent(partial(near, using="dense", exact=True), vectors),
        "dense": _spent(partial(near, using="dense"), vectors),
        "words": _spent(partial(near, using="words"), words),
        "counting a term": _spent(count, every),
    }
    twenties = [found[at : at + 20] for at in range(0, len(found), 20)][:200]
    told["fetching 20"] = _spent(lambda ids: shard.retrieve(ids, True, False), twenties)
    return {"ms": told, "terms": float(np.mean([len(each) for each in numbers])), **_memory()}


def _spent(do: Callable[[Any], object], each: Sequence[Any]) -> dict[str, float]:
    seconds = []
    for one in each:
        began = time.process_time()
        do(one)
        seconds.append(time.process_time() - began)
    return {**percentiles(seconds), "mean": 1000 * float(np.mean(seconds))}


def _memory() -> dict[str, float]:
    """Of this process now, in MiB: its own, and what of files it has read."""
    lines = Path("/proc/self/status").read_text().splitlines()
    kb = {
        name: rest.split()[0]
        for name, _, rest in (line.partition(":") for line in lines)
        if rest.strip()
    }
    return {"own_mib": int(kb["RssAnon"]) / 1024, "files_mib": int(kb["RssFile"]) / 1024}


# -- the graph -------------------------------------------------------------------------------------


def _build(kept: Path, size: int, query: str, place: Path) -> None:
    """Vectors kept as an address says: the articles' own, and then copies of them, turned."""
    own = np.load(kept / "vectors.npy")
    told = asked_of_server(own.shape[1], Options.parse(query))
    wanted = models.CreateCollection(
        vectors=told["vectors_config"],
        sparse_vectors=told["sparse_vectors_config"],
        on_disk_payload=True,
    )
    shard = edge.EdgeShard.create(str(place), config_of(wanted))
    for at in range(0, size, 1000):
        rows = np.arange(at, min(at + 1000, size))
        vectors = own[rows % len(own)]
        vectors = np.where((rows >= len(own))[:, None], turned(vectors, at), vectors)
        points = [
            edge.Point(int(row), {"dense": vector.tolist()}, {})
            for row, vector in zip(rows, vectors, strict=True)
        ]
        shard.update(edge.UpdateOperation.upsert_points(points))
    shard.flush()
    shard.close()


def _recall(place: Path, asked: Vectors) -> dict[str, Any]:
    """How much of what is nearest is found by the graph, and what either way takes."""
    shard = edge.EdgeShard.load(str(place))

    def find(vector: Vectors, limit: int, ef: int | None) -> set[int]:
        quantised = edge.QuantizationSearchParams(False, True, OVERSAMPLING) if ef else None
        how = edge.SearchParams(exact=not ef, hnsw_ef=ef, quantization=quantised)
        nearest = edge.Query.Nearest(vector.tolist(), using="dense")
        found = shard.query(edge.QueryRequest(limit=limit, query=nearest, params=how))
        return {int(one.id) for one in found}

    right = [find(one, 50, None) for one in asked]
    found: dict[str, Any] = {"exact": {"ms": _spent(partial(find, limit=50, ef=None), list(asked))}}
    for ef in WIDTHS:
        near = [find(one, 50, ef) for one in asked]
        recall = np.mean([len(a & b) / 50 for a, b in zip(right, near, strict=True)])
        of_time = _spent(partial(find, limit=50, ef=ef), list(asked))
        found[str(ef)] = {"recall@50": float(recall), "ms": of_time}
    return {"found": found, **_memory()}


# -- showing ---------------------------------------------------------------------------------------


def _tables(result: dict[str, Any]) -> str:
    served, graphs = result["served"], result["graphs"]
    parts = list(served["bytes_a_passage"])
    of_disk = [
        (name, *(f"{one['bytes_a_passage'][part]:,.0f}" for part in parts))
        for name, one in (("passages, indexed", served), *graphs.items())
    ]
    engine = [
        (part, *(f"{ms[p]:.2f}" for p in ("p50", "p95")))
        for part, ms in served["engine"]["ms"].items()
    ]
    searches = [
        (
            f"{among}, {when}",
            *(f"{one['milliseconds'][p]:.0f}" for p in ("p50", "p95")),
            *(f"{one[n]:.1f}" for n in ("requests", "sent_kb", "received_kb", "largest_kb")),
        )
        for among, each in served["searches"].items()
        for when, one in each.items()
    ]
    ways = [
        (
            way,
            width,
            f"{found['recall@50']:.3f}" if "recall@50" in found else "1",
            *(f"{found['ms'][p]:.2f}" for p in ("p50", "p95")),
        )
        for way, one in graphs.items()
        for width, found in one["found"].items()
    ]
    of_changes = served["seconds_to_change"]
    changes = [
        (f"{int(n):,}", f"{s:.2f}", f"{of_changes['beside'][n]:.2f}")
        for n, s in of_changes["in"].items()
    ]
    asked = ("among", "p50, ms", "p95", "requests", "sent, kB", "received, kB", "largest, kB")
    return "\n\n".join(
        (
            f"{served['passages']:,} passages of {served['documents']:,} documents, indexed in "
            f"{served['seconds_to_index']:.0f} s; {result['graph']:,} vectors in graphs",
            table(("bytes on the disk of a passage", *parts), of_disk),
            table(asked, searches),
            table(("documents", "one changed file of them, s", "of 100 others"), changes),
            table(("milliseconds of the processor", "p50", "p95"), engine),
            table(("vectors", "looked at", "recall@50", "p50, ms", "p95"), ways),
        )
    )


if __name__ == "__main__":
    main()
