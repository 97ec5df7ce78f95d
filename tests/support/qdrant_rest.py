"""Qdrant's REST interface over its engine for one process, so that many processes can share it.

    python -m support.qdrant_rest FOLDER PORT

It is no server of Qdrant's, and shows nothing of one's speed, shards or replicas: it takes what the
client sends over HTTP, as a server does, one request after the other, and answers with what the
engine of ``qdrant-client`` finds. With ``QDRANT_API_KEY`` in the environment, it wants that key.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import TypeAdapter
from qdrant_client import QdrantClient, models

TESTS = Path(__file__).parents[1]


def application(folder: str) -> FastAPI:
    app, engine, one_at_a_time = FastAPI(), QdrantClient(path=folder), threading.Lock()
    key = os.environ.get("QDRANT_API_KEY")

    @app.middleware("http")
    async def keyed(request: Request, call: Callable[..., Any]) -> Response:
        if key and request.headers.get("api-key") != key:
            return JSONResponse({"status": {"error": "Unauthorized"}}, 401)
        answered: Response = await call(request)
        return answered

    def answer(do: Callable[[], Any]) -> Response:
        try:
            with one_at_a_time:
                found = do()
        except ValueError as error:
            status = 404 if "not found" in str(error) else 400
            return JSONResponse({"status": {"error": str(error)}, "time": 0.0}, status)
        plain = TypeAdapter(Any).dump_python(found, mode="json")
        return JSONResponse({"result": plain, "status": "ok", "time": 0.0})

    done = {"operation_id": 0, "status": "completed"}
    collection = "/collections/{name}"

    @app.get(f"{collection}/exists")
    def exists(name: str) -> Response:
        return answer(lambda: {"exists": engine.collection_exists(name)})

    @app.put(collection)
    def create(name: str, asked: models.CreateCollection) -> Response:
        def do() -> bool:
            if engine.collection_exists(name):
                raise ValueError(f"Collection `{name}` already exists!")
            return engine.create_collection(
                name,
                vectors_config=asked.vectors,
                sparse_vectors_config=asked.sparse_vectors,
            )

        return answer(do)

    @app.delete(collection)
    def drop(name: str) -> Response:
        return answer(lambda: engine.delete_collection(name))

    @app.put(f"{collection}/index")
    def index(name: str, asked: models.CreateFieldIndex) -> Response:
        return answer(lambda: done)

    @app.post(f"{collection}/points")
    def get(name: str, asked: models.PointRequest) -> Response:
        given = {"with_payload": asked.with_payload, "with_vectors": asked.with_vector}
        return answer(lambda: engine.retrieve(name, asked.ids, **_given(given)))

    @app.post(f"{collection}/points/scroll")
    def scroll(name: str, asked: models.ScrollRequest) -> Response:
        def do() -> dict[str, Any]:
            given = {"limit": asked.limit, "with_payload": asked.with_payload}
            found, after = engine.scroll(
                name,
                scroll_filter=asked.filter,
                offset=asked.offset,
                order_by=asked.order_by,
                **_given({**given, "with_vectors": asked.with_vector}),
            )
            return {"points": found, "next_page_offset": after}

        return answer(do)

    @app.post(f"{collection}/points/count")
    def count(name: str, asked: models.CountRequest) -> Response:
        return answer(lambda: {"count": int(engine.count(name, asked.filter).count)})

    @app.post(f"{collection}/facet")
    def facet(name: str, asked: models.FacetRequest) -> Response:
        limit = asked.limit or 10
        return answer(lambda: engine.facet(name, asked.key, asked.filter, limit))

    @app.post(f"{collection}/points/query")
    def query(name: str, asked: models.QueryRequest) -> Response:
        nearest = asked.query
        return answer(
            lambda: engine.query_points(
                name,
                query=getattr(nearest, "nearest", nearest),
                using=asked.using,
                query_filter=asked.filter,
                limit=asked.limit or 10,
                with_payload=asked.with_payload or False,
            )
        )

    @app.put(f"{collection}/points")
    def put(name: str, asked: models.PointsList) -> Response:
        return answer(lambda: (engine.upsert(name, asked.points), done)[1])

    @app.post(f"{collection}/points/payload")
    def mark(name: str, asked: models.SetPayload) -> Response:
        assert asked.filter
        chosen = asked.filter
        return answer(lambda: (engine.set_payload(name, asked.payload, chosen), done)[1])

    @app.post(f"{collection}/points/payload/delete")
    def unmark(name: str, asked: models.DeletePayload) -> Response:
        assert asked.filter
        chosen = asked.filter
        return answer(lambda: (engine.delete_payload(name, asked.keys, chosen), done)[1])

    @app.post(f"{collection}/points/delete")
    def delete(name: str, asked: models.FilterSelector) -> Response:
        return answer(lambda: (engine.delete(name, asked), done)[1])

    return app


def _given(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


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


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="error"
    )
