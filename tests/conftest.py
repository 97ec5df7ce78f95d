"""The real parts, loaded once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from hypothesis import settings
from platformdirs import user_cache_path

from footnoted.corpus.files import SHIPPED, SHIPPED_QUESTIONS, read
from footnoted.corpus.types import Document
from footnoted.index.embedding import DEFAULT_EMBEDDER, EMBEDDERS, load_embedder
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.qa import readers
from footnoted.qa.protocols import Reader
from support.embedder import HashedEmbedder
from support.networks import save_language_model, save_random
from support.serving import serving

# No test asserts a time; a machine may be busy.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# Torch and Playwright are imported by the fixtures that need them: what a person runs on every save
# begins at once.
if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    from support.chromium import Window

# Marks that follow from what a test asks for: fixtures that start a browser or a server, and those
# that read with the shipped networks or make one with torch.
_BY_FIXTURE = {
    "browser": {"browser", "url"},
    "models": {"answer", "done", "language_model", "pipeline", "sample_result", "tiny_reader"},
}


def pytest_itemcollected(item: pytest.Item) -> None:
    asked = set(getattr(item, "fixturenames", ()))
    for mark, fixtures in _BY_FIXTURE.items():
        if fixtures & asked:
            item.add_marker(mark)
    # Who comes first, of a browser and a server on a machine that others use, differs from run to
    # run. The summary names what was tried twice: it is a fault to be found, not a reason to stop.
    if item.get_closest_marker("browser"):
        item.add_marker(pytest.mark.flaky(reruns=1))


# Files with what takes longest are begun first, and those with none of it fill up the end.
_LONGEST_FIRST = ("wheel", "crash", "slow", "browser", "models")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ranks = {item.path: len(_LONGEST_FIRST) for item in items}
    for item in items:
        for rank, mark in enumerate(_LONGEST_FIRST):
            if item.get_closest_marker(mark):
                ranks[item.path] = min(rank, ranks[item.path])
    items.sort(key=lambda item: ranks[item.path])


@pytest.fixture(scope="session", autouse=True)
def own_caches() -> None:
    """What tests compile is not put into the user's cache, but kept for the next time: networks are
    found by the hashes of their weights, and checked."""
    os.environ["XDG_CACHE_HOME"] = str(user_cache_path("footnoted-tests", appauthor=False))


@pytest.fixture(scope="session", autouse=True)
def loaded_once(own_caches: None) -> Iterator[None]:
    """The shipped networks are compiled once a process, and shared, as the threads of a server
    share them: most of what a small test took was to compile them again."""
    load = readers.load_reader
    ours = cache(load)

    def load_reader(name: str, *choices: Any, **named: Any) -> Reader:
        return (ours if name == readers.DEFAULT_READER else load)(name, *choices, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(EMBEDDERS, DEFAULT_EMBEDDER, cache(EMBEDDERS[DEFAULT_EMBEDDER]))
        patch.setattr(readers, "load_reader", load_reader)
        yield


@pytest.fixture(scope="session")
def unplugged(tmp_path_factory: pytest.TempPathFactory, own_caches: None) -> dict[str, str]:
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
    return {
        **os.environ,
        "PYTHONPATH": str(folder),
        "HF_HUB_OFFLINE": "0",
        "XDG_DATA_HOME": str(folder / "data"),
    }


@pytest.fixture(scope="session")
def embedder(own_caches: None) -> Embedder:
    return load_embedder()


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> Embedder:
    """By default, indexes are embedded by hashing, for the one test."""
    found = HashedEmbedder()
    monkeypatch.setitem(EMBEDDERS, DEFAULT_EMBEDDER, lambda _: found)
    return found


@pytest.fixture(scope="session")
def tiny_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random model for question answering, of two layers, saved as transformers saves one."""
    from transformers import BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("models") / "tiny"
    return save_random(BertForQuestionAnswering, folder, seed=7)


@pytest.fixture
def read_once(loaded_once: None) -> Iterator[None]:
    """The check's language model is read from its file once, which takes many seconds: each network
    that is made of it gets weights of its own."""
    import gguf
    import torch
    from transformers import AutoModelForCausalLM

    from footnoted.qa.checker import torch_network

    load_base = cache(torch_network.load_base)

    def loaded(number_type: torch.dtype) -> tuple[Any, Any]:
        read, tokenizer = load_base(torch.float32)
        made: Any = AutoModelForCausalLM
        model = made.from_config(read.config, dtype=number_type)
        model.load_state_dict(read.state_dict())
        return model.eval(), tokenizer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gguf, "GGUFReader", cache(gguf.GGUFReader))
        patch.setattr(torch_network, "load_base", loaded)
        yield


@pytest.fixture(scope="session")
def shipped_documents() -> dict[str, Document]:
    return {document.id: document for file in read(SHIPPED) for document in file.documents}


