"""Whether a server lives and can be asked: for what starts it anew, and what sends it questions.

Both are answered to everybody, by any name, and tell nothing of the documents or of who asks.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from footnoted.qa.service.health import Health

LIVES, READY = "/healthz", "/readyz"
PROBES = (LIVES, READY)

_STOPPING = {"error": "This server is stopping; ask again, and another one answers"}


def is_probe(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["path"] in PROBES


def routes(health: Health) -> list[Route]:
    """What lives answers at all; what is ready has all that it needs to answer questions."""
    asking = ThreadPoolExecutor(2, "probes")  # of its own, however many questions wait

    async def lives(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        if health.is_stopping:
            return JSONResponse({"status": "stopping"}, 503)
        loop = asyncio.get_running_loop()
        if lacking := await loop.run_in_executor(asking, health.lacking):
            return JSONResponse({"status": "not ready", "lacking": lacking}, 503)
        return JSONResponse({"status": "ready"})

    return [Route(LIVES, lives), Route(READY, ready)]


class Closing:
    """ASGI middleware outside all others: once nothing more is begun, who asks is told to ask
    again, which a balancer does by itself, of another."""

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self.app = app
        self.health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self.health.is_closed and not is_probe(scope):
            headers = {"retry-after": "1", "connection": "close"}
            await JSONResponse(_STOPPING, 503, headers)(scope, receive, send)
        else:
            await self.app(scope, receive, send)
