"""What other sites' pages, forged names and hostile uploads get of the server: one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.conversations.store import Conversations
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.service import Service
from support.accounts import event
from support.embedder import HashedEmbedder
from support.stub import Stub

EVIL = "http://evil.example"
JSON = {"content-type": "application/json"}
pytestmark = pytest.mark.usefixtures("nothing_is_logged")
VAULT = "The vault opens at midnight."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("machine of somebody")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    from footnoted.qa.page.app import create_app

    (folder / "documents").mkdir()
    (folder / "documents/secret.txt").write_text(VAULT)
    library = Library.create(folder / "index", HashedEmbedder())
    library.update([folder / "documents"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "gradio"))
        service = Service(Stub(library), Home(folder / "home"))
        app = create_app(service, with_mcp=True, most_uploaded=20)
        with TestClient(app, base_url="http://127.0.0.1") as client:
            yield client
        service.close()


@pytest.fixture(scope="module")
def letters(client: TestClient) -> str:
    client.post("/api/collections/create", json={"name": "letters"})
    files = [("files", ("letter.txt", b"Sven Brandt keeps the books."))]
    assert client.post("/api/add", files=files, data={"collection": "letters"}).is_success
    return "letters"


def error_of(reply: Any) -> str:
    error = reply.json()["error"]
    assert isinstance(error, str) and error and "\n" not in error and len(error) < 1000
    return error


# -- other sites' pages ----------------------------------------------------------------------------

FOREIGN = [
    {"origin": EVIL},
    {"origin": "null"},
    {"origin": "http://127.0.0.1:9999"},
    {"origin": "http://localhost"},
    {"origin": "http://127.0.0.1.evil.example"},
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/ask"),
        ("POST", "/api/add"),
        ("POST", "/api/collections/remove"),
        ("GET", "/api/documents"),
        ("GET", "/api/conversations"),
        ("POST", "/mcp"),
        ("GET", "/mcp"),
        ("POST", "/gradio_api/upload"),
        ("POST", "/gradio_api/queue/join"),
        ("POST", "/gradio_api/run/ask"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("GET", "/config"),
        ("OPTIONS", "/gradio_api/queue/join"),
    ],
)
def test_another_sites_page_is_refused(
    client: TestClient, method: str, path: str, headers: dict[str, str]
) -> None:
    ask = {"access-control-request-method": "POST"} if method == "OPTIONS" else {}
    reply = client.request(method, path, headers={**headers, **ask})
    assert reply.status_code == 403
    assert error_of(reply) == "Another site's page may not call this"
    assert "access-control-allow-origin" not in reply.headers


def test_another_sites_page_may_lead_here_and_do_nothing(client: TestClient) -> None:
    link = {
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
    }
    assert client.get("/", headers=link).status_code == 200
    assert client.post("/api/refresh", headers=link).status_code == 403  # as a form is sent


def test_the_page_itself_and_other_programs_are_answered(client: TestClient) -> None:
    for headers in (
        {},
        {"origin": "http://127.0.0.1"},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
    ):
        assert client.post("/api/ask", json={"question": "Who?"}, headers=headers).is_success


@pytest.mark.parametrize("path", ["/", "/api/documents", "/mcp", "/gradio_api/info"])
def test_a_name_that_is_made_to_lead_here_is_refused(client: TestClient, path: str) -> None:
    reply = client.get(path, headers={"host": "evil.example"})
    assert reply.status_code == 421 and "not served here" in error_of(reply)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
def test_json_is_read_where_it_is_called_so(client: TestClient, kind: str | None) -> None:
    """What a form of another page can send without being asked for leave is no call."""
    headers = {"content-type": kind} if kind else {}
    for route in ("ask", "collections/create"):
        body = b'{"question": "Who?", "name": "forged"}'
        assert client.post(f"/api/{route}", content=body, headers=headers).status_code == 422


# -- what browsers are told ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/config", "/api/documents", "/api/collections", "/api/conversations"),
        *("/api/health", "/api/metrics", "/api/openapi.json", "/api/nothing", "/nothing"),
        *("/gradio_api/info", "/gradio_api/file=/etc/passwd", "/theme.css"),
    ],
)
def test_every_response_says_what_a_browser_may_do_with_it(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["referrer-policy"] == "same-origin"
    if path != "/theme.css":
        assert headers["cache-control"] == "no-store"


def test_refusals_say_it_too(client: TestClient) -> None:
    for reply in (
        client.get("/", headers={"host": "evil.example"}),
        client.get("/", headers={"origin": EVIL}),
        client.post("/api/ask", content=b"{", headers=JSON),
    ):
        assert reply.headers["x-content-type-options"] == "nosniff"


# -- files of the machine, and uploads -------------------------------------------------------------

ROUTES = [
    *("/gradio_api/file=", "/gradio_api/file/", "/file=", "/file/", "/static/", "/assets/"),
    *("/svelte/", "/gradio_api/custom_component/", "/gradio_api/proxy=", "/gradio_api//file="),
    *("/gradio_api/stream/", "/gradio_api/run-history/records/", "/gradio_api/file%3d"),
    *("/assets/../../../../../..", "/static/..%2f..%2f..%2f..%2f..%2f..%2f.."),
]


def own(folder: Path) -> list[str]:
    return [
        "/etc/passwd",
        str(folder / "index/index.sqlite"),
        str(folder / "documents/secret.txt"),
        str(folder / "home/conversations.sqlite"),
        str(folder / "home/letters/files/letter.txt"),
    ]


@pytest.mark.parametrize("route", ROUTES)
def test_no_file_of_the_machine_is_served(
    client: TestClient, folder: Path, letters: str, route: str
) -> None:
    for file in own(folder):
        for path in (f"{route}{file}", f"{route}{file.lstrip('/')}", f"{route}{file}?x=.png"):
            reply = client.get(path)
            assert reply.status_code in (400, 403, 404), path
            assert not any(text in reply.text for text in ("root:", "SQLite", VAULT, "Brandt"))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", b"<script>alert(1)</script>"),
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("picture.png", b"<script>alert(1)</script>"),
        ("code.js", b"alert(1)"),
        ("evaluation.html", b"<script>alert(1)</script>"),
        ("questions.jsonl", b"{}"),
    ],
)
def test_no_upload_is_served_back(
    client: TestClient, folder: Path, letters: str, name: str, content: bytes
) -> None:
    (place,) = client.post("/gradio_api/upload", files={"files": (name, content)}).json()
    files = [("files", (name, content))]
    assert client.post("/api/add", files=files, data={"collection": letters}).is_success
    brought = folder / "home" / letters / "files" / name
    assert Path(place).read_bytes() == brought.read_bytes() == content
    for route in ROUTES:
        for file in (place, str(brought)):
            assert client.get(f"{route}{file}").status_code in (400, 403, 404)


def test_files_to_download_are_served(client: TestClient, folder: Path) -> None:
    from footnoted.qa.page.local import DOWNLOADS

    made = folder / "gradio" / f"{DOWNLOADS}x"
    made.mkdir(parents=True)
    (made / "evaluation.html").write_text("<script>1</script>")
    reply = client.get(f"/gradio_api/file={made}/evaluation.html")
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith("attachment")
    assert reply.headers["content-type"] == "application/octet-stream"
    (made / "link.html").symlink_to("/etc/passwd")
    for other in (f"{made}/link.html", f"{made}/../../documents/secret.txt", f"{made}"):
        assert client.get(f"/gradio_api/file={other}").status_code in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        *("dev/reload", "vibe-code", "runs", "token", "user", "login_check", "deep_link"),
        *("component_server", "process_recording", "file=http://example.com/", "proxy=http://x/"),
    ],
)
def test_what_the_page_does_not_need_is_not_there(client: TestClient, path: str) -> None:
    for reply in (client.get(f"/gradio_api/{path}"), client.post(f"/gradio_api/{path}")):
        assert reply.status_code == 404 and error_of(reply)


# -- forged names ----------------------------------------------------------------------------------

FORGED = [
    *("../x.txt", "../letters/index.sqlite", "/etc/passwd", "..", ".", "", "\0", "a\0b"),
    *("./letter.txt", "x/../letter.txt", "../files/letter.txt", "letter.txt/", "//letter.txt"),
    *("removed/letter.txt", "index.sqlite", "../../conversations.sqlite", "é" * 200, "x" * 100_000),
]


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_name_removes_and_renames_nothing(
    client: TestClient, folder: Path, letters: str, name: str
) -> None:
    before = sorted(folder.rglob("*.txt"))
    reply = client.post("/api/remove", json={"ids": [name], "collection": letters})
    assert reply.status_code == 400 and "nothing is removed" in error_of(reply)
    call = {"name": name, "new": "other.txt", "collection": letters}
    reply = client.post("/api/rename", json=call)
    assert reply.status_code == 400 and error_of(reply)
    assert sorted(folder.rglob("*.txt")) == before


def test_an_absolute_name_of_a_file_that_is_there_is_none(
    client: TestClient, folder: Path, letters: str
) -> None:
    file = folder / "home/letters/files/letter.txt"
    reply = client.post("/api/remove", json={"ids": [str(file)], "collection": letters})
    assert reply.status_code == 400 and file.exists()


@pytest.mark.parametrize(
    ("new", "kept"),
    [("../x.txt", "x.txt"), ("/etc/passwd", "etc/passwd"), ("a\\..\\b.txt", "a/b.txt")],
)
def test_a_file_is_renamed_inside_its_collection(
    client: TestClient, letters: str, new: str, kept: str
) -> None:
    call = {"name": "letter.txt", "new": new, "collection": letters}
    assert client.post("/api/rename", json=call).is_success
    back = {"name": kept, "new": "letter.txt", "collection": letters}
    assert client.post("/api/rename", json=back).is_success


@pytest.mark.parametrize("new", ["", "..", "/", "\0", "letter.txt/inside.txt", "x/" * 600])
def test_a_file_is_not_renamed_to_what_is_no_name(
    client: TestClient, letters: str, new: str
) -> None:
    call = {"name": "letter.txt", "new": new, "collection": letters}
    reply = client.post("/api/rename", json=call)
    assert reply.status_code == 400 and error_of(reply)


@pytest.mark.parametrize(
    "name",
    [
        *("conversations.sqlite", "Conversations.SQLite", "conversations.sqlite-wal", ".letters"),
        *("accounts.json", "Accounts.json", "sessions.sqlite", "sessions.sqlite-wal"),
        *("../letters", "letters/files", "\x1b[31mred", "a\u202eb", "\ud800", "x" * 10_000, "con"),
        *("index", "Index"),  # what the server was started with
    ],
)
def test_no_collection_is_called_so(client: TestClient, letters: str, name: str) -> None:
    body = json.dumps({"name": name})
    reply = client.post("/api/collections/create", content=body, headers=JSON)
    assert reply.status_code in (400, 422) and error_of(reply)
    body = json.dumps({"name": letters, "new": name})
    reply = client.post("/api/collections/rename", content=body, headers=JSON)
    assert reply.status_code in (400, 422) and error_of(reply)


def test_what_the_server_was_started_with_stays(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.create("letters", HashedEmbedder())
    service = Service(Stub(Library.open(tmp_path / "letters", HashedEmbedder())), home)
    for do in (
        lambda: service.remove(ANYONE, "letters"),
        lambda: service.rename(ANYONE, "letters", "other"),
    ):
        with pytest.raises(Exception, match="This server was started with 'letters'; stop it"):
            do()
    assert not service.collections(ANYONE)[0].is_own


@pytest.mark.parametrize("id_", ["", "x", "..", "%00", "a" * 5000, "%", "1 OR 1=1", "\u202e"])
def test_a_conversation_that_is_made_up_is_not_there(client: TestClient, id_: str) -> None:
    for route in ("rename", "remove", "stop"):
        call = {"id": id_, **({"title": "x"} if route == "rename" else {})}
        reply = client.post(f"/api/conversations/{route}", json=call)
        assert reply.status_code == 404 and "not here any more" in error_of(reply)


def test_nobody_has_the_conversations_of_another(tmp_path: Path) -> None:
    kept = Conversations(tmp_path / "kept.sqlite")
    id_ = kept.create("somebody", "letters", "Who keeps the books?")
    for do in (kept.conversation, kept.turns, kept.remove):
        with pytest.raises(Exception, match="not here any more"):
            do("another", id_)
    for wanted in ("", "books", "%", "_"):
        assert kept.conversations("another", wanted) == []
    assert kept.conversation("somebody", id_)


def test_no_error_tells_where_things_lie(client: TestClient, folder: Path, letters: str) -> None:
    (folder / "home/damaged").mkdir()
    (folder / "home/damaged/index.sqlite").write_bytes(b"no database" * 100)
    (folder / "home/conversations").mkdir()
    damaged = client.get("/api/documents", params={"collection": "damaged"})
    assert damaged.status_code == 400 and "damaged" in error_of(damaged)
    for reply in (
        damaged,
        client.post("/api/collections/create", json={"name": "conversations"}),
        client.post("/api/ask", json={"question": "Who?", "collection": "damaged"}),
        client.post("/api/rename", json={"name": "x", "new": "y" * 5000, "collection": letters}),
    ):
        assert str(folder) not in reply.text


# -- bodies ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b'{"question":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b"[" * 200_000,
        b'{"question":' + b"1" * 10_000 + b"}",
        b'{"question": "Who?", "' + b"k" * 100_000 + b'": 1}',
        b'{"question": NaN}',
        b'{"\\ud800": 1}',
        b'{"question": "Who?", "collection": "\\ud800"}',
        b'{"question": "Who?", "collection": "' + b"z" * 100_000 + b'"}',
        b'{"question": "Who?", "history": ["\\ud800"]}',
    ],
)
def test_json_that_is_made_to_break_is_one_line(client: TestClient, body: bytes) -> None:
    reply = client.post("/api/ask", content=body, headers=JSON)
    assert reply.status_code in (400, 404, 422) and error_of(reply)
    reply = client.post("/api/verify", content=body, headers=JSON)
    assert reply.status_code in (400, 404, 422) and error_of(reply)


@pytest.mark.parametrize(
    "path", ["/api/ask", "/gradio_api/run/ask", "/gradio_api/queue/join", "/mcp"]
)
def test_json_has_a_limit(client: TestClient, path: str) -> None:
    body = b'{"question": "' + b"x" * 10_000_000 + b'"}'
    reply = client.post(path, content=body, headers=JSON)
    assert (
        reply.status_code == 413 and error_of(reply) == "This is more than 10 MB; send less at once"
    )


@pytest.mark.parametrize("path", ["/api/add", "/api/evaluate", "/gradio_api/upload"])
def test_uploads_have_a_limit(client: TestClient, folder: Path, letters: str, path: str) -> None:
    files = [("files", ("large.txt", b"x" * 20_000_001))]
    reply = client.post(path, files=files, data={"collection": letters})
    assert reply.status_code == 413
    assert "more than 20 MB" in error_of(reply) and "--max-upload" in error_of(reply)
    assert not list(folder.rglob("large.txt"))


def test_a_defect_is_logged_by_its_place_alone(
    client: TestClient,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise KeyError(VAULT)

    monkeypatch.setattr(Stub, "listing", fail)
    assert client.get("/api/documents").status_code == 400
    assert client.post("/gradio_api/run/documents", json={"data": []}).status_code == 500
    assert len(caplog.messages) == 2
    for line in caplog.messages:
        assert "KeyError at test_attacks.py:" in line and VAULT not in line and "\n" not in line
    assert VAULT not in capfd.readouterr().err
    caplog.clear()


@pytest.mark.parametrize(
    "chosen",
    [
        {"documents": "secret.txt"},
        {"documents": [{"id": "secret.txt"}]},
        {"documents": [""]},
        {"documents": ["<img src=x onerror=alert(1)>"]},
        {"documents": ["../../etc/passwd"]},
        {"since": 2024},
        {"since": "2024'; DROP TABLE turns"},
        {"until": ["2024"]},
    ],
)
def test_what_is_chosen_wrongly_is_one_line_and_nothing_is_asked(
    client: TestClient, chosen: dict[str, Any]
) -> None:
    before = len(client.get("/api/conversations").json())
    said = {"question": "When does it open?", **chosen}
    *_, last = event(client, "converse", ["", ""], said, page=str(chosen))
    told = json.dumps(last)
    assert "Traceback" not in told and "<img" not in told
    assert len(client.get("/api/conversations").json()) == before
