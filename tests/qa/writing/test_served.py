"""From the question to the saved answer with a real server and a real, small language model, which
may write what it likes."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from footnoted.corpus.types import Document
from footnoted.qa.writing.writer import NOTHING_PROVED

ASKED = "How many diplomats will Denmark send to Kigali?"
# Cores that others use compute a token in a second.
_MINUTE = 60.0

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def address(
    language_model: Path, unplugged: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """That of transformers' own server, with the model loaded."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = ["-m", "transformers.cli.transformers", "serve", str(language_model)]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, *serve, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"],
            env={**unplugged, "HF_HUB_CACHE": str(folder / "hub"), "HF_HUB_OFFLINE": "1"},
            stdout=log,
            stderr=log,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 5 * _MINUTE
        while not _is_up(url):
            said = (folder / "log").read_text(errors="replace")
            assert server.poll() is None and time.monotonic() < until, said
            time.sleep(0.5)
        hello = {"role": "user", "content": "Hello."}
        first = {"model": str(language_model), "messages": [hello], "max_tokens": 1}
        httpx.post(f"{url}/v1/chat/completions", json=first, timeout=5 * _MINUTE)
        yield url
    finally:
        server.terminate()
        server.wait(_MINUTE)


def _is_up(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health").is_success
    except httpx.TransportError:
        return False


def test_what_a_small_model_writes_is_checked_from_question_to_saved_answer(
    address: str,
    language_model: Path,
    shipped_index: Path,
    shipped_documents: dict[str, Document],
    unplugged: dict[str, str],
    tmp_path: Path,
) -> None:
    def footnoted(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "footnoted", *map(str, arguments), "--index", shipped_index],
            env=unplugged,
            capture_output=True,
            text=True,
            timeout=10 * _MINUTE,
        )

    asked = footnoted("ask", ASKED, "--generator", f"{address}#{language_model}", "--json")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["models"]["generator"] == str(language_model)
    written, statements = answer["written"], answer["statements"]
    assert written["sentences"] > 0 and written["failure"] in (None, NOTHING_PROVED)
    support = [one["support"] for one in statements]
    if written["failure"]:
        assert written["supported"] == 0 and set(support) == {"verbatim"}
    else:
        assert written["sentences"] == len(statements)
        assert 0 < written["supported"] == support.count("supported")
        assert written["sentences"] - written["supported"] == support.count("unsupported")
    for one in statements:
        assert bool(one["citations"]) == (one["support"] != "unsupported") != bool(one.get("why"))
    for one in answer["citations"]:
        held = shipped_documents[one["document"]]
        assert held.text[one["start"] : one["end"]] == one["quote"]
        assert held.sha256 == one["sha256"]
    saved = tmp_path / "answer.json"
    saved.write_text(asked.stdout, encoding="utf-8")
    verified = footnoted("verify", saved)
    assert verified.returncode == 0, verified.stdout
