"""The steps of ``docs/tour.md``, each of which ends at what its picture shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import ask, choose, look_up
from support.guides import Reader, blocks
from support.serving import ROOT, serving

DOCS = ROOT / "docs"
GUIDE = DOCS / "tour.md"
PASTED = (
    "The committee decided to build a new quay on the north side of the harbour. "
    "The sailing club welcomes the new quay and offers to pay for its lights."
)
PREPARING = 300_000
"""In milliseconds: the first time of all, the networks are prepared for the processor."""

Step = Callable[[Page, Path], None]
"""It is given the page as the step before it left it, and a folder with the guides' files."""


def answered(page: Page, _: Path) -> None:
    page.get_by_role("button", name="Who opposes the plan?").click()
    page.locator(".note").first.wait_for(timeout=PREPARING)
    choose(page, page.locator(".note", has_text="3").first)
    expect(page.locator("#document-text mark")).to_contain_text("UNHCR")


def declined(page: Page, _: Path) -> None:
    ask(page, "How much will the office cost?")
    expect(page.locator(".declined")).to_be_visible()
    choose(page, page.locator(".nearest .citation").first)


def brought(page: Page, folder: Path) -> None:
    page.get_by_role("tab", name="Files").click()
    page.locator("input[data-bring=folder]").set_input_files(folder / "town")
    expect(page.locator("#bringing-told")).to_contain_text("Done: 3 added.")
    expect(page.locator(".file")).to_have_count(3)


def own(page: Page, _: Path) -> None:
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who opposes the quay?")
    choose(page, page.locator(".turn").last.locator(".note").last)
    expect(page.locator("#document-text mark")).to_contain_text("Sven Brandt")


def looked_up(page: Page, folder: Path) -> None:
    page.get_by_role("tab", name="Look up").click()
    look_up(page, PASTED)
    expect(page.locator("#places .stands")).to_have_count(1)
    choose(page, page.locator("#places .close button").first)


def kept(page: Page, _: Path) -> None:
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".conversation")).to_have_count(2)


def evaluated(page: Page, _: Path) -> None:
    page.get_by_label("Collection").select_option(label="Sample documents")
    page.get_by_role("tab", name="Evaluate").click()
    page.get_by_role("radio", name="The shipped questions").check()
    page.locator("#evaluate").click()
    expect(page.locator("#evaluation .summary")).to_be_visible(timeout=PREPARING)


STEPS: tuple[Step, ...] = (answered, declined, brought, own, looked_up, kept, evaluated)


def pictures() -> list[Path]:
    """Those that the guide shows, in its order."""
    shown = re.findall(r"\]\((tour/[\w-]+\.png)\)", GUIDE.read_text(encoding="utf-8"))
    return [DOCS / one for one in shown]


@contextmanager
def begun(index: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """The address of a server over the sample, and in ``folder`` the files of the guides."""
    library = Library.create(index)
    library.fill(SHIPPED)
    library.close()
    (town, *_) = blocks(DOCS / "documents.md")
    Reader(folder, environment).run(town)
    with serving(index, environment, folder / "home") as url:
        yield url


def steps(page: Page, url: str, folder: Path) -> Iterator[str]:
    """The names of the steps, each when it is done."""
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    for step in STEPS:
        step(page, folder)
        yield step.__name__
