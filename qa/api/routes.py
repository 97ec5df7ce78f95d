"""The routes under ``/api/``, each a thin face of ``qa.service``."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import asdict
from importlib.metadata import version
from queue import SimpleQueue
from threading import Thread
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.exceptions import HTTPException

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.corpus.types import Span
from footnoted.index.collections import NoCollection
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import Receipt
from footnoted.qa.api import schemas
from footnoted.qa.api.uploads import Uploads, uploads
from footnoted.qa.conversations.exported import markdown
from footnoted.qa.conversations.judged import as_jsonl
from footnoted.qa.conversations.store import NoConversation
from footnoted.qa.service.callers import Caller, calling
from footnoted.qa.service.failures import (
    Away,
    Failed,
    Forbidden,
    Stopped,
    in_one_line,
    one_line,
)
from footnoted.qa.service.limits import TooOften
from footnoted.qa.service.service import Service
from footnoted.qa.service.turns import Busy
from footnoted.qa.types import Answer
from footnoted.qa.verify.saved import read_answer
from footnoted.qa.within import Choice

_STREAMED = "application/x-ndjson"
# Seconds between two looks whether somebody still listens.
_PATIENCE = 0.5

_REFUSED: dict[int | str, dict[str, Any]] = {
    400: {"model": schemas.Error, "description": "It cannot be done; the line says why"},
    401: {"model": schemas.Error, "description": "There are accounts, and nobody is signed in"},
    403: {"model": schemas.Error, "description": "It is not for this account to do"},
    404: {"model": schemas.Error, "description": "There is no such collection"},
    422: {"model": schemas.Error, "description": "The call does not fit"},
    429: {"model": schemas.Error, "description": "Too many, or too often; see Retry-After"},
    503: {"model": schemas.Error, "description": "It cannot be reached, or stops; see Retry-After"},
}


def _calling(request: Request) -> Caller:
    return calling(request)


Calling = Annotated[Caller, Depends(_calling)]
Brought = Annotated[Uploads, Depends(uploads)]


def create_api(service: Service) -> FastAPI:
    """The application that answers below ``/api``."""
    api = FastAPI(
        title="Footnoted",
        version=version("footnoted"),
        description="Ask documents; every sentence of an answer is a quotation with its place.",
        docs_url=None,  # FastAPI's own pages load scripts from a content network
        redoc_url=None,
        responses=_REFUSED,
        exception_handlers={
            Failed: _failed,
            FootnotedError: _unusable,
            Stopped: _stopped,
            RequestValidationError: malformed,
            HTTPException: _refused,
            Exception: _unforeseen,
        },
    )
    api.state.new_folder = service.new_folder
    _add_asking(api, service)
    _add_documents(api, service)
    _add_collections(api, service)
    _add_conversations(api, service)
    _add_writing(api, service)
    _add_watching(api, service)
    return api


def _add_asking(api: FastAPI, service: Service) -> None:
    @api.post("/ask", response_model=schemas.AnswerObject)
    async def ask(call: schemas.Ask, caller: Calling, request: Request) -> Response:
        """Answer a question in quotations, or say that the documents do not answer it."""

        def begun() -> Future[Answer]:
            of = service.collection(caller, call.collection)
            choice = Choice(call.documents, call.since, call.until)
            return of.begin(call.question, call.history, choice)

        # Not in a thread: as many as may wait would take all that other calls need.
        answer = await _unless_gone(request, await run_in_threadpool(begun))
        return await run_in_threadpool(lambda: _json(answer.as_dict() if answer else None))

    @api.post("/within", response_model=schemas.ScopeObject)
    def within(call: schemas.Within, caller: Calling) -> Response:
        """Say among how many documents is asked what is asked so, or why none can be."""
        choice = Choice(call.documents, call.since, call.until)
        return _json(asdict(service.collection(caller, call.collection).scope(choice)))

    @api.post("/lookup", response_model=list[schemas.MatchObject])
    def lookup(call: schemas.LookUp, caller: Calling) -> Response:
        """Find where a quotation stands: word for word or, where nowhere, nearly."""
        found = service.collection(caller, call.collection).look_up(call.text)
        return _json([match.as_dict() for match in found])

    @api.post("/verify", response_model=list[str])
    def verify(call: schemas.Verify, caller: Calling) -> Response:
        """Re-check a saved answer: what does not hold, a line each; nothing if all of it does."""
        try:
            answer = read_answer(json.dumps(call.answer).encode())
        except UnusableInput as error:
            raise Failed(f"This answer object {error}") from error
        problems = service.collection(caller, call.collection).verify(answer)
        return _json([str(problem) for problem in problems])

    @api.post("/evaluate")
    def evaluate(brought: Brought, caller: Calling) -> Response:
        """Ask every question of a set and measure the answers.

        The set is a multipart field named ``files``: JSONL, CSV or SQuAD's JSON; without one, it is
        that on the sample documents.
        """
        of = service.collection(caller, brought.collection)
        return _json(of.evaluate(brought.one()).result)


def _add_documents(api: FastAPI, service: Service) -> None:
    @api.get("/documents")
    def documents(
        caller: Calling,
        collection: str = "",
        words: str = "",
        most: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        """List the documents that can be asked about.

        With ``words``, those of whose title, publisher, id or date all of these are told; with
        ``most``, the first so many. ``x-found`` says how many there are.
        """
        listed = service.collection(caller, collection).listing(words)
        found = [document.as_dict() for document in listed[:most]]
        return JSONResponse(found, headers={"x-found": str(len(listed))})

    @api.get("/suggestions", response_model=schemas.SuggestionsObject)
    def suggestions(caller: Calling, collection: str = "") -> Response:
        """Questions to begin with, which the documents answer; looked for when first called."""
        return _json(service.collection(caller, collection).suggestions().as_dict())

    @api.get("/state", response_model=schemas.StateObject)
    def state(caller: Calling, collection: str = "") -> Response:
        """Whether a collection is as it was, for those who show it; cheap, and asked often."""
        return _json(service.collection(caller, collection).state()._asdict())

    @api.get("/page", response_class=Response, responses={200: {"content": {"image/png": {}}}})
    def page(
        caller: Calling, document: str, start: int, end: int, collection: str = ""
    ) -> Response:
        """The page of a PDF on which a quotation begins, drawn, with the quotation marked.

        ``x-mark-top`` and ``x-mark-bottom`` say where, as shares of the height, if it was found.
        """
        drawn = service.collection(caller, collection).page(document, start, end)
        headers: dict[str, str] = {}
        if drawn.top is not None and drawn.bottom is not None:
            headers |= {"x-mark-top": f"{drawn.top:.4f}", "x-mark-bottom": f"{drawn.bottom:.4f}"}
        return Response(drawn.png, media_type="image/png", headers=headers)

    @api.post("/add")
    def add(request: Request, brought: Brought, caller: Calling) -> Response:
        """Add files, and say what came of each: multipart fields named ``files``.

        A file's name may have folders before it; one that was added under its name before is
        replaced. ``collection`` and ``password``, which opens protected files, are fields, too. Who
        accepts ``application/x-ndjson`` is told of the progress, a line each, and then of the
        outcome: ``{"receipt": …}`` or ``{"error": …}``. ``folder``, in place of files, names a
        folder of the server's machine, below one that it was started with (``--folders``): it is
        read where it lies.
        """
        if not (brought.files or brought.named):
            raise Failed("No files are given; send each as a multipart field named files")
        if brought.files and brought.named:
            raise Failed("Give files or a folder, not both")
        of = service.collection(caller, brought.collection)

        def read(progress: Progress) -> Receipt:
            with brought.taken():
                if brought.named:
                    return of.add_folder(brought.named, progress, brought.password)
                return of.add(brought.files, progress, brought.password)

        return _receipt(request, read)

    @api.post("/refresh")
    def refresh(request: Request, brought: Brought, caller: Calling) -> Response:
        """Read what has changed since it was read, and say what came of it, as ``add`` does.

        ``collection`` and ``password`` are multipart fields.
        """
        of = service.collection(caller, brought.collection)

        def read(progress: Progress) -> Receipt:
            with brought.taken():
                return of.read_again(progress, brought.password)

        return _receipt(request, read)

    @api.post("/remove", response_model=schemas.RemovalObject)
    def remove(call: schemas.Remove, caller: Calling) -> Response:
        """Take out documents, or files that were added."""
        return _json(asdict(service.collection(caller, call.collection).remove(call.ids)))

    @api.post("/restore")
    def restore(call: schemas.Restore, caller: Calling) -> dict[str, bool]:
        """Undo a removal."""
        service.collection(caller, call.collection).restore(call.token)
        return {"restored": True}

    @api.post("/rename")
    def rename(call: schemas.Rename, caller: Calling) -> dict[str, bool | str]:
        """Call a file otherwise that was added; `name` is what it is called then."""
        name = service.collection(caller, call.collection).rename(call.name, call.new)
        return {"renamed": True, "name": name}


def _add_collections(api: FastAPI, service: Service) -> None:
    @api.get("/collections", response_model=list[schemas.CollectionObject])
    def collections(caller: Calling) -> Response:
        """List the collections; the first is meant where none is named."""
        return _json([one.as_dict() for one in service.collections(caller)])

    @api.post("/collections/create")
    def create(call: schemas.CollectionName, caller: Calling) -> dict[str, str]:
        """Make an empty collection."""
        return {"name": service.create(caller, call.name).name}

    @api.post("/collections/rename")
    def rename_collection(call: schemas.CollectionRename, caller: Calling) -> dict[str, str]:
        """Call a collection otherwise."""
        return {"name": service.rename(caller, call.name, call.new)}

    @api.post("/collections/remove")
    def remove_collection(call: schemas.CollectionName, caller: Calling) -> dict[str, bool]:
        """Delete a collection, with the files that were added to it, for good."""
        service.remove(caller, call.name)
        return {"removed": True}

    @api.get("/collections/access", response_model=schemas.AccessObject)
    def access(caller: Calling, name: str = "") -> Response:
        """Whose a collection is, and who may read and change it."""
        return _json(service.access(caller, name).model_dump())

    @api.post("/collections/share", response_model=schemas.AccessObject)
    def share(call: schemas.Share, caller: Calling) -> Response:
        """Say who may read a collection of yours, and who may change what is in it."""
        return _json(service.share(caller, call.name, call.readers, call.editors).model_dump())


def _add_conversations(api: FastAPI, service: Service) -> None:
    kept = service.conversations

    @api.get("/conversations", response_model=list[schemas.ConversationObject])
    def conversations(caller: Calling, words: str = "") -> Response:
        """List the conversations, the last first: all, or those whose questions hold ``words``."""
        return _json([one.as_dict() for one in kept.conversations(caller.name, words)])

    @api.get("/conversations/{id_}", response_model=list[schemas.TurnObject])
    def turns(id_: str, caller: Calling) -> Response:
        """The questions of a conversation, with their answers."""
        return _json(
            [
                {
                    "question": turn.question,
                    "answer": turn.answer and turn.answer.as_dict(),
                    "error": turn.error,
                    "verdict": turn.verdict,
                    "place": turn.place and asdict(turn.place),
                }
                for turn in kept.turns(caller.name, id_)
            ]
        )

    @api.get("/conversations/{id_}/export", response_class=PlainTextResponse)
    def export(id_: str, caller: Calling) -> Response:
        """All of a conversation as Markdown, with footnotes."""
        title = kept.conversation(caller.name, id_).title
        text = markdown(title, kept.turns(caller.name, id_))
        named = {"content-disposition": 'attachment; filename="conversation.md"'}
        return PlainTextResponse(text, media_type="text/markdown", headers=named)

    @api.post("/conversations/rename")
    def rename_conversation(call: schemas.Retitle, caller: Calling) -> dict[str, bool]:
        """Call a conversation otherwise."""
        kept.rename(caller.name, call.id, call.title)
        return {"renamed": True}

    @api.post("/conversations/remove")
    def remove_conversation(call: schemas.ConversationId, caller: Calling) -> dict[str, bool]:
        """Delete a conversation, for good."""
        kept.remove(caller.name, call.id)
        return {"removed": True}

    @api.post("/conversations/judge")
    def judge(call: schemas.Judge, caller: Calling) -> dict[str, bool]:
        """Say of an answer whether it is right, and which words would be; see /api/judged."""
        at = call.place
        place = (at.document, Span(at.start, at.end)) if at else None
        service.judge(caller, call.id, call.number, call.verdict, place)
        return {"judged": True}

    @api.get("/judged", response_class=PlainTextResponse)
    def judged(caller: Calling, collection: str = "") -> Response:
        """What was said of answers, as a question set: a line of JSON each."""
        lines = service.judged(caller, service.collection(caller, collection).name)
        text = as_jsonl(lines)
        named = {"content-disposition": 'attachment; filename="questions.jsonl"'}
        return PlainTextResponse(text, media_type="application/jsonl", headers=named)

    @api.post("/conversations/stop")
    def stop(call: schemas.ConversationId, caller: Calling) -> dict[str, bool]:
        """Wait no longer for the question of a conversation that is being read."""
        service.asking.stop(caller.name, call.id)
        return {"stopped": True}


def _add_writing(api: FastAPI, service: Service) -> None:
    @api.get("/writing", response_model=schemas.WritingObject)
    def writing(caller: Calling) -> Response:
        """Which language model writes the answers, if one does."""
        return _json(service.writing(caller)._asdict())

    @api.post("/writing", response_model=schemas.WritingObject)
    def write_by(call: schemas.ModelName, caller: Calling) -> Response:
        """Have answers written by another model, or quoted; on a machine of one's own alone."""
        return _json(service.write_by(caller, call.name)._asdict())

    @api.post("/writing/models", response_model=list[str])
    def models(call: schemas.ModelAddress, caller: Calling) -> Response:
        """List the language models of a server that speaks OpenAI's chat completions."""
        return _json(service.models(caller, call.address))


