"""What is asked in a conversation is read to its end, whoever still waits for it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Self

import pytest

from footnoted.index.library import Library
from footnoted.qa.service.asking import Waiting
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.failures import Stopped
from footnoted.qa.service.service import Service
from footnoted.qa.service.turns import AT_ONCE
from footnoted.qa.types import Answer, Statement, Told, Underway
from footnoted.qa.within import Choice, Within
from support.answers import NOTHING
from support.embedder import HashedEmbedder
from support.stub import Stub

WHO = ANYONE.name


class Held(Stub):
    """Answers when it is let."""

    def __init__(self, library: Library) -> None:
        super().__init__(library)
        self.let = threading.Event()
        self.asked: list[tuple[str, list[str]]] = []
        self.within: list[Within | None] = []

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        self.asked.append((question, list(history)))
        self.within.append(within)
        assert self.let.wait(30)
        if question == "Fail":
            raise RuntimeError("what nobody foresaw")
        return replace(NOTHING, question=question, understood=question)

    def over(self, library: Library) -> Self:
        return self


@pytest.fixture
def held(tmp_path: Path) -> Iterator[Held]:
    library = Library.create(tmp_path / "index", HashedEmbedder())
    held = Held(library)
    yield held
    held.let.set()


def begun(service: Service, question: str = "Who?") -> str:
    id_ = service.conversations.create(WHO, "letters", question)
    service.asking.begin(service.first, WHO, id_, question)
    return id_


def test_an_answer_is_kept_though_nobody_waits(held: Held) -> None:
    service = Service(held)
    id_ = begun(service)
    assert service.conversations.turns(WHO, id_)[0].is_waiting
    waiting = service.asking.resumed(service.first, WHO, id_)  # as after a reload
    assert waiting and not waiting.done()
    held.let.set()
    waiting.result(30)
    (turn,) = service.conversations.turns(WHO, id_)
    assert turn.answer and turn.answer.question == "Who?"
    assert service.asking.resumed(service.first, WHO, id_) is None
    assert held.asked == [("Who?", [])]


def test_what_a_stopped_server_was_reading_is_read_again(held: Held) -> None:
    held.let.set()
    service = Service(held)
    id_ = service.conversations.create(WHO, "letters", "Who?")
    service.conversations.ask(WHO, id_, "Who?")  # and then it was killed
    waiting = service.asking.resumed(service.first, WHO, id_)
    assert waiting
    waiting.result(30)
    assert service.conversations.turns(WHO, id_)[0].answer


def test_what_is_read_again_is_read_in_the_documents_that_were_chosen(
    held: Held, tmp_path: Path
) -> None:
    held.let.set()
    file = tmp_path / "boats.txt"
    file.write_text("The oldest boat is called Maren.\n")
    held.library.update([file])
    service = Service(held)
    id_ = service.conversations.create(WHO, "letters", "Who?")
    service.conversations.ask(WHO, id_, "Who?", Choice(["boats.txt"], "2024"))
    waiting = service.asking.resumed(service.first, WHO, id_)
    assert waiting
    waiting.result(30)
    choice = Choice(["boats.txt"])
    service.asking.begin(service.first, WHO, id_, "And then?", choice=choice).result(30)
    service.asking.begin(service.first, WHO, id_, "Of all?").result(30)
    boats = frozenset({"boats.txt"})
    assert held.within == [Within(boats, date(2024, 1, 1)), Within(boats), None]
    service.asking.begin(service.first, WHO, id_, "No?", choice=Choice(["gone.txt"])).result(30)
    assert "no document 'gone.txt'" in (service.conversations.turns(WHO, id_)[-1].error or "")


def test_stopped_means_that_nobody_waits_longer(held: Held) -> None:
    service = Service(held)
    id_ = begun(service)
    waiting = service.asking.resumed(service.first, WHO, id_)
    service.asking.stop(WHO, id_)
    assert waiting and waiting.done()
    held.let.set()
    service.asking.begin(service.first, WHO, id_, "And then?").result(30)
    first, second = service.conversations.turns(WHO, id_)
    assert (first.answer, first.error) == (None, "Stopped") and second.answer
    assert held.asked[-1] == ("And then?", [])  # of what has no answer, nothing follows


def test_what_goes_wrong_is_kept_as_a_line(held: Held, caplog: pytest.LogCaptureFixture) -> None:
    held.let.set()
    service = Service(held)
    id_ = service.conversations.create(WHO, "letters", "Fail")
    service.asking.begin(service.first, WHO, id_, "Fail").result(30)
    (turn,) = service.conversations.turns(WHO, id_)
    assert turn.error == "This question could not be answered: What nobody foresaw"
    service.asking.begin(service.first, WHO, id_, "Who?").result(30)
    service.asking.begin(service.first, WHO, id_, "And?").result(30)
    service.asking.begin(service.first, WHO, id_, "As typed?", alone=True).result(30)
    assert [history for _, history in held.asked] == [[], [], ["Who?"], []]


def test_a_conversation_that_is_deleted_meanwhile_comes_not_back(held: Held) -> None:
    service = Service(held)
    id_ = begun(service)
    waiting = service.asking.resumed(service.first, WHO, id_)
    service.conversations.remove(WHO, id_)
    held.let.set()
    assert waiting
    waiting.result(30)
    assert service.conversations.conversations(WHO) == []


def test_stopped_before_its_turn_it_is_never_read(held: Held) -> None:
    service = Service(held)
    for number in range(AT_ONCE):
        begun(service, f"Who is {number}?")
    while len(held.asked) < AT_ONCE:
        pass
    id_ = begun(service, "Never mind?")
    while "footnoted_questions_waiting 1.0" not in service.metrics.exposed()[0]:
        pass
    waiting = service.asking.resumed(service.first, WHO, id_)
    service.asking.stop(WHO, id_)
    assert waiting and waiting.done()
    while "footnoted_questions_waiting 0.0" not in service.metrics.exposed()[0]:
        pass  # it may have come to its turn's queue just before
    held.let.set()
    begun(service, "And who comes last?")
    while service.asking.resumed(service.first, WHO, id_):
        pass
    service.first.ask("Is everything read?", [])
    assert "Never mind?" not in [question for question, _ in held.asked]
    (turn,) = service.conversations.turns(WHO, id_)
    assert turn.error == "Stopped"


def test_what_was_answered_is_not_read_again_until_something_changes(
    held: Held, tmp_path: Path
) -> None:
    held.let.set()
    service = Service(held)
    first, again = (service.first.ask("Who?", []) for _ in range(2))
    assert replace(again, seconds=first.seconds) == first
    assert held.asked == [("Who?", [])]
    assert "footnoted_kept_answers_total 1.0" in service.metrics.exposed()[0]
    file = tmp_path / "boats.txt"
    file.write_text("The oldest boat is called Maren.\n")
    held.library.update([file])
    service.first.ask("Who?", [])
    assert held.asked == [("Who?", [])] * 2


def test_what_it_is_read_in_is_known_before_it_is_done() -> None:
    waiting, underway = Waiting(), Underway(2, 1, ())
    waiting.found(underway)
    stages = waiting.stages()
    assert next(stages) is underway
    waiting.finish()
    assert list(stages) == [] == list(waiting.stages())


def test_what_is_written_so_far_is_a_stage_of_its_own() -> None:
    waiting, underway = Waiting(), Underway(2, 1, ())
    stages = waiting.stages()
    for written in ((), (Statement("One.", "supported", (1,)),)):
        waiting.found(replace(underway, written=written))
        assert next(stages).written == written
    waiting.finish()
    assert list(stages) == []
    with pytest.raises(Stopped):
        waiting.found(underway)
