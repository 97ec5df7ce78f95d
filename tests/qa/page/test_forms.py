"""Whole answers in a real Chromium: side by side, by date, by who; below one another on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.qa.types import QUOTED
from support.chromium import Window, ask, assert_no_fault, choose, needs_chromium
from support.serving import serving

pytestmark = needs_chromium
WIDE = 1280


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, unplugged: dict[str, str]) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("forms")
    library = Library.create(folder / "index")
    library.fill(SHIPPED)
    library.close()
    with serving(folder / "index", unplugged, folder / "home") as address:
        yield address


def left_of(one: Locator, other: Locator) -> bool:
    """Whether the one stands beside the other, or else above it."""
    boxes = [each.bounding_box() for each in (one, other)]
    assert boxes[0] and boxes[1]
    return boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]


def bottom(page: Page, locator: Locator) -> None:
    locator.scroll_into_view_if_needed()
    page.wait_for_timeout(100)


def test_a_comparison(window: Window) -> None:
    page = window.page
    ask(page, "Where do the two documents differ, and since when?")
    expect(page.get_by_text(QUOTED)).to_be_visible()
    expect(page.get_by_role("heading", name="Both speak of this")).to_be_visible()
    office = page.locator(".pairs li", has_text="Kigali").filter(has_text="two diplomats").first
    sides = office.locator(".sides > div")
    assert left_of(sides.nth(0), sides.nth(1)) == (window.width == WIDE)
    expect(page.locator(".columns")).to_be_visible(visible=window.width == WIDE)
    expect(page.get_by_text("Neither tells its date.")).to_be_visible()
    assert_no_fault(page)
    page.locator(".turn").scroll_into_view_if_needed()
    window.keep("comparison")
    bottom(page, page.locator(".note-below"))
    window.keep("comparison-end")
    if window.width == WIDE:
        choose(page, office.locator(".note").first)
        expect(page.locator("#quote")).to_contain_text("Project Office in Kigali")


def test_a_timeline(window: Window) -> None:
    page = window.page
    ask(page, "Give me a timeline")
    dates = page.locator(".timeline .when")
    expect(dates).to_have_text(["2021", "April 2021", "2022", "April"])
    first = page.locator(".timeline li").first
    assert left_of(first.locator(".when"), first.locator(".statement")) == (window.width == WIDE)
    expect(page.get_by_role("heading", name="Without a year")).to_be_visible()
    assert_no_fault(page)
    window.keep("timeline")


def test_positions(window: Window) -> None:
    page = window.page
    ask(page, "List the positions: who is for and who against, in whose words, when?")
    table = page.get_by_role("table", name="Against")
    expect(table.get_by_role("rowheader", name="Amnesty International")).to_be_visible()
    row = table.locator("tr", has_text="does not view the idea")
    expect(row.locator("td.when")).to_have_text("April")
    assert left_of(row.locator("th"), row.locator("td").first) == (window.width == WIDE)
    expect(page.get_by_text("Nobody is found who is for it.")).to_be_visible()
    assert_no_fault(page)
    window.keep("positions")


def test_a_summary_and_what_cannot_be_given(window: Window) -> None:
    page = window.page
    ask(page, "Summarise these documents")
    expect(page.locator(".reply .label").first).to_have_text(
        "Joint Statement on Bilateral Cooperation"
    )
    window.keep("summary")
    ask(page, "Give me a timeline of submarines")
    expect(page.locator(".declined").last).to_contain_text("no sentence on submarines")
    window.keep("no-timeline")
