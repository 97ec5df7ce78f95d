"""Several at once: files that come, collections that go, questions and servers that end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed, Stopped
from footnoted.qa.service.service import Service
from footnoted.qa.types import Answer, Told
from footnoted.qa.within import Within
from support.embedder import HashedEmbedder
from support.processes import ended, in_one_thread, started
from support.stub import Stub


class Slow(Stub):
    """Answers when it is let."""

    asked = threading.Event()
    let = threading.Event()

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        self.asked.set()
        assert self.let.wait(30)
        self.library.coverage()  # of an index that may be gone
        return super().ask(question, history)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(
        Slow(Library.create(tmp_path / "index", HashedEmbedder())), Home(tmp_path / "home")
    )
    Slow.asked.clear()
    Slow.let.clear()
    service.create(ANYONE, "letters")
    yield service
    Slow.let.set()
    service.close()


@pytest.fixture
def letters(service: Service) -> CollectionService:
    return service.collection(ANYONE, "letters")


def bring(of: CollectionService, folder: Path, name: str, text: str = "", **how: object) -> None:
    file = folder / f"{threading.get_ident()}"
    file.write_text(text or f"The keeper of {name} is Orla Vint.")
    of.add({name: file}, **how)  # type: ignore[arg-type]


def read(file: Path) -> str:
    return file.read_text(errors="replace") if file.is_file() else ""


def ids(of: CollectionService) -> list[str]:
    return [one.id for one in of.listing()]


def held(do: Callable[[Callable[..., None]], object]) -> tuple[threading.Thread, threading.Event]:
    """Something with progress that goes on when it is let; it has begun."""
    begun, let = threading.Event(), threading.Event()

    def progress(*_: object) -> None:
        begun.set()
        assert let.wait(30)

    thread = threading.Thread(target=do, args=(progress,))
    thread.start()
    assert begun.wait(30)
    return thread, let


def test_files_that_are_added_at_once_are_all_there(
    letters: CollectionService, tmp_path: Path
) -> None:
    names = [f"{number}.txt" for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: bring(letters, tmp_path, name), names))
        list(pool.map(lambda _: bring(letters, tmp_path, "same.txt"), range(4)))
    assert ids(letters) == [*names, "same.txt"]


def test_a_collection_is_not_deleted_or_renamed_while_files_are_added(
    service: Service, letters: CollectionService, tmp_path: Path
) -> None:
    add = lambda progress: bring(letters, tmp_path, "a.txt", progress=progress)  # noqa: E731
    thread, let = held(add)
    with pytest.raises(Failed, match="is being changed just now"):
        service.remove(ANYONE, "letters")
    with pytest.raises(Failed, match="is being changed just now"):
        service.rename(ANYONE, "letters", "other")
    other = Service(Stub(Library.open(tmp_path / "index", HashedEmbedder())), service._home)
    with pytest.raises(Failed, match="etters is being changed just now"):  # by another process
        other.remove(ANYONE, "letters")
    let.set()
    thread.join()
    assert ids(letters) == ["a.txt"]
    service.remove(ANYONE, "letters")
    assert service.collections(ANYONE)[1:] == []


@pytest.mark.parametrize("how", ["remove", "rename"])
def test_what_is_gone_is_not_made_anew(
    service: Service, letters: CollectionService, tmp_path: Path, how: str
) -> None:
    bring(letters, tmp_path, "a.txt")
    if how == "remove":
        service.remove(ANYONE, "letters")
    else:
        service.rename(ANYONE, "letters", "other")
    for do in (
        lambda: bring(letters, tmp_path, "b.txt"),
        lambda: letters.remove(["a.txt"]),
        lambda: letters.rename("a.txt", "b.txt"),
        lambda: letters.restore("x"),
        letters.read_again,
        letters.listing,
        letters.files,
    ):
        with pytest.raises(Failed, match="There is no collection 'letters' any more"):
            do()
    assert not (tmp_path / "home/letters").exists()
    service.create(ANYONE, "letters")
    assert ids(service.collection(ANYONE, "letters")) == []


def test_a_renamed_collection_goes_on(
    service: Service, letters: CollectionService, tmp_path: Path
) -> None:
    bring(letters, tmp_path, "a.txt")
    service.rename(ANYONE, "letters", "other")
    other = service.collection(ANYONE, "other")
    bring(other, tmp_path, "b.txt")
    assert ids(other) == ["a.txt", "b.txt"]
    other.read_again()
    assert ids(other) == ["a.txt", "b.txt"]
    (removed,) = {one.removed_as for one in other.files().shown if one.document == "a.txt"}
    assert removed == "a.txt"
    other.restore(other.remove(["a.txt"]).token)
    assert ids(other) == ["a.txt", "b.txt"]
    assert len(other.files().shown) == 2


def test_a_file_is_removed_once(letters: CollectionService, tmp_path: Path) -> None:
    bring(letters, tmp_path, "a.txt")

    def remove(_: int) -> bool:
        try:
            letters.remove(["a.txt", "a.txt"])
        except Failed as failure:
            assert "nothing is removed" in str(failure)
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(remove, range(4))) == 1


def test_what_cannot_be_added_leaves_everything_as_it_was(
    letters: CollectionService, tmp_path: Path
) -> None:
    bring(letters, tmp_path, "a.txt", "The keeper is Orla Vint.")

    def stopping(*_: object) -> None:
        raise Stopped

    for name in ("a.txt", "x/b.txt"):
        with pytest.raises(Stopped):
            bring(letters, tmp_path, name, "The keeper is Sven Brandt.", progress=stopping)
    letters.read_again()
    document = letters.document("a.txt")
    assert document and document.text == "The keeper is Orla Vint."
    assert ids(letters) == ["a.txt"]
    files = tmp_path / "home/letters/files"
    assert [one.name for one in files.iterdir()] == ["a.txt"]
    assert not [one for one in (tmp_path / "home").rglob("*") if "Brandt" in read(one)]


@pytest.mark.parametrize("how", ["remove", "rename"])
def test_who_asks_a_collection_that_goes_is_told(
    service: Service, letters: CollectionService, tmp_path: Path, how: str
) -> None:
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(letters.ask, "Who?", [])
        assert Slow.asked.wait(30)
        if how == "remove":
            service.remove(ANYONE, "letters")
        else:
            service.rename(ANYONE, "letters", "other")
        Slow.let.set()
        with pytest.raises(Failed, match="There is no collection 'letters' any more"):
            asking.result(30)


def test_an_evaluation_of_what_is_deleted_ends(
    service: Service, letters: CollectionService, tmp_path: Path
) -> None:
    questions = tmp_path / "questions.jsonl"
    line = '{"id": "%d", "question": "Who is it?", "answers": []}\n'
    questions.write_text("".join(line % number for number in range(50)))
    with ThreadPoolExecutor(1) as pool:
        evaluating = pool.submit(letters.evaluate, questions)
        assert Slow.asked.wait(30)
        service.remove(ANYONE, "letters")
        Slow.let.set()
        with pytest.raises((Failed, Stopped)) as raised:
            evaluating.result(30)
    assert str(tmp_path) not in str(raised.value)
    with pytest.raises(Failed, match=r"none\.jsonl"):
        service.first.evaluate(tmp_path / "none.jsonl")  # another may be begun


def test_each_asker_gets_their_own_answer(service: Service) -> None:
    Slow.let.set()
    questions = [f"Who is number {number}?" for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda one: service.first.ask(one, []), questions))
    assert [one.question for one in answers] == questions


def test_a_conversation_in_two_windows_keeps_its_order(service: Service) -> None:
    kept = service.conversations
    id_ = kept.create(ANYONE.name, "index", "Who?")
    asked = [f"Who is number {number}?" for number in range(6)]
    waiting = [service.asking.begin(service.first, ANYONE.name, id_, one) for one in asked]
    Slow.let.set()
    for one in waiting:
        one.result(30)
    turns = kept.turns(ANYONE.name, id_)
    assert [turn.question for turn in turns] == asked
    assert all(turn.answer and turn.answer.question == turn.question for turn in turns)


def test_what_follows_in_another_window_knows_what_was_answered(tmp_path: Path) -> None:
    class Telling(Slow):
        told: list[list[str]] = []  # noqa: RUF012

        def ask(
            self,
            question: str,
            history: Sequence[str] = (),
            within: Within | None = None,
            told: Told | None = None,
        ) -> Answer:
            self.told.append(list(history))
            return super().ask(question, history)

    service = Service(Telling(Library.create(tmp_path / "index", HashedEmbedder())))
    id_ = service.conversations.create(ANYONE.name, "index", "Who?")
    waiting = [
        service.asking.begin(service.first, ANYONE.name, id_, one)
        for one in ("Who opposes the plan?", "And the parties?")
    ]
    Slow.let.set()
    for one in waiting:
        one.result(30)
    assert Telling.told == [[], ["Who opposes the plan?"]]


# -- a server that is killed -----------------------------------------------------------------------


def _add_many(folder: Path, at: int) -> None:
    """Bring files, and be killed at a step of it."""
    import os
    import signal

    steps = iter(range(10**6))

    def step(*_: object) -> None:
        if next(steps) == at:
            os.kill(os.getpid(), signal.SIGKILL)

    service = Service(Stub(Library.open(folder / "index")), Home(folder / "home"))
    incoming = service.new_folder()
    files = {}
    for number in range(6):
        files[f"{number}.txt"] = incoming / str(number)
        files[f"{number}.txt"].write_text(f"The keeper of {number} is new.\n" * 500)
    replace = Path.replace

    def replace_and_step(self: Path, target: Path) -> Path:
        step()
        moved = replace(self, target)
        step()
        return moved

    Path.replace = replace_and_step  # type: ignore[method-assign, assignment]
    service.collection(ANYONE, "letters").add(files, step)


def _kill(folder: Path) -> None:
    Library.create(folder / "index").close()
    for at in (0, 1, 4, 11, 12, 13, 14, 16, 20):
        home = Home(folder / "home")
        letters = home.create("letters")
        service = Service(Stub(Library.open(folder / "index")), home)
        for number in (0, 1):
            file = folder / "old"
            file.write_text(f"The keeper of {number} is old.\n" * 500)
            service.collection(ANYONE, "letters").add({f"{number}.txt": file})
        service.close()
        killed = ended(started(partial(_add_many, folder, at)))
        service = Service(Stub(Library.open(folder / "index")), home)
        of = service.collection(ANYONE, "letters")
        before = {one.id: of.document(one.id) for one in of.listing()}
        assert {"0.txt", "1.txt"} <= set(before)
        of.read_again()
        for one in of.listing():
            document = of.document(one.id)
            assert document
            words = set(document.text.split())
            assert document.text.count("\n") == 500 and len(words & {"old.", "new."}) == 1, one.id
        assert not list(home.folder.glob(".incoming-*")), (at, killed)
        service.close()
        assert not list(letters.folder.glob(".removed-*")), (at, killed)
        home.remove("letters")


@pytest.mark.crash
def test_a_server_that_is_killed_leaves_nothing_half(tmp_path: Path) -> None:
    in_one_thread(_kill, tmp_path)
