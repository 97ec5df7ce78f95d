"""A collection as one caller may use it: one state for all, and each with their own rights."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.accounts.access import ACCESS, Access
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.service.callers import ANYONE, Caller
from footnoted.qa.service.failures import Failed, Forbidden
from footnoted.qa.service.limits import CHANGES_PER_MINUTE, QUESTIONS_PER_MINUTE, Limits, TooOften
from footnoted.qa.service.service import Service
from support.embedder import HashedEmbedder
from support.stub import Stub

ANNA, BOB = Caller("anna", "editor"), Caller("bob", "editor")
CARL = Caller("carl", "reader")


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    library = Library.create(tmp_path / "index", HashedEmbedder())
    service = Service(Stub(library), Home(tmp_path / "home"), limits=Limits(0))
    yield service
    service.close()
    library.close()


def test_what_is_gone_is_gone_for_all_who_hold_it(service: Service) -> None:
    service.create(ANNA, "plans")
    held = service.collection(ANNA, "plans")
    service.remove(ANNA, "plans")
    with pytest.raises(Failed, match="here is no collection 'plans' any more"):
        held.add({})


def test_a_removal_is_undone_by_another_who_may(service: Service, tmp_path: Path) -> None:
    service.create(ANNA, "plans")
    Access(owner="anna", readers=(), editors=("bob",)).save(tmp_path / "home/plans")
    (tmp_path / "a.txt").write_text("A plan.\n")
    service.collection(ANNA, "plans").add({"a.txt": tmp_path / "a.txt"})
    token = service.collection(ANNA, "plans").remove(["a.txt"]).token
    service.collection(BOB, "plans").restore(token)
    assert [one.id for one in service.collection(ANNA, "plans").listing()] == ["a.txt"]


def test_rights_are_looked_up_each_time_and_a_broken_file_gives_none(
    service: Service, tmp_path: Path
) -> None:
    service.create(ANNA, "plans")
    for caller in (BOB, CARL):
        with pytest.raises(Failed, match="no collection 'plans'"):
            service.collection(caller, "plans")
    Access(owner="anna").save(tmp_path / "home/plans")
    assert not service.collection(BOB, "plans").may_change
    assert [one.name for one in service.collections(CARL)] == ["index", "plans"]
    (tmp_path / "home/plans" / ACCESS).write_text("{")
    for caller in (ANNA, BOB, CARL):
        with pytest.raises(Failed, match="no collection 'plans'"):
            service.collection(caller, "plans")
    assert service.collection(ANYONE, "plans")  # on this machine, where there are no accounts


def test_who_it_belongs_to_stays_when_its_index_is_made_anew(
    service: Service, tmp_path: Path
) -> None:
    service.create(ANNA, "plans")
    (tmp_path / "a.txt").write_text("A plan.\n")
    service.collection(ANNA, "plans").add({"a.txt": tmp_path / "a.txt"})
    Library.rebuild(tmp_path / "home/plans", embedder=HashedEmbedder())[0].close()
    assert Access.of(tmp_path / "home/plans").owner == "anna"


def test_nobody_is_anyone_where_there_are_accounts(service: Service, tmp_path: Path) -> None:
    service.accounts = Accounts(tmp_path / "home")
    assert service.collection(ANYONE)
    service.accounts.add("anna", "correct horse battery", "editor")
    for do in (
        lambda: service.collections(ANYONE),
        lambda: service.collection(ANYONE),
        lambda: service.create(ANYONE, "plans"),
        lambda: service.exposed(ANYONE),
    ):
        with pytest.raises(Forbidden, match="Sign in first"):
            do()


def test_an_evaluation_is_stopped_by_who_began_it(service: Service) -> None:
    evaluating = service.collection(ANNA)._evaluating
    stopped, began = threading.Event(), threading.Event()

    def run() -> None:
        with evaluating.one(lambda *_: None, "anna") as report:
            began.set()
            try:
                while not stopped.wait(0.01):
                    report("asking", 0, 1)
            except Exception:
                stopped.set()

    running = threading.Thread(target=run)
    running.start()
    began.wait(10)
    service.stop(BOB)
    service.collection(BOB).stop_evaluating()
    assert not stopped.wait(0.2)
    service.stop(ANNA)
    running.join(10)
    assert stopped.is_set()


def test_each_has_so_many_questions_a_minute(service: Service) -> None:
    service._limits = Limits()
    for _ in range(QUESTIONS_PER_MINUTE):
        service.collection(ANNA).ask("Who?", [])
    for again in (
        lambda: service.collection(ANNA).ask("Who?", []),
        lambda: service.collection(ANNA).look_up("Who?"),
        lambda: service.collection(ANNA).evaluate(None),
    ):
        with pytest.raises(TooOften, match="Too many questions in a short time; try again in"):
            again()
    service.collection(BOB).ask("Who?", [])
    for _ in range(QUESTIONS_PER_MINUTE + 5):
        service.collection(ANYONE).ask("Who?", [])  # nobody else is there


def test_a_text_that_is_pasted_counts_once(service: Service) -> None:
    service._limits = Limits(1)
    for what in ("There are no documents", "Too many questions"):
        with pytest.raises(Failed, match=what):
            service.collection(ANNA).look_up_pasted("The boat sank. Nobody was on board.")


def test_where_nobody_is_known_each_address_has_so_many() -> None:
    limits = Limits(2)
    one, other = (Caller("anyone", "editor", address) for address in ("10.0.0.1", "10.0.0.2"))
    limits.admit("question", one)
    limits.admit("question", one)
    with pytest.raises(TooOften):
        limits.admit("question", one)
    limits.admit("question", other)
    Limits(0).admit("question", one)


def test_changes_are_counted_too() -> None:
    limits = Limits(0)
    for _ in range(CHANGES_PER_MINUTE):
        limits.admit("change", ANNA)
    with pytest.raises(TooOften, match="Too many changes"):
        limits.admit("change", ANNA)


def test_the_log_tells_of_questions_only_if_it_is_told_to(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.collection(ANNA).ask("Who keeps the books?", [])
    assert caplog.records == []
    caplog.set_level(logging.INFO, "footnoted.qa.service.granted")
    service.collection(ANNA).ask("Who keeps\nthe \x1b[31m books?", [])
    (line,) = caplog.messages
    assert line.startswith("anna asked index: Who keeps the ␛[31m books? (") and line.endswith(
        " s)"
    )
