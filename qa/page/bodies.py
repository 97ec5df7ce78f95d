"""How much a request may send, and how slowly: counted while it is read."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEGABYTE = 1_000_000
MOST_SENT = 10
"""Megabytes of a call that brings no files."""

MOST_UPLOADED = 2048
"""The same of one that does, unless ``--max-upload`` says otherwise."""

_UPLOADS = re.compile(r"/api/(?:add|evaluate)/?|/gradio_api/upload/?")
_PATIENCE = 60.0  # seconds between two parts of a body
_DRAINING = 5.0  # seconds; who is still sending when it is refused would not hear why


class _Refused(Exception):
    """A body that is read no further."""


class Bodies:
    """ASGI middleware: a body that is too large, or stops coming, is refused in one line.

    ``most_uploaded``: megabytes of a call that brings files.
    """

    def __init__(self, app: ASGIApp, most_uploaded: int = MOST_UPLOADED) -> None:
        self.app = app
        self.most_uploaded = most_uploaded

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = _Body(scope, receive, send, self._most(scope["path"]))
        if body.is_announced_too_large:
            await body.refuse()
            return
        try:
            await self.app(scope, body.receive, body.send)
        except Exception:
            if body.refusal is None:
                raise
        if body.refusal:
            await body.refuse()

    def _most(self, path: str) -> int:
        return self.most_uploaded if _UPLOADS.fullmatch(path) else MOST_SENT


class _Body:
    """The body of one request, and what is answered while it is read."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        self.refusal: JSONResponse | None = None
        self._scope, self._receive, self._send, self._most = scope, receive, send, most
        self._read = 0
        self._is_complete = self._has_begun = False

    @property
    def is_announced_too_large(self) -> bool:
        announced = Headers(scope=self._scope).get("content-length", "")
        if announced.isascii() and announced.isdigit() and len(announced) < 20:
            self._count(int(announced))
            self._read = 0
        return self.refusal is not None

    async def receive(self) -> Message:
        if self._is_complete:
            return await self._receive()
        try:
            async with asyncio.timeout(_PATIENCE):
                message = await self._receive()
        except TimeoutError:
            seconds = f"{_PATIENCE:.0f} seconds"
            self._refuse(408, f"Nothing more of this call came for {seconds}; send it again")
            raise _Refused from None
        self._is_complete = not message.get("more_body", False)
        self._count(len(message.get("body", b"")))
        if self.refusal:
            raise _Refused
        return message

    async def send(self, message: Message) -> None:
        """Pass on a response, but for what is said of a body that is refused."""
        if self._has_begun or self.refusal is None:
            self._has_begun = True
            await self._send(message)

    async def refuse(self) -> None:
        """Say why, once the client listens."""
        if self._has_begun or self.refusal is None:
            return
        if "expect" not in Headers(scope=self._scope):  # else it has not begun to send
            with suppress(TimeoutError):
                async with asyncio.timeout(_DRAINING):
                    while not self._is_complete:
                        message = await self._receive()
                        self._is_complete = not message.get("more_body", False)
        await self.refusal(self._scope, self._receive, self._send)

    def _count(self, size: int) -> None:
        self._read += size
        if self._read > self._most * MEGABYTE:
            is_upload = self._most != MOST_SENT
            remedy = "add fewer files at once" if is_upload else "send less at once"
            option = ", or start with a larger --max-upload" if is_upload else ""
            self._refuse(413, f"This is more than {self._most:,} MB; {remedy}{option}")

    def _refuse(self, status: int, why: str) -> None:
        self.refusal = JSONResponse({"error": why}, status, {"connection": "close"})