@pytest.fixture(scope="session")
def for_all_workers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what is made once, whichever of the processes that test is first to need it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def language_model(for_all_workers: Path) -> Path:
    """The folder of a small language model to talk to; tests leave it as it is."""
    folder = for_all_workers / "smollm2"
    with FileLock(for_all_workers / "smollm2.lock"):
        if not folder.exists():
            save_language_model(for_all_workers / "smollm2.new").rename(folder)
    return folder


@pytest.fixture(scope="session")
def shipped_index(for_all_workers: Path) -> Path:
    """The folder of an index over the shipped documents; tests leave it as it is."""
    folder = for_all_workers / "shipped"
    with FileLock(for_all_workers / "shipped.lock"):
        if not folder.exists():
            library = Library.create(folder)
            library.update([SHIPPED])
            library.close()
    return folder


@pytest.fixture(scope="session")
def shipped(shipped_index: Path) -> Iterator[Library]:
    library = Library.open(shipped_index)
    yield library
    library.close()


@pytest.fixture(scope="session")
def sample_result(shipped: Library, for_all_workers: Path) -> dict[str, Any]:
    """What came of the shipped questions, asked once; tests leave it as it is."""
    from footnoted.qa.evaluation.questions import read as read_questions
    from footnoted.qa.evaluation.results import read_result, save
    from footnoted.qa.evaluation.run import evaluate
    from footnoted.qa.pipeline import Pipeline

    file = for_all_workers / "sample.json"
    with FileLock(for_all_workers / "sample.lock"):
        if not file.exists():
            questions = read_questions(SHIPPED_QUESTIONS).questions
            save(evaluate(Pipeline(shipped), questions), file)
    return read_result(file)


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


# -- the page, in a real Chromium ----------------------------------------------------------------


@pytest.fixture(scope="session")
def served_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index that the page is tested over: the shipped documents, hostile ones, a long one."""
    from support.chromium import (
        EVIL_ID,
        EVIL_TEXT,
        HARBOUR_ID,
        HARBOUR_TEXT,
        TIDES_ID,
        TIDES_TEXT,
    )

    folder = tmp_path_factory.mktemp("page")
    (folder / "evil").mkdir()
    (folder / "evil" / EVIL_ID).write_bytes(EVIL_TEXT.encode())
    (folder / "evil" / HARBOUR_ID).write_text(HARBOUR_TEXT, encoding="utf-8")
    (folder / "evil" / TIDES_ID).write_text(TIDES_TEXT, encoding="utf-8")
    library = Library.create(folder / "index")
    library.update([SHIPPED, folder / "evil"])
    library.close()
    return folder / "index"


@pytest.fixture(scope="session")
def url(served_index: Path, unplugged: dict[str, str]) -> Iterator[str]:
    """The address of a server in a process of its own, unplugged, started as a user starts it."""
    with serving(served_index, unplugged) as address:
        yield address


@pytest.fixture(scope="session")
def documents(served_index: Path) -> dict[str, Document]:
    """What the page's index holds, by id."""
    library = Library.open(served_index)
    found = {document.id: document for document in library.documents()}
    library.close()
    return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    from support.chromium import CHROMIUM, SWITCHES

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, url: str) -> Iterator[BrowserContext]:
    """A fresh browser session; at its end, nothing has left this machine and nothing complained."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    requests: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    context.on("dialog", lambda dialog: complaints.append(dialog.message))
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on(
        "console",
        lambda message: complaints.append(message.text) if message.type == "error" else None,
    )
    refused = "Failed to load resource: the server responded with a status of 400 (Bad Request)"
    yield context
    context.close()
    hosts = {urlsplit(one).netloc for one in requests if not one.startswith(("data:", "blob:"))}
    assert hosts == {urlsplit(url).netloc}
    assert not [one for one in complaints if one != refused]  # which the page tells in its words


@pytest.fixture
def page(context: BrowserContext, url: str) -> Page:
    from playwright.sync_api import expect

    page = context.new_page()
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator("#source .document")).to_have_count(5)
    return page


@pytest.fixture(params=[(s, w) for s in ("light", "dark") for w in (1280, 390)], ids=str)
def window(
    request: pytest.FixtureRequest, browser: Browser, url: str, tmp_path: Path
) -> Iterator[Window]:
    """Each kind of window; at its end, the page must still fit into it."""
    from playwright.sync_api import expect

    from support.chromium import Window

    scheme, width = request.param
    folder = Path(os.environ.get("FOOTNOTED_SCREENSHOTS", tmp_path))
    folder.mkdir(exist_ok=True)
    page = browser.new_page(
        viewport={"width": width, "height": 800 if width > 600 else 844}, color_scheme=scheme
    )
    page.goto(url)
    expect(page.locator(".welcome")).to_be_visible()
    yield Window(page, scheme, width, folder)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
