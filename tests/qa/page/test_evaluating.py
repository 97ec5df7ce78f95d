"""The Evaluate tab in a real Chromium, and its endpoint."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Download, Page, expect

from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.types import Document
from support.chromium import Window, ask, assert_marked, choose, needs_chromium

TWO: list[dict[str, Any]] = [
    {
        "id": "one",
        "question": "Who is the Danish immigration minister?",
        "answers": [["Kaare Dybvad Bek"]],
        "kind": "fact",
    },
    {"id": "two", "question": "What is the population of Kigali?", "answers": []},
]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A set of two questions."""
    path = tmp_path / "two.jsonl"
    path.write_text("".join(json.dumps(question) + "\n" for question in TWO))
    return path


@pytest.fixture
def evaluation_page(page: Page) -> Page:
    page.get_by_role("tab", name="Evaluate").click()
    expect(page.locator("#evaluate")).to_be_enabled()
    return page


def again(page: Page) -> Page:
    """The tab as who comes back finds it."""
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("tab", name="Evaluate").click()
    return other


def upload(page: Page, path: Path) -> None:
    page.get_by_label("A file of my own").check()
    page.locator("#own-set input[type=file]").set_input_files(path)
    expect(page.locator("#own-set .file-preview")).to_contain_text(path.stem)


def evaluate(page: Page, asked: str) -> None:
    """Evaluate the set of this name, and wait for what comes of it."""
    page.locator("#evaluate").click()
    page.wait_for_function("document.querySelector('#evaluate').disabled")
    expect(page.locator("#evaluate")).to_be_enabled(timeout=240_000)
    expect(page.locator("#evaluation .summary + .facts")).to_contain_text(f"{asked}, ")


def download(page: Page, name: str) -> Download:
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download the {name}").click()
    return download.value


def value(page: Page, metric: str) -> str:
    row = page.locator(
        "#evaluation tr", has=page.locator("code", has_text=re.compile(f"^{metric}$"))
    )
    return row.locator(".value").inner_text()


