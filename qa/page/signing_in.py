"""Who sends a request: decided here, once, for the page, the contract and the tools alike.

Where there are no accounts, anyone does. Where there are, nothing but this page, which asks for a
name and a password, is answered to who proves nothing: by the cookie of a session, or by a token.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from footnoted.corpus.errors import FootnotedError, StateUnavailable
from footnoted.qa.accounts.accounts import Account, Accounts
from footnoted.qa.accounts.rates import SignIns
from footnoted.qa.accounts.sessions import LONGEST_SECONDS, Sessions
from footnoted.qa.page import markup
from footnoted.qa.page.health import PROBES, is_probe
from footnoted.qa.service.callers import ANYONE, Caller
from footnoted.qa.service.failures import AWAY
from footnoted.qa.state.protocols import State

log = logging.getLogger(__name__)

_Made = TypeVar("_Made")

SIGN_IN, SIGN_OUT = "/sign-in", "/sign-out"

_FREE = frozenset({SIGN_IN, SIGN_OUT, "/api/health", *PROBES})
"""What is answered to everybody, by their exact paths."""

_UNKNOWN = (
    "Sign in first; a script sends the header Authorization: Bearer TOKEN, with a token that "
    "footnoted accounts token NAME makes"
)
_WRONG = "This name and this password do not belong together; try again"
# Passwords are compared slowly on purpose, and with much memory: not many at once.
_AT_ONCE = 2
_MOST_WAITING = 50
_BUSY_SECONDS = 10
# Who is asked at once who somebody is; where a database says so, that takes a moment.
_ASKED_AT_ONCE = 8


class SigningIn:
    """The accounts of a server, and who has signed in. Threads may share it."""

    def __init__(self, accounts: Accounts | None, state: State) -> None:
        """``state``: what keeps who has signed in."""
        self._accounts = accounts
        self._state = state
        self._opening = threading.Lock()
        self._sessions: Sessions | None = None
        self._tries = SignIns(state.rates)
        self._asking = ThreadPoolExecutor(_ASKED_AT_ONCE, thread_name_prefix="who-asks")
        self._waiting = 0
        self._comparing = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="sign-in")

    @property
    def is_needed(self) -> bool:
        """
        Raises:
            FootnotedError: nobody knows, since the accounts cannot be read.
        """
        return self._accounts is not None and self._accounts.are_there

    def caller(self, connection: HTTPConnection) -> Caller | None:
        """Who sends a request; None, where they would have to sign in first."""
        address = connection.client.host if connection.client else ""
        if not self.is_needed:
            return replace(ANYONE, address=address)
        account = self._account(connection)
        return Caller.of(account, address) if account else None

    async def caller_of(self, connection: HTTPConnection) -> Caller | None:
        """The same, while others are answered."""
        if not self._state.is_shared:  # files of this machine are read in no time
            return self.caller(connection)
        return await self._in_thread(lambda: self.caller(connection))

    async def has_to_be(self) -> bool:
        """``is_needed``, while others are answered."""
        return await self._in_thread(lambda: self.is_needed)

    async def sign_in(self, name: str, password: str, address: str) -> str | int | None:
        """What proves a new session; seconds to wait first; or None where it is not so."""
        if seconds := await self._in_thread(lambda: self._tries.wait(name, address)):
            return seconds
        assert self._accounts is not None
        loop = asyncio.get_running_loop()
        account = await loop.run_in_executor(self._comparing, self._accounts.proved, name, password)
        if account is None:
            return None
        return await self._in_thread(lambda: self._begun(account, name, address))

    async def sign_out(self, connection: HTTPConnection) -> None:
        if token := connection.cookies.get(_cookie(connection)):
            await self._in_thread(lambda: self._opened().end(token))

    def _begun(self, account: Account, name: str, address: str) -> str:
        self._tries.succeeded(name, address)
        return self._opened().begin(account.id)

    async def _in_thread(self, do: Callable[[], _Made]) -> _Made:
        return await asyncio.get_running_loop().run_in_executor(self._asking, do)

    def _account(self, connection: HTTPConnection) -> Account | None:
        assert self._accounts is not None
        kind, _, given = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":  # what else stands there is for a proxy
            return self._accounts.of_token(given.strip())
        token = connection.cookies.get(_cookie(connection), "")
        id_ = self._opened().account(token) if token else None
        return self._accounts.of_id(id_) if id_ else None

    def _opened(self) -> Sessions:
        with self._opening:
            if self._sessions is None:
                self._sessions = self._state.sessions()
            return self._sessions


class SignedIn:
    """ASGI middleware: what is asked is asked by somebody, who stands in ``request.state.caller``.

    Who browses is led to the page that signs in; who calls is told in a line.
    """

    def __init__(self, app: ASGIApp, signing_in: SigningIn) -> None:
        self.app = app
        self.signing_in = signing_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or is_probe(scope):  # whatever cannot be reached
            await self.app(scope, receive, send)
            return
        try:
            caller = await self.signing_in.caller_of(HTTPConnection(scope))
        except StateUnavailable:
            refusal: Response = JSONResponse({"error": AWAY}, 503, {"retry-after": "5"})
        except FootnotedError as error:
            log.error("nobody can be let in: %s", error)
            refusal = JSONResponse({"error": "Accounts cannot be read just now"}, 503)
        else:
            if caller is not None or (scope["type"] == "http" and scope["path"] in _FREE):
                scope.setdefault("state", {})["caller"] = caller
                await self.app(scope, receive, send)
                return
            refusal = _refusal(scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, send)


def routes(signing_in: SigningIn) -> list[Route]:
    """The page that signs in, and what signs out."""

    async def shown(request: Request) -> Response:
        to = _own(request.query_params.get("to", ""))
        if getattr(request.state, "caller", None) is not None:
            return RedirectResponse(to, 303)
        return _page(to)

    async def sign_in(request: Request) -> Response:
        form = await request.form(max_files=0, max_fields=10)
        name, password, to = (_text(form.get(part)) for part in ("name", "password", "to"))
        to = _own(to)
        address = request.client.host if request.client else ""
        try:
            if not await signing_in.has_to_be():
                return RedirectResponse(to, 303)
            came = await signing_in.sign_in(name, password, address)
        except StateUnavailable:
            return _page(to, name, AWAY, 503, {"retry-after": "5"})
        if came is None:
            return _page(to, name, _WRONG, 401)
        if isinstance(came, int):
            why = f"Too many tries in a short time; try again in {came} s"
            return _page(to, name, why, 429, {"retry-after": str(came)})
        await signing_in.sign_out(request)  # whoever was signed in here
        return _with_cookie(RedirectResponse(to, 303), request, came)

    async def sign_out(request: Request) -> Response:
        await signing_in.sign_out(request)
        return _with_cookie(RedirectResponse(SIGN_IN, 303), request, None)

    return [
        Route(SIGN_IN, shown, methods=["GET"]),
        Route(SIGN_IN, sign_in, methods=["POST"]),
        Route(SIGN_OUT, sign_out, methods=["POST"]),
    ]


def _page(
    to: str,
    name: str = "",
    error: str = "",
    status: int = 200,
    headers: dict[str, str] = {},  # noqa: B006
) -> Response:
    return HTMLResponse(markup.sign_in(to, name[:100], error), status, headers)


def _refusal(scope: Scope) -> Response:
    headers = Headers(scope=scope)
    accepted = headers.get("accept", "")
    if scope["method"] == "GET" and "text/html" in accepted:
        query = scope["query_string"].decode("latin-1")
        to = _own(f"{scope['path']}?{query}" if query else scope["path"])
        return RedirectResponse(f"{SIGN_IN}?to={quote(to, safe='')}", 303)
    return JSONResponse({"error": _UNKNOWN}, 401, {"www-authenticate": "Bearer"})


def _own(to: str) -> str:
    """Where a page leads to that was asked for before: nowhere but to a place of this server's."""
    is_own = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if is_own and not to.startswith((SIGN_IN, SIGN_OUT)) and len(to) < 2000 else "/"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _is_closed(connection: HTTPConnection) -> bool:
    """Whether nobody on the way reads along."""
    return connection.scope["scheme"] in ("https", "wss")


def _cookie(connection: HTTPConnection) -> str:
    """Its name: where the way is closed, one that no other host and nobody on the way can set."""
    return "__Host-footnoted" if _is_closed(connection) else "footnoted"


def _with_cookie(response: Response, request: Request, token: str | None) -> Response:
    response.set_cookie(
        _cookie(request),
        token or "",
        max_age=LONGEST_SECONDS if token else 0,
        path="/",
        secure=_is_closed(request),
        httponly=True,
        samesite="lax",
    )
    return response
