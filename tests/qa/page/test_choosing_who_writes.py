"""Which language model writes, chosen in the page by whoever runs the server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import assert_no_fault, needs_chromium
from support.scripted import Scripted, scripted
from support.serving import serving

pytestmark = needs_chromium
ASKED = "How many diplomats will Denmark send to Kigali?"
TRUE = "Two diplomats are to be sent from Denmark to work in a new office in Kigali [1]."


@pytest.fixture(scope="module")
def model() -> Iterator[Scripted]:
    with scripted() as server:
        server.says = TRUE
        yield server


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("choosing")
    library = Library.create(folder / "index")
    library.fill(SHIPPED)
    library.close()
    return folder


@pytest.fixture
def url(
    folder: Path,
    unplugged: dict[str, str],
    model: Scripted,
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[str]:
    home = tmp_path / "home"  # another where a test is tried once more
    if "kept" in request.node.name:  # what was chosen of another server, which has ended
        with serving(folder / "index", unplugged, home) as address:
            httpx.post(f"{address}api/writing", json={"name": f"{model.url}#first"})
    with serving(folder / "index", unplugged, home) as address:
        yield address


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    return page


def fold(page: Page) -> Locator:
    return page.locator("#writing summary")


def ask(page: Page) -> None:
    page.locator("#question textarea").fill(ASKED)
    page.locator("#question textarea").press("Enter")


def test_a_model_is_found_and_chosen(page: Page, model: Scripted) -> None:
    ask(page)
    expect(page.locator(".statement.verbatim").first).to_be_visible(timeout=90_000)
    expect(fold(page)).to_have_text("Answers in quotations")
    fold(page).click()
    # Nothing is there: it is said, and nothing changes.
    page.get_by_label("Address").fill("http://127.0.0.1:9")
    page.get_by_role("button", name="Look for models").click()
    expect(page.locator("#writing-error")).to_contain_text("cannot be reached")
    page.get_by_label("Address").fill("file:///etc")
    page.get_by_label("Address").press("Enter")
    expect(page.locator("#writing-error")).to_contain_text("no address of a language model")
    page.get_by_label("Address").fill(model.url.removeprefix("http://"))
    page.get_by_label("Address").press("Enter")
    expect(page.get_by_label("Model")).to_be_focused()
    expect(page.get_by_label("Model")).to_have_value("first")
    expect(page.locator("#writing-error")).to_be_hidden()
    assert_no_fault(page)
    if pictures := os.environ.get("FOOTNOTED_SCREENSHOTS"):
        page.screenshot(path=Path(pictures) / "choosing-who-writes.png")
    page.get_by_role("button", name="Write with it").click()
    expect(fold(page)).to_have_text("Answers written by first")
    expect(fold(page)).to_be_focused()
    # What was quoted before is asked again, of the model.
    page.get_by_role("button", name="New", exact=True).click()
    expect(page.locator(".welcome")).to_be_visible()
    ask(page)
    expect(page.locator(".statement.supported")).to_contain_text("Two diplomats")


def test_the_choice_is_kept_until_it_is_left(page: Page, model: Scripted) -> None:
    expect(fold(page)).to_have_text("Answers written by first")
    fold(page).click()
    expect(page.get_by_label("Address")).to_have_value(model.url)
    page.get_by_role("button", name="Quote only").click()
    expect(fold(page)).to_have_text("Answers in quotations")
    ask(page)
    expect(page.locator(".statement.verbatim").first).to_be_visible(timeout=90_000)


def test_the_contract_chooses_too_and_refuses_what_is_no_address(url: str, model: Scripted) -> None:
    assert httpx.get(f"{url}api/writing").json() == {
        **{"model": None, "chosen": ""},
        "may_choose": True,
    }
    refused = httpx.post(f"{url}api/writing", json={"name": "file:///etc/passwd#m"})
    assert refused.status_code == 400 and "no address" in refused.json()["error"]
    listed = httpx.post(f"{url}api/writing/models", json={"address": model.url})
    assert listed.json() == ["first"]
    foreign = {"origin": "http://elsewhere.example"}
    name = {"name": f"{model.url}#first"}
    assert httpx.post(f"{url}api/writing", json=name, headers=foreign).status_code == 403
    assert httpx.post(f"{url}api/writing", json=name).json()["model"] == "first"
    assert httpx.post(f"{url}api/writing", json={"name": ""}).json()["model"] is None


def test_where_others_reach_the_server_it_is_not_chosen_in_the_page(
    folder: Path, unplugged: dict[str, str], model: Scripted
) -> None:
    options = ["--host", "0.0.0.0", "--open-to-everyone", "--generator", f"{model.url}#mine"]  # noqa: S104
    with serving(folder / "index", unplugged, folder / "reached", *options) as url:
        told = httpx.get(f"{url}api/writing").json()
        assert told == {"model": "mine", "chosen": "", "may_choose": False}
        refused = httpx.post(f"{url}api/writing", json={"name": f"{model.url}#first"})
        assert refused.status_code == 403 and "--generator" in refused.json()["error"]
        listed = httpx.post(f"{url}api/writing/models", json={"address": model.url})
        assert listed.status_code == 403
