"""What keeps the page on this machine and its API to the promised names."""

import json
import re
import socket
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnoted.qa.page.health import is_probe
from footnoted.qa.service.callers import Caller, calling

POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "same-origin",  # with none at all, a form would be sent as from nowhere
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
}
DOWNLOADS = "evaluation-"

# Of Gradio's routes, those that the page and its clients need: others fetch what lies elsewhere, or
# give back what was uploaded.
_PAGE = re.compile(
    r"/(?:(?:assets|static)/.+|config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json"
    r"|pwa_icon(?:/\w+)?)?"
)
_CALLS = re.compile(
    r"/gradio_api/(?:(?:info|openapi\.json|queue/(?:join|data|status)|upload|upload_progress"
    r"|startup-events|app_id|cancel|reset)/?|heartbeat/[^/]+)"
)
_DOWNLOAD = re.compile(r"/gradio_api/file=(.+)")
_KEPT_BY_BROWSERS = re.compile(r"/(?:assets|static)/|/theme\.css|/favicon\.ico|/pwa_icon")
CALL = re.compile(r"/gradio_api/(?:run|api|call(?:/v2)?)/([^/]+)(?:/[^/]*)?")
_STREAMED = ("text/event-stream", "application/x-ndjson")
_OF_MANY = ("localhost", "127.0.0.1", "::1")  # there may be other servers on other ports
EXAMPLE = re.compile(rb'https://github\.com/gradio-app/[^"]*')  # of a file, in the page's config
ADVERTISEMENT = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')


class LocalOnly:
    """ASGI middleware inside the Gradio app, before its compression.

    Gradio's outside addresses leave its HTML. Gradio would answer to the name of every event
    handler, private ones too, and to an endpoint's name with the number of another; here only the
    promised ``endpoints``, names with their numbers, can be called. And of its other routes, those
    alone that are needed: no upload is served back, and nothing that lies elsewhere is fetched.
    """

    def __init__(self, app: ASGIApp, endpoints: Mapping[str, int]) -> None:
        self.app = app
        self.endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif call := CALL.fullmatch(scope["path"]):
            await self._answer(call[1], scope, receive, send)
        elif _is_served(scope):
            await self.app(scope, receive, _Cleaner(send))
        else:
            await JSONResponse({"error": "There is no such page"}, 404)(scope, receive, send)

    async def _answer(self, name: str, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        number = _number(body)
        if name not in self.endpoints:
            refused = f"There is no endpoint /{name}"
        elif number not in (None, self.endpoints[name]):
            refused = f"The endpoint /{name} has another number than {number}; leave fn_index out"
        else:
            await self.app(scope, again(body, receive), _Cleaner(send))
            return
        await JSONResponse({"error": refused}, status_code=404)(scope, receive, send)


def _is_served(scope: Scope) -> bool:
    if download := _DOWNLOAD.fullmatch(scope["path"]):
        return _is_download(download[1], calling(Request(scope)))
    return bool(_PAGE.fullmatch(scope["path"]) or _CALLS.fullmatch(scope["path"]))


def downloads(caller: Caller) -> str:
    """What the folders of files that a caller may download begin with, among Gradio's own."""
    return f"{DOWNLOADS}{caller.mark}"


def _is_download(name: str, caller: Caller) -> bool:
    """Whether a file was written for this caller to download; what was uploaded was not."""
    from gradio.utils import get_upload_folder

    try:
        inside = Path(name).resolve().relative_to(Path(get_upload_folder()).resolve())
    except (OSError, ValueError):
        return False
    return len(inside.parts) == 2 and inside.parts[0].startswith(downloads(caller))


def _number(body: bytes) -> Any:
    """The number of the event that a call asks for, if it does; what is no call has none."""
    try:
        call = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return call.get("fn_index") if isinstance(call, dict) else None


def again(body: bytes, receive: Receive) -> Receive:
    """A ``receive`` that gives a body that has been read already, and then what comes after it."""
    unread = [body]

    async def received() -> Message:
        if unread:
            return {"type": "http.request", "body": unread.pop(), "more_body": False}
        return await receive()

    return received


class OwnNames:
    """ASGI middleware outside all others: only this machine's names are answered to.

    Where a name of somebody else's is made to lead here (DNS rebinding), that site's scripts would
    be taken by the browser for the page's own.
    """

    def __init__(self, app: ASGIApp, names: Collection[str] = ()) -> None:
        self.app = app
        machine = socket.gethostname()
        self.names = {
            name.lower() for name in ("localhost", machine, f"{machine}.local", *names)
        } | {"127.0.0.1", "::1"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if (
            scope["type"] == "lifespan"
            or scope.get("is_forwarded")  # a proxy answers to names of its own
            or is_probe(scope)  # what asks may know no name; it is told nothing
            or _called(scope) in {*self.names, _address(scope)}
        ):
            await self.app(scope, receive, send)
        else:
            refusal = {"error": "This name is not served here; start with --host NAME to serve it"}
            await JSONResponse(refusal, status_code=421)(scope, receive, send)


class OwnOrigin:
    """ASGI middleware: nothing is answered to another site's page, which may only lead here.

    A browser says which site's a page is; other programs say nothing.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan" and _is_foreign(scope):
            refusal = {"error": "Another site's page may not call this"}
            await JSONResponse(refusal, status_code=403)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def _is_foreign(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    if origin is not None:
        scheme, netloc, *_ = urlsplit(origin)
        # What came by an open way may have been changed on it, under whatever name.
        is_open = scope.get("scheme") == "https" and scheme != "https"
        return is_open or netloc.lower() != headers.get("host", "").lower()
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    # A link that somebody follows; it changes nothing, and shows nothing to who set it.
    is_link = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    return scope.get("method") != "GET" or is_link != ("navigate", "document")


class OwnHeaders:
    """ASGI middleware: what a browser is told of every response, whoever gives it.

    It asks no other host, shows nothing in another site's frame, takes nothing for another kind of
    content than it says, and keeps nothing that may quote a document.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if not _KEPT_BY_BROWSERS.match(scope["path"]):
                    headers["cache-control"] = "no-store"
                if headers.get("content-type", "").startswith(_STREAMED):
                    headers["x-accel-buffering"] = "no"  # a proxy passes it on as it comes
                if scope.get("scheme") == "https" and _called(scope) not in _OF_MANY:
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        await self.app(scope, receive, told)


def _called(scope: Scope) -> str | None:
    """The name or address that a request calls the server by, without its port."""
    host = Headers(scope=scope).get("host", "")
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None


def _address(scope: Scope) -> str | None:
    """The address at which a request arrived."""
    server = scope.get("server")
    return str(server[0]) if server else None


class _Cleaner:
    """A `send` that, for HTML alone, holds the body back to clean it."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.held: Message | None = None
        self.body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_html(message):
            self.held = message  # its length is about to change
            return
        if self.held and message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body"):
                await self._finish(self.held, _clean(self.body))
            return
        await self.send(message)

    async def _finish(self, start: Message, body: bytes) -> None:
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        await self.send(
            {**start, "headers": [*headers, (b"content-length", str(len(body)).encode())]}
        )
        await self.send({"type": "http.response.body", "body": body})


def _is_html(start: Message) -> bool:
    return any(
        name == b"content-type" and value.startswith(b"text/html")
        for name, value in start["headers"]
    )


def _clean(page: bytes) -> bytes:
    page = EXAMPLE.sub(b"", ADVERTISEMENT.sub(b"", page))
    return page.replace(b"</head>", b"<title>Footnoted</title></head>", 1)
