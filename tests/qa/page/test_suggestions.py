"""Who brings documents is suggested what to ask of them, in a real Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import choose, needs_chromium
from support.serving import serving

WHO = "Who is the treasurer of the society?"
WHEN = "When will the new pier of Ribe be opened?"


@pytest.fixture
def url(tmp_path: Path, unplugged: dict[str, str]) -> Iterator[str]:
    library = Library.create(tmp_path / "index")
    library.fill(SHIPPED)
    library.close()
    with serving(tmp_path / "index", unplugged, tmp_path / "home") as address:
        yield address


@needs_chromium
def test_letters_are_brought_and_questions_appear(
    context: BrowserContext, url: str, tmp_path: Path
) -> None:
    page: Page = context.new_page()
    page.goto(url)
    examples = page.locator(".welcome li button")
    expect(examples).to_have_count(4)  # of the sample, they are known
    (tmp_path / "one.txt").write_text(
        "The treasurer of the society is Sven Brandt.\n\n"
        "The treasurer of the <img src=x onerror=window.pwned=1> club is Tom Rees.\n"
    )
    (tmp_path / "two.txt").write_text("The new pier of Ribe will be opened on 3 May 2026.\n")
    page.get_by_role("tab", name="Files").click()
    page.locator("input[data-bring=files]").set_input_files([tmp_path / "one.txt"])
    expect(page.locator("#bringing-told")).to_contain_text("1 added")
    page.get_by_role("tab", name="Ask").click()
    expect(examples).to_have_text([WHO])
    # More is brought: what is suggested follows, without a reload.
    page.get_by_role("tab", name="Files").click()
    page.locator("input[data-bring=files]").set_input_files([tmp_path / "two.txt"])
    expect(page.locator(".file")).to_have_count(2)
    page.get_by_role("tab", name="Ask").click()
    expect(examples).to_have_count(2)
    assert set(examples.all_inner_texts()) == {WHO, WHEN}
    expect(page.locator("#examples")).to_have_text("Try one of these")
    if folder := os.environ.get("FOOTNOTED_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / "suggestions.png")
    page.get_by_role("button", name=WHO).click()
    expect(page.locator(".turn .answers strong")).to_have_text("Sven Brandt")
    choose(page, page.locator(".statement .note").first)
    expect(page.locator("#document-text mark")).to_contain_text("Sven Brandt")
    expect(page.locator(".welcome")).to_have_count(0)
    page.get_by_role("button", name="New", exact=True).click()
    expect(examples).to_have_count(2)
    page.get_by_label("Collection").select_option("Sample documents")
    expect(page.get_by_role("button", name="Who opposes the plan?")).to_be_visible()
    expect(examples).to_have_count(4)
    assert page.evaluate("window.pwned") is None
