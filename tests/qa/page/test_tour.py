"""The tour can be taken as it is written, and its pictures are those of its steps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from support import tour
from support.chromium import needs_chromium


@pytest.fixture
def url(tmp_path: Path, unplugged: dict[str, str]) -> Iterator[str]:
    with tour.begun(tmp_path / "index", tmp_path, unplugged) as address:
        yield address


@needs_chromium
def test_the_tour_can_be_taken(context: BrowserContext, url: str, tmp_path: Path) -> None:
    taken = list(tour.steps(context.new_page(), url, tmp_path))
    assert tour.pictures() == [tour.DOCS / "tour" / f"{step}.png" for step in taken]


def test_its_pictures_are_there() -> None:
    assert all(one.is_file() for one in tour.pictures())
