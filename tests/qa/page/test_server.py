"""The server: who may call it by which name, and how it ends."""

from __future__ import annotations

import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from footnoted.qa.page.local import OwnNames
from support.chromium import needs_chromium


@contextmanager
def served(
    index: Path, environment: dict[str, str], *options: str
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its address."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "footnoted", "serve", "--port", "0"),
            *("--index", str(index), *options),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().split()[3]
    finally:
        process.kill()
        process.wait()


def status(url: str, host: str, path: str = "/") -> int:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse().status


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:80", "[::1]:7860", "LOCALHOST:1"])
def test_it_answers_to_this_machines_names(url: str, host: str) -> None:
    assert status(url, host) == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:7860", "", "[", "10.0.0.1"]
)
def test_it_answers_to_no_name_of_others(url: str, host: str) -> None:
    """A name that is made to lead here (DNS rebinding) would have its scripts taken for ours."""
    for path in ("/", "/gradio_api/info", "/config"):
        assert status(url, host, path) == 421


@pytest.mark.browser
def test_it_answers_to_the_name_it_was_given() -> None:
    guarded = OwnNames(PlainTextResponse("served"), names=["Answers.example"])
    client = TestClient(guarded)
    for host, code in (
        ("answers.example:80", 200),
        ("x.answers.example", 421),
        ("testserver", 200),
    ):
        assert client.get("/", headers={"Host": host}).status_code == code


@pytest.mark.browser
@needs_chromium
def test_the_page_says_that_models_are_prepared_and_answers_then(
    browser: Browser, shipped_index: Path, unplugged: dict[str, str], tmp_path: Path
) -> None:
    page = browser.new_page()  # ahead: the models are prepared in as many seconds as this may take
    for attempt in range(3):  # and on a busy machine the page may still come too late
        environment = {**unplugged, "XDG_CACHE_HOME": str(tmp_path / str(attempt))}
        with served(shipped_index, environment) as (_, url):
            page.goto(url, wait_until="commit")
            page.locator("#question textarea").fill("Who opposes the plan?")
            page.locator("#question textarea").press("Enter")
            said = expect(page.locator(".pending"))
            try:
                said.to_contain_text("Getting the models ready", timeout=10_000)
                was_in_time = True
            except AssertionError:
                was_in_time = False
            expect(page.locator(".statement").first).to_be_visible(timeout=120_000)
        if was_in_time:
            page.close()
            return
    pytest.fail("the page never says that models are prepared")


@pytest.mark.browser
@pytest.mark.parametrize("seconds", [0.0, 3.0, 8.0])
def test_it_can_be_ended_while_models_are_prepared(
    seconds: float, shipped_index: Path, unplugged: dict[str, str], tmp_path: Path
) -> None:
    environment = {**unplugged, "XDG_CACHE_HOME": str(tmp_path)}
    with served(shipped_index, environment) as (process, _):
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=180)
    assert process.returncode in (0, 130)  # 130 before the server runs, as any other command
    for complaint in ("terminate", "Traceback", "a call failed", "a fault of"):
        assert complaint not in complaints
