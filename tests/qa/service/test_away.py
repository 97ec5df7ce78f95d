"""Where what answers a question is away: who asks is told so, to ask again, and not where it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from footnoted.corpus.errors import IndexUnavailable
from footnoted.index.library import Library
from footnoted.index.protocols import Embedder
from footnoted.index.qdrant import client as client_module
from footnoted.index.qdrant.address import Address
from footnoted.qa.api.routes import create_api
from footnoted.qa.service.failures import Away, Failed, in_one_line
from footnoted.qa.service.service import Service
from support.qdrant_rest import serving_qdrant
from support.stub import Stub

CALLS = {
    "/documents": None,
    "/state": None,
    "/suggestions": None,
    "/page?document=boats.txt&start=0&end=1": None,
    "/ask": {"question": "Who?"},
    "/lookup": {"text": "forty boats"},
    "/within": {"documents": ["boats.txt"]},
    "/remove": {"ids": ["boats.txt"]},
}


@pytest.fixture
def deserted(
    tmp_path: Path, hashed: Embedder, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Service]:
    """Over a store that is not there any more."""
    monkeypatch.setattr(client_module, "_WAITS_SECONDS", (0.05,))
    with serving_qdrant(tmp_path / "qdrant") as served:
        library = Library.create(Address.parse(f"{served}/reports"))
        library.update([folder])
        service = Service(Stub(library))
        client = TestClient(create_api(service))
        assert len(client.get("/documents").json()) == 2
    yield service
    service.close()


def test_who_asks_is_told_to_ask_again(deserted: Service, caplog: pytest.LogCaptureFixture) -> None:
    client = TestClient(create_api(deserted), raise_server_exceptions=False)
    caplog.set_level(logging.WARNING, "footnoted")
    for path, body in CALLS.items():
        reply = client.post(path, json=body) if body else client.get(path)
        assert (reply.status_code, reply.headers.get("retry-after")) == (503, "5"), path
        said = reply.json()["error"]
        assert said == "The documents cannot be reached just now; try again in a moment"
    lines = [line for line in caplog.messages if "qdrant+http://" in line]
    assert len(lines) == len({*lines}) > 0 and "is Qdrant running there" in lines[0]
    assert deserted.health.lacking() == ["models", "documents"]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            "there is no index in qdrant+http://vectors:6333/reports; footnoted index makes one",
            "There is no index in reports",
        ),
        ("qdrant+https://v/a/minutes?shards=2 is damaged: x", "Minutes is damaged: x"),
        ("postgresql://u@h:5432/kept?sslmode=require, is gone", "Kept, is gone"),
    ],
)
def test_no_address_is_told(error: str, said: str) -> None:
    with pytest.raises(Failed) as failed, in_one_line("It failed"):
        raise IndexUnavailable(error)
    assert isinstance(failed.value, Away) and str(failed.value).casefold() == said.casefold()
