"""Several servers over one store and one state: any of them answers, and one may die."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from footnoted.index.library import Library
from footnoted.index.qdrant.address import Address
from footnoted.qa.state.named import shared_state
from support.chromium import needs_chromium
from support.postgresql import PASSWORD, Postgres
from support.qdrant_rest import serving_qdrant
from support.replicas import Replica, balancing, replicas

pytestmark = [pytest.mark.slow, pytest.mark.crash, pytest.mark.browser, pytest.mark.models]

FEES = ("120 euros", "150 euros", "180 euros", "210 euros")
SIGNING_IN = {"name": "anna", "password": "correct horse battery", "to": "/"}


def write(folder: Path, fee: str) -> dict[str, str]:
    """Documents that say what a boat costs, of different lengths, by their ids."""
    texts = {
        "fees.txt": f"The council met {'at noon ' * len(fee)}.\n\nThe fee for a boat is {fee}.\n",
        "boats.txt": "The harbour of Aarhus has forty boats.\n\nThe oldest boat is called Maren.\n",
    }
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
    return texts


def indexed(store: str, folder: Path) -> Library:
    """The store, open, with the first of the documents in it."""
    write(folder, FEES[0])
    library = Library.open_or_create(Address.parse(store))
    library.update([folder])
    return library


@pytest.fixture
def store(tmp_path: Path) -> Iterator[str]:
    with serving_qdrant(tmp_path / "qdrant") as served:
        yield f"{served}/harbour"


@pytest.fixture
def shared(
    unplugged: dict[str, str], store: str, database: str
) -> tuple[dict[str, str], list[str]]:
    """What each server is started with: its environment and options."""
    environment = {**unplugged, "PGPASSWORD": PASSWORD}
    return environment, ["--store", store, "--state", database, "--behind", "127.0.0.1"]


def footnoted(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "footnoted", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_one_dies_and_the_documents_change_while_many_ask(
    shared: tuple[dict[str, str], list[str]], store: str, tmp_path: Path
) -> None:
    environment, options = shared
    texts = {1: write(tmp_path / "town", FEES[0])}
    library = indexed(store, tmp_path / "town")
    assert library.manifest.generation == 1
    answers: list[dict[str, Any]] = []
    failed: list[str] = []
    ending = threading.Event()

    def ask(balancer: str, of: int) -> None:
        number = 0
        while not ending.is_set():
            number += 1
            question = f"What is the fee for a boat? ({of}.{number})"  # read anew each time
            reply = httpx.post(f"{balancer}/api/ask", json={"question": question}, timeout=120)
            if reply.status_code == 200:
                answers.append(reply.json())
            else:
                failed.append(reply.text)

    with (
        replicas(3, environment, tmp_path, *options, "--open-to-everyone") as three,
        balancing([one.url for one in three]) as (balancer, url),
    ):
        asking = [threading.Thread(target=ask, args=(url, of)) for of in range(4)]
        for one in asking:
            one.start()
        time.sleep(1)
        for generation, fee in enumerate(FEES[1:], 2):
            texts[generation] = write(tmp_path / "town", fee)
            library.update([tmp_path / "town"])
            if generation == 3:
                three[1].kill()
            before = len(answers)
            until = time.monotonic() + 60
            while len(answers) < before + 6 and time.monotonic() < until:
                time.sleep(0.1)
        ending.set()
        for one in asking:
            one.join()
        assert balancer.retried  # of one that was dead
        measured = sorted(_memory(one) for one in three if one.process.poll() is None)
        print(f"{len(answers)} answers; MiB of each replica: {measured}")
        for replica in (three[0], three[2]):
            assert "Traceback" not in replica.end()
    assert not failed
    for answer in answers:
        of = texts[answer["index"]["generation"]]
        assert answer["answered"] and answer["citations"]
        for cited in answer["citations"]:
            assert of[cited["document"]][cited["start"] : cited["end"]] == cited["quote"]
    assert {answer["index"]["generation"] for answer in answers} == set(texts)
    # Whoever has never seen the files checks an answer of whichever server.
    last = max(answers, key=lambda one: one["index"]["generation"])
    (tmp_path / "elsewhere").mkdir()
    for saved, code in ((last, 0), (answers[0], 1)):
        (tmp_path / "elsewhere" / "answer.json").write_text(json.dumps(saved))
        checked = footnoted(
            "verify", "answer.json", "--store", store, folder=tmp_path / "elsewhere"
        )
        assert checked.returncode == code, checked.stdout + checked.stderr
    library.close()


def _memory(replica: Replica) -> int:
    """MiB that are in use by it, and by nobody else."""
    lines = Path(f"/proc/{replica.process.pid}/status").read_text().splitlines()
    (line,) = (line for line in lines if line.startswith("VmRSS:"))
    return int(line.split()[1]) // 1024


def test_whoever_signs_in_at_one_is_known_to_all(
    shared: tuple[dict[str, str], list[str]],
    store: str,
    database: str,
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    environment, options = shared
    library = indexed(store, tmp_path / "town")
    state = shared_state(database)
    state.accounts.add("anna", SIGNING_IN["password"], "editor")
    limited = ["--questions-per-minute", "4"]
    with replicas(2, environment, tmp_path, *options, *limited) as (one, other):
        with httpx.Client() as anna:
            for at in (one, other):
                assert httpx.get(f"{at.url}/api/conversations").status_code == 401
                for probe in ("/healthz", "/readyz"):
                    told = httpx.get(f"{at.url}{probe}", headers={"host": "10.0.0.7"})
                    assert told.status_code == 200 and "town" not in told.text
            assert anna.post(f"{one.url}/sign-in", data=SIGNING_IN).status_code == 303
            kept = state.conversations(lambda owner, collection: True)
            id_ = kept.create("anna", "harbour", "What is the fee?")
            number = kept.ask("anna", id_, "What is the fee?")
            kept.finish(id_, number, "It failed")
            for at in (other, one):  # cookies are of the machine, whatever the port
                (listed,) = anna.get(f"{at.url}/api/conversations").json()
                assert listed["id"] == id_
                assert "It failed" in anna.get(f"{at.url}/api/conversations/{id_}/export").text
            # Her limit is one, whichever is asked.
            codes = [
                anna.post(f"{at.url}/api/lookup", json={"text": "forty boats"}).status_code
                for at in (one, other) * 3
            ]
            assert codes == [200] * 4 + [429] * 2
            token = anna.cookies["footnoted"]
            assert anna.post(f"{other.url}/sign-out").status_code == 303
            cookies = {"footnoted": token}
            assert httpx.get(f"{one.url}/api/documents", cookies=cookies).status_code == 401
        # What keeps accounts away: nobody is let in, the probes say so, and it passes by itself.
        proof, _ = state.accounts.new_token("anna", 1)
        bearer = {"authorization": f"Bearer {proof}"}
        assert httpx.get(f"{one.url}/api/documents", headers=bearer).status_code == 200
        postgres.stop()
        one.wait_until(ready=False)
        assert httpx.get(f"{one.url}/healthz").status_code == 200
        assert lacking(one) == ["state"]
        refused = httpx.get(f"{one.url}/api/documents", headers=bearer, timeout=60)
        assert refused.status_code == 503 and "127.0.0.1" not in refused.text
        page = httpx.post(f"{one.url}/sign-in", data=SIGNING_IN, timeout=60)
        assert page.status_code == 503 and "try again in a moment" in page.text
        postgres.start()
        one.wait_until(ready=True)
        assert httpx.get(f"{one.url}/api/documents", headers=bearer).status_code == 200
        for at in (one, other):
            assert "Traceback" not in at.end()
    state.close()
    library.close()


@needs_chromium
def test_a_page_outlives_the_server_that_it_came_from(
    browser: Browser,
    shared: tuple[dict[str, str], list[str]],
    store: str,
    database: str,
    postgres: Postgres,
    tmp_path: Path,
) -> None:
    """With a balancer that sends it to one server as long as that is there."""
    environment, options = shared
    library = indexed(store, tmp_path / "town")
    library.close()
    with (
        replicas(3, environment, tmp_path, *options, "--open-to-everyone") as three,
        balancing([one.url for one in three], sticky=True) as (_, url),
    ):
        page = browser.new_page()
        page.goto(url)
        question = page.locator("#question textarea")
        question.fill("What is the fee for a boat?")
        question.press("Enter")
        expect(page.locator(".statement")).to_have_text(["The fee for a boat is 120 euros.1"])

        def its_server() -> Replica:
            (cookie,) = page.context.cookies()
            return three[int(cookie["value"])]

        its_server().kill()
        question.fill("How is the oldest boat called?")
        question.press("Enter")
        expect(page.locator(".statement")).to_have_count(2)
        expect(page.locator(".statement").last).to_contain_text("Maren")
        # Of one that dies while it reads, the page is told nothing: it is loaded again by itself.
        question.fill("Which fee has to be paid for a boat?")
        question.press("Enter")
        expect(page.locator("#chat .pending")).to_be_visible()
        its_server().kill()
        expect(page.locator(".statement")).to_have_count(3, timeout=60_000)
        expect(page.locator(".statement").last).to_contain_text("120 euros")
        expect(page.locator("#ask")).to_be_enabled()
        # A question that the dead one was still reading is read by the other, when it is opened.
        state = shared_state(database)
        kept = state.conversations(lambda owner, collection: True)
        (id_,) = (one.id for one in kept.conversations("anyone"))
        # While what keeps conversations is away, what is typed is not lost.
        postgres.stop()
        question.fill("What does the council do at noon?")
        question.press("Enter")
        expect(page.locator("#away")).to_be_visible()
        expect(question).to_have_value("What does the council do at noon?")
        postgres.start()
        its_server().wait_until(ready=True)
        question.press("Enter")
        expect(page.locator(".turn")).to_have_count(4)
        expect(page.locator("#away")).to_have_count(0)
        expect(page.locator(".pending")).to_have_count(0)
        kept.ask("anyone", id_, "How many boats has the harbour of Aarhus?")
        again = browser.new_page()
        again.goto(page.url)
        expect(again.locator(".turn")).to_have_count(5)
        expect(again.locator(".turn").last).to_contain_text("forty boats")
        state.close()
        for one in (page, again):
            one.close()


def test_told_to_terminate_it_finishes_and_says_that_it_is_not_ready(
    shared: tuple[dict[str, str], list[str]], store: str, tmp_path: Path
) -> None:
    environment, options = shared
    library = indexed(store, tmp_path / "town")
    library.close()
    draining = ["--open-to-everyone", "--drain", "2"]
    with (
        replicas(1, environment, tmp_path, *options, *draining) as (one,),
        ThreadPoolExecutor(9) as threads,
    ):

        def asked(question: str) -> int:
            call = {"question": question}
            return httpx.post(f"{one.url}/api/ask", json=call, timeout=120).status_code

        asked("Is it warm?")
        one.process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        one.wait_until(ready=False, seconds=1.5)
        assert httpx.get(f"{one.url}/readyz").json() == {"status": "stopping"}
        assert httpx.get(f"{one.url}/healthz").status_code == 200
        time.sleep(1)
        # Many more than are read at once: they are answered after it takes no more.
        many = [threads.submit(asked, f"What is the fee? ({number})") for number in range(8)]
        assert [one.result() for one in many] == [200] * 8
        _, complaints = one.process.communicate(timeout=60)
        assert one.process.returncode == 0 and "Traceback" not in complaints
        assert time.monotonic() - began > 2
        with pytest.raises(httpx.ConnectError):
            asked("Is anybody there?")


def test_without_documents_or_their_store_it_is_not_ready(
    unplugged: dict[str, str], tmp_path: Path
) -> None:
    with serving_qdrant(tmp_path / "qdrant") as served:
        store = f"{served}/harbour"
        library = indexed(store, tmp_path / "town")
        replica = Replica(unplugged, "--store", store, "--home", str(tmp_path / "home"))
        try:
            replica.wait_until(ready=True)
            library.remove([one.id for one in library.documents()])
            replica.wait_until(ready=False)
            assert lacking(replica) == ["documents"]
            library.update([tmp_path / "town"])
            replica.wait_until(ready=True)
        except BaseException:
            replica.kill()
            raise
        library.close()
    try:
        replica.wait_until(ready=False)
        assert lacking(replica) == ["documents"]
        assert httpx.get(f"{replica.url}/healthz").status_code == 200
        asked = httpx.post(f"{replica.url}/api/ask", json={"question": "Who?"}, timeout=60)
        assert asked.status_code == 503 and asked.headers["retry-after"]
        assert "try again in a moment" in asked.text and "127.0.0.1" not in asked.text
    finally:
        replica.kill()


def lacking(replica: Replica) -> object:
    return httpx.get(f"{replica.url}/readyz", timeout=20).json()["lacking"]
