"""A real Chromium, and what it is shown."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from footnoted.corpus.types import Document, Span

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

# What hostile text must not become stands in every kind of block; the harbour is nowhere else.
HARBOUR_ID = "harbour.md"
HARBOUR_TEXT = """\
---
title: Harbour rules <script>window.pwned=20</script>
date: 2024-03-12
---

# Harbour rules

The *harbour master* is called [Orla <svg onload=pwned()>](https://example.org) and
may be found on the quay.

Boats moor at **berths**
alone.

## Berths

| Berth | Depth | Keeper |
|-------|-------|--------|
| North | 4 m |  |
| **South** | 6 m | `<b onclick=window.pwned=22>` Sven |

## Gear

- ropes
  1. long ones
  2. short ones <script>window.pwned=23</script>
- fenders

> Nobody swims in the harbour.
>
> Nobody dives there.

```python
if window < "</code><script>window.pwned=24</script>":
    moor()
```

Orla Vint: Who has moored a boat at the southern berth since Sunday?
"""

# More blocks than are shown at once.
TIDES_ID = "tides.md"
TIDES_TEXT = "# Tides\n\n| Day | Metres |\n|-----|--------|\n" + "".join(
    f"| {day} | {day % 7} |\n" for day in range(1, 2001)
)

TEXT_SHOWN = "document.querySelector('#document-text').textContent"


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


def reload(page: Page) -> None:
    """Load the page anew, as a person does, once nothing is on its way any more: Gradio complains
    of what is broken off, on a page that nobody sees any more."""
    page.wait_for_timeout(1000)
    page.reload()


def look_up(page: Page, text: str, key: str = "Enter") -> None:
    box = page.locator("#quotation textarea")
    box.fill(text)
    before = page.locator("#places").inner_html()
    box.press(key)
    page.wait_for_function(
        "before => document.querySelector('#places').innerHTML !== before"
        " && !document.querySelector('#places .pending')",
        arg=before,
    )


def choose(page: Page, footnote: Any) -> None:
    """Choose a footnote and wait until its document is shown."""
    stamp = "document.querySelector('#source .source')?.dataset.stamp"
    before = page.evaluate(stamp)
    footnote.click()
    page.wait_for_function(f"before => {stamp} !== before", arg=before)


def assert_no_fault(page: Page) -> None:
    """axe-core finds nothing that keeps anybody from using what is shown."""
    found = Axe().run(page).response["violations"]
    faults = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]
    assert faults == [], faults


def seen(document: Document, span: Span | None = None) -> str:
    """What of a document is to be seen: what stands in a block and is no sign; of rows, cells."""
    start, end = span or Span(0, len(document.text))
    blocks = document.structure.blocks
    rows = [Span(one.start, one.end) for one in blocks if one.kind == "row"]
    cells = [one for one in document.annotations if one.kind == "cell"]
    with_cells = {row for row in rows for one in cells if row.start <= one.start < row.end}
    shown = [one for one in blocks if Span(one.start, one.end) not in with_cells]
    at = {n for one in [*shown, *cells] for n in range(one.start, one.end)}
    at -= {n for s in document.annotations if s.kind == "markup" for n in range(s.start, s.end)}
    is_plain = not document.annotations
    return "".join(document.text[n] for n in range(start, end) if is_plain or n in at)


def assert_marked(page: Page, citation: dict[str, Any], documents: dict[str, Document]) -> None:
    """The marked text is the document's at the citation's offsets, in view, in its surroundings."""
    document = documents[citation["document"]]
    start, end = citation["start"], citation["end"]
    assert document.text[start:end] == citation["quote"]
    marked = (
        "[...document.querySelectorAll('#document-text mark')].map(m => m.textContent).join('')"
    )
    assert page.evaluate(marked) == seen(document, Span(start, end)) != ""
    assert page.evaluate(TEXT_SHOWN) == seen(document)
    before = page.evaluate(
        """(() => { const range = document.createRange();
        range.setStart(document.querySelector('#document-text'), 0);
        range.setEndBefore(document.querySelector('#quote'));
        return range.toString() })()"""
    )
    assert before == seen(document, Span(0, start))
    expect(page.locator("#quote")).to_be_in_viewport()
    expect(page.locator("#source .place")).to_contain_text(f"characters {start} to {end}")
