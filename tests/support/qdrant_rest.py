"""Qdrant's REST interface over Qdrant Edge, so that many processes share one engine.

    python -m support.qdrant_rest FOLDER PORT

Edge is the engine of Qdrant's server for one process: the same segments, filters, payload indexes,
vectors and log of changes. Here stands before it what the client asks over HTTP, one request after
the other; of a server's own, there is nothing: no shards, replicas, or requests at once. With
``QDRANT_API_KEY`` in the environment, it wants that key.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import qdrant_edge as edge
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from qdrant_client import models

from footnoted.qa.page.server import Certificate

TESTS = Path(__file__).parents[1]
_ASKED = "asked.json"
_DONE = {"operation_id": 0, "status": "completed"}
_SCHEMAS = {
    "keyword": edge.PayloadSchemaType.Keyword,
    "integer": edge.PayloadSchemaType.Integer,
}


class Shards:
    """The collections in a folder, each a shard."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        held = folder.iterdir() if folder.is_dir() else ()
        self._held = {one.name: edge.EdgeShard.load(str(one)) for one in held}

    def __contains__(self, name: str) -> bool:
        return name in self._held

    def __getitem__(self, name: str) -> edge.EdgeShard:
        if name not in self._held:
            raise KeyError(f"Collection `{name}` doesn't exist!")
        return self._held[name]

    def create(self, name: str, asked: models.CreateCollection) -> bool:
        if name in self._held:
            raise ValueError(f"Collection `{name}` already exists!")
        place = self._folder / name
        place.mkdir(parents=True)
        self._held[name] = edge.EdgeShard.create(str(place), config_of(asked))
        (place / _ASKED).write_text(asked.model_dump_json(exclude_none=True))
        return True

    def made(self, name: str) -> dict[str, Any]:
        """A collection as a server describes it: made as it was asked for, or by default."""
        shard = self[name].info()
        asked = json.loads((self._folder / name / _ASKED).read_text())
        one = dict.fromkeys(("shard_number", "replication_factor", "write_consistency_factor"), 1)
        return {
            "status": "green",
            "optimizer_status": "ok",
            "segments_count": shard.segments_count,
            "points_count": shard.points_count,
            "payload_schema": {},
            "config": {
                "params": one | asked,
                "hnsw_config": {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000},
                "optimizer_config": {"default_segment_number": 0, "flush_interval_sec": 5},
            },
        }


# -- what is asked, as Edge takes it ---------------------------------------------------------------


def config_of(asked: models.CreateCollection) -> edge.EdgeConfig:
    assert isinstance(asked.vectors, dict)
    sparse = asked.sparse_vectors or {}
    return edge.EdgeConfig(
        vectors={
            name: edge.EdgeVectorParams(
                size=of.size,
                distance=getattr(edge.Distance, of.distance.value),
                on_disk=of.on_disk,
                quantization_config=_quantised(of.quantization_config),
                hnsw_config=_graph(of.hnsw_config),
            )
            for name, of in asked.vectors.items()
        },
        sparse_vectors={
            name: edge.EdgeSparseVectorParams(on_disk=bool(of.index and of.index.on_disk))
            for name, of in sparse.items()
        },
        on_disk_payload=asked.on_disk_payload,
    )


def _quantised(asked: Any) -> Any:
    if isinstance(asked, models.ScalarQuantization):
        assert asked.scalar.type == models.ScalarType.INT8
        always = asked.scalar.always_ram
        return edge.ScalarQuantizationConfig(edge.ScalarType.Int8, always_ram=always)
    assert asked is None
    return None


def _schema(asked: Any) -> Any:
    if isinstance(asked, models.PayloadSchemaType):
        return _SCHEMAS[asked.value]
    own = asked.model_dump(exclude_none=True, exclude={"type"})
    if isinstance(asked, models.IntegerIndexParams):
        return edge.IntegerIndexParams(**own)
    assert isinstance(asked, models.KeywordIndexParams)
    return edge.KeywordIndexParams(**own)