def _add_watching(api: FastAPI, service: Service) -> None:
    # Not among the threads that questions wait in for their turn.
    @api.get("/health", response_model=schemas.HealthObject)
    async def health() -> Response:
        """Whether it serves, and whether the models are loaded yet."""
        return _json({"status": service.status, "version": version("footnoted")})

    @api.get("/metrics", response_class=PlainTextResponse)
    async def metrics(request: Request) -> PlainTextResponse:
        """What was done since the start, for Prometheus; with accounts, for editors."""
        text, kind = await asyncio.to_thread(service.exposed, calling(request))
        return PlainTextResponse(text, media_type=kind)


# -- how it is said --------------------------------------------------------------------------------

_Made = TypeVar("_Made")


async def _unless_gone(request: Request, begun: Future[_Made]) -> _Made | None:
    """What comes of something; it is given up, if it can still be, once nobody listens any more."""
    coming = asyncio.wrap_future(begun)
    try:
        while not await request.is_disconnected():
            if (await asyncio.wait({coming}, timeout=_PATIENCE))[0]:
                return coming.result()
        return None
    finally:
        coming.cancel()


def _json(value: Any, status: int = 200) -> JSONResponse:
    return JSONResponse(value, status)


def _receipt(request: Request, read: Callable[[Progress], Receipt]) -> Response:
    """What comes of reading; before it, to those who accept lines, how far it is."""
    if _STREAMED in request.headers.get("accept", ""):
        return StreamingResponse(_told(read), media_type=_STREAMED)
    return _json(read(silent).as_dict())


