"""What of a server with accounts is answered to whom; and what tries to get round that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.accounts.sessions import Sessions
from support.accounts import PASSWORD, error_of, event, group, signed_in, visitor

SECRET = "The vault of Norvik opens at midnight."  # noqa: S105
MCP = {"accept": "application/json, text/event-stream"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("group")


@pytest.fixture(scope="module")
def served(folder: Path) -> Iterator[tuple[FastAPI, Accounts]]:
    with group(folder) as served:
        yield served


@pytest.fixture(scope="module")
def app(served: tuple[FastAPI, Accounts]) -> FastAPI:
    return served[0]


@pytest.fixture(scope="module")
def accounts(served: tuple[FastAPI, Accounts]) -> Accounts:
    return served[1]


@pytest.fixture(scope="module")
def anna(app: FastAPI) -> TestClient:
    """Of anna, who has a collection of her own, with a conversation on it."""
    client = signed_in(app, "anna")
    assert client.post("/api/collections/create", json={"name": "Vault"}).is_success
    files = [("files", ("secret.txt", SECRET.encode()))]
    assert client.post("/api/add", files=files, data={"collection": "Vault"}).is_success
    *_, done = (
        one
        for one in event(client, "converse", ["Vault", ""], {"question": "When does it open?"})
        if one["msg"] == "process_completed"
    )
    assert done["success"]
    return client


@pytest.fixture(scope="module")
def bob(app: FastAPI) -> TestClient:
    return signed_in(app, "bob")


@pytest.fixture(scope="module")
def carl(app: FastAPI) -> TestClient:
    return signed_in(app, "carl")


def tool(client: TestClient, name: str, headers: Any = None, **arguments: Any) -> Any:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
    params = {"name": name, "arguments": arguments}
    reply = client.post("/mcp", json={**call, "params": params}, headers={**MCP, **(headers or {})})
    assert reply.status_code == 200, reply.text
    return reply.json()["result"]


# -- without a session -----------------------------------------------------------------------------

PATHS = [
    *("/", "/config", "/theme.css", "/favicon.ico", "/assets/index.js", "/static/img/logo.svg"),
    *("/api/documents", "/api/collections", "/api/conversations", "/api/metrics", "/api/judged"),
    *("/api/openapi.json", "/api/nothing", "/nothing", "/mcp", "/gradio_api/info"),
    *("/gradio_api/queue/data?session_hash=p", "/gradio_api/heartbeat/p", "/gradio_api/app_id"),
    *("/gradio_api/file=/etc/passwd", "/login", "/logout", "/openapi.json", "/manifest.json"),
    # What a path that is free could be taken for.
    *("//api/documents", "/api//documents", "/sign-in/../api/documents", "/sign-in/", "//sign-in"),
    *("/sign-in/api/documents", "/api/health/../documents", "/api/health/", "/API/HEALTH"),
    *("/sign-in%2f..%2fapi/documents", "/%2e%2e/api/documents", "/sign-in%00", "/sign-in;x=/api"),
    *("/api/documents?/sign-in", "/api/documents#/sign-in", "/sign-in%2F", "/api%2fhealth/x"),
    *("/./api/documents", "/sign-in\\..\\api\\documents", "/sign-in%0a", "/Sign-In"),
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_nothing_is_answered_to_who_is_not_signed_in(app: FastAPI, method: str, path: str) -> None:
    reply = visitor(app).request(method, path)
    assert reply.status_code == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    if method != "HEAD":
        assert error_of(reply).startswith("Sign in first")


@pytest.mark.parametrize("path", ["/", "/?collection=Vault", "/api/conversations/x/export"])
def test_who_browses_is_led_to_where_one_signs_in_and_back(app: FastAPI, path: str) -> None:
    client = visitor(app)
    reply = client.get(path, headers={"accept": "text/html,*/*"})
    assert reply.status_code == 303
    page = client.get(reply.headers["location"])
    assert page.status_code == 200
    (to,) = re.findall(r'name="to" value="([^"]*)"', page.text)
    sent = client.post("/sign-in", data={"name": "carl", "password": PASSWORD, "to": to})
    assert (sent.status_code, sent.headers["location"]) == (303, path)


@pytest.mark.parametrize(
    "to",
    [
        *("//evil.example", "https://evil.example", "/\\evil.example", "evil.example", "\\\\evil"),
        *("javascript:alert(1)", "/\n//evil", "/\t/evil.example", "", "/sign-out", "/x" * 2000),
    ],
)
def test_signing_in_leads_nowhere_else(app: FastAPI, to: str) -> None:
    client = visitor(app)
    reply = client.get("/sign-in", params={"to": to})
    assert 'name="to" value="/"' in reply.text
    sent = client.post("/sign-in", data={"name": "bob", "password": PASSWORD, "to": to})
    if sent.status_code != 429:  # it is tried more often than anybody would
        assert (sent.status_code, sent.headers["location"]) == (303, "/")


def test_the_page_that_signs_in_needs_nothing_and_shows_nothing(app: FastAPI) -> None:
    client = visitor(app)
    page = client.get("/sign-in")
    assert "<script" not in page.text and "http" not in page.text.split("<body>")[1]
    assert 'src="' not in page.text and page.headers["cache-control"] == "no-store"
    evil = '"><script>alert(1)</script>'
    shown = client.post("/sign-in", data={"name": evil, "password": "x", "to": evil})
    assert "<script" not in shown.text and "&lt;script&gt;" in shown.text
    assert client.get("/api/health").json()["status"] == "ok"


def test_another_sites_page_signs_nobody_in_or_out(app: FastAPI, bob: TestClient) -> None:
    sent = {"name": "bob", "password": PASSWORD}
    for headers in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}):
        assert visitor(app).post("/sign-in", data=sent, headers=headers).status_code == 403
        assert bob.post("/sign-out", headers=headers).status_code == 403
    for path in ("/sign-in", "/sign-out"):  # by a link nobody is either
        bob.get(path, headers={"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"})
    assert bob.get("/api/collections").is_success


# -- what proves somebody --------------------------------------------------------------------------


def test_who_is_wrong_is_told_the_same_whoever_they_are(app: FastAPI) -> None:
    pages = []
    for name, password in (("anna", "not her password"), ("nobody", PASSWORD), ("bob", "")):
        reply = visitor(app, client=("10.1.1.1", 1)).post(
            "/sign-in", data={"name": name, "password": password}
        )
        assert reply.status_code == 401 and "set-cookie" not in reply.headers
        pages.append(reply.text.replace(f'value="{name}"', ""))
    assert len(set(pages)) == 1
    assert "do not belong together" in pages[0]


def test_the_cookie_is_for_nobody_elses_eyes(app: FastAPI) -> None:
    sent = {"name": "carl", "password": PASSWORD}
    plain = visitor(app, client=("10.1.1.2", 1)).post("/sign-in", data=sent).headers["set-cookie"]
    assert plain.startswith("footnoted=") and "httponly" in plain.lower()
    assert "samesite=lax" in plain.lower() and "domain" not in plain.lower()
    closed = visitor(app, "https://127.0.0.1", client=("10.1.1.3", 1)).post("/sign-in", data=sent)
    cookie = closed.headers["set-cookie"]
    assert cookie.startswith("__Host-footnoted=") and "; secure" in cookie.lower()
    assert "path=/" in cookie.lower()


def test_a_cookie_of_an_open_way_proves_nothing_on_a_closed_one(app: FastAPI) -> None:
    token = signed_in(app, "carl", address="10.1.1.4").cookies["footnoted"]
    client = visitor(app, "https://127.0.0.1")
    client.cookies.set("footnoted", token)
    assert client.get("/api/collections").status_code == 401


def test_a_page_of_an_open_way_is_another_sites_on_a_closed_one(app: FastAPI) -> None:
    sent = {"name": "carl", "password": PASSWORD}
    client = visitor(app, "https://127.0.0.1", client=("10.1.1.8", 1))
    for origin, status in (("http://127.0.0.1", 403), ("https://127.0.0.1", 303)):
        assert client.post("/sign-in", data=sent, headers={"origin": origin}).status_code == status


def test_a_session_is_not_fixed_before_signing_in(app: FastAPI, folder: Path) -> None:
    client = visitor(app, client=("10.1.1.5", 1))
    client.cookies.set("footnoted", "chosen-by-somebody-else")
    sent = {"name": "carl", "password": PASSWORD}
    first = client.post("/sign-in", data=sent).cookies["footnoted"]
    assert first != "chosen-by-somebody-else"
    other = visitor(app)
    other.cookies.set("footnoted", "chosen-by-somebody-else")
    assert other.get("/api/collections").status_code == 401
    client = visitor(app, client=("10.1.1.5", 1))
    client.cookies.set("footnoted", first)
    second = client.post("/sign-in", data=sent).cookies["footnoted"]
    assert second != first  # and the one before has ended
    other.cookies.set("footnoted", first)
    assert other.get("/api/collections").status_code == 401
    assert first.encode() not in (folder / "home/sessions.sqlite").read_bytes()


@pytest.mark.parametrize("cookie", ["", "x", "a" * 10_000, "' OR 1=1 --", "%00", "é", "anna"])
def test_a_forged_cookie_proves_nothing(app: FastAPI, cookie: str) -> None:
    reply = visitor(app).get(
        "/api/collections", headers={b"cookie": f"footnoted={cookie}".encode()}
    )
    assert reply.status_code == 401


@pytest.mark.parametrize(
    "given",
    [
        *("Bearer", "Bearer ", "Bearer x", "Bearer null", "Bearer fn_", "bearer ' OR 1=1 --"),
        *("BEARER anna", "Bearer Bearer", "Bearer \xff"),
    ],
)
def test_a_forged_token_proves_nothing_whatever_cookie_comes_with_it(
    app: FastAPI, bob: TestClient, given: str
) -> None:
    for client in (visitor(app), bob):
        headers = {b"authorization": given.encode("latin-1")}
        assert client.get("/api/collections", headers=headers).status_code == 401


@pytest.mark.parametrize("given", ["", "Basic YW5uYTpjb3JyZWN0", "anna"])
def test_what_is_meant_for_a_proxy_proves_nothing_and_hinders_nothing(
    app: FastAPI, bob: TestClient, given: str
) -> None:
    headers = {"authorization": given}
    assert visitor(app).get("/api/collections", headers=headers).status_code == 401
    assert bob.get("/api/collections", headers=headers).is_success


def test_who_signs_out_is_out(app: FastAPI) -> None:
    client = signed_in(app, "carl", address="10.1.1.6")
    token = client.cookies["footnoted"]
    reply = client.post("/sign-out")
    assert (reply.status_code, reply.headers["location"]) == (303, "/sign-in")
    assert "footnoted" not in client.cookies
    client.cookies.set("footnoted", token)
    assert client.get("/api/collections").status_code == 401
    assert visitor(app).post("/sign-out").status_code == 303  # who is out already, is


def test_a_session_that_has_expired_proves_nothing(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(app, "carl", address="10.1.1.7")
    assert client.get("/api/collections").is_success
    account = Sessions.account

    def later(self: Sessions, token: str) -> str | None:
        now = self._now
        monkeypatch.setattr(self, "_now", lambda: now() + 13 * 3600)
        return account(self, token)

    monkeypatch.setattr(Sessions, "account", later)
    assert client.get("/api/collections").status_code == 401


def test_an_account_that_is_removed_ends_at_the_next_request(
    app: FastAPI, accounts: Accounts
) -> None:
    accounts.add("dora", PASSWORD, "editor")
    token, _ = accounts.new_token("dora", 1)
    client = signed_in(app, "dora")
    bearer = {"authorization": f"Bearer {token}"}
    assert client.get("/api/collections").is_success
    assert visitor(app).get("/api/collections", headers=bearer).is_success
    accounts.remove("dora")
    accounts.add("dora", "another password", "editor")  # of the same name, and somebody else
    assert client.get("/api/collections").status_code == 401
    assert visitor(app).get("/api/collections", headers=bearer).status_code == 401
    accounts.remove("dora")


def test_who_tries_passwords_through_is_slowed(app: FastAPI) -> None:
    replies = [
        visitor(app, client=("10.6.6.6", 1)).post(
            "/sign-in", data={"name": "anna", "password": f"guess number {number}"}
        )
        for number in range(7)
    ]
    assert [reply.status_code for reply in replies] == [401] * 5 + [429] * 2
    assert 0 < int(replies[-1].headers["retry-after"]) <= 60
    assert "Too many tries" in replies[-1].text
    # Nor is the right password then told from a wrong one; and nobody else is kept out.
    sent = {"name": "anna", "password": PASSWORD}
    assert visitor(app, client=("10.6.6.6", 1)).post("/sign-in", data=sent).status_code == 429
    assert visitor(app, client=("10.6.6.7", 1)).post("/sign-in", data=sent).status_code == 303


def test_accounts_that_cannot_be_read_let_nobody_in(
    app: FastAPI, accounts: Accounts, bob: TestClient
) -> None:
    kept = Path(accounts.place).read_bytes()
    Path(accounts.place).write_bytes(b"{")
    try:
        for reply in (bob.get("/api/collections"), bob.get("/"), bob.post("/api/ask")):
            assert reply.status_code == 503
            assert error_of(reply) == "Accounts cannot be read just now"
        assert visitor(app).get("/").status_code == 401
    finally:
        Path(accounts.place).write_bytes(kept)
    assert bob.get("/api/collections").is_success


# -- roles and collections -------------------------------------------------------------------------

CHANGES: list[tuple[str, dict[str, Any]]] = [
    ("remove", {"ids": ["{file}"]}),
    ("restore", {"token": "x"}),
    ("rename", {"name": "{file}", "new": "other.txt"}),
    ("refresh", {}),
    ("add", {}),
]


def change(client: TestClient, route: str, call: dict[str, Any], collection: str, file: str) -> Any:
    body = json.loads(json.dumps(call).replace("{file}", file))
    if route == "add":
        files = [("files", ("new.txt", b"Something new.\n"))]
        return client.post("/api/add", files=files, data={"collection": collection})
    if route == "refresh":
        return client.post("/api/refresh", data={"collection": collection})
    return client.post(f"/api/{route}", json={**body, "collection": collection})


@pytest.mark.parametrize(("route", "call"), CHANGES)
def test_a_reader_changes_nothing(carl: TestClient, route: str, call: dict[str, Any]) -> None:
    before = carl.get("/api/documents").json()
    reply = change(carl, route, call, "", "shared.txt")
    assert reply.status_code == 403 and "not change it" in error_of(reply)
    assert carl.get("/api/documents").json() == before


def test_a_reader_makes_no_collection_and_reads_no_metrics(carl: TestClient) -> None:
    for route, call in (
        ("collections/create", {"name": "Mine"}),
        ("collections/rename", {"name": "Vault", "new": "Mine"}),
        ("collections/remove", {"name": "Vault"}),
        ("collections/share", {"name": "Vault", "readers": "everyone"}),
    ):
        assert carl.post(f"/api/{route}", json=call).status_code == 403
    assert carl.get("/api/metrics").status_code == 403
    assert tool(carl, "metrics")["isError"]
    assert tool(carl, "add", files=[{"name": "a.txt", "text": "x"}])["isError"]
    assert tool(carl, "remove", ids=["shared.txt"])["isError"]
    assert carl.post("/api/ask", json={"question": "How many boats?"}).is_success
    assert carl.post("/api/lookup", json={"text": "forty boats"}).is_success


def test_what_is_somebody_elses_is_told_as_what_is_not_there(
    anna: TestClient, bob: TestClient, carl: TestClient
) -> None:
    for client in (bob, carl):
        for route, call in (
            ("ask", {"question": "When?"}),
            ("lookup", {"text": "vault"}),
            ("verify", {"answer": client.post("/api/ask", json={"question": "W?"}).json()}),
            *((route, call) for route, call in CHANGES[:3]),
        ):
            there, not_there = (
                client.post(f"/api/{route}", json={**call, "collection": name})
                for name in ("Vault", "Nault")
            )
            assert there.status_code == not_there.status_code == 404, route
            assert error_of(there).replace("Vault", "Nault") == error_of(not_there)
        for path in ("documents", "judged", "page?document=secret.txt&start=0&end=3"):
            joined = "&" if "?" in path else "?"
            there = client.get(f"/api/{path}{joined}collection=vault")
            assert there.status_code == 404 and "there is no collection" in there.text.lower()
        assert client.get("/api/collections/access?name=Vault").status_code == 404
        assert "Vault" not in client.get("/api/collections").text
        assert client.get("/api/conversations").json() == []
    assert bob.post("/api/collections/remove", json={"name": "Vault"}).status_code == 404
    call = {"name": "Vault", "new": "Mine"}
    assert bob.post("/api/collections/rename", json=call).status_code == 404
    call = {"name": "Vault", "readers": "everyone"}
    assert bob.post("/api/collections/share", json=call).status_code == 404
    assert anna.get("/api/documents?collection=Vault").json()[0]["id"] == "secret.txt"


def test_nor_is_it_by_the_tools_and_gradios_endpoints(anna: TestClient, bob: TestClient) -> None:
    for name, arguments in (
        ("ask", {"question": "When?"}),
        ("lookup", {"text": "vault"}),
        ("documents", {}),
        ("add", {"files": [{"name": "a.txt", "text": "x"}]}),
        ("remove", {"ids": ["secret.txt"]}),
        ("evaluate", {}),
    ):
        refused = tool(bob, name, collection="Vault", **arguments)
        assert refused["isError"] and "here is no collection" in refused["content"][0]["text"]
    assert not tool(anna, "documents", collection="Vault").get("isError")
    assert "Vault" not in json.dumps(tool(bob, "collections"))
    for name, data in (
        ("ask", ["When?", [], "Vault"]),
        ("lookup", ["vault", "Vault"]),
        ("documents", ["Vault"]),
        ("evaluate", [None, "Vault"]),
    ):
        reply = bob.post(f"/gradio_api/run/{name}", json={"data": data})
        assert reply.status_code == 500 and "There is no collection" in error_of(reply)
    assert anna.post("/gradio_api/run/documents", json={"data": ["Vault"]}).is_success


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("converse", ["Vault", ""], {"question": "When does the vault open?"}),
        ("look_up", ["vault", "Vault"], None),
        ("list_files", ["", "all", "", "Vault"], None),
        ("keep_up", ["Vault", "", "all", ""], {"lists": True, "welcomes": True}),
        ("open_document", ["Vault"], {"document": "secret.txt"}),
        ("list_documents", ["Vault"], None),
        ("measure", ["The shipped questions", None, "Vault"], None),
        ("measure", ["Those I judged", None, "Vault"], None),
        ("turn_to", ["Vault", "", "", "all", ""], None),
        ("turn_to", ["", "", "", "all", ""], {"name": "Vault", "conversation": ""}),
    ],
)
def test_nor_by_what_a_page_says_it_is_about(
    anna: TestClient, bob: TestClient, name: str, data: list[Any], said: Any
) -> None:
    told = json.dumps(event(bob, name, data, said))
    assert "midnight" not in told and "secret.txt" not in told.replace(json.dumps(said), "")
    assert "here is no collection" in told


def test_a_conversation_of_another_is_not_there(anna: TestClient, bob: TestClient) -> None:
    (kept,) = anna.get("/api/conversations").json()
    for path in (kept["id"], f"{kept['id']}/export"):
        assert anna.get(f"/api/conversations/{path}").is_success
        assert bob.get(f"/api/conversations/{path}").status_code == 404
    for route in ("rename", "remove", "stop", "judge"):
        call = {"id": kept["id"], "title": "x", "number": 1, "verdict": "right"}
        wanted = {"rename": ("id", "title"), "judge": ("id", "number", "verdict")}.get(
            route, ("id",)
        )
        sent = {part: call[part] for part in wanted}
        assert bob.post(f"/api/conversations/{route}", json=sent).status_code == 404
    told = json.dumps(event(bob, "turn_to", ["", kept["id"], "", "all", ""]))
    assert "not here any more" in told and "When does it open" not in told
    assert anna.get("/api/conversations").json() == [kept]


def test_a_collection_is_shared_and_taken_back(
    app: FastAPI, anna: TestClient, bob: TestClient, carl: TestClient
) -> None:
    def share(readers: Any, *editors: str) -> Any:
        call = {"name": "Vault", "readers": readers, "editors": list(editors)}
        return anna.post("/api/collections/share", json=call)

    def reads(client: TestClient) -> bool:
        return client.get("/api/documents?collection=Vault").is_success

    assert anna.get("/api/collections/access?name=Vault").json() == {
        **{"owner": "anna", "readers": [], "editors": []}
    }
    unknown = share(["zoe"])
    assert unknown.status_code == 400 and "nobody is called 'zoe'" in error_of(unknown).lower()
    assert share(["Carl"]).json()["readers"] == ["carl"]
    assert (reads(bob), reads(carl)) == (False, True)
    event(carl, "converse", ["Vault", ""], {"question": "When?"})
    (kept,) = carl.get("/api/conversations").json()
    assert share("everyone").is_success
    assert (reads(bob), reads(carl)) == (True, True)
    for route, call in CHANGES:  # who may read it may not change it
        for client in (bob, carl):
            assert change(client, route, call, "Vault", "secret.txt").status_code == 403
    for client in (bob, carl):
        for route, more in (
            *(("remove", {}), ("rename", {"new": "Mine"})),
            ("share", {"readers": []}),
        ):
            sent = {"name": "Vault", **more}
            assert client.post(f"/api/collections/{route}", json=sent).status_code == 403
    (listed,) = (one for one in bob.get("/api/collections").json() if one["name"] == "Vault")
    assert listed["owner"] == "anna"
    assert not (listed["may_change"] or listed["is_own"] or listed["may_share"])
    assert share([], "bob", "carl").json()["editors"] == ["bob", "carl"]
    assert (reads(bob), reads(carl)) == (True, True)
    added = change(bob, "add", {}, "Vault", "")
    assert added.is_success
    assert change(carl, "add", {}, "Vault", "").status_code == 403  # a reader by role
    assert change(bob, "remove", {"ids": ["new.txt"]}, "Vault", "").is_success
    assert bob.post("/api/collections/remove", json={"name": "Vault"}).status_code == 403
    assert share([]).is_success
    assert (reads(bob), reads(carl)) == (False, False)
    # What was said on it quotes it, and is not there any more.
    assert carl.get("/api/conversations").json() == []
    for path in (kept["id"], f"{kept['id']}/export"):
        assert carl.get(f"/api/conversations/{path}").status_code == 404
    told = json.dumps(event(carl, "turn_to", ["", kept["id"], "", "all", ""]))
    assert "not here any more" in told and "Vault" not in told


def test_who_it_belongs_to_goes_with_a_collection(anna: TestClient, bob: TestClient) -> None:
    for route, call in (("create", {"name": "Plans"}), ("rename", {"name": "Plans", "new": "New"})):
        assert anna.post(f"/api/collections/{route}", json=call).is_success
    assert bob.get("/api/documents?collection=New").status_code == 404
    taken = bob.post("/api/collections/create", json={"name": "New"})
    assert taken.status_code == 400
    assert bob.get("/api/documents?collection=New").status_code == 404
    assert anna.post("/api/collections/remove", json={"name": "New"}).is_success
    assert bob.post("/api/collections/create", json={"name": "New"}).is_success
    assert anna.get("/api/documents?collection=New").status_code == 404


def test_what_is_nobodys_own_everyone_reads_and_editors_change(
    anna: TestClient, bob: TestClient, carl: TestClient, folder: Path
) -> None:
    from footnoted.index.collections import Home
    from support.embedder import HashedEmbedder

    Home(folder / "home").create("Minutes", HashedEmbedder())  # as on the command line
    assert carl.get("/api/documents?collection=Minutes").json() == []
    assert change(carl, "add", {}, "Minutes", "").status_code == 403
    assert change(bob, "add", {}, "Minutes", "").is_success
    call = {"name": "Minutes", "readers": []}
    assert anna.post("/api/collections/share", json=call).status_code == 403
    call = {"name": "index", "readers": []}  # with which the server was started
    assert anna.post("/api/collections/share", json=call).status_code == 403
    assert change(anna, "add", {}, "", "").is_success
    assert anna.post("/api/remove", json={"ids": ["new.txt"]}).is_success
    call = {"name": "Minutes", "new": "Old minutes"}
    assert bob.post("/api/collections/rename", json=call).is_success


# -- what Gradio does for one account --------------------------------------------------------------


def test_nobody_hears_what_comes_of_anothers_event(
    app: FastAPI, anna: TestClient, bob: TestClient
) -> None:
    numbers = {one["api_name"]: one["id"] for one in anna.get("/config").json()["dependencies"]}
    call = {"data": ["Vault"], "fn_index": numbers["list_documents"], "session_hash": "annas"}
    for query in ("session_hash=annas", "session%5Fhash=annas", "x=1&session_hash=annas"):
        joined = anna.post("/gradio_api/queue/join", json=call).json()
        asking = visitor(app, cookies=dict(bob.cookies), raise_server_exceptions=False)
        heard = asking.get(f"/gradio_api/queue/data?{query}").text
        assert "secret.txt" not in heard and "not_found" in heard.lower()
        cancel = {"session_hash": "annas", "fn_index": 0, "event_id": joined["event_id"]}
        refused = bob.post("/gradio_api/cancel", json=cancel)
        assert refused.status_code == 404
        assert "secret.txt" in anna.get(f"/gradio_api/queue/data?{query}").text


def test_nor_of_anothers_call(anna: TestClient, bob: TestClient) -> None:
    for given in ({}, {"session_hash": "annas"}):
        call = {"data": ["Vault"], **given}
        made = anna.post("/gradio_api/call/documents", json=call).json()["event_id"]
        for path in (f"call/documents/{made}", f"call/v2/documents/{made}", f"call/ask/{made}"):
            reply = bob.get(f"/gradio_api/{path}")
            assert reply.status_code == 404 and "secret.txt" not in reply.text
        assert "secret.txt" in anna.get(f"/gradio_api/call/documents/{made}").text
    made = anna.post("/gradio_api/call/v2/documents", json={"collection": "Vault"}).json()
    assert bob.get(f"/gradio_api/call/documents/{made['event_id']}").status_code == 404
    assert "secret.txt" in anna.get(f"/gradio_api/call/v2/documents/{made['event_id']}").text


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"7", b"\xff", b"[" * 50_000, b'{"a":NaN}'])
def test_what_is_no_call_is_refused_in_a_line(anna: TestClient, body: bytes) -> None:
    for path in ("queue/join", "run/ask", "call/ask", "cancel"):
        reply = anna.post(
            f"/gradio_api/{path}", content=body, headers={"content-type": "application/json"}
        )
        assert 400 <= reply.status_code < 500 and "Traceback" not in reply.text


def test_an_evaluation_is_downloaded_by_who_made_it(
    anna: TestClient, bob: TestClient, folder: Path
) -> None:
    from footnoted.qa.page.local import downloads
    from footnoted.qa.service.callers import Caller

    made = folder / "gradio" / f"{downloads(Caller('anna'))}x"
    made.mkdir(parents=True)
    (made / "evaluation.json").write_text("{}")
    path = f"/gradio_api/file={made}/evaluation.json"
    assert anna.get(path).status_code == 200
    assert bob.get(path).status_code == 404
    assert visitor(bob.app).get(path).status_code == 401  # type: ignore[arg-type]
    own = f"{downloads(Caller('bob'))}x"
    around = f"/gradio_api/file={folder}/gradio/{own}/../{made.name}/evaluation.json"
    assert bob.get(around).status_code in (403, 404)


def test_a_caller_may_be_anybody_with_a_token(
    app: FastAPI, accounts: Accounts, anna: TestClient
) -> None:
    token, _ = accounts.new_token("anna", 1)
    bearer = {"authorization": f"Bearer {token}"}
    script = visitor(app)
    assert script.get("/api/documents?collection=Vault", headers=bearer).is_success
    assert not tool(script, "documents", bearer, collection="Vault").get("isError")
    assert script.post(
        "/gradio_api/run/documents", json={"data": ["Vault"]}, headers=bearer
    ).is_success
    assert script.get("/", headers=bearer).is_success
