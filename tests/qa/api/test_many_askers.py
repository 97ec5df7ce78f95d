"""Many ask at once over HTTP: nobody's question is lost, and each gets what it gets alone."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from http.client import HTTPConnection
from typing import Any, Self

import pytest
import uvicorn
from fastapi import FastAPI

from footnoted.index.library import Library
from footnoted.index.protocols import Searchable
from footnoted.qa.api.routes import create_api
from footnoted.qa.page.server import listen
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.service.service import Service
from footnoted.qa.service.turns import AT_ONCE
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within

ASKERS = 32
QUESTIONS = (
    "Who opposes the plan?",
    "How much will the office cost?",
    "What does Amnesty International say about the plan?",
    "What is the capital of Peru?",
)


class Held(Pipeline):
    """Answers when it is let, and tells what it was asked."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.let = threading.Event()
        self.asked: list[str] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        self.asked.append(question)
        assert self.let.wait(60)
        return super().ask(question, history, within)

    def over(self, library: Searchable) -> Self:
        raise AssertionError("there is but one collection")


@contextmanager
def served(service: Service) -> Iterator[tuple[str, int]]:
    outer = FastAPI()
    outer.mount("/api", create_api(service))
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(outer, log_level="warning"))
    thread = threading.Thread(target=partial(server.run, sockets=[listener]))
    thread.start()
    try:
        yield listener.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join(30)
        service.close()


def begun(address: tuple[str, int], question: str) -> HTTPConnection:
    connection = HTTPConnection(*address, timeout=120)
    body = json.dumps({"question": question})
    connection.request("POST", "/api/ask", body, {"content-type": "application/json"})
    return connection


def ask(address: tuple[str, int], question: str) -> dict[str, Any]:
    with begun(address, question).getresponse() as response:
        assert response.status == 200
        answer: dict[str, Any] = json.loads(response.read())
    return answer


def said(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "seconds"}


@pytest.mark.models
def test_each_of_many_gets_the_answer_that_is_given_alone(shipped: Library) -> None:
    pipeline = Pipeline(shipped)
    alone = {one: json.loads(json.dumps(pipeline.ask(one).as_dict())) for one in QUESTIONS}
    # Spaces make another question of it, to be read for itself.
    asked = [f"{QUESTIONS[n % len(QUESTIONS)]}{' ' * (n // len(QUESTIONS))}" for n in range(ASKERS)]
    with served(Service(Pipeline(shipped))) as address, ThreadPoolExecutor(ASKERS) as askers:
        found = list(askers.map(partial(ask, address), asked))
    for question, answer in zip(asked, found, strict=True):
        assert answer["question"] == question
        as_asked = {"question": question, "understood": question}
        assert said(answer) == said(alone[question.strip()] | as_asked)


@pytest.mark.models
def test_who_has_gone_is_not_read_for(shipped: Library) -> None:
    held = Held(shipped)
    service = Service(held)
    with served(service) as address, ThreadPoolExecutor(AT_ONCE) as askers:
        first = [askers.submit(ask, address, f"Who opposes {n}?") for n in range(AT_ONCE)]
        while len(held.asked) < AT_ONCE:
            pass
        gone = begun(address, "Is anybody there?")
        while "footnoted_questions_waiting 1.0" not in service.metrics.exposed()[0]:
            pass
        gone.close()
        while "footnoted_questions_waiting 0.0" not in service.metrics.exposed()[0]:
            pass
        held.let.set()
        assert all(one.result(60) for one in first)
        ask(address, "Who opposes the plan?")
    assert "Is anybody there?" not in held.asked
