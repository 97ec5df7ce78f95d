"""What scripts may call by name, and how they are told what is wrong with a call.

Gradio prints a traceback of whatever it cannot make sense of. A mistake in a call is the caller's
to hear of, in one line, and nothing that the log should hold.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api
from gradio.utils import get_upload_folder
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from footnoted.corpus.errors import FootnotedError
from footnoted.qa.page.components import opened
from footnoted.qa.page.state import Unreadable
from footnoted.qa.service.failures import Failed, Stopped, one_line, unforeseen
from footnoted.qa.service.service import Service
from footnoted.qa.within import Choice

log = logging.getLogger(__name__)

_UPLOAD = "upload it first, to /gradio_api/upload"

ENDPOINTS = ("ask", "lookup", "documents", "evaluate")
"""Their names; to add one, write it in ``expose`` and name it here."""


def expose(service: Service) -> None:
    """Add the endpoints to the page that is being built; the page's own events are private."""

    def ask(
        request: gr.Request,
        question: str,
        history: list[str] | None = None,
        collection: str = "",
        documents: list[str] | None = None,
        since: str = "",
        until: str = "",
    ) -> dict[str, Any]:
        """Answer a question from the documents, with a citation for every statement.

        Args:
            question: the question, in plain words
            history: the earlier questions of the conversation, oldest first
            collection: the name of the collection to ask, by default the first
            documents: ids, titles, or folders that ids begin with, to ask these alone
            since: a year, a month or a day (YYYY-MM-DD), to ask what is dated so or later alone
            until: the same, to ask what is dated so or earlier alone
        """
        earlier = [] if history is None else history
        chosen = [] if documents is None else documents
        # Gradio does not check types.
        if not (isinstance(earlier, list) and _are_texts([question, *earlier])):
            raise refusal("question is a text and history a list of texts")
        if not (isinstance(chosen, list) and _are_texts([*chosen, since, until])):
            raise refusal("documents is a list of texts, since and until are texts")
        with _refusing():
            of = opened(service, request, collection)
            return of.ask(question, earlier, Choice(chosen, since, until)).as_dict()

    def lookup(request: gr.Request, text: str, collection: str = "") -> list[dict[str, Any]]:
        """Find where a quotation stands: word for word or, where nowhere, in nearly these words.

        Args:
            text: the quotation
            collection: the name of the collection to look in, by default the first
        """
        if not _are_texts([text]):
            raise refusal("text is a text")
        with _refusing():
            found = opened(service, request, collection).look_up(text)
            return [match.as_dict() for match in found]

    def documents(request: gr.Request, collection: str = "") -> list[dict[str, Any]]:
        """List the documents that can be asked about.

        Args:
            collection: the name of the collection to list, by default the first
        """
        with _refusing():
            listed = opened(service, request, collection).listing()
            return [document.as_dict() for document in listed]

    def evaluate(
        request: gr.Request, questions: dict[str, Any] | str | None = None, collection: str = ""
    ) -> dict[str, Any]:
        """Ask every question of a set and measure the answers against the expected ones.

        Args:
            questions: an uploaded file (JSONL, CSV or SQuAD's JSON); none for the shipped questions
            collection: the name of the collection to ask, by default the first
        """
        with _refusing():
            return opened(service, request, collection).evaluate(_uploaded(questions)).result

    api(ask, api_name="ask", concurrency_limit=16)
    api(lookup, api_name="lookup", concurrency_limit=16)
    api(documents, api_name="documents", concurrency_limit=None)
    api(evaluate, api_name="evaluate", concurrency_limit=None)


def _are_texts(values: list[Any]) -> bool:
    return all(isinstance(value, str) for value in values)


def _uploaded(file: Any) -> Path | None:
    """An uploaded file, as Gradio's clients name it or by its path alone; no other file is read."""
    if file is None:
        return None
    name = file.get("path") if isinstance(file, dict) else file
    if not isinstance(name, str) or not _is_uploaded(name):
        raise refusal(f"questions is a file: {_UPLOAD}")
    return Path(name)


def _is_uploaded(name: str) -> bool:
    try:
        path = Path(name).resolve()
        return path.is_relative_to(Path(get_upload_folder()).resolve()) and path.is_file()
    except (OSError, ValueError):  # no name that a file could have
        return False


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Failed as failure:
        raise refusal(str(failure)) from failure
    except Stopped as stopped:
        raise refusal("The evaluation was stopped") from stopped


def refusal(message: str) -> gr.Error:
    """What the caller gets to see, and nobody else."""
    return gr.Error(message, print_exception=False)


# -- calls that cannot be made sense of ----------------------------------------------------------


class Page(gr.Blocks):
    """A page whose events and endpoints refuse what they cannot use; of a defect, the log tells."""

    async def preprocess_data(
        self, block_fn: Any, inputs: list[Any], *rest: Any, **named: Any
    ) -> Any:
        inputs = _completed(inputs, block_fn)
        # A mounted page is never launched, and until then Gradio copies whatever file of the
        # machine, or of the web, is named to it to where it can be fetched.
        if not all(map(_is_uploaded, _named_files(inputs))):
            raise refusal(f"This call names a file: {_UPLOAD}")
        try:
            return await super().preprocess_data(block_fn, inputs, *rest, **named)
        except Exception as error:
            raise _unusable(error) from error

    async def process_api(self, *arguments: Any, **named: Any) -> Any:
        try:
            return await super().process_api(*arguments, **named)
        except gr.Error:
            raise
        except Unreadable as error:
            raise _unusable(error) from error
        except Failed as failure:
            raise refusal(str(failure)) from failure
        except FootnotedError as error:
            raise refusal(one_line(error)) from error
        except Exception as error:
            log.error("a call failed: %s", unforeseen(error))
            log.debug("", exc_info=True)
            raise refusal(f"This call failed: {one_line(error)}") from error


def _completed(inputs: list[Any], block_fn: Any) -> list[Any]:
    """The values of a call, with the defaults of those that were left out at its end."""
    left_out = len(block_fn.inputs) - len(inputs)
    if left_out <= 0:
        return inputs
    defaults = [one.default for one in signature(block_fn.fn).parameters.values()][-left_out:]
    if missing := sum(one is Parameter.empty for one in defaults):
        needed = len(inputs) + missing
        raise refusal(f"Too few values: {len(inputs)} given, {needed} needed")
    return [*inputs, *defaults]


def _unusable(error: Exception) -> gr.Error:
    said = ValueError(error.message) if isinstance(error, gr.Error) else error
    return refusal(f"This call was given what it cannot use: {one_line(said)}")


def _named_files(values: list[Any]) -> Iterator[str]:
    """Whatever Gradio could take for the path of a file, however deep it stands."""
    waiting: list[Any] = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(path := value.get("path"), str):
                yield path
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


class InOneLine:
    """ASGI middleware: requests that name no event and arguments that do not fit are refused."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:
            if begun or scope["type"] != "http":
                raise
            log.debug("", exc_info=True)
            refused = JSONResponse({"error": f"Nothing can be done: {one_line(error)}"}, 400)
            await refused(scope, receive, send)
