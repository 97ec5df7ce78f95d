"""What came of files, in a real Chromium: their list, the receipt of a document, under answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import Window, ask, choose, needs_chromium
from support.serving import serving
from support.varied import BROKEN, COPY, HOSTILE, MINUTES_ID, REPORT_ID, write_varied

MANY = 120


@pytest.fixture(scope="module")
def served_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    varied = write_varied(folder / "varied")
    (folder / "many").mkdir()
    for number in range(MANY):
        (folder / "many" / f"day {number:03}.txt").write_text(f"Boat {number} left at noon.\n")
    library = Library.create(folder / "index")
    library.update([SHIPPED, varied, folder / "many"])
    library.close()
    return folder / "index"


@pytest.fixture(scope="module")
def url(served_index: Path, unplugged: dict[str, str]) -> Iterator[str]:
    with serving(served_index, unplugged) as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    return page


def open_files(page: Page) -> None:
    page.get_by_role("tab", name="Files").click()
    expect(page.locator("#files [role=status]")).to_contain_text("files:")


@needs_chromium
def test_every_file_is_listed_with_what_came_of_it(page: Page) -> None:
    open_files(page)
    expect(page.locator("#files [role=status]")).to_have_text(
        "130 files: 126 read, 1 read with warnings, 1 partly read, 2 failed"
    )
    first = page.locator(".file").first
    # Below the folder that was named, and as text.
    expect(first.locator(".where")).to_have_text(f"varied/{HOSTILE}")
    expect(first.locator(".state")).to_have_text("failed")
    expect(first.locator(".why")).to_contain_text("no reader for .xyz files")
    third = page.locator(".file").nth(2)
    expect(third.locator(".state")).to_have_text("partly read")
    expect(third.locator("li")).to_be_hidden()
    third.locator("summary").click()
    expect(third.locator("li")).to_have_text("page 2 cannot be read: broken")
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_many_files_are_shown_in_portions_and_found_by_typing(page: Page) -> None:
    open_files(page)
    expect(page.locator(".file")).to_have_count(100)
    page.locator("#files").get_by_role("button", name="Later").click()
    expect(page.locator("#files .portions")).to_contain_text("Files 101 to 130 of 130")
    expect(page.locator(".file")).to_have_count(30)
    box = page.locator("#find-files input")
    box.press_sequentially("german")
    expect(page.locator("#files [role=status]")).to_have_text("1 file: 1 read")
    expect(page.locator(".file .where")).to_have_text("varied/hafen.txt")
    expect(box).to_be_focused()
    box.fill("day 11 txt")
    expect(page.locator("#files [role=status]")).to_have_text("11 files: 11 read")
    box.fill("nothing is called this")
    expect(page.locator("#files [role=status]")).to_have_text("No such files.")
    box.fill("")
    page.get_by_label("With warnings").check()
    expect(page.locator(".file")).to_have_count(2)


@needs_chromium
def test_files_are_sorted_and_chosen_by_what_they_are(page: Page) -> None:
    open_files(page)
    order = page.get_by_label("Sorted by")
    order.focus()
    page.keyboard.press("n")  # by its first letter, as every list of the system
    first = page.locator(".file .where").first
    expect(first).to_have_text(re.compile("000_"))
    expect(order).to_be_focused()
    page.locator("#files").get_by_role("button", name="Later").click()
    expect(page.locator("#files .portions")).to_contain_text("Files 101 to 130 of 130")
    expect(order).to_have_value("name")
    page.get_by_label("Format", exact=True).select_option("PDF")
    expect(page.locator("#files [role=status]")).to_have_text(re.compile("^[12] files?:"))
    page.get_by_label("Format", exact=True).select_option("")
    page.get_by_label("Language", exact=True).select_option(label="German")
    expect(page.locator(".file .where")).to_have_text(["varied/hafen.txt"])
    # Words beside it; another tab and back.
    page.get_by_label("Find files").fill("nothing is called this")
    expect(page.locator("#files [role=status]")).to_have_text("No such files.")
    page.get_by_role("tab", name="Ask").click()
    page.get_by_role("tab", name="Files").click()
    page.get_by_label("Find files").fill("")
    expect(page.locator(".file .where")).to_have_text(["varied/hafen.txt"])
    expect(page.get_by_label("Language", exact=True)).to_have_value("de")
    page.get_by_label("Language", exact=True).select_option("")
    order.select_option("size")
    expect(page.locator(".file")).to_have_count(100)
    sizes = page.locator(".file .byline bdi:last-child")
    for largest in range(2):
        expect(sizes.nth(largest)).to_contain_text("kB")


@needs_chromium
def test_a_file_opens_its_document_with_its_receipt(page: Page) -> None:
    open_files(page)
    page.get_by_label("Find files").fill("ferry")
    expect(page.locator(".file")).to_have_count(1)
    choose(page, page.locator(".file button.opens"))
    receipt = page.locator("#source .receipt")
    expect(receipt.locator("summary")).to_have_text(
        re.compile(r"PDF · 3 pages · 59 characters · 2\.\d kB · 1 warning · partly read\s*$")
    )
    expect(receipt.locator("dl")).to_be_hidden()
    receipt.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(receipt.locator("dl")).to_contain_text(f"varied/{REPORT_ID}")
    expect(receipt.locator("li")).to_have_text("page 2 cannot be read: broken")
    # That of a copy is the document of both.
    page.get_by_label("Find files").fill(MINUTES_ID)
    expect(page.locator(".file .where").first).to_contain_text("minutes")
    choose(page, page.locator(".file button.opens").first)
    expect(page.locator("#source .byline code")).to_have_text(COPY)
    expect(receipt.locator("dl")).to_be_hidden()
    expect(receipt.locator("dl")).to_contain_text(f"The same atvaried/{MINUTES_ID}")


@needs_chromium
def test_what_is_unreadable_is_named_under_an_answer(page: Page) -> None:
    ask(page, "Who owns the airport of Reykjavik?")
    expect(page.locator(".declined")).to_be_visible()
    expect(page.locator(".reply")).to_contain_text("1 of 127 documents is not in English (German)")
    unread = page.locator(".unread")
    expect(unread.locator("li").first).to_be_hidden()
    unread.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(unread.locator("li")).to_have_count(3)
    expect(unread.locator(".where").nth(2)).to_have_text(f"varied/{BROKEN}")
    expect(unread.locator("li").nth(1)).to_contain_text("page 2 cannot be read")
    unread.get_by_role("button", name="To the files").click()
    expect(page.locator("#files [role=status]")).to_have_text("3 files: 1 partly read, 2 failed")
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_it_fits_the_window(window: Window) -> None:
    page = window.page
    ask(page, "Who owns the airport of Reykjavik?")
    page.locator(".unread summary").click()
    window.keep("unreadable")
    page.locator(".unread").get_by_role("button").click()
    expect(page.locator(".file")).to_have_count(3)
    page.locator(".file summary").click()
    choose(page, page.locator(".file button.opens"))
    page.locator("#source .receipt summary").click()
    window.keep("files")
