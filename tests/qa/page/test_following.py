"""What others change is shown without a reload, in a real Chromium, and disturbs nobody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from footnoted.index.library import Library
from support.chromium import choose, needs_chromium
from support.serving import serving

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def served_machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("following")
    (folder / "papers").mkdir()
    for number in range(130):
        (folder / f"papers/day {number:03}.txt").write_text(f"Boat {number} left at noon.\n")
    library = Library.create(folder / "index")
    library.update([folder / "papers"])
    library.close()
    return folder


@pytest.fixture(scope="module")
def url(served_machine: Path, unplugged: dict[str, str]) -> Iterator[str]:
    with serving(served_machine / "index", unplugged, served_machine / "home") as address:
        yield address


@pytest.fixture
def machine(served_machine: Path) -> Iterator[Path]:
    """At its end, the documents are those that were there."""
    before = set((served_machine / "papers").iterdir())
    yield served_machine
    for added in set((served_machine / "papers").iterdir()) - before:
        added.unlink()
    update(served_machine)


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".asked-of")).to_have_text("Asking all 130 documents")
    return page


def index(machine: Path, name: str, text: str) -> None:
    """As the command line does it, in another process than the server's."""
    (machine / "papers" / name).write_text(text)
    update(machine)


def update(machine: Path) -> None:
    library = Library.open(machine / "index")
    library.update([machine / "papers"])
    library.close()


def test_what_others_add_and_remove_is_shown(page: Page, machine: Path) -> None:
    page.get_by_role("tab", name="Files").click()
    page.get_by_label("Find files").fill("day")
    page.get_by_label("Sorted by").select_option("name")
    expect(page.get_by_label("Sorted by")).to_have_attribute("data-is", "name")
    page.locator("#files").get_by_role("button", name="Later").click()
    expect(page.locator(".portions")).to_contain_text("Files 101 to 130 of 130")
    page.get_by_label("Sorted by").focus()
    page.locator("#files").evaluate("it => it.scrollTo(0, 150)")
    index(machine, "day 200.txt", "The ferry left at noon.\n")
    expect(page.locator(".portions")).to_contain_text("Files 101 to 131 of 131")
    expect(page.locator("#source .byline").first).to_have_text("131 documents")
    expect(page.locator(".asked-of")).to_have_text("Asking all 131 documents")
    # Whoever was at something is at it still.
    expect(page.get_by_label("Find files")).to_have_value("day")
    expect(page.get_by_label("Sorted by")).to_be_focused()
    expect(page.get_by_label("Sorted by")).to_have_value("name")
    assert page.locator("#files").evaluate("it => it.scrollTop") == 150
    page.get_by_label("Unreadable").check()
    expect(page.locator("#files [role=status]")).to_have_text("No such files.")
    index(machine, "day of nothing.txt", "")  # which changes no document
    expect(page.locator("#files [role=status]")).to_have_text("1 file: 1 failed")


def test_what_is_open_stays_open(page: Page, machine: Path) -> None:
    choose(page, page.locator("#source .document").nth(3))
    page.locator("#question textarea").fill("Who left at")
    page.locator("#narrowing summary").click()
    page.locator(".choices input").nth(1).check()
    expect(page.locator(".asked-of")).to_contain_text("Asking 1 of 130 documents")
    page.locator(".choices input").nth(1).focus()
    index(machine, "day 200.txt", "The ferry left at noon.\n")
    expect(page.locator(".asked-of")).to_contain_text("Asking 1 of 131 documents")
    expect(page.locator("#source-title")).to_contain_text("day 003")
    expect(page.locator("#question textarea")).to_have_value("Who left at")
    expect(page.locator(".choices input:checked")).to_be_focused()


def test_nothing_is_drawn_anew_where_nothing_has_changed(page: Page, url: str) -> None:
    while not page.request.get(f"{url}api/suggestions").json()["ready"]:
        page.wait_for_timeout(200)
    page.wait_for_timeout(3000)  # until the page has asked for them, too
    page.evaluate(
        # The welcome is filled with questions that are suggested, which come when they are found.
        """() => { window.drawn = [];
        const at = ({ target }) => target.nodeType === 1 ? target : target.parentElement;
        const drawn = (all) => all.map(at)
          .filter((one) => !one.closest(".welcome")).map((one) => one.outerHTML.slice(0, 200));
        new MutationObserver((all) => window.drawn.push(...drawn(all))).observe(
          document.querySelector("#columns"),
          {childList: true, subtree: true, attributes: true, characterData: true}) }"""
    )
    with page.expect_response("**/api/state?**", timeout=30_000):
        pass
    with page.expect_response("**/api/state?**", timeout=30_000):
        pass
    assert page.evaluate("window.drawn") == []


def test_a_collection_that_was_deleted_is_left(browser: Browser, url: str) -> None:
    page = browser.new_page()  # whose console may tell that it is not there any more
    page.goto(url)
    page.request.post(f"{page.url}api/collections/create", data={"name": "Letters"})
    page.goto(f"{page.url}?collection=Letters")
    expect(page.locator("#masthead header")).to_have_attribute("data-name", "Letters")
    page.locator("#question textarea").fill("Who wrote")
    origin = page.url.split("?")[0]
    page.request.post(f"{origin}api/collections/remove", data={"name": "Letters"})
    expect(page.locator("#masthead .error")).to_contain_text("no collection")
    expect(page.locator("#question textarea")).to_have_value("Who wrote")
    expect(page.locator(".asked-of")).to_have_text("Asking all 130 documents")
    page.close()
