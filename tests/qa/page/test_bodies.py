"""Bodies that are too large, never end or stop coming, over real connections, too."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from footnoted.qa.page import bodies
from footnoted.qa.page.bodies import Bodies

LINE = b"x" * 100_000


async def count(request: Request) -> Response:
    return JSONResponse({"read": len(await request.body())})


async def count_or_complain(request: Request) -> Response:
    """As a framework does that answers whatever goes wrong."""
    try:
        return await count(request)
    except Exception:
        return JSONResponse({"error": "There was an error parsing the body"}, 400)


@contextmanager
def served() -> Iterator[str]:
    routes = [
        Route("/api/add", count, methods=["POST"]),
        Route("/api/ask", count_or_complain, methods=["POST"]),
    ]
    app = Bodies(Starlette(routes=routes), most_uploaded=20)
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield "{}:{}".format(*listener.getsockname())
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as address:
        yield address


def send(address: str, path: str, parts: int, announced: bool) -> tuple[int, dict[str, object]]:
    connection = http.client.HTTPConnection(address, timeout=60)
    length = {"content-length": str(parts * len(LINE))} if announced else {}
    body = (LINE for _ in range(parts))
    connection.request("POST", path, body, length, encode_chunked=not announced)
    reply = connection.getresponse()
    return reply.status, json.loads(reply.read())


@pytest.mark.parametrize("announced", [True, False])
@pytest.mark.parametrize(("path", "most"), [("/api/ask", 100), ("/api/add", 200)])
def test_a_body_may_be_as_large_as_that(
    address: str, path: str, most: int, announced: bool
) -> None:
    assert send(address, path, most, announced) == (200, {"read": most * len(LINE)})
    status, said = send(address, path, most + 1, announced)
    assert status == 413 and str(said["error"]).startswith(f"This is more than {most // 10} MB;")


def test_an_endless_body_is_read_no_further(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "_DRAINING", 0.5)
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        head = "POST /api/add HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        connection.sendall(head.encode())
        chunk = f"{len(LINE):x}\r\n".encode() + LINE + b"\r\n"
        with pytest.raises(OSError, match=r"."):  # the connection is ended
            while True:
                connection.sendall(chunk)


@pytest.mark.parametrize("path", ["/api/add", "/api/ask"])
def test_a_body_that_stops_coming_is_not_waited_for(
    address: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "_PATIENCE", 0.3)
    monkeypatch.setattr(bodies, "_DRAINING", 0.1)
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.putrequest("POST", path)
    connection.putheader("content-length", "1000")
    connection.endheaders(b"x")
    reply = connection.getresponse()
    assert reply.status == 408 and "send it again" in json.loads(reply.read())["error"]


def test_who_asks_before_sending_is_told_before(address: str) -> None:
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        head = "POST /api/ask HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: {}"
        connection.sendall(f"{head.format(10**12)}\r\n\r\n".encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 413")
