"""The tools of MCP, called by the protocol's own client: in this process, over stdio, over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from starlette.testclient import TestClient

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.qa.api import mcp as tools
from footnoted.qa.api import schemas
from footnoted.qa.api.mcp import create_mcp
from footnoted.qa.service.callers import ANYONE
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.service import Service
from footnoted.qa.within import ALL
from support.embedder import HashedEmbedder
from support.stub import Stub

PROMISED = {
    *("ask", "lookup", "documents", "evaluate", "add", "remove"),
    *("collections", "verify", "conversations", "health", "metrics", "suggestions"),
}


def talk(to: Any, with_: Callable[[Client], Awaitable[None]]) -> None:
    async def talking() -> None:
        async with Client(to) as client:
            await with_(client)

    asyncio.run(talking())


async def called(client: Client, tool: str, **arguments: Any) -> Any:
    """What a tool gives; lists stand in a field of their own."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    given: Any = result.structured_content
    return given["result"] if isinstance(given, dict) and set(given) == {"result"} else given


async def refused(client: Client, tool: str, **arguments: Any) -> str:
    result = await client.call_tool(tool, arguments)
    assert result.is_error
    (content,) = result.content
    text: str = content.text  # type: ignore[union-attr]
    return text


def test_what_is_promised_is_there_and_described(service: Service) -> None:
    async def conversation(client: Client) -> None:
        listed = (await client.list_tools()).tools
        assert {tool.name for tool in listed} == PROMISED
        assert all(tool.description for tool in listed)

    talk(create_mcp(service), conversation)


def test_an_answer_is_the_contracts(service: Service) -> None:
    async def conversation(client: Client) -> None:
        answer = await called(client, "ask", question="Who opposes the plan?")
        assert schemas.AnswerObject.model_validate(answer).answered
        assert await called(client, "verify", answer=answer) == []
        answer["citations"][0]["quote"] = "made up"
        assert await called(client, "verify", answer=answer)
        (match,) = await called(client, "lookup", text="signed in April 2021")
        assert match["match"] == "exact"
        assert "question is empty" in await refused(client, "ask", question=" ")
        (first, _) = [one["id"] for one in await called(client, "documents")]
        some = await called(client, "ask", question="Who opposes the plan?", documents=[first])
        assert (some["within"]["documents"], some["coverage"]["documents"]) == (1, 1)
        assert "write a year" in await refused(client, "ask", question="Who?", since="soon")

    talk(create_mcp(service), conversation)


@pytest.mark.parametrize(
    "question", ["Who opposes the plan?", "Where do the two documents differ?", "Who won?"]
)
def test_a_tool_gives_the_json_that_the_routes_give(question: str, service: Service) -> None:
    """What some answers alone have, as the rows of a comparison, is in no other one."""
    answer = service.collection(ANYONE, "").ask(question, [], ALL)

    async def conversation(client: Client) -> None:
        result = await client.call_tool("ask", {"question": question})
        (written,) = (json.loads(one.text) for one in result.content)  # type: ignore[union-attr]
        for given in (result.structured_content, written):
            assert given is not None
            assert {**given, "seconds": 0} == {**as_json(answer.as_dict()), "seconds": 0}

    talk(create_mcp(service), conversation)


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value))


def test_files_are_added_and_removed(service: Service) -> None:
    service.create(ANYONE, "letters")
    files = [
        {"name": "a.txt", "text": "The treasurer is Sven Brandt.\n"},
        {"name": "b/c.txt", "base64": base64.b64encode(b"The bell rings at noon.\n").decode()},
    ]

    async def conversation(client: Client) -> None:
        receipt = await called(client, "add", files=files, collection="letters")
        assert [one["change"] for one in receipt["files"]] == ["added", "added"]
        listed = await called(client, "documents", collection="letters")
        assert [one["id"] for one in listed] == ["a.txt", "b/c.txt"]
        await called(client, "remove", ids=["a.txt"], collection="letters")
        assert "no document 'a.txt'" in await refused(
            client, "remove", ids=["a.txt"], collection="letters"
        )
        assert "collection for yours" in await refused(client, "add", files=files)
        for wrong in ({"name": "a"}, {"name": "a", "base64": "?"}):
            assert "base64" in await refused(client, "add", files=[wrong], collection="letters")
        names = [one["name"] for one in await called(client, "collections")]
        assert names == ["Sample documents", "letters"]

    talk(create_mcp(service), conversation)


def test_a_folder_that_is_offered_is_read(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("The treasurer is Sven Brandt.\n")
    library = Library.create(tmp_path / "home" / "letters", HashedEmbedder())
    service = Service(Stub(library), offered=OfferedFolders([tmp_path / "papers"]))

    async def conversation(client: Client) -> None:
        receipt = await called(client, "add", folder="papers")
        assert [one["path"] for one in receipt["files"]] == ["papers/a.txt"]
        assert "no folder of that name" in await refused(client, "add", folder="home")
        assert "files or a folder" in await refused(client, "add")
        files = [{"name": "b", "text": "b"}]
        assert "files or a folder" in await refused(client, "add", files=files, folder="papers")

    talk(create_mcp(service), conversation)
    service.close()


def test_it_speaks_over_stdio(tmp_path: Path, unplugged: dict[str, str]) -> None:
    library = Library.create(tmp_path / "index")
    library.fill(SHIPPED)
    library.close()
    of = ["--index", str(tmp_path / "index"), "--home", str(tmp_path / "home")]
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "footnoted", "mcp", *of], env=unplugged
    )

    async def conversation(client: Client) -> None:
        answer = await called(client, "ask", question="Who opposes the plan?")
        assert answer["answered"]

    talk(command, conversation)


def test_a_server_offers_the_tools_where_it_is_told_to(service: Service) -> None:
    from footnoted.qa.page.app import create_app

    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    headers = {"accept": "application/json, text/event-stream"}
    with TestClient(create_app(service, with_mcp=True), base_url="http://127.0.0.1") as client:
        listed = client.post("/mcp", json=call, headers=headers).json()["result"]["tools"]
        assert {tool["name"] for tool in listed} == PROMISED
        foreign = client.post("/mcp", json=call, headers={**headers, "origin": "http://evil.test"})
        assert foreign.status_code == 403
    with TestClient(create_app(service), base_url="http://127.0.0.1") as client:
        assert client.post("/mcp", json=call, headers=headers).status_code in (404, 405)


def test_without_the_package_the_remedy_is_told(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    with pytest.raises(UnusableInput, match=r'pip install "footnoted\[mcp\]"'):
        create_mcp(service)
