"""The contract as tools of the Model Context Protocol, for assistants that read documents."""

from __future__ import annotations

import base64
import binascii
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.qa.api import schemas
from footnoted.qa.service.callers import ANYONE, Caller, calling
from footnoted.qa.service.failures import Failed, Stopped, one_line
from footnoted.qa.service.service import Service
from footnoted.qa.verify.saved import read_answer
from footnoted.qa.within import Choice

_INSTRUCTIONS = (
    "Answers questions from the user's documents, in exact quotations with their places. Cite them "
    "by document and offsets. Where `answered` is false, the documents do not answer: say so."
)


_CALLER: ContextVar[Caller] = ContextVar("caller")
"""For whom a tool is called; the threads that tools run in take it over."""


class AddedFile(BaseModel):
    """A file to be added: its ``text``, or its bytes in ``base64``."""

    name: str = Field(description="with its ending; folders may stand before it")
    text: str | None = None
    base64: str | None = None


def needed() -> None:
    """
    Raises:
        UnusableInput: the package is not installed.
    """
    if find_spec("mcp") is None:
        raise UnusableInput('MCP needs another package; do: pip install "footnoted[mcp]"')


def create_mcp(service: Service) -> Any:
    """An ``MCPServer`` that acts for who sends a request; over stdio, for who started it.

    Raises:
        UnusableInput: the package ``mcp`` is not installed.
    """
    needed()
    from mcp.server import MCPServer

    class Server(MCPServer):
        async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
            request = context.request_context.request if context else None
            token = _CALLER.set(calling(request) if request is not None else ANYONE)
            try:
                return await super().call_tool(name, arguments, context)
            finally:
                _CALLER.reset(token)

    server: Any = Server("Footnoted", instructions=_INSTRUCTIONS, version=version("footnoted"))
    _add_asking(server, service)
    _add_documents(server, service)
    _add_others(server, service)
    return server


def mcp_app(service: Service) -> Any:
    """A Starlette application that serves the tools at ``/mcp``, over HTTP.

    Which names it is called by, and from which pages, is for whoever mounts it to guard.
    """
    needed()
    from mcp.server.transport_security import TransportSecuritySettings

    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    return create_mcp(service).streamable_http_app(
        stateless_http=True, json_response=True, transport_security=security
    )


def _add_asking(server: Any, service: Service) -> None:
    @server.tool()  # type: ignore[untyped-decorator]
    def ask(
        question: str,
        history: list[str] = [],  # noqa: B006
        collection: str = "",
        documents: list[str] = [],  # noqa: B006
        since: str = "",
        until: str = "",
    ) -> schemas.AnswerObject:
        """Answer a question from the documents, each statement cited; or say that they do not
        answer it. `history` are the earlier questions, oldest first. With `documents` (ids, titles,
        or folders that ids begin with), `since` or `until` (YYYY, YYYY-MM or YYYY-MM-DD), from
        those alone."""
        with _refusing():
            of = service.collection(_CALLER.get(), collection)
            answer = of.ask(question, history, Choice(documents, since, until))
        return schemas.AnswerObject.model_validate(answer.as_dict())

    @server.tool()  # type: ignore[untyped-decorator]
    def lookup(text: str, collection: str = "") -> list[schemas.MatchObject]:
        """Find where a quotation stands: word for word or, where nowhere, nearly."""
        with _refusing():
            found = service.collection(_CALLER.get(), collection).look_up(text)
        return [schemas.MatchObject.model_validate(match.as_dict()) for match in found]

    @server.tool()  # type: ignore[untyped-decorator]
    def verify(answer: dict[str, Any], collection: str = "") -> list[str]:
        """Re-check an answer object: what does not hold any more, a line each."""
        with _refusing():
            saved = read_answer(json.dumps(answer).encode())
            problems = service.collection(_CALLER.get(), collection).verify(saved)
        return [str(problem) for problem in problems]


