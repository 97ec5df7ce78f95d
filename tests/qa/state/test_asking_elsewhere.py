"""Questions that several servers know of: read, stopped and followed at any of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import pytest
from starlette.testclient import TestClient

from footnoted.corpus.errors import FootnotedError, StateUnavailable
from footnoted.index.library import Library
from footnoted.qa.api.routes import create_api
from footnoted.qa.page.health import Closing
from footnoted.qa.service import asking
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.health import Health
from footnoted.qa.service.service import Service
from footnoted.qa.state.named import shared_state
from footnoted.qa.state.protocols import State
from footnoted.qa.types import Answer, Told, Underway
from footnoted.qa.within import Within
from support.answers import NOTHING
from support.embedder import HashedEmbedder
from support.stub import Stub

WHO = ANYONE.name

Opened = Callable[[], State]


class Held(Stub):
    """Answers when it is let; meanwhile it tells again and again how far it is."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.let = threading.Event()
        self.asked: list[tuple[str, list[str]]] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        self.asked.append((question, list(history)))
        while not self.let.wait(0.05):
            if told:
                told(Underway(2, 1, ()))
        return replace(NOTHING, question=question, understood=question)

    def over(self, library: Library) -> Self:
        return self


class Two:
    """Two servers, of which the first does not answer before it is let."""

    def __init__(self, opened: Opened, folder: Path) -> None:
        place = folder / "index"
        self.held = Held(Library.create(place, HashedEmbedder()))
        self.free = Held(Library.open(place, HashedEmbedder()))
        self.free.let.set()
        self.slow, self.quick = (
            Service(pipeline, state=opened()) for pipeline in (self.held, self.free)
        )

    def begun(self, question: str) -> str:
        """A question that the first one reads."""
        id_ = self.slow.conversations.create(WHO, "index", question)
        self.slow.asking.begin(self.slow.first, WHO, id_, question)
        while not self.held.asked:
            time.sleep(0.01)
        return id_


@pytest.fixture
def two(opened: Opened, tmp_path: Path) -> Iterator[Two]:
    two = Two(opened, tmp_path)
    yield two
    two.held.let.set()
    for one in (two.slow, two.quick):
        while not one.is_idle:
            time.sleep(0.01)
        one.close()


def test_another_server_reads_what_is_opened_there(two: Two) -> None:
    """Whether the first one died or not; what comes first counts."""
    id_ = two.begun("Who?")
    waiting = two.quick.asking.resumed(two.quick.first, WHO, id_)
    assert waiting
    waiting.result(30)
    (turn,) = two.slow.conversations.turns(WHO, id_)
    assert turn.answer and two.free.asked == [("Who?", [])]
    while not two.slow.asking.is_idle:  # which sees that nobody waits for it any more
        time.sleep(0.01)
    assert not two.held.let.is_set()
    assert two.slow.conversations.turns(WHO, id_) == [turn]


def test_what_follows_knows_what_another_server_still_reads(two: Two) -> None:
    id_ = two.begun("Who is the keeper?")
    two.quick.asking.begin(two.quick.first, WHO, id_, "And why?").result(30)
    assert two.free.asked == [("Who is the keeper?", []), ("And why?", ["Who is the keeper?"])]
    assert all(turn.answer for turn in two.slow.conversations.turns(WHO, id_))


def test_another_server_stops_it(two: Two) -> None:
    id_ = two.begun("Who?")
    two.quick.asking.stop(WHO, id_)
    (turn,) = two.slow.conversations.turns(WHO, id_)
    assert turn.error == "Stopped"
    while not two.slow.asking.is_idle:
        time.sleep(0.01)
    assert not two.held.let.is_set()
    assert two.slow.conversations.turns(WHO, id_) == [turn]


def test_an_answer_is_kept_though_what_keeps_it_was_away(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_BETWEEN_TRIES_SECONDS", 0.01)
    finish, tries = two.quick.conversations.finish, []

    def away(*arguments: object) -> None:
        tries.append(arguments)
        if len(tries) < 4:
            raise StateUnavailable("it is away")
        finish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(two.quick.conversations, "finish", away)
    id_ = two.quick.conversations.create(WHO, "index", "Who?")
    two.quick.asking.begin(two.quick.first, WHO, id_, "Who?").result(30)
    assert two.quick.conversations.turns(WHO, id_)[0].answer and len(tries) == 4


def test_what_is_away_is_told_without_saying_where(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StateUnavailable("postgresql://db.intern/kept does not answer")

    for method in ("conversations", "turns", "conversation"):
        monkeypatch.setattr(two.quick.conversations, method, away)
    client = TestClient(create_api(two.quick), raise_server_exceptions=False)
    judged = {"id": "x", "number": 1, "verdict": "right", "place": None}
    replies = [
        client.get("/conversations"),
        client.get("/conversations/x"),
        client.post("/conversations/stop", json={"id": "x"}),
        client.post("/conversations/judge", json=judged),
    ]
    for reply in replies[:3]:
        assert reply.status_code == 503 and reply.headers["retry-after"]
        assert "db.intern" not in reply.text and "try again in a moment" in reply.text
    # What needs none of it is answered.
    assert client.post("/ask", json={"question": "Who?"}).status_code == 200


def test_where_several_servers_answer_none_of_them_changes_anything(
    database: str, tmp_path: Path
) -> None:
    """What is brought to one would be missing at the others, and what is removed would return."""
    library = Library.create(tmp_path / "index", HashedEmbedder())
    (tmp_path / "boats.txt").write_text("The oldest boat is called Maren.\n")
    library.update([tmp_path / "boats.txt"])
    service = Service(Held(library), state=shared_state(database))
    client = TestClient(create_api(service))
    for reply in (
        client.post("/add", files={"files": ("ferry.txt", b"The ferry is called Ida.")}),
        client.post("/remove", json={"ids": ["boats.txt"]}),
        client.post("/refresh"),
        client.post("/rename", json={"name": "boats.txt", "new": "ferries.txt"}),
    ):
        assert reply.status_code == 403 and "footnoted index" in reply.json()["error"]
    (listed,) = client.get("/collections").json()
    assert not listed["may_change"] and not listed["is_own"]
    assert client.post("/collections/create", json={"name": "Mine"}).status_code == 400
    assert client.post("/writing", json={"name": "http://localhost#x"}).status_code == 403
    assert [one["id"] for one in client.get("/documents").json()] == ["boats.txt"]
    service.close()


# -- whether it can be asked -----------------------------------------------------------------------


def test_what_hangs_or_fails_is_lacking_and_asked_for_once() -> None:
    hanging, looks = threading.Event(), []

    def hang() -> None:
        looks.append(1)
        hanging.wait(30)

    def fail() -> None:
        raise FootnotedError("it is not there")

    health = Health({"models": lambda: None, "documents": hang, "state": fail})
    began = time.monotonic()
    assert health.lacking() == ["documents", "state"]
    assert time.monotonic() - began < 10
    assert health.lacking() == ["documents", "state"] and len(looks) == 1
    hanging.set()
    while health.lacking() != ["state"]:
        time.sleep(0.01)


def test_what_is_closing_sends_who_asks_elsewhere(two: Two) -> None:
    api = create_api(two.quick)
    client = TestClient(Closing(api, two.quick.health))
    assert client.post("/ask", json={"question": "Who?"}).status_code == 200
    two.quick.finish()
    refused = client.post("/ask", json={"question": "Who else?"})
    assert refused.status_code == 503 and refused.headers["retry-after"] == "1"
    assert ("Who else?", []) not in two.free.asked
