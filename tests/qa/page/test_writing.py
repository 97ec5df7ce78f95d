"""Answers that a language model writes, in the page: footnoted, struck, stopped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import assert_no_fault, choose, needs_chromium
from support.scripted import Scripted, scripted
from support.serving import serving

pytestmark = needs_chromium
ASKED = "How many diplomats will Denmark send to Kigali?"
TRUE = "Two diplomats are to be sent from Denmark to work in a new office in Kigali [1]."
WRONG = "Seven <img src=x onerror=window.pwned=1> diplomats are to be sent to Kigali [1]."


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted() as server:
        yield server


@pytest.fixture(scope="module")
def url(
    tmp_path_factory: pytest.TempPathFactory, unplugged: dict[str, str], model: Scripted
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("writing")
    library = Library.create(folder / "index")
    library.fill(SHIPPED)
    library.close()
    with serving(
        folder / "index", unplugged, folder / "home", "--generator", f"{model.url}#small"
    ) as address:
        # The check of what is written is made ready by the first sentence.
        model.says = TRUE
        httpx.post(f"{address}api/ask", json={"question": "Who sends diplomats?"}, timeout=180)
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    return page


def send(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def test_what_is_written_is_footnoted_or_struck(page: Page, model: Scripted) -> None:
    model.says, model.pause = f"{TRUE} {WRONG}", 0.2
    send(page, ASKED)
    # Sentences come once they are checked, before all is written.
    expect(page.locator(".statement.supported")).to_be_visible(timeout=90_000)
    expect(page.locator(".pending")).to_contain_text("each sentence is checked")
    expect(page.locator(".statement.unsupported s")).to_contain_text("Seven <img")
    expect(page.locator(".unsupported .support")).to_contain_text("Not proved: no figure 7")
    expect(page.locator(".facts", has_text="Written by a language model")).to_contain_text(
        "1 sentence checked against what is quoted, 1 struck for want of proof."
    )
    assert page.evaluate("window.pwned") is None
    choose(page, page.locator(".statement.supported .note").first)
    expect(page.locator("#document-text mark")).to_contain_text("Two diplomats")
    assert_no_fault(page)
    if folder := os.environ.get("FOOTNOTED_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "written.png")


def test_it_is_stopped_while_it_writes(page: Page, model: Scripted) -> None:
    model.says, model.pause = " ".join([TRUE, "Then", *(f"word{n} and" for n in range(400))]), 0.05
    send(page, "Where are the two diplomats to work?")
    expect(page.locator(".statement.supported")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator(".turn")).to_contain_text("Stopped")
    before = -1
    while before != model.sent:  # until it has hung up, which no more than the next sentence takes
        before = model.sent
        page.wait_for_timeout(500)
    assert model.sent < 400


def test_while_it_is_away_the_answer_is_quoted(page: Page, model: Scripted) -> None:
    model.does = "500"
    send(page, "Who opposes the plan?")
    expect(page.locator(".facts", has_text="Quoted, not written")).to_contain_text("status 500")
    expect(page.locator(".statement.verbatim").first).to_be_visible()
    model.does = ""
    model.says, model.pause = "The Social Liberal party opposes the plan [1].", 0
    again = page.context.new_page()
    again.goto(page.url.split("?")[0])
    expect(again.locator(".welcome")).to_be_visible()
    send(again, "Who opposes the plan?")
    expect(again.locator(".statement.supported")).to_contain_text("Social Liberal")
