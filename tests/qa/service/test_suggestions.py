"""What is suggested is found while nobody asks, and anew once the collection has changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest

from footnoted.corpus.errors import StoreUnavailable
from footnoted.index.library import Library
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.service import Service
from footnoted.qa.service.suggesting import Suggesting, Suggestions
from footnoted.qa.service.turns import Turns
from footnoted.qa.types import Answer

pytestmark = pytest.mark.models

WHO = "Who is the treasurer of the society?"


@pytest.fixture
def service(library: Library, tmp_path: Path) -> Iterator[Service]:
    (tmp_path / "letter.txt").write_text("The treasurer of the society is Sven Brandt.\n")
    library.update([tmp_path / "letter.txt"])
    service = Service(Pipeline(library))
    yield service
    service.close()


def ready(of: CollectionService | Suggesting) -> Suggestions:
    until = monotonic() + 60
    while not (found := of.suggestions()).is_ready:
        assert monotonic() < until
        sleep(0.05)
    return found


def counted(service: Service) -> list[str]:
    lines = service.metrics.exposed()[0].splitlines()
    return [one for one in lines if one.startswith("footnoted_question")]


def questions(found: Suggestions) -> list[str]:
    return [one.question for one in found.found]


def test_they_are_found_once_and_answered_at_once(service: Service) -> None:
    of = service.collection(ANYONE)
    before = counted(service)
    found = ready(of)
    assert questions(found) == [WHO]
    assert of.suggestions() == found
    assert found.as_dict()["suggestions"][0]["answer"] == "Sven Brandt"
    assert counted(service) == before  # nobody has asked
    answer = of.begin(WHO, [])
    assert answer.done()  # it was kept
    assert answer.result().citations == found.found[0].answer.citations


def test_a_change_gives_others(service: Service, library: Library, tmp_path: Path) -> None:
    of = service.collection(ANYONE)
    assert questions(ready(of)) == [WHO]
    (tmp_path / "letter.txt").write_text("The chairman of the society is Tom Rees.\n")
    library.update([tmp_path / "letter.txt"])
    assert questions(ready(of)) == ["Who is the chairman of the society?"]


class Faltering(Pipeline):
    """Its store is away for the first questions."""

    times = 2

    def ask(self, *arguments: Any, **named: Any) -> Answer:
        if self.times:
            self.times -= 1
            raise StoreUnavailable("it does not answer")
        return super().ask(*arguments, **named)


def test_where_documents_were_away_it_is_looked_again(service: Service, library: Library) -> None:
    pipeline = Faltering(library)
    assert questions(ready(Suggesting(pipeline, Turns()))) == [WHO]
    assert not pipeline.times


def test_people_come_first_and_a_server_that_stops_looks_no_further(
    service: Service, library: Library
) -> None:
    turns, let = Turns(at_once=2), threading.Event()
    person = turns.begin("somebody", let.wait)
    suggesting = Suggesting(Pipeline(library), turns)
    assert suggesting.suggestions() == ((), False)
    sleep(0.5)
    assert suggesting.suggestions() == ((), False)  # one of two turns is free, but not for this
    suggesting.close()
    turns.close()
    let.set()
    person.result(30)
    assert ready(suggesting) == ((), True)


def test_an_empty_collection_suggests_nothing(library: Library) -> None:
    assert ready(Suggesting(Pipeline(library), Turns())) == ((), True)
