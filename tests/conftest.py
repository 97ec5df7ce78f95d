"""The real parts, loaded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.reading import SHIPPED, read
from corpus.types import Document
from index.embedding import Embedder, load_embedder
from index.library import Library


@pytest.fixture(scope="session")
def unplugged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process that ends at its first try to reach another machine."""
    folder = tmp_path_factory.mktemp("unplugged")
    (folder / "sitecustomize.py").write_text(
        """
import os, sys

def guard(event, arguments):
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host not in (None, "localhost", "127.0.0.1", "::1", "0.0.0.0"):
        sys.stderr.write(f"called {host}")
        sys.stderr.flush()
        os._exit(99)

sys.addaudithook(guard)
"""
    )
    root = Path(__file__).parent.parent
    return {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{root}", "HF_HUB_OFFLINE": "0"}


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