def _add_documents(server: Any, service: Service) -> None:
    @server.tool()  # type: ignore[untyped-decorator]
    def documents(collection: str = "") -> list[dict[str, Any]]:
        """List the documents that can be asked about."""
        with _refusing():
            listed = service.collection(_CALLER.get(), collection).listing()
        return [document.as_dict() for document in listed]

    @server.tool()  # type: ignore[untyped-decorator]
    def suggestions(collection: str = "") -> schemas.SuggestionsObject:
        """Questions to begin with, which the documents answer. They are looked for when this is
        first called: where `ready` is false, call it again some seconds later."""
        with _refusing():
            found = service.collection(_CALLER.get(), collection).suggestions()
        return schemas.SuggestionsObject.model_validate(found.as_dict())

    @server.tool()  # type: ignore[untyped-decorator]
    def add(
        files: list[AddedFile] = [],  # noqa: B006
        folder: str = "",
        collection: str = "",
        password: str = "",
    ) -> dict[str, Any]:
        """Add files to a collection, and say what came of each; or a `folder` of the server's
        machine that it offers, which is read where it lies. `password` opens protected files."""
        with _refusing(), _new_folder(service) as place:
            if bool(files) == bool(folder):
                raise UnusableInput("give files or a folder, one of them")
            of = service.collection(_CALLER.get(), collection)
            if folder:
                return of.add_folder(folder, password=password or None).as_dict()
            return of.add(_written(files, place), password=password or None).as_dict()

    @server.tool()  # type: ignore[untyped-decorator]
    def remove(ids: list[str], collection: str = "") -> schemas.RemovalObject:
        """Take out documents, by their ids."""
        with _refusing():
            removal = service.collection(_CALLER.get(), collection).remove(ids)
        return schemas.RemovalObject.model_validate(asdict(removal))


def _add_others(server: Any, service: Service) -> None:
    @server.tool()  # type: ignore[untyped-decorator]
    def collections() -> list[schemas.CollectionObject]:
        """List the collections; the first is meant where none is named."""
        with _refusing():
            listed = service.collections(_CALLER.get())
        return [schemas.CollectionObject.model_validate(one.as_dict()) for one in listed]

    @server.tool()  # type: ignore[untyped-decorator]
    def evaluate(questions: str = "", collection: str = "") -> dict[str, Any]:
        """Ask every question of a set (JSONL) and measure the answers; without one, that on the
        sample documents."""
        with _refusing(), _new_folder(service) as folder:
            file = folder / "questions.jsonl" if questions else None
            if file:
                file.write_text(questions, encoding="utf-8")
            return service.collection(_CALLER.get(), collection).evaluate(file).result

    @server.tool()  # type: ignore[untyped-decorator]
    def conversations(words: str = "") -> list[schemas.ConversationObject]:
        """List the conversations that were kept, the last first."""
        with _refusing():
            found = service.conversations.conversations(_CALLER.get().name, words)
        return [schemas.ConversationObject.model_validate(one.as_dict()) for one in found]

    @server.tool()  # type: ignore[untyped-decorator]
    def health() -> schemas.HealthObject:
        """Whether it serves, and whether the models are loaded yet."""
        return schemas.HealthObject(status=service.status, version=version("footnoted"))

    @server.tool()  # type: ignore[untyped-decorator]
    def metrics() -> str:
        """What was done since the start, for Prometheus."""
        with _refusing():
            return service.exposed(_CALLER.get())[0]


@contextmanager
def _new_folder(service: Service) -> Iterator[Path]:
    folder = service.new_folder()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _written(files: Sequence[AddedFile], folder: Path) -> dict[str, Path]:
    """The files in a folder, by the names that they are given under."""
    brought: dict[str, Path] = {}
    for number, one in enumerate(files):
        if one.name in brought:
            raise UnusableInput(f"{one.name!r} is given twice; give it once")
        brought[one.name] = folder / str(number)
        brought[one.name].write_bytes(_bytes_of(one))
    return brought


def _bytes_of(file: AddedFile) -> bytes:
    if (file.text is None) == (file.base64 is None):
        raise UnusableInput(f"{file.name}: give its text, or its bytes in base64, not both")
    if file.text is not None:
        return file.text.encode("utf-8", "replace")
    try:
        return base64.b64decode(file.base64 or "", validate=True)
    except binascii.Error:
        raise UnusableInput(f"{file.name}: this is not base64; encode its bytes again") from None


@contextmanager
def _refusing() -> Iterator[None]:
    """What cannot be done is told to the assistant, in one line."""
    from mcp.server.mcpserver.exceptions import ToolError

    try:
        yield
    except Failed as failure:
        raise ToolError(str(failure)) from failure
    except Stopped as stopped:
        raise ToolError("The evaluation was stopped") from stopped
    except FootnotedError as error:
        raise ToolError(one_line(error)) from error
