"""The source panel in a real Chromium: documents shown as what they are, the mark in its place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document
from support.chromium import (
    HARBOUR_ID,
    Window,
    assert_marked,
    choose,
    look_up,
    needs_chromium,
)

MARKED = "[...document.querySelectorAll('#document-text mark')].map(m => m.textContent)"
BELOW = "[...document.querySelectorAll('#document-text mark')].map(m => m.parentElement.localName)"


def open_place(page: Page, text: str) -> None:
    """Look a text up that stands in one place, and open it."""
    page.get_by_role("tab", name="Look up").click()
    look_up(page, text)
    expect(page.locator(".match .how")).to_have_text("exact")
    choose(page, page.locator(".match button"))


def citation(document: Document, quote: str) -> dict[str, object]:
    start = document.text.index(quote)
    return {
        "document": document.id,
        "start": start,
        "end": start + len(quote),
        "quote": quote,
    }


@needs_chromium
@pytest.mark.parametrize(
    ("quote", "pieces", "below"),
    [
        ("6 m", ["6 m"], ["td"]),
        ("**South** | 6 m", ["South", "6 m"], ["td", "td"]),
        ("Depth", ["Depth"], ["th"]),
        ("the quay.\n\nBoats moor", ["the quay.", "Boats moor"], ["p", "p"]),
        ("at **berths**\nalone", ["at ", "berths", "\nalone"], ["p", "p", "p"]),
        ("short ones <script>", ["short ones "], ["p"]),
        ("Nobody dives", ["Nobody dives"], ["p"]),
        ('"</code><script>window.pwned=24</script>"', None, ["code"]),
        ("Orla Vint: Who", ["Orla Vint", ": Who"], ["b", "p"]),
        ("Harbour rules <script>", ["Harbour rules <script>"], ["p"]),
    ],
)
def test_the_mark_stands_in_its_block(
    page: Page,
    documents: dict[str, Document],
    quote: str,
    pieces: list[str] | None,
    below: list[str],
) -> None:
    open_place(page, quote)
    assert page.evaluate(MARKED) == (pieces or [quote])
    assert page.evaluate(BELOW) == below
    expect(page.locator("#quote")).to_be_in_viewport()
    assert_marked(page, citation(documents[HARBOUR_ID], quote), documents)


@needs_chromium
def test_a_document_is_shown_as_what_it_is(page: Page, documents: dict[str, Document]) -> None:
    choose(page, page.locator("#source .document", has_text=HARBOUR_ID))
    text = page.locator("#document-text")
    assert text.locator("h3, h4").all_text_contents() == ["Harbour rules", "Berths", "Gear"]
    assert text.locator("th").all_text_contents() == ["Berth", "Depth", "Keeper"]
    rows = [row.locator("td").all_text_contents() for row in text.locator("tr").all()[1:]]
    assert rows == [["North", "4 m", ""], ["South", "6 m", "<b onclick=window.pwned=22> Sven"]]
    assert text.locator("ul ul li").count() == 2
    assert [item.get_attribute("data-marker") for item in text.locator("li").all()] == [
        *("•", "1.", "2.", "•")
    ]
    assert text.locator("blockquote p").count() == 2
    expect(text.locator("pre code")).to_contain_text("    moor()")
    expect(text.locator(".turn b")).to_have_text("Orla Vint")
    expect(text.locator("details p")).to_be_hidden()
    text.locator("summary").click()
    expect(text.locator("details p")).to_be_visible()
    assert not set("#*[|") & set(text.locator("p, h3, th").first.inner_text())
    assert text.locator(":is(img, script, a, [onclick])").count() == 0
    assert page.evaluate("window.pwned") is None


@needs_chromium
def test_what_is_folded_opens_for_the_mark(page: Page) -> None:
    open_place(page, "Harbour rules <script>")
    expect(page.locator("#quote")).to_be_visible()


@needs_chromium
def test_a_long_document_is_read_in_portions(page: Page, documents: dict[str, Document]) -> None:
    page.get_by_role("tab", name="Look up").click()
    look_up(page, "1400 | 0 |")
    choose(page, page.locator(".match button").first)
    expect(page.locator("#quote")).to_have_text("1400")
    portions = page.locator("#source .portions").first
    expect(portions).to_contain_text("Blocks 653 to 2,002 of 2,002")
    # Its header row is not among them.
    assert page.locator("#document-text th").first.get_attribute("data-label") == "Day"
    choose(page, portions.get_by_role("button", name="Earlier"))
    expect(page.locator("#document-text h3")).to_have_text("Tides")
    expect(page.locator("#quote")).to_have_count(1)
    choose(page, portions.get_by_role("button", name="Later"))
    expect(page.locator("#document-text tr").last).to_have_text("20005")
    expect(page.locator("#quote")).to_have_count(0)
    choose(page, portions.get_by_role("button", name="To the quotation"))
    expect(page.locator("#quote")).to_be_in_viewport()


@needs_chromium
def test_it_fits_the_window(window: Window) -> None:
    page = window.page
    for name, text in (("row", "**South** | 6 m"), ("paragraphs", "the quay. Boats moor")):
        open_place(page, text)
        expect(page.locator("#quote")).to_be_in_viewport()
        window.keep(f"source-{name}")
