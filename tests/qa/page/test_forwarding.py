"""What a proxy says is believed of those that were named; of others, nothing is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.page.forwarding import Forwarding, addresses
from support.accounts import PASSWORD, group, visitor

SAID = {
    "x-forwarded-for": "203.0.113.9",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "docs.example.org",
}


async def telling(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with what a request looks like."""
    request = Request(scope)
    told = {
        "client": request.client and request.client.host,
        "url": str(request.url),
        "forwarded": scope["is_forwarded"],
        "said": sorted(name for name in request.headers if "forward" in name or "real" in name),
    }
    await JSONResponse(told)(scope, receive, send)


def seen(client: str, headers: dict[str, str], *proxies: str) -> Any:
    app = Forwarding(telling, proxies)
    visitor = TestClient(app, base_url="http://10.0.0.5:7860", client=(client, 1))
    return visitor.get("/a", headers=headers).json()


@pytest.mark.parametrize("proxy", ["10.0.0.2", "10.0.0.0/24", "::ffff:10.0.0.2"])
def test_a_proxy_that_is_named_is_believed(proxy: str) -> None:
    assert seen(proxy.partition("/")[0].replace("10.0.0.0", "10.0.0.2"), SAID, "10.0.0.0/24") == {
        "client": "203.0.113.9",
        "url": "https://docs.example.org/a",
        "forwarded": True,
        "said": [],
    }


@pytest.mark.parametrize("client", ["127.0.0.1", "10.0.0.3", "::1", "testclient"])
@pytest.mark.parametrize("proxies", [(), ("10.0.0.2",)])
@pytest.mark.parametrize("more", [{}, {"forwarded": "for=1.2.3.4"}, {"x-real-ip": "1.2.3.4"}])
def test_nobody_else_is(client: str, proxies: tuple[str, ...], more: dict[str, str]) -> None:
    assert seen(client, {**SAID, **more}, *proxies) == {
        "client": client,
        "url": "http://10.0.0.5:7860/a",
        "forwarded": False,
        "said": [],
    }


def test_of_several_hops_the_last_is_believed_that_no_proxy_is() -> None:
    said = {**SAID, "x-forwarded-for": "1.1.1.1, 203.0.113.9, 10.0.0.2"}
    assert seen("10.0.0.2", said, "10.0.0.2")["client"] == "203.0.113.9"
    said = {**SAID, "x-forwarded-host": "evil.example, docs.example.org"}
    assert seen("10.0.0.2", said, "10.0.0.2")["url"] == "https://docs.example.org/a"


def test_what_is_no_address_is_refused() -> None:
    assert addresses(["127.0.0.1, ::1", "10.0.0.0/24"]) == ["127.0.0.1", "::1", "10.0.0.0/24"]
    for wrong in ("caddy", "10.0.0", "10.0.0.0/99", "*"):
        with pytest.raises(UnusableInput, match="is no address; give that of the proxy"):
            addresses([wrong])


def test_a_server_behind_a_proxy_is_as_without(tmp_path: Path) -> None:
    sent = {"name": "anna", "password": PASSWORD}
    own = {"origin": "https://docs.example.org"}
    with group(tmp_path, proxies=["10.0.0.2"]) as (app, _):
        proxied = visitor(app, "http://10.0.0.5:7860", client=("10.0.0.2", 1))
        reply = proxied.post("/sign-in", data=sent, headers={**SAID, **own})
        assert reply.status_code == 303
        assert reply.headers["set-cookie"].startswith("__Host-footnoted=")
        assert "strict-transport-security" in reply.headers
        # Who calls without it, by that name, is not served; nor does a header make him another.
        direct = visitor(app, client=("10.0.0.3", 1))
        for said in ({"host": "docs.example.org"}, {**SAID, "host": "docs.example.org"}):
            assert direct.get("/sign-in", headers=said).status_code == 421
        for number in range(7):
            said = {**SAID, "x-forwarded-for": f"203.0.113.{number}"}
            reply = direct.post("/sign-in", data={**sent, "password": "?"}, headers=said)
        assert reply.status_code == 429
        # Each of those behind it is counted for himself.
        said = {**SAID, "x-forwarded-for": "203.0.113.77"}
        assert proxied.post("/sign-in", data=sent, headers=said).status_code == 303


def test_what_streams_is_passed_on_as_it_comes(tmp_path: Path) -> None:
    with group(tmp_path) as (app, accounts):
        token, _ = accounts.new_token("anna", 1)
        client = visitor(app, headers={"authorization": f"Bearer {token}"})
        made = client.post("/gradio_api/call/documents", json={"data": []}).json()["event_id"]
        reply = client.get(f"/gradio_api/call/documents/{made}")
        assert reply.headers["x-accel-buffering"] == "no"
        files = [("files", ("a.txt", b"A text.\n"))]
        accept = {"accept": "application/x-ndjson"}
        reply = client.post("/api/add", files=files, headers=accept)
        assert reply.headers["x-accel-buffering"] == "no"
