"""The real parts, loaded once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.reading import SHIPPED, read
from corpus.types import Document
from index.embedding import Embedder, load_embedder
from index.library import Library


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="session")
def shipped_documents() -> dict[str, Document]:
    return {document.id: document for file in read(SHIPPED) for document in file.documents}


@pytest.fixture(scope="session")
def shipped_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an index over the shipped documents; tests leave it as it is."""
    folder = tmp_path_factory.mktemp("shipped") / "index"
    library = Library.create(folder)
    library.update([SHIPPED])
    library.close()
    return folder


@pytest.fixture(scope="session")
def shipped(shipped_index: Path) -> Iterator[Library]:
    library = Library.open(shipped_index)
    yield library
    library.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty index of the test's own."""
    library = Library.create(tmp_path / "index")
    yield library
    library.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two small documents."""
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "boats.txt").write_text(
        "The harbour of Aarhus has forty boats.\n\nThe oldest boat is called Maren.\n"
    )
    (folder / "sub" / "bread.md").write_text("# Rye bread\n\nRye bread is baked for three hours.\n")
    return folder
