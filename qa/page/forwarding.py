"""What a proxy says of those for whom it calls: believed of proxies that were named, alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from footnoted.corpus.errors import UnusableInput

_SAID = frozenset({b"forwarded", b"x-real-ip"})
_HOST = b"x-forwarded-host"


def addresses(given: Iterable[str]) -> list[str]:
    """Addresses and networks, several of them perhaps with commas between them.

    Raises:
        UnusableInput: one of them is neither.
    """
    found = [part.strip() for one in given for part in one.split(",") if part.strip()]
    for one in found:
        try:
            ipaddress.ip_network(one, strict=False)
        except ValueError:
            raise UnusableInput(
                f"--behind {one[:80]!r} is no address; give that of the proxy, such as 127.0.0.1 "
                "or 10.0.0.0/24"
            ) from None
    return found


class Forwarding:
    """ASGI middleware outside all others: with a proxy before it, a request looks as without.

    From a proxy that is trusted, its client, scheme and host are those for whom it calls, and
    ``scope["is_forwarded"]`` is set. Whatever else is said of that, by whomever, is taken out:
    Gradio would believe it.
    """

    def __init__(self, app: ASGIApp, proxies: Sequence[str] = ()) -> None:
        self.app = app
        self._proxies = [ipaddress.ip_network(one, strict=False) for one in proxies]
        trusted = [str(one) for one in self._proxies]
        self._believing = ProxyHeadersMiddleware(self._as_without, trusted_hosts=trusted)  # type: ignore[arg-type]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        scope = {**scope, "client": _plain(scope.get("client"))}
        is_forwarded = self._is_proxy(scope) and any(map(_is_said, scope["headers"]))
        scope["is_forwarded"] = is_forwarded
        if is_forwarded:
            await self._believing(scope, receive, send)  # type: ignore[arg-type]
        else:
            await self._as_without(scope, receive, send)

    async def _as_without(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [one for one in scope["headers"] if not _is_said(one)]
        hosts = [value for name, value in scope["headers"] if name == _HOST]
        if scope["is_forwarded"] and hosts:
            # Of several, the last is what the nearest proxy says.
            host = hosts[-1].rpartition(b",")[2].strip()
            headers = [(b"host", host), *(one for one in headers if one[0] != b"host")]
        await self.app({**scope, "headers": headers}, receive, send)

    def _is_proxy(self, scope: Scope) -> bool:
        client = scope.get("client")
        try:
            address = ipaddress.ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self._proxies)


def _plain(client: tuple[str, int] | None) -> tuple[str, int] | None:
    """An address of the fourth version, though it is told as one of the sixth."""
    if client and client[0].lower().startswith("::ffff:"):
        mapped = ipaddress.IPv6Address(client[0]).ipv4_mapped
        return (str(mapped), client[1]) if mapped else client
    return client


def _is_said(header: tuple[bytes, bytes]) -> bool:
    return header[0].startswith(b"x-forwarded-") or header[0] in _SAID
