"""Makes docs/page.png: the sample's answer beside its source (``make picture``)."""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import expect, sync_playwright

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from support.chromium import CHROMIUM, SWITCHES, choose
from support.serving import ROOT, serving

PICTURE = ROOT / "docs" / "page.png"
SIZE, SCALE = {"width": 1280, "height": 1000}, 2
# A page of text has few colours, and its letters' edges some more; what has more is no sharper.
COLOURS = 64
PREPARING = 300_000
"""In milliseconds: the first time of all, the networks are prepared for the processor."""


def main() -> None:
    with TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        library = Library.create(index)
        library.update([SHIPPED])
        library.close()
        with serving(index, os.environ) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE)  # type: ignore[arg-type]
            page.goto(url)
            expect(page.locator(".welcome")).to_be_visible()
            page.locator("#question textarea").fill("Who opposes the plan?")
            page.locator("#question textarea").press("Enter")
            page.locator(".note").first.wait_for(timeout=PREPARING)
            choose(page, page.locator(".note", has_text="3").first)
            page.wait_for_timeout(500)
            shown = Image.open(BytesIO(page.screenshot()))
            browser.close()
    shown.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    main()
