"""What the page is about changes while something is on its way: nothing of one place is shown at
another."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import needs_chromium
from support.serving import serving

pytestmark = needs_chromium
OWN = "Letters"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, unplugged: dict[str, str]) -> Iterator[str]:
    """Two collections: the sample, and one letter."""
    folder = tmp_path_factory.mktemp("choosing")
    (folder / "letter.txt").write_text("The treasurer of the society is Sven Brandt.\n")
    for index, source in (
        (folder / "index", SHIPPED),
        (folder / "home" / OWN, folder / "letter.txt"),
    ):
        library = Library.create(index)
        library.update([source])
        library.close()
    with serving(folder / "index", unplugged, folder / "home") as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#collection")).to_be_visible()  # what is held later is no part of opening
    return page


class Held:
    """From now on, what the page asks for waits here, until it is let go on."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[Route] = []
        self._is_open = False
        page.route("**/queue/join*", self._arrives)

    def _arrives(self, route: Route) -> None:
        if self._is_open:
            route.continue_()
        else:
            self.waiting.append(route)

    def open(self) -> None:
        self._is_open = True
        for route in self.waiting:
            route.continue_()


def test_the_files_are_those_of_what_is_chosen(page: Page) -> None:
    held = Held(page)
    page.locator("#collection").select_option(label=OWN)
    page.get_by_role("tab", name="Files").click()
    page.wait_for_timeout(300)
    assert len(held.waiting) >= 2
    held.open()
    expect(page.locator("#masthead header")).to_have_attribute("data-name", OWN)
    page.wait_for_timeout(500)  # what came late would be shown by now
    expect(page.locator(".file")).to_have_count(1)
    expect(page.locator(".file .where")).to_contain_text("letter.txt")


def test_a_question_goes_to_what_is_chosen(page: Page) -> None:
    held = Held(page)
    page.locator("#collection").select_option(label=OWN)
    page.locator("#question textarea").fill("Who is the treasurer?")
    page.locator("#question textarea").press("Enter")
    page.wait_for_timeout(300)
    held.open()
    expect(page.locator(".turn .statement")).to_contain_text("Sven Brandt")
    expect(page.locator("#collection")).to_have_value(OWN)


def test_what_is_read_for_one_conversation_is_not_shown_in_the_next(page: Page) -> None:
    page.locator("#question textarea").fill("Who opposes the plan?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn .pending")).to_be_visible()
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#ask")).to_be_enabled()
    # It is read, and kept, all the same; here it does not come back.
    page.locator("#question textarea").fill("How many diplomats will Denmark send to Kigali?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn .statement").first).to_contain_text("diplomats")
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("tab", name="History").click()
    page.locator("[data-conversation]", has_text="Who opposes the plan?").first.click()
    expect(page.locator(".turn")).to_contain_text("Amnesty")


def test_what_is_asked_is_chosen_in_one_collection(page: Page) -> None:
    expect(page.locator(".asked-of")).to_have_text("Asking all 2 documents")
    page.locator("#narrowing summary").click()
    page.locator(".choices input").first.check()
    page.get_by_label("until").fill("2024")
    expect(page.locator("#narrowing-error")).to_be_visible()
    page.locator("#collection").select_option(label=OWN)
    expect(page.locator(".asked-of")).to_have_text("Asking the one document")
    expect(page.locator("#narrowing-error")).to_be_hidden()
    expect(page.locator(".choices .where")).to_have_text(["letter"])
    expect(page.get_by_label("until")).to_have_value("")
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.locator(".asked-of")).to_have_text("Asking the one document")
