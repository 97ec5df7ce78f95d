"""Documents are brought to the page in a real Chromium: added, asked, removed, put back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import ask, choose, needs_chromium
from support.pdf_files import Writer
from support.serving import serving

EVIL = "<img src=x onerror=window.pwned=1>.txt"


@pytest.fixture
def url(tmp_path: Path, unplugged: dict[str, str]) -> Iterator[str]:
    library = Library.create(tmp_path / "index")
    library.fill(SHIPPED)
    library.close()
    with serving(tmp_path / "index", unplugged, tmp_path / "home") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    page.get_by_role("tab", name="Files").click()
    expect(page.locator("#library .drop")).to_be_visible()
    return page


def told(page: Page) -> str:
    expect(page.locator("#bringing-told .pending")).to_have_count(0)
    return page.locator("#bringing-told").inner_text()


def add(page: Page, *files: Path) -> None:
    before = page.locator("#bringing-told").inner_html()
    page.locator("input[data-bring=files]").set_input_files(files)
    page.wait_for_function(
        "before => { const now = document.querySelector('#bringing-told');"
        " return now.innerHTML !== before && !now.querySelector('.pending') }",
        arg=before,
    )


@needs_chromium
def test_files_are_brought_asked_removed_and_put_back(page: Page, tmp_path: Path) -> None:
    (tmp_path / EVIL).write_text("The treasurer of the society is Sven Brandt.\n")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    letter = Writer(tmp_path / "harbour.pdf")
    letter.line(72, 100, "The harbour master is Orla Vint.")
    letter.save()
    add(page, *(tmp_path / name for name in (EVIL, "broken.pdf", "harbour.pdf")))
    # The sample is nobody's own, so they have got a collection.
    expect(page.locator("#collection")).to_have_value("My documents")
    assert "2 added" in told(page) and "broken.pdf: is broken" in told(page)
    expect(page.locator(".file")).to_have_count(3)
    assert "collection=My+documents" in page.url
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who is the harbour master?")
    choose(page, page.locator(".statement .note").first)
    expect(page.locator("#document-text mark")).to_contain_text("Orla Vint")
    expect(page.locator("#source .drawn img")).to_be_visible()
    assert page.evaluate("document.querySelector('.drawn img').naturalWidth") > 1000
    page.get_by_role("button", name="Hide the page").click()
    expect(page.locator("#source .drawn")).to_be_hidden()
    page.get_by_role("tab", name="Files").click()
    page.locator(".file", has_text="harbour.pdf").hover()
    page.get_by_role("button", name="Remove harbour.pdf").click()
    expect(page.locator("#bringing-told")).to_contain_text("Removed harbour.pdf.")
    expect(page.locator(".file")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#bringing-told")).to_contain_text("harbour.pdf is back.")
    expect(page.locator(".file")).to_have_count(3)
    expect(page.locator("#source .documents li")).to_have_count(2)
    assert page.evaluate("window.pwned") is None
    # All of it is still there when its address is opened anew, and the sample beside it.
    address = page.url
    page = page.context.new_page()
    page.goto(address)
    expect(page.locator("#collection")).to_have_value("My documents")
    expect(page.locator(".turn .statement")).to_contain_text("Orla Vint")
    page.get_by_label("Collection").select_option("Sample documents")
    expect(page.get_by_role("button", name="Who opposes the plan?")).to_be_visible()
    expect(page.locator("#source .documents li")).to_have_count(2)
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_a_folder_is_dropped_with_all_that_is_in_it(page: Page, tmp_path: Path) -> None:
    inside = tmp_path / "reports" / "2024"
    inside.mkdir(parents=True)
    (inside / "march.txt").write_text("In March the bridge was painted.\n")
    (tmp_path / "reports" / ".hidden").write_text("Nobody should see this.\n")
    page.locator("input[data-bring=folder]").set_input_files(tmp_path / "reports")
    expect(page.locator("#bringing-told")).to_contain_text("Done: 1 added.")
    # Of two that are still shown, an expectation of one text fails at once.
    expect(page.locator(".file")).to_have_count(1)
    expect(page.locator(".file .where")).to_have_text("reports/2024/march.txt")


@needs_chromium
def test_collections_are_made_renamed_and_deleted(page: Page) -> None:
    page.get_by_role("button", name="New collection").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox").fill("a/b")
    dialog.get_by_role("button", name="Make it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("A collection cannot be called")
    dialog.get_by_role("textbox").fill("Minutes")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#collection")).to_have_value("Minutes")
    page.get_by_role("button", name="Rename …").click()
    dialog.get_by_role("textbox").fill("Minutes 2024")
    page.keyboard.press("Enter")
    expect(page.locator("#collection")).to_have_value("Minutes 2024")
    page.get_by_role("button", name="Delete …").click()
    expect(dialog).to_contain_text("Delete Minutes 2024?")
    dialog.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Delete …").click()
    dialog.get_by_role("button", name="Delete for good").click()
    expect(page.locator("#bringing-told")).to_contain_text("Minutes 2024 is deleted.")
    expect(page.locator("#collection")).to_have_count(0)  # there is one alone again