@needs_chromium
def test_the_shipped_questions_are_measured(evaluation_page: Page, tmp_path: Path) -> None:
    page = evaluation_page
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation .progress")).to_contain_text(" of 25 questions asked")
    expect(page.locator("#evaluation .progress")).to_contain_text(re.compile("about .* left"))
    expect(page.locator("#evaluate")).to_be_enabled(timeout=240_000)
    expect(page.locator("#evaluation .summary")).to_contain_text("25 questions")

    saved = download(page, "result (JSON)")
    assert saved.suggested_filename == "evaluation.json"
    result = json.loads(Path(saved.path()).read_text(encoding="utf-8"))
    ids = [json.loads(line)["id"] for line in SHIPPED_QUESTIONS.read_text("utf-8").splitlines()]
    assert [question["id"] for question in result["questions"]] == ids
    for name in result["metrics"]:
        if not name.startswith("latency"):
            assert value(page, name) == f"{result['metrics'][name]:.3f}"
            assert page.locator("#evaluation td.meaning", has_text=re.compile(r"\w")).count()

    plots = page.locator("#evaluation figure")
    assert plots.count() >= 3
    for number in range(plots.count()):
        expect(plots.nth(number).locator("svg")).to_be_visible()
        assert plots.nth(number).locator("svg path").count() > 5
    plots.first.locator("summary").press("Enter")
    expect(plots.first.locator("details table")).to_be_visible()

    report = download(page, "report (HTML)")
    assert report.suggested_filename == "evaluation.html"
    report.save_as(tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>") and all(id_ in text for id_ in ids)
    assert not re.search(r'(?:src|href|action)="(?!#)', text) and "@import" not in text
    # Nothing but the file itself is asked for when it is opened.
    opened: list[str] = []
    reader = page.context.browser
    assert reader is not None
    alone = reader.new_page()
    alone.on("request", lambda request: opened.append(request.url))
    alone.goto((tmp_path / "report.html").as_uri())
    expect(alone.get_by_role("heading", name="Metrics")).to_be_visible()
    assert opened == [(tmp_path / "report.html").as_uri()]
    alone.close()


@needs_chromium
def test_a_set_of_ones_own(evaluation_page: Page, two: Path) -> None:
    page = evaluation_page
    upload(page, two)
    evaluate(page, "two.jsonl")
    result = json.loads(Path(download(page, "result (JSON)").path()).read_text(encoding="utf-8"))
    assert [question["id"] for question in result["questions"]] == ["one", "two"]
    # The tab is found as it was left.
    page.get_by_role("tab", name="Ask").click()
    with page.expect_response("**/queue/join*") as asked:
        page.get_by_role("tab", name="Evaluate").click()
    asked.value.finished()
    page.wait_for_timeout(1000)  # what comes of it would be shown by now
    expect(page.locator("#evaluation .summary")).to_be_visible()
    expect(page.locator("#evaluate")).to_have_text("Evaluate")
    expect(page.get_by_label("A file of my own")).to_be_checked()


@needs_chromium
def test_what_failed_is_told_and_opened(
    evaluation_page: Page, tmp_path: Path, documents: dict[str, Document]
) -> None:
    page = evaluation_page
    quote = "Two diplomats are to be sent"
    place = {"document": "001_28f3d182f749647c.txt", "quote": quote}
    wrong: dict[str, Any] = {
        "id": "<b>wrong</b>",
        "question": "How many diplomats will Denmark send to Kigali?",
        "answers": [["seventeen <img src=x onerror=window.pwned=1>"]],
        "evidence": [place],
    }
    for right in ("Nobody", "Kaare Dybvad Bek"):
        lines = [{**TWO[0], "answers": [[right]]}, wrong]
        (tmp_path / "failing.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
        upload(page, tmp_path / "failing.jsonl")
        evaluate(page, "failing.jsonl")
        page.locator("#own-set").get_by_role("button", name="Clear").click()
    # The second time, one of them is right: what changed is told.
    expect(page.locator("#evaluation")).to_contain_text("1 became right and none ceased to be")
    failed = page.locator(".failed")
    expect(failed).to_have_count(1)
    failed.locator("summary").click()
    expect(failed).to_contain_text(wrong["question"])
    expect(failed).to_contain_text("seventeen <img src=x onerror=window.pwned=1> missing")
    choose(page, failed.locator("[data-kind=expected]"))
    expect(page.locator("#quote")).to_have_text(quote)
    expect(page.locator("#source .place")).to_contain_text("What the question set expects")
    choose(page, failed.locator("[data-kind=citation]").first)
    assert_marked(page, {**place, **_shown(page)}, documents)
    page.locator("#source [data-back]").click()
    expect(failed.locator("[data-opened]")).to_be_focused()
    assert page.evaluate("window.pwned") is None
    # It is there again when the page is.
    page = again(page)
    expect(page.locator(".failed")).to_have_count(1)
    assert "seventeen" in Path(download(page, "report (HTML)").path()).read_text(encoding="utf-8")


def _shown(page: Page) -> dict[str, Any]:
    opened = page.locator(".failed [data-opened]")
    start, end = (int(opened.get_attribute(f"data-{edge}") or "") for edge in ("start", "end"))
    return {"start": start, "end": end, "quote": opened.locator(".short").text_content()}


@needs_chromium
def test_a_broken_set_is_a_line_and_nothing_is_run(evaluation_page: Page, tmp_path: Path) -> None:
    page = evaluation_page
    page.get_by_label("A file of my own").check()
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation p.error")).to_contain_text("Choose the file")
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(TWO[0]) + "\n" + '{"id": "<img src=x onerror=window.pwned=1>"\n')
    upload(page, broken)
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation p.error")).to_contain_text("broken.jsonl: line 2")
    assert "\n" not in page.locator("#evaluation p.error").inner_text()
    assert tempfile.gettempdir() not in page.locator("#evaluation").inner_text()
    expect(page.locator("#downloads")).to_be_hidden()
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_one_at_a_time_while_questions_are_answered(
    evaluation_page: Page, url: str, tmp_path: Path
) -> None:
    page = evaluation_page
    many = tmp_path / "many.csv"
    rows = (f"Who opposes the plan of {number}?,UNHCR" for number in range(3000))
    many.write_text("\n".join(["question,answer", *rows]))
    upload(page, many)
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation .progress")).to_contain_text(re.compile("[1-9].* of 3,000"))
    reply = httpx.post(f"{url}gradio_api/run/evaluate", json={"data": [None]}, timeout=60)
    assert reply.json()["error"] == "An evaluation is running already; wait until it is done"
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who opposes the plan?")
    expect(page.locator(".statement")).not_to_have_count(0)
    page.get_by_role("tab", name="Evaluate").click()
    expect(page.locator("#evaluation progress")).to_be_visible()
    # It goes on while nobody watches, and whoever comes back finds it.
    page.close()
    page = again(page)
    expect(page.locator("#evaluation .progress")).to_contain_text(" of 3,000")
    page.locator("#stop").click()
    expect(page.locator("#evaluation .stopped")).to_contain_text("Stopped")
    for _ in range(100):
        reply = httpx.post(f"{url}gradio_api/run/evaluate", json={"data": [str(many)]}, timeout=60)
        assert "upload it first" in reply.json()["error"]
        reply = httpx.post(f"{url}gradio_api/run/evaluate", json={"data": [None]}, timeout=240)
        if reply.status_code == 200:
            break
    assert reply.status_code == 200
    # Where no set is named, the shipped one is meant.
    (shipped,) = reply.json()["data"]
    assert len(shipped["questions"]) == 25


@needs_chromium
def test_it_fits_the_window(window: Window, two: Path) -> None:
    page = window.page
    page.get_by_role("tab", name="Evaluate").click()
    upload(page, two)
    window.keep("set")
    evaluate(page, "two.jsonl")
    expect(page.locator("#evaluation .summary")).to_be_visible()
    window.keep("measured")


def test_evaluate_is_an_endpoint(url: str, two: Path) -> None:
    client = Client(url, verbose=False)
    result = client.predict(handle_file(two), api_name="/evaluate")
    assert [question["id"] for question in result["questions"]] == ["one", "two"]
    assert result["metrics"] and result["models"] and result["index"] and result["seconds"]

    posted = httpx.post(f"{url}gradio_api/upload", files={"files": two.open("rb")}, timeout=60)
    (path,) = posted.json()
    for given in (path, {"path": path, "meta": {"_type": "gradio.FileData"}}):
        reply = httpx.post(f"{url}gradio_api/run/evaluate", json={"data": [given]}, timeout=120)
        (again,) = reply.json()["data"]
        assert set(again) == set(result) and again["index"] == result["index"]
        assert [one["scores"] for one in again["questions"]] == [
            one["scores"] for one in result["questions"]
        ]


def test_errors_of_the_endpoint_are_one_line(
    url: str, tmp_path: Path, documents: dict[str, Document]
) -> None:
    def error(given: Any) -> str:
        reply = httpx.post(f"{url}gradio_api/run/evaluate", json={"data": [given]}, timeout=60)
        assert reply.status_code == 500
        message = reply.json()["error"]
        assert isinstance(message, str) and "\n" not in message
        return message

    # Files of the machine that nobody uploaded are not read.
    wrong: list[Any] = [str(SHIPPED_QUESTIONS), {"path": "/etc/passwd"}, "", {}, 7, [], "/"]
    for given in wrong:
        assert error(given).endswith(" a file: upload it first, to /gradio_api/upload")
    for name, text, message in [
        ("set.jsonl", json.dumps(TWO[0]) + "\n{", "set.jsonl: line 2"),
        ("set.csv", "question,answer\n,x\n", "set.csv: line 2"),
        ("set.json", "[]", "set.json"),
        ("set.txt", "Who?", "set.txt"),
        (
            "other.jsonl",
            json.dumps({**TWO[0], "evidence": [{"document": "none.txt", "quote": "x"}]}),
            "The questions are about other documents: one: there is no document 'none.txt'",
        ),
    ]:
        (tmp_path / name).write_text(text)
        files = {"files": (tmp_path / name).open("rb")}
        (path,) = httpx.post(f"{url}gradio_api/upload", files=files, timeout=60).json()
        assert error(path).startswith(message)


@pytest.mark.browser
def test_nothing_is_left_behind(served_index: Path, two: Path, tmp_path: Path) -> None:
    """A server that is told to end in the middle of an evaluation ends, and takes its files."""
    server = subprocess.Popen(
        [sys.executable, "-m", "footnoted", "serve", "--port", "0", "--index", str(served_index)],
        cwd=Path(__file__).parents[3],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert server.stdout is not None
    url = server.stdout.readline().split()[3]
    many = tmp_path / "many.csv"
    many.write_text("question,answer\n" + "Who opposes the plan?,UNHCR\n" * 3000)
    client = Client(url, verbose=False)
    job = client.submit(handle_file(many), api_name="/evaluate")
    assert list(tmp_path.glob("footnoted-*"))
    for _ in range(600):
        if job.status().code.name == "PROCESSING":
            break
        time.sleep(0.1)
    time.sleep(1)
    assert not job.done()
    server.terminate()
    _, complaints = server.communicate(timeout=30)
    assert "Traceback" not in complaints
    assert not list(tmp_path.glob("footnoted-*"))
    assert job.exception(timeout=30)
