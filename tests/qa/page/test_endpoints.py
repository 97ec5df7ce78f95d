"""What is wrong with a call is one line to the caller, over plain HTTP, and nothing in the log."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from footnoted.index.library import Library
from footnoted.qa.service.service import Service
from support.embedder import HashedEmbedder
from support.stub import Stub

JSON = {"content-type": "application/json"}
pytestmark = pytest.mark.usefixtures("nothing_is_logged")
# Written down, since to import them is to import Gradio, which takes each process seconds.
NAMES = ("ask", "lookup", "documents", "evaluate")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    from footnoted.qa.page.app import create_app

    library = Library.create(tmp_path_factory.mktemp("empty"), HashedEmbedder())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(tmp_path_factory.mktemp("uploads")))
        app = create_app(Service(Stub(library)))
        with TestClient(app, base_url="http://127.0.0.1") as client:
            yield client


def error_of(client: TestClient, name: str, body: dict[str, Any], route: str) -> str:
    """The error of a call, by whichever of Gradio's routes."""
    written = json.dumps(body)  # in ASCII, whatever the characters
    reply = client.post(f"/gradio_api/{route}/{name}", content=written, headers=JSON)
    if route == "call" and reply.status_code == 200:
        lines = client.get(f"/gradio_api/call/{name}/{reply.json()['event_id']}").text.splitlines()
        assert lines[0] == "event: error"
        error = json.loads(lines[1].removeprefix("data: "))["error"]
    else:
        assert reply.status_code >= 400
        error = reply.json()["error"]
    assert isinstance(error, str) and error and "\n" not in error
    return error


@pytest.mark.parametrize("route", ["run", "api", "call"])
@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("ask", [], "Too few values: 0 given, 1 needed"),
        ("ask", ["Who?", [], "letters"], "There is no collection 'letters'"),
        ("ask", [1, None], "question is a text"),
        ("ask", [["Who?"], []], "question is a text"),
        ("ask", ["Who?", {}], "question is a text and history a list of texts"),
        ("ask", ["Who?", [], "", "a.txt"], "documents is a list of texts"),
        ("ask", ["Who?", [], "", [], "soon"], "Since is no date"),
        ("ask", ["Who?", [], "", ["a.txt"]], "There is no document 'a.txt'"),
        ("lookup", [], "Too few values: 0 given, 1 needed"),
        ("lookup", [{}], "text is a text"),
        ("evaluate", [1], "questions is a file"),
        ("evaluate", [{"path": "x\0y"}], "This call names a file: upload it first"),
        ("ask", ["\ud800", []], "The question is not valid text; type it again in UTF-8"),
    ],
)
def test_wrong_values(
    client: TestClient, name: str, data: list[Any], message: str, route: str
) -> None:
    assert error_of(client, name, {"data": data}, route).startswith(message)


@pytest.mark.parametrize("route", ["run", "call"])
@pytest.mark.parametrize("name", ["evaluate", "ask"])
@pytest.mark.parametrize("path", ["{secret}", "/etc/passwd", "http://127.0.0.1:9/secret", "", "."])
def test_no_file_of_the_machine_is_copied_to_where_it_can_be_fetched(
    client: TestClient, tmp_path: Path, name: str, path: str, route: str
) -> None:
    (tmp_path / "secret.jsonl").write_text("secret")
    named = path.format(secret=tmp_path / "secret.jsonl")
    file = {"path": named, "meta": {"_type": "gradio.FileData"}}
    good = tmp_path / "good.jsonl"
    good.write_text("{}")
    (uploaded,) = client.post("/gradio_api/upload", files={"files": good.open("rb")}).json()
    for given in (file, [[file]], {"path": uploaded, "inside": {"deep": [file]}}):
        data: list[Any] = [given] if name == "evaluate" else ["Who?", given]
        assert error_of(client, name, {"data": data}, route) == (
            "This call names a file: upload it first, to /gradio_api/upload"
        )


def test_these_are_all_there_are() -> None:
    from footnoted.qa.page.endpoints import ENDPOINTS

    assert NAMES == ENDPOINTS