def _graph(asked: models.HnswConfigDiff | None) -> edge.HnswIndexConfig | None:
    if asked is None:
        return None
    m = 16 if asked.m is None else asked.m
    return edge.HnswIndexConfig(m, 100, 10_000, on_disk=asked.on_disk)


def _within(asked: models.SearchParams | None) -> edge.SearchParams:
    """How a search is made: exactly, or with quantised vectors and then the vectors themselves."""
    asked = asked or models.SearchParams()
    of = asked.quantization
    quantised = edge.QuantizationSearchParams(False, of.rescore, of.oversampling) if of else None
    return edge.SearchParams(asked.hnsw_ef, bool(asked.exact), quantization=quantised)


def filter_of(asked: models.Filter | None) -> edge.Filter:
    def of(some: Any) -> list[Any] | None:
        return [_condition(one) for one in some] if some else None

    asked = asked or models.Filter()
    return edge.Filter(must=of(asked.must), must_not=of(asked.must_not), should=of(asked.should))


def _condition(asked: Any) -> Any:
    if isinstance(asked, models.Filter):
        return filter_of(asked)
    if isinstance(asked, models.HasIdCondition):
        return edge.HasIdCondition(set(asked.has_id))
    assert isinstance(asked, models.FieldCondition)
    if isinstance(asked.match, models.MatchValue):
        return edge.FieldCondition(asked.key, match=edge.MatchValue(asked.match.value))
    if isinstance(asked.match, models.MatchAny):
        return edge.FieldCondition(asked.key, match=edge.MatchAny(asked.match.any))
    assert isinstance(asked.range, models.Range)
    within = edge.RangeFloat(**asked.range.model_dump(exclude_none=True))
    return edge.FieldCondition(asked.key, range=within)


def _vector(asked: Any) -> Any:
    if isinstance(asked, models.SparseVector):
        return edge.SparseVector(asked.indices, asked.values)
    return asked


def _named(asked: Any) -> bool | list[str]:
    """Which fields or vectors: all, none, or those named."""
    assert asked is None or isinstance(asked, bool | list)
    return asked or False


def _order(asked: Any) -> edge.OrderBy | None:
    return edge.OrderBy(asked.key, edge.Direction.Asc) if asked else None


# -- what is found, as JSON ------------------------------------------------------------------------


def _record(found: Any) -> dict[str, Any]:
    told = {"id": found.id, "payload": found.payload}
    if found.vector is None:
        return told
    vectors = {
        name: {"indices": one.indices, "values": one.values}
        if isinstance(one, edge.SparseVector)
        else one
        for name, one in found.vector.items()
    }
    return {**told, "vector": vectors}


