"""Whoever uses a screen reader, the keyboard, or paper: axe-core finds no fault in any state."""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect

from support.chromium import ask, assert_no_fault, choose, look_up, needs_chromium


@pytest.fixture(params=["light", "dark"])
def page(browser: Browser, url: str, request: pytest.FixtureRequest) -> Page:
    page = browser.new_page(
        viewport={"width": 1280, "height": 800},
        color_scheme=request.param,
        reduced_motion="reduce",
    )
    request.addfinalizer(page.close)
    page.goto(url)
    expect(page.locator("#source .document")).to_have_count(5)
    return page


@needs_chromium
def test_axe_finds_no_fault(page: Page) -> None:
    assert_no_fault(page)  # nothing asked yet
    ask(page, "Who opposes the plan?")
    ask(page, "How much will the office cost?")
    assert_no_fault(page)
    page.locator(".judging [data-judges=wrong]").last.click()
    choose(page, page.locator(".note").first)
    assert_no_fault(page)
    choose(page, page.locator("#source [data-documents]"))
    choose(page, page.locator("#source .document", has_text="harbour.md"))
    assert_no_fault(page)  # tables, lists, code
    page.get_by_role("tab", name="Look up").click()
    look_up(page, "open an office in Rwanda")
    assert_no_fault(page)
    look_up(page, "The oldest boat sank. Two diplomats are to be sent from Denmark.")
    assert_no_fault(page)
    page.get_by_role("tab", name="Files").click()
    expect(page.locator(".file")).not_to_have_count(0)
    assert_no_fault(page)
    page.get_by_role("button", name="New collection").click()
    expect(page.locator("dialog")).to_be_visible()
    assert_no_fault(page)
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".conversation")).not_to_have_count(0)
    assert_no_fault(page)
    page.set_viewport_size({"width": 390, "height": 800})
    page.get_by_role("tab", name="Ask").click()
    assert_no_fault(page)


@needs_chromium
def test_an_evaluation_has_no_fault(page: Page, tmp_path: Path) -> None:
    page.get_by_role("tab", name="Evaluate").click()
    page.get_by_label("A file of my own").check()
    file = tmp_path / "two.csv"
    file.write_text("question,answer\nWho opposes the plan?,Nobody\nWho?,\n")
    page.locator("#own-set input[type=file]").set_input_files(file)
    expect(page.locator("#own-set .file-preview")).to_contain_text("two")
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation")).to_contain_text("two.csv, ", timeout=120_000)
    page.locator(".failed summary").first.click()
    assert_no_fault(page)


@needs_chromium
def test_answers_are_printed_with_their_quotations(page: Page) -> None:
    ask(page, "Who opposes the plan?")
    ask(page, "How many diplomats will Denmark send to Kigali?")
    choose(page, page.locator(".note").first)
    printed = _printed(page)
    for question in page.locator(".question").all():
        assert (question.evaluate("it => it.firstChild.textContent")).strip() in printed
    for citation in page.locator(".citation").all():
        quotation, place = (citation.locator(part).text_content() for part in (".short", ".exact"))
        assert " ".join((quotation or "").split()) in printed
        assert " ".join((place or "").split()) in printed
    for pressed in ("Save answer", "Copy", "Edit", "Evaluate", "Documents", "Right"):
        assert pressed not in printed.split()
    # Under an answer stands a button that prints it alone.
    count = "document.querySelectorAll('[data-printed]').length"
    page.evaluate(f"window.print = () => window.printing = {count}")
    page.locator("[data-prints]").first.click()
    assert page.evaluate("window.printing") == 1
    page.evaluate("document.querySelector('.turn').dataset.printed = ''")
    assert "diplomats" not in _printed(page)


def _printed(page: Page) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf()))
    return " ".join(" ".join(one.get_textpage().get_text_range() for one in document).split())
