"""A group uses the page in a real Chromium: signs in, shares, signs out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.qa.accounts.accounts import Accounts
from support.accounts import PASSWORD, PEOPLE
from support.chromium import ask, needs_chromium, reload
from support.serving import serving

pytestmark = [needs_chromium, pytest.mark.browser]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("group")
    library = Library.create(folder / "index")
    library.fill(SHIPPED)
    library.close()
    for name, role in PEOPLE.items():
        Accounts(folder / "home").add(name, PASSWORD, role)
    return folder / "home"


@pytest.fixture(scope="module")
def url(home: Path, unplugged: dict[str, str]) -> Iterator[str]:
    with serving(home.parent / "index", unplugged, home) as address:
        yield address


@pytest.fixture
def enter(browser: Browser, url: str, tmp_path: Path) -> Iterator[Callable[..., Page]]:
    """Signs somebody in, in a browser of theirs."""
    contexts = []

    def entered(name: str, **options: object) -> Page:
        context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.goto(url)
        sign_in(page, name)
        expect(page.locator("#masthead .who")).to_contain_text(name)  # it comes last
        return page

    yield entered
    for context in contexts:
        context.close()


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def keep(page: Page, name: str) -> None:
    """Keep what a person would see, in FOOTNOTED_SCREENSHOTS, if that names a folder."""
    if folder := os.environ.get("FOOTNOTED_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"group-{name}.png")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_one_signs_in_with_or_without_script(
    browser: Browser, url: str, scheme: str, script: bool
) -> None:
    context = browser.new_context(color_scheme=scheme, java_script_enabled=script)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(url)
    assert page.url.startswith(f"{url}sign-in")
    sign_in(page, f"nobody.{scheme}.{script}", "no password of anybody")
    expect(page.get_by_role("alert")).to_have_text(
        "This name and this password do not belong together; try again"
    )
    expect(page.get_by_label("Name")).to_have_value(f"nobody.{scheme}.{script}")
    keep(page, f"sign-in-{scheme}")
    if script:
        shade = page.evaluate("getComputedStyle(document.body).backgroundColor")
        parts = shade.removeprefix("rgb(").removesuffix(")").split(",")
        assert (sum(map(int, parts)) > 380) == (scheme == "light")
    sign_in(page, "bob")
    page.wait_for_url(url)
    context.close()


def test_one_signs_out(enter: Callable[..., Page], url: str) -> None:
    page = enter("anna")
    expect(page.locator("#masthead .who")).to_contain_text("anna")
    keep(page, "masthead")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.goto(url)
    assert page.url.startswith(f"{url}sign-in")


def test_a_reader_sees_nothing_that_changes(enter: Callable[..., Page]) -> None:
    page = enter("carl")
    page.get_by_role("tab", name="Files").click()
    expect(page.locator(".file").first).to_be_visible()
    expect(page.locator("#library .drop-hint")).to_have_text(
        "You may read this collection, not change it."
    )
    keep(page, "reader")
    for shown in ("input[data-bring]", "[data-do]", "[data-removes]", "[data-renames]", ".sharing"):
        assert page.locator(shown).count() == 0
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who opposes the plan?")
    expect(page.locator(".statement").first).to_be_visible()


def test_a_collection_is_shared_in_the_page(enter: Callable[..., Page], tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("The treasurer of the society is Sven Brandt.\n")
    anna, carl = enter("anna"), enter("carl")
    assert anna.locator("#collection").count() == carl.locator("#collection").count() == 0
    anna.get_by_role("tab", name="Files").click()
    anna.locator("input[data-bring=files]").set_input_files(letter)
    expect(anna.locator("#bringing-told")).to_contain_text("Done: 1 added.")
    reload(carl)
    expect(carl.locator(".welcome")).to_be_visible()
    assert carl.locator("#collection").count() == 0
    anna.get_by_text("Who may read this: only you").click()
    anna.get_by_label("Names of those who may read it").fill("carla")
    anna.locator(".sharing").get_by_role("button", name="Save").click()
    expect(anna.locator(".sharing .told")).to_contain_text("obody is called 'carla' here")
    keep(anna, "sharing")
    anna.get_by_label("Names of those who may read it").fill("carl")
    anna.locator(".sharing").get_by_role("button", name="Save").click()
    expect(anna.locator("#library summary")).to_have_text("Who may read this: carl")
    reload(carl)
    carl.locator("#collection").select_option(label="My documents (anna)")
    carl.get_by_role("tab", name="Files").click()
    expect(carl.locator("#library .drop-hint")).to_contain_text("This collection is anna’s.")
    expect(carl.locator(".file")).to_have_count(1)
    assert carl.locator("[data-removes]").count() == 0
    link = carl.url
    anna.get_by_text("Who may read this").click()
    anna.get_by_label("Only me").check()
    anna.locator(".sharing").get_by_role("button", name="Save").click()
    expect(anna.locator("#library summary")).to_have_text("Who may read this: only you")
    carl.goto(link)
    expect(carl.locator("#masthead .error")).to_contain_text("here is no collection 'My documents'")
    anna.get_by_role("button", name="Delete …").click()
    anna.get_by_role("dialog").get_by_role("button", name="Delete for good").click()


def test_a_session_that_has_ended_is_told_and_loses_no_question(
    enter: Callable[..., Page], home: Path
) -> None:
    page = enter("anna")
    page.context.clear_cookies()
    page.locator("#question textarea").fill("Who opposes the plan?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#signed-out")).to_contain_text("You are signed out")
    keep(page, "signed-out")
    page.get_by_role("button", name="Sign in again").click()
    sign_in(page, "anna")
    expect(page.locator("#question textarea")).to_have_value("Who opposes the plan?")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".statement").first).to_be_visible()
