"""A folder of the server's machine, added from the page in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from footnoted.index.library import Library
from support.chromium import needs_chromium
from support.serving import serving


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("machine")
    (folder / "papers/2024").mkdir(parents=True)
    (folder / "papers/2024/ferry.txt").write_text("The ferry left in March.\n")
    (folder / "letter.txt").write_text("The treasurer of the society is Sven Brandt.\n")
    library = Library.create(folder / "index")
    library.update([folder / "letter.txt"])
    library.close()
    return folder


@pytest.fixture(scope="module")
def url(machine: Path, unplugged: dict[str, str]) -> Iterator[str]:
    offered = "--folders", str(machine / "papers")
    with serving(machine / "index", unplugged, machine / "home", *offered) as address:
        yield address


@needs_chromium
def test_a_folder_of_the_machine_is_added(context: BrowserContext, url: str) -> None:
    page = context.new_page()
    page.goto(url)
    page.get_by_role("tab", name="Files").click()
    expect(page.locator(".file")).to_have_count(1)
    page.get_by_role("button", name="Add a folder of this machine").click()
    dialog = page.locator("dialog")
    expect(dialog).to_contain_text("Name it from here on: papers.")
    name = dialog.locator("input")
    expect(name).to_have_value("papers/")
    name.fill("papers/2023")
    name.press("Enter")
    expect(dialog.locator(".error")).to_contain_text("There is no folder of that name below papers")
    expect(name).to_have_value("papers/2023")
    name.fill("papers/2024")
    name.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.locator("#bringing-told")).to_contain_text("Done: 1 added.")
    expect(page.locator(".file .where")).to_contain_text(["2024/ferry.txt"])
    expect(page.locator("#source .document")).to_have_count(2)