def application(folder: Path) -> FastAPI:
    app, shards, one_at_a_time = FastAPI(), Shards(folder), threading.Lock()
    key = os.environ.get("QDRANT_API_KEY")
    collection = "/collections/{name}"
    update = edge.UpdateOperation

    @app.middleware("http")
    async def keyed(request: Request, call: Callable[..., Any]) -> Response:
        if key and request.headers.get("api-key") != key:
            return JSONResponse({"status": {"error": "Unauthorized"}}, 401)
        answered: Response = await call(request)
        return answered

    def answer(do: Callable[[], Any]) -> Response:
        try:
            with one_at_a_time:
                return JSONResponse({"result": do(), "status": "ok", "time": 0.0})
        except Exception as error:
            status = 404 if isinstance(error, KeyError) else 400
            return JSONResponse({"status": {"error": str(error)}, "time": 0.0}, status)

    def change(name: str, operation: edge.UpdateOperation) -> Response:
        def do() -> dict[str, Any]:
            shards[name].update(operation)
            return _DONE

        return answer(do)

    @app.get(f"{collection}/exists")
    def exists(name: str) -> Response:
        return answer(lambda: {"exists": name in shards})

    @app.get(collection)
    def made(name: str) -> Response:
        return answer(lambda: shards.made(name))

    @app.put(collection)
    def create(name: str, asked: models.CreateCollection) -> Response:
        return answer(lambda: shards.create(name, asked))

    @app.put(f"{collection}/index")
    def index(name: str, asked: models.CreateFieldIndex) -> Response:
        return change(
            name, update.create_field_index(asked.field_name, _schema(asked.field_schema))
        )

    @app.post(f"{collection}/points")
    def get(name: str, asked: models.PointRequest) -> Response:
        def do() -> list[dict[str, Any]]:
            payload, vector = _named(asked.with_payload), _named(asked.with_vector)
            return [_record(one) for one in shards[name].retrieve(asked.ids, payload, vector)]

        return answer(do)

    @app.post(f"{collection}/points/scroll")
    def scroll(name: str, asked: models.ScrollRequest) -> Response:
        def do() -> dict[str, Any]:
            request = edge.ScrollRequest(
                offset=asked.offset,
                limit=asked.limit,
                filter=filter_of(asked.filter),
                with_payload=_named(asked.with_payload),
                with_vector=_named(asked.with_vector),
                order_by=_order(asked.order_by),
            )
            found, following = shards[name].scroll(request)
            return {"points": [_record(one) for one in found], "next_page_offset": following}

        return answer(do)

    @app.post(f"{collection}/points/count")
    def count(name: str, asked: models.CountRequest) -> Response:
        request = edge.CountRequest(exact=bool(asked.exact), filter=filter_of(asked.filter))
        return answer(lambda: {"count": shards[name].count(request)})

    @app.post(f"{collection}/facet")
    def facet(name: str, asked: models.FacetRequest) -> Response:
        def do() -> dict[str, Any]:
            limit, where = asked.limit or 10, filter_of(asked.filter)
            request = edge.FacetRequest(asked.key, limit, bool(asked.exact), where)
            hits = shards[name].facet(request).hits
            return {"hits": [{"value": hit.value, "count": hit.count} for hit in hits]}

        return answer(do)

    @app.post(f"{collection}/points/query")
    def query(name: str, asked: models.QueryRequest) -> Response:
        def do() -> dict[str, Any]:
            vector = _vector(getattr(asked.query, "nearest", asked.query))
            request = edge.QueryRequest(
                limit=asked.limit or 10,
                query=edge.Query.Nearest(vector, using=asked.using),
                filter=filter_of(asked.filter),
                params=_within(asked.params),
                with_payload=_named(asked.with_payload),
            )
            found = shards[name].query(request)
            told = ({**_record(one), "score": one.score, "version": one.version} for one in found)
            return {"points": list(told)}

        return answer(do)

    @app.put(f"{collection}/points")
    def put(name: str, asked: models.PointsList) -> Response:
        points = [
            edge.Point(
                one.id,
                {vector: _vector(value) for vector, value in cast(Any, one.vector).items()},
                one.payload,
            )
            for one in asked.points
        ]
        return change(name, update.upsert_points(points))

    @app.post(f"{collection}/points/payload")
    def mark(name: str, asked: models.SetPayload) -> Response:
        return change(name, update.set_payload_by_filter(filter_of(asked.filter), asked.payload))

    @app.post(f"{collection}/points/payload/delete")
    def unmark(name: str, asked: models.DeletePayload) -> Response:
        return change(name, update.delete_payload_by_filter(filter_of(asked.filter), asked.keys))

    @app.post(f"{collection}/points/delete")
    def delete(name: str, asked: models.FilterSelector) -> Response:
        return change(name, update.delete_points_by_filter(filter_of(asked.filter)))

    return app


@contextmanager
def serving_qdrant(
    folder: Path, environment: Mapping[str, str] = os.environ, port: int = 0
) -> Iterator[str]:
    """The address of one in a process of its own, without a collection."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    command = [sys.executable, "-m", "support.qdrant_rest", str(folder), str(port)]
    process = subprocess.Popen(command, cwd=TESTS, env=environment)
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"qdrant+http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving_here(app: FastAPI, tls: Certificate | None = None) -> Iterator[str]:
    """The address of one in a thread of this process, which a test may let fail."""
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_level="error",
        ssl_certfile=tls and tls.certificate,
        ssl_keyfile=tls and tls.key,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"qdrant+{'https' if tls else 'http'}://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    served = application(Path(sys.argv[1]))
    uvicorn.run(served, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