@pytest.mark.parametrize("route", ["run", "api", "call"])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("body", [b'{"data":"x"}', b"{}", b"[]", b"7", b"not JSON", b"", b"\xff"])
def test_no_call_at_all(client: TestClient, name: str, body: bytes, route: str) -> None:
    reply = client.post(f"/gradio_api/{route}/{name}", content=body, headers=JSON)
    assert 400 <= reply.status_code < 500
    (error,) = reply.json().values()
    assert isinstance(error, str) and error and "\n" not in error


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("call/v2/ask", {}),
        ("call/v2/ask", {"quest": "Who?"}),
        ("queue/join", {"data": [], "fn_index": 999, "session_hash": "x"}),
    ],
)
def test_calls_that_name_nothing(client: TestClient, path: str, body: dict[str, Any]) -> None:
    reply = client.post(f"/gradio_api/{path}", json=body)
    assert reply.status_code == 400
    assert "\n" not in reply.json()["error"]


def test_an_endpoint_is_called_by_its_name_alone(client: TestClient) -> None:
    """Gradio would do what the number says, private events among it."""
    numbers = {one["api_name"]: one["id"] for one in client.get("/config").json()["dependencies"]}
    for route in ("run", "api"):
        for number in (*numbers.values(), 999, -1, "0", 0.5, True, [], {}):
            body = {"data": ["Who?", []], "fn_index": number}
            reply = client.post(f"/gradio_api/{route}/ask", json=body)
            if number == numbers["ask"]:
                assert reply.json()["data"][0]["question"] == "Who?"
            else:
                assert reply.status_code == 404 and "/ask has another number" in reply.text


@pytest.mark.parametrize(
    ("name", "data", "event"),
    [
        ("converse", ["", ""], None),
        ("converse", ["", ""], {"question": 1}),
        ("converse", ["", ""], {"question": "\ud800"}),
        ("converse", ["", ""], "Who?"),
        ("measure", ["no such choice", None, ""], None),
        ("measure", [{}, {}, ""], None),
        ("look_up", [None, ""], None),
        ("open_document", [""], None),
        ("open_document", [""], {"document": "\ud800"}),
        ("open_document", [""], {"document": "a.txt", "start": []}),
        ("turn_to", ["", "", "", "all", ""], {"name": 7}),
        ("turn_to", ["", "", "", "nothing of these", ""], None),
        ("keep_up", ["", "", "all", ""], None),
        ("keep_up", ["", "", "all", ""], {"first": "1"}),
        ("list_files", ["", "all", '{"order": "nothing of these"}', ""], None),
        ("list_files", ["", "all", '{"order": ["size"]}', ""], None),
        ("list_files", ["", "all", '{"which": "warnings", "more": 1}', ""], None),
        ("list_files", ["", "all", "[1]", ""], None),
        ("list_files", ["", "all", "[" * 100_000, ""], None),
        ("list_conversations", ["\ud800"], None),
    ],
)
def test_wrong_values_for_the_events_of_the_page(
    client: TestClient, name: str, data: list[Any], event: Any
) -> None:
    numbers = {one["api_name"]: one["id"] for one in client.get("/config").json()["dependencies"]}
    call = {"data": data, "event_data": event, "fn_index": numbers[name], "session_hash": "x"}
    joined = client.post("/gradio_api/queue/join", content=json.dumps(call), headers=JSON)
    assert joined.status_code == 200
    lines = client.get("/gradio_api/queue/data?session_hash=x").text.splitlines()
    messages = [json.loads(line.removeprefix("data: ")) for line in lines if line]
    (done,) = (one for one in messages if one["msg"] == "process_completed")
    assert not done["success"]
    error = done["output"]["error"]
    assert error.startswith("This call was given what it cannot use: ")
    assert "\n" not in error


def test_right_calls_are_answered(client: TestClient) -> None:
    reply = client.post("/gradio_api/run/ask", json={"data": ["Who?", None]})
    assert reply.json()["data"][0]["question"] == "Who?"
    assert client.post("/gradio_api/run/documents", json={"data": []}).json()["data"] == [[]]
