"""Keeps what Gradio does for one account from the others.

Gradio tells what came of an event to whoever names it, or the page that asked for it by a number
that the page made up. Here, each account has numbers and events of its own.
"""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnoted.qa.page.local import again
from footnoted.qa.service.callers import ANYONE

_BODIES = re.compile(r"/gradio_api/(?:queue/join|cancel|reset|(?:run|api|call)/[^/]+)/?")
_MAKES = re.compile(r"/gradio_api/(?:queue/join|call(?:/v2)?/[^/]+)/?")
_OUTCOME = re.compile(r"/gradio_api/call(?:/v2)?/[^/]+/([^/]+)")
_HEARTBEAT = re.compile(r"(/gradio_api/heartbeat/)([^/]+)")
_NUMBERS = ("session_hash", "upload_id")
_EVENTS_AT_MOST = 100_000


class OwnEvents:
    """ASGI middleware inside the Gradio app, outside ``LocalOnly``."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._owners: OrderedDict[str, str] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = scope.get("state", {}).get("caller", ANYONE) if scope["type"] == "http" else ANYONE
        if not caller.is_known:
            await self.app(scope, receive, send)
            return
        own, path = caller.mark, scope["path"]
        outcome = scope["method"] != "POST" and _OUTCOME.fullmatch(path)
        if outcome and not self._is_own(outcome[1], own):
            await _not_there(scope, receive, send)
            return
        if heartbeat := _HEARTBEAT.fullmatch(path):
            scope = _at(scope, f"{heartbeat[1]}{own}{heartbeat[2]}")
        scope = {**scope, "query_string": _numbered(scope["query_string"], own)}
        if scope["method"] == "POST" and _BODIES.fullmatch(path):
            try:
                body = await Request(scope, receive).body()
            except ClientDisconnect:
                return
            call = _parsed(body)
            if isinstance(call, dict):
                if call.get("event_id") and not self._is_own(call["event_id"], own):
                    await _not_there(scope, receive, send)
                    return
                if isinstance(call.get("session_hash"), str):
                    call["session_hash"] = f"{own}{call['session_hash']}"
            body = _written(call)
            scope, receive = _with_body(scope, body), again(body, receive)
        await self.app(scope, receive, self._watched(send, own) if _MAKES.fullmatch(path) else send)

    def _is_own(self, event: object, own: str) -> bool:
        return isinstance(event, str) and self._owners.get(event) == own

    def _watched(self, send: Send, own: str) -> Send:
        """A ``send`` by which it is kept whose an event is, before they are told of it."""
        begun: list[Message] = []

        async def watched(message: Message) -> None:
            begun.append(message)
            if message["type"] == "http.response.start" or message.get("more_body"):
                return
            reply = _parsed(b"".join(one.get("body", b"") for one in begun))
            if isinstance(reply, dict) and isinstance(event := reply.get("event_id"), str):
                self._owners[event] = own
                while len(self._owners) > _EVENTS_AT_MOST:
                    self._owners.popitem(last=False)
            for one in begun:
                await send(one)
            begun.clear()

        return watched


async def _not_there(scope: Scope, receive: Receive, send: Send) -> None:
    await JSONResponse({"error": "There is no such event"}, 404)(scope, receive, send)


def _at(scope: Scope, path: str) -> Scope:
    return {**scope, "path": path, "raw_path": path.encode("utf-8", "replace")}


def _numbered(query: bytes, own: str) -> bytes:
    given = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    return urlencode([(k, f"{own}{v}" if k in _NUMBERS else v) for k, v in given]).encode()


def _parsed(body: bytes) -> Any:
    """What a body says; None of one that cannot be read."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _written(call: Any) -> bytes:
    """The same as a body: Gradio reads what was looked at here, and nothing else."""
    try:
        return json.dumps(call).encode()
    except RecursionError:
        return b"null"


def _with_body(scope: Scope, body: bytes) -> Scope:
    headers = MutableHeaders(raw=list(Headers(scope=scope).raw))
    headers["content-length"] = str(len(body))
    return {**scope, "headers": headers.raw}
