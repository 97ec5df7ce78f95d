"""A real Chromium, and what it is shown."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))),
    None,
)
# Switches that keep the browser itself from calling out, so that every request seen is the page's.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=30_000)  # the machine may be busy; nothing here is about speed
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None,
    reason="no Chromium found; on Debian: apt-get install chromium, else install Google Chrome",
)

EVIL_ID = '"><img src=x onerror=window.pwned=6>.txt'
EVIL_SENTENCE = (
    "The lighthouse keeper Zebedee said <script>window.pwned=1</script> & </mark></div><!-- "
    "<img src=x onerror=window.pwned=2> &amp; &#13 **bold** [x](javascript:window.pwned=3) $$x$$ "
    '${window.pwned=4} {{window.pwned}} `tick` \u00a0 😀 e\u0301 __i18n__{"key":"submit"}.'
)
EVIL_TEXT = (
    "\r\n\r\n# Hostile <script>window.pwned=5</script>\r\n\r\n"
    + f"{'Filler sentence about nothing at all. ' * 150}\r\n\r\n{EVIL_SENTENCE}\r\n\r\n"
    + "\tTabbed   and   spaced.\r\n\r\nA lone CR\rand \u202eright to left\u202c.\r\n"
)


@dataclass(frozen=True)
class Window:
    """The page in a window of some width, on a light or dark desktop."""

    page: Page
    scheme: str
    width: int
    folder: Path

    def keep(self, name: str) -> None:
        """Keep what a person would see; in FOOTNOTED_SCREENSHOTS, if that names a folder."""
        self.page.wait_for_timeout(200)  # a scroll is drawn with the next frame
        self.page.screenshot(path=self.folder / f"{self.scheme}-{self.width}-{name}.png")


def ask(page: Page, question: str) -> None:
    turns = page.locator(".turn").count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".turn")).to_have_count(turns + 1)
    expect(page.locator(".pending")).to_have_count(0)


def choose(page: Page, footnote: Any) -> None:
    """Choose a footnote and wait until its document is shown."""
    stamp = "document.querySelector('#source .source')?.dataset.stamp"
    before = page.evaluate(stamp)
    footnote.click()
    page.wait_for_function(f"before => {stamp} !== before", arg=before)


def assert_marked(page: Page, citation: dict[str, Any], documents: dict[str, Document]) -> None:
    """The marked text is the document's at the citation's offsets, in view, in its surroundings."""
    text = documents[citation["document"]].text
    start, end = citation["start"], citation["end"]
    assert page.evaluate("document.querySelector('#quote').textContent") == text[start:end]
    assert text[start:end] == citation["quote"]
    assert page.evaluate("document.querySelector('#document-text').textContent") == text
    before = page.evaluate(
        """(() => { const range = document.createRange();
        range.setStart(document.querySelector('#document-text'), 0);
        range.setEndBefore(document.querySelector('#quote'));
        return range.toString() })()"""
    )
    assert before == text[:start]
    expect(page.locator("#quote")).to_be_in_viewport()
    expect(page.locator("#source .place")).to_contain_text(f"characters {start} to {end}")