def _told(read: Callable[[Progress], Receipt]) -> Iterator[str]:
    """The progress of what is read, and what came of it, a line of JSON each.

    It goes on when nobody listens any more.
    """
    lines: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def work() -> None:
        try:
            receipt = read(
                lambda what, done, total: lines.put(
                    {"progress": {"what": what, "done": done, "total": total}}
                )
            )
            lines.put({"receipt": receipt.as_dict()})
        except Failed as failure:
            lines.put({"error": str(failure)})
        except Exception as error:
            lines.put({"error": one_line(error)})

    Thread(target=work, daemon=True).start()
    while True:
        line = lines.get()
        yield f"{json.dumps(line, ensure_ascii=False)}\n"
        if "progress" not in line:
            return


async def _failed(_: Request, error: Exception) -> JSONResponse:
    if isinstance(error, Busy | TooOften):
        return JSONResponse({"error": str(error)}, 429, headers={"retry-after": str(error.seconds)})
    if isinstance(error, Forbidden):
        return _json({"error": str(error)}, 403)
    if isinstance(error, Away):
        return JSONResponse({"error": str(error)}, 503, headers={"retry-after": str(error.seconds)})
    status = 404 if isinstance(error.__cause__, NoCollection | NoConversation) else 400
    return _json({"error": str(error)}, status)


async def _unusable(request: Request, error: Exception) -> JSONResponse:
    try:
        with in_one_line("This cannot be done"):
            raise error
    except Failed as failure:
        return await _failed(request, failure)


async def _stopped(_: Request, __: Exception) -> JSONResponse:
    return _json({"error": "The evaluation was stopped"}, 400)


async def malformed(_: Request, error: Exception) -> JSONResponse:
    """The response to a request that is no call at all (a handler for FastAPI)."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])[:200]
    return _json({"error": f"This call cannot be read: {place}: {first['msg']}"}, 422)


async def _refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code not in (404, 405):
        return _json({"error": error.detail}, error.status_code)
    what = f"{request.method} {request.url.path}"[:200]
    said = f"There is no {what}; /api/openapi.json lists what there is"
    return _json({"error": said}, error.status_code)


async def _unforeseen(_: Request, error: Exception) -> JSONResponse:
    return _json({"error": f"This call failed: {one_line(error)}"}, 500)
