"""Makes the pictures of the guides, of the page as it is (``make picture``).

The tour's first is the README's, too.
"""

from __future__ import annotations

import os
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from support import tour
from support.chromium import CHROMIUM, SWITCHES

SIZE, SCALE = {"width": 1280, "height": 1000}, 2
# A page of text has few colours, and its letters' edges some more; what has more is no sharper.
COLOURS = 64


def main() -> None:
    with TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with tour.begun(folder / "index", folder, os.environ) as url:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
            page = browser.new_page(viewport=SIZE, device_scale_factor=SCALE)  # type: ignore[arg-type]
            for step in tour.steps(page, url, folder):
                page.wait_for_timeout(500)
                _save(page.screenshot(), tour.DOCS / "tour" / f"{step}.png")
            browser.close()


def _save(screenshot: bytes, picture: Path) -> None:
    shown = Image.open(BytesIO(screenshot)).convert("RGB")
    shown.quantize(COLOURS, dither=Image.Dither.NONE).save(picture, optimize=True)


if __name__ == "__main__":
    main()
