"""What the contract is tried on: the sample, and a home of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from footnoted.corpus.files import SHIPPED
from footnoted.index.collections import Home
from footnoted.index.library import Library
from footnoted.qa.pipeline import Pipeline
from footnoted.qa.service.service import Service


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("served")
    library = Library.create(folder / "index")
    library.fill(SHIPPED)
    yield Service(Pipeline(library), Home(folder / "home"))
    library.close()
