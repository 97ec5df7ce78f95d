"""The contract over plain HTTP: what is promised comes back, and mistakes are one line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from footnoted.index.embedding import DEFAULT_EMBEDDER
from footnoted.index.library import Library
from footnoted.qa.api import schemas
from footnoted.qa.api.routes import create_api
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.service import Service
from support.pdf_files import Writer

MINUTES = b"# Minutes\n\nThe harbour committee met on 3 May. Orla Vint chairs the committee.\n"
LETTER = b"The treasurer of the society is Sven Brandt, who keeps its books.\n"


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[TestClient]:
    outer = FastAPI()
    outer.mount("/api", create_api(service))
    with TestClient(outer) as client:
        yield client


@pytest.fixture(scope="module")
def letters(client: TestClient) -> str:
    """A collection with a letter and minutes."""
    assert client.post("/api/collections/create", json={"name": "letters"}).json() == {
        "name": "letters"
    }
    files = [("files", ("2024/minutes.md", MINUTES)), ("files", ("letter.txt", LETTER))]
    receipt = client.post("/api/add", files=files, data={"collection": "letters"}).json()
    assert {one["path"]: one["change"] for one in receipt["files"]} == {
        "2024/minutes.md": "added",
        "letter.txt": "added",
    }
    return "letters"


def documents(client: TestClient, collection: str) -> list[str]:
    listed = client.get("/api/documents", params={"collection": collection}).json()
    return [one["id"] for one in listed]


def test_an_answer_is_what_the_contract_says(client: TestClient) -> None:
    answer = client.post("/api/ask", json={"question": "Who opposes the plan?"}).json()
    assert schemas.AnswerObject.model_validate(answer, strict=False).answered
    assert answer["ledger"] and answer["citations"]
    declined = client.post("/api/ask", json={"question": "What is the capital of Peru?"}).json()
    assert not schemas.AnswerObject.model_validate(declined).answered
    assert client.post("/api/verify", json={"answer": answer}).json() == []
    answer["citations"][0]["quote"] = "made up"
    (problem, *_) = client.post("/api/verify", json={"answer": answer}).json()
    assert problem.startswith("citation 1")


def test_some_documents_are_asked_alone(client: TestClient) -> None:
    (first, second) = [one["id"] for one in client.get("/api/documents").json()]
    asked = {"question": "Who opposes the plan?"}
    answer = client.post("/api/ask", json={**asked, "documents": [first]}).json()
    told = schemas.AnswerObject.model_validate(answer).within
    assert told and (told.documents, told.of) == (1, 2)
    assert {one["document"] for one in answer["citations"] + answer["nearest"]} == {first}
    every = client.post("/api/ask", json=asked).json()
    assert every["within"] is None and second in {one["document"] for one in every["citations"]}
    for chosen in ({"documents": ["gone.txt"]}, {"since": "soon"}, {"until": "2024"}):
        refused = client.post("/api/ask", json={**asked, **chosen})
        assert refused.status_code == 400
        assert any(why in refused.text for why in ("no document", "write a year", "None of 2"))


def test_among_how_many_is_said_without_asking(client: TestClient) -> None:
    def within(**chosen: object) -> Any:
        return client.post("/api/within", json=chosen)

    (first, _) = [one["id"] for one in client.get("/api/documents").json()]
    every = schemas.ScopeObject.model_validate(within().json())
    assert (every.documents, every.of) == (2, 2)
    one = schemas.ScopeObject.model_validate(within(documents=[first]).json())
    assert (one.documents, one.of) == (1, 2)
    for chosen in ({"documents": ["gone.txt"]}, {"since": "soon"}, {"until": "1024"}):
        assert within(**chosen).status_code == 400
    assert within(collection="nowhere").status_code == 404


def test_whether_something_has_changed_is_told(client: TestClient, letters: str) -> None:
    def state() -> schemas.StateObject:
        reply = client.get("/api/state", params={"collection": letters})
        return schemas.StateObject.model_validate(reply.json())

    before = state()
    assert state() == before
    for name, text in (("more.txt", b"A letter of May."), ("nothing.txt", b"")):
        files = [("files", (name, text))]
        assert client.post("/api/add", files=files, data={"collection": letters}).is_success
        after = state()
        assert after.change != before.change
        before = after
    call = {"ids": ["more.txt", "nothing.txt"], "collection": letters}
    assert client.post("/api/remove", json=call).is_success
    assert state().generation > before.generation
    assert client.get("/api/state", params={"collection": "nowhere"}).status_code == 404


def test_documents_are_found_by_words(client: TestClient, letters: str) -> None:
    def listed(**of: str | int) -> tuple[list[str], str]:
        reply = client.get("/api/documents", params={"collection": letters, **of})
        return [one["id"] for one in reply.json()], reply.headers["x-found"]

    assert listed() == (["2024/minutes.md", "letter.txt"], "2")
    assert listed(words="MINUTES 2024") == (["2024/minutes.md"], "1")
    assert listed(most=1) == (["2024/minutes.md"], "2")
    assert listed(words="minutes letter") == ([], "0")
    assert client.get("/api/documents", params={"most": 0}).status_code == 422


def test_a_quotation_is_looked_up(client: TestClient) -> None:
    (match,) = client.post("/api/lookup", json={"text": "signed in April 2021"}).json()
    assert schemas.MatchObject.model_validate(match).match == "exact"


def test_files_are_added_asked_removed_and_restored(client: TestClient, letters: str) -> None:
    asked = {"question": "Who is the treasurer of the society?", "collection": letters}
    answer = client.post("/api/ask", json=asked).json()
    assert [one["text"] for one in answer["answers"]] == ["Sven Brandt"]
    assert documents(client, letters) == ["2024/minutes.md", "letter.txt"]
    call = {"ids": ["letter.txt"], "collection": letters}
    removal = schemas.RemovalObject.model_validate(client.post("/api/remove", json=call).json())
    assert removal.files == ["letter.txt"] and documents(client, letters) == ["2024/minutes.md"]
    assert not client.post("/api/ask", json=asked).json()["answered"]
    undo = {"token": removal.token, "collection": letters}
    assert client.post("/api/restore", json=undo).json() == {"restored": True}
    assert documents(client, letters) == ["2024/minutes.md", "letter.txt"]
    again = client.post("/api/restore", json=undo)
    assert again.status_code == 400 and "cannot be undone any more" in again.json()["error"]


def test_a_collection_that_is_made_here_is_opened_by_any_process(
    client: TestClient, letters: str, service: Service
) -> None:
    """Another process has nothing but the name of the model."""
    library = Library.open(service._needed_home().collection(letters).folder)
    assert library.manifest.embedder == DEFAULT_EMBEDDER
    assert library.search("Who is the treasurer?", 3)
    library.close()


def test_what_to_do_is_told_to_who_has_no_terminal(client: TestClient, letters: str) -> None:
    client.post("/api/collections/create", json={"name": "nothing"})
    for call in ({"collection": "nothing"}, {"collection": letters, "documents": ["nobody.txt"]}):
        told = client.post("/api/ask", json={"question": "Who?", **call}).json()["error"]
        assert "footnoted" not in told and told.startswith("There ")
    assert client.post("/api/lookup", json={"text": "Who?", "collection": "nothing"}).json() == {
        "error": "There are no documents in it yet; add some, and try again"
    }
    client.post("/api/collections/remove", json={"name": "nothing"})


def test_a_file_is_replaced_and_renamed(client: TestClient, letters: str) -> None:
    changed = [("files", ("rules.txt", b"Dogs are not allowed on the quay.\n"))]
    data = {"collection": letters}
    client.post("/api/add", files=changed, data=data)
    changed = [("files", ("rules.txt", b"Cats are not allowed on the quay.\n"))]
    (file,) = client.post("/api/add", files=changed, data=data).json()["files"]
    assert (file["path"], file["change"]) == ("rules.txt", "updated")
    call = {"name": "rules.txt", "new": "../../old\\./rules.txt", "collection": letters}
    # Whatever the name says, it stays among those that were brought; what it is called is told.
    renamed = {"renamed": True, "name": "old/rules.txt"}
    assert client.post("/api/rename", json=call).json() == renamed
    assert "old/rules.txt" in documents(client, letters)
    assert "is no file" not in client.post("/api/rename", json=call).text
    assert client.post("/api/rename", json=call).status_code == 400
    client.post("/api/remove", json={"ids": ["old/rules.txt"], "collection": letters})


def test_what_cannot_be_read_is_kept_and_said(client: TestClient) -> None:
    client.post("/api/collections/create", json={"name": "broken"})
    files = [("files", ("report.pdf", b"%PDF-1.7 and nothing more"))]
    receipt = client.post("/api/add", files=files, data={"collection": "broken"}).json()
    (file,) = receipt["files"]
    assert file["change"] == "failed" and "broken" in file["failure"]
    removed = client.post("/api/remove", json={"ids": ["report.pdf"], "collection": "broken"})
    assert removed.json()["files"] == ["report.pdf"]


def test_progress_is_told_as_it_comes(client: TestClient) -> None:
    client.post("/api/collections/create", json={"name": "watched"})
    files = [("files", ("a.txt", LETTER))]
    accept = {"accept": "application/x-ndjson"}
    reply = client.post("/api/add", files=files, data={"collection": "watched"}, headers=accept)
    *progress, last = map(json.loads, reply.text.splitlines())
    assert progress and all(set(one) == {"progress"} for one in progress)
    assert [one["path"] for one in last["receipt"]["files"]] == ["a.txt"]
    reply = client.post("/api/add", files=files, headers=accept)
    assert "make a collection for yours" in json.loads(reply.text.splitlines()[-1])["error"]


def test_names_lead_nowhere_else(client: TestClient, letters: str, service: Service) -> None:
    files = [("files", ("../../../escaped.txt", b"The lighthouse is white.\n"))]
    receipt = client.post("/api/add", files=files, data={"collection": letters}).json()
    assert [one["path"] for one in receipt["files"]] == ["escaped.txt"]
    for name in ("../../index/index.sqlite", "/etc/passwd", "..", "\0"):
        reply = client.post("/api/remove", json={"ids": [name], "collection": letters})
        assert reply.status_code == 400 and "nothing is removed" in reply.json()["error"]
    client.post("/api/remove", json={"ids": ["escaped.txt"], "collection": letters})


def test_collections_are_listed_renamed_and_deleted(client: TestClient) -> None:
    listed = client.get("/api/collections").json()
    assert schemas.CollectionObject.model_validate(listed[0]).is_sample
    assert (listed[0]["name"], listed[0]["documents"]) == ("Sample documents", 2)
    client.post("/api/collections/create", json={"name": "short lived"})
    call = {"name": "short lived", "new": "Renamed"}
    assert client.post("/api/collections/rename", json=call).json() == {"name": "Renamed"}
    assert client.get("/api/documents", params={"collection": "renamed"}).json() == []
    assert client.post("/api/collections/remove", json={"name": "Renamed"}).json()
    gone = client.get("/api/documents", params={"collection": "Renamed"})
    assert gone.status_code == 404 and "There is no collection" in gone.json()["error"]


@pytest.mark.parametrize(
    ("route", "body", "status", "error"),
    [
        ("ask", {}, 422, "This call cannot be read: body.question"),
        ("ask", {"question": 7}, 422, "body.question"),
        ("ask", {"question": "Who?", "other": 1}, 422, "body.other"),
        ("ask", {"question": ""}, 400, "The question is empty"),
        ("ask", {"question": "why " * 1000}, 400, "The question has 4,000 characters"),
        ("ask", {"question": "Who?", "collection": "nowhere"}, 404, "There is no collection"),
        ("ask", {"question": "Who?", "collection": "../home"}, 404, "There is no collection"),
        ("lookup", {"text": ""}, 400, ""),
        ("verify", {"answer": {}}, 400, "This answer object"),
        ("remove", {"ids": []}, 422, "body.ids"),
        ("remove", {"ids": ["nobody"]}, 400, "There is no file and no document 'nobody'"),
        ("collections/create", {"name": "a/b"}, 400, "A collection cannot be called"),
        ("collections/remove", {"name": "Sample documents"}, 404, "There is no collection"),
        ("nothing", {}, 404, "There is no POST /api/nothing"),
    ],
)
def test_mistakes_are_one_line(
    client: TestClient, route: str, body: dict[str, Any], status: int, error: str
) -> None:
    reply = client.post(f"/api/{route}", json=body)
    said = schemas.Error.model_validate(reply.json()).error
    assert (reply.status_code, "\n" in said) == (status, False)
    assert error in said


@pytest.mark.parametrize("body", [b"", b"no JSON", b"\xff", b"[]", b"{" * 100_000])
def test_what_is_no_call_is_refused(client: TestClient, body: bytes) -> None:
    for route in ("ask", "add", "collections/create"):
        reply = client.post(
            f"/api/{route}", content=body, headers={"content-type": "application/json"}
        )
        assert reply.status_code in (400, 422) and "\n" not in reply.json()["error"]


def test_what_was_done_is_counted(client: TestClient, letters: str) -> None:
    assert client.get("/api/health").json()["status"] == "ok"
    text = client.get("/api/metrics").text
    assert 'footnoted_changes_total{kind="add"}' in text
    assert letters not in text


def test_it_is_described(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    promised = "ask lookup documents add remove collections verify evaluate health metrics".split()
    assert {f"/{name}" for name in promised} <= set(described["paths"])
    schema = described["paths"]["/ask"]["post"]["responses"]["200"]["content"]["application/json"]
    assert schema["schema"]["$ref"].endswith("/AnswerObject")


def test_a_page_is_drawn_with_its_quotation(client: TestClient, tmp_path: Path) -> None:
    writer = Writer(tmp_path / "bell.pdf")
    writer.line(72, 300, "The bell of Norvik rings at noon.")
    writer.save()
    client.post("/api/collections/create", json={"name": "drawn"})
    files = [("files", ("bell.pdf", (tmp_path / "bell.pdf").read_bytes()))]
    client.post("/api/add", files=files, data={"collection": "drawn"})
    of = {"collection": "drawn", "document": "bell.pdf"}
    reply = client.get("/api/page", params={**of, "start": 4, "end": 18})
    assert (reply.headers["content-type"], reply.content[:4]) == ("image/png", b"\x89PNG")
    assert 0.3 < float(reply.headers["x-mark-top"]) < float(reply.headers["x-mark-bottom"]) < 0.4
    for wrong in ({"start": -1, "end": 3}, {"start": 4, "end": 10**9}):
        assert client.get("/api/page", params={**of, **wrong}).status_code == 400
    (sample, *_) = client.get("/api/documents").json()
    undrawn = client.get("/api/page", params={"document": sample["id"], "start": 0, "end": 3})
    assert "no pages that can be drawn" in undrawn.json()["error"]


def test_nothing_that_was_brought_stays_elsewhere(
    client: TestClient, letters: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    files = [("files", ("note.txt", b"The bell rings at noon.\n"))]
    client.post("/api/add", files=files, data={"collection": letters})
    assert list(tmp_path.iterdir()) == []
    client.post("/api/remove", json={"ids": ["note.txt"], "collection": letters})


def test_conversations_are_listed_read_renamed_and_deleted(
    client: TestClient, service: Service
) -> None:
    id_ = service.conversations.create(ANYONE.name, "Sample documents", "Who opposes the plan?")
    service.asking.begin(service.first, ANYONE.name, id_, "Who opposes the plan?").result(60)
    (listed,) = client.get("/api/conversations", params={"words": "opposes"}).json()
    assert schemas.ConversationObject.model_validate(listed).id == id_
    (turn,) = client.get(f"/api/conversations/{id_}").json()
    answer = schemas.TurnObject.model_validate(turn).answer
    assert answer and answer.answered
    exported = client.get(f"/api/conversations/{id_}/export")
    assert "attachment" in exported.headers["content-disposition"]
    assert exported.text.startswith("# Who opposes the plan?") and "[^1]: " in exported.text
    call = {"id": id_, "title": "The plan"}
    assert client.post("/api/conversations/rename", json=call).json() == {"renamed": True}
    assert client.get("/api/conversations", params={"words": "The plan"}).json()
    assert client.post("/api/conversations/remove", json={"id": id_}).json() == {"removed": True}
    gone = client.get(f"/api/conversations/{id_}")
    assert gone.status_code == 404 and "not here any more" in gone.json()["error"]


def test_questions_to_begin_with_are_suggested(client: TestClient, letters: str) -> None:
    until = monotonic() + 60
    while True:
        given = client.get("/api/suggestions", params={"collection": letters}).json()
        found = schemas.SuggestionsObject.model_validate(given)
        if found.ready:
            break
        assert monotonic() < until
        sleep(0.1)
    (one,) = [one for one in found.suggestions if one.kind == "role"]
    assert (one.question, one.answer) == ("Who is the treasurer of the society?", "Sven Brandt")
    assert one.document == "letter.txt"
    refused = client.get("/api/suggestions", params={"collection": "nothing"})
    assert refused.status_code == 404
