"""Footnoted in the browser: a chat beside a source panel, and the API that scripts call.

The page is a Gradio app whose two halves are ``gr.HTML``: Python writes the markup
(``qa.page.markup``, everything escaped), and a click comes back as an ordinary Gradio event that
carries its own target, so that a footnote of an old answer needs no memory on the server.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib.resources import files
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from starlette.middleware import Middleware

from corpus.reading import SHIPPED
from corpus.types import UnusableInput
from qa.page import markup, server
from qa.page.local import LocalOnly
from qa.page.markup import Turn
from qa.pipeline import Pipeline

EXAMPLES = (  # shown where the shipped documents are, which they are about
    "Who opposes the plan?",
    "How many diplomats will Denmark send to Kigali?",
    "What does Amnesty International say about the plan?",
    "How much will the office cost?",
)

ENDPOINTS = ("ask", "documents")
"""What scripts may call by name; to add one, write it in ``_expose`` and name it here."""

_ASSETS = files("qa.page")
# Session storage is a tab's own and survives the reload with which Gradio greets a server that is
# back. A conversation kept on the server would not survive its restart.
_KEEP = (
    "turns => { try { sessionStorage.setItem('footnoted', JSON.stringify(turns)) } catch {}"
    " return [] }"
)
_RECALL = (
    "() => { try { return [JSON.parse(sessionStorage.getItem('footnoted')) ?? []] }"
    " catch { return [[]] } }"
)
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

log = logging.getLogger(__name__)


class Failed(Exception):
    """A question that could not be answered, with the one line that the reader gets to see."""


Ask = Callable[[str, list[str]], dict[str, Any]]


def _asker(pipeline: Pipeline) -> Ask:
    turnstile = threading.Lock()  # one reader at a time: two would only halve each other's cores

    def ask(question: str, history: list[str]) -> dict[str, Any]:
        try:
            with turnstile:
                return pipeline.ask(question, history).as_dict()
        except UnusableInput as error:
            raise Failed(_one_line(error)) from error
        except (
            Exception
        ) as error:  # the page's border: nothing may cost the reader the conversation
            log.error("could not answer %r: %r", question, error)
            log.debug("", exc_info=True)
            raise Failed(f"This question could not be answered: {_one_line(error)}") from error

    return ask


def _one_line(error: Exception) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:1].upper() + text[1:]


# -- the page ------------------------------------------------------------------------------------


def build_page(pipeline: Pipeline) -> gr.Blocks:
    """The page's components and events; ``create_app`` adds its looks and its guards."""
    ask = _asker(pipeline)
    indexed = {document.id for document in pipeline.documents()}
    examples = EXAMPLES if indexed >= {path.name for path in SHIPPED.iterdir()} else ()
    page = gr.Blocks(title="Footnoted", analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.JSON([], visible=False)
        gr.HTML(markup.MASTHEAD, elem_id="masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="conversation"):
                chat = _html(markup.chat([], examples), "chat", "chat.js")
                with gr.Row(elem_id="ask-row"):
                    question = gr.Textbox(
                        label="Question",
                        placeholder="Ask a question",
                        lines=1,
                        max_lines=6,
                        container=False,
                        autofocus=True,
                        elem_id="question",
                    )
                    button = gr.Button("Ask", variant="primary", elem_id="ask")
                    clear = gr.Button("Clear", elem_id="clear")
            source = _html("", "source", "source.js")
        _wire_chat(pipeline, ask, examples, page, chat, turns, question, button, clear)
        _wire_source(pipeline, page, chat, source, clear)
        _expose(ask, pipeline)
    return page


def _html(value: str, name: str, script: str) -> gr.HTML:
    # The default template ``${value}`` inserts the value as it is. Never put text from outside
    # through a Handlebars tag ({{…}}): Gradio evaluates what comes out of Handlebars as JavaScript.
    return gr.HTML(value, elem_id=name, js_on_load=_asset(script), apply_default_css=False)


def _wire_chat(
    pipeline: Pipeline,
    ask: Ask,
    examples: Sequence[str],
    page: gr.Blocks,
    chat: gr.HTML,
    turns: gr.JSON,
    question: gr.Textbox,
    button: gr.Button,
    clear: gr.Button,
) -> None:
    def converse(
        typed: str, told: list[dict[str, Any]], event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        before = [Turn(**turn) for turn in told]
        # An example carries its question; the text box sends no data of its own.
        chosen = (event._data or {}).get("question")
        asked = (chosen or typed).strip()
        if not asked:
            yield markup.chat(before, examples), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        # Only the buttons are locked: a locked text box would lose the focus and a draft.
        emptied = gr.skip() if chosen else ""
        busy, free = gr.update(interactive=False), gr.update(interactive=True)
        yield markup.chat([*before, Turn(asked)], examples), gr.skip(), emptied, busy, busy
        after = [*before, _answer(pipeline, ask, asked, before)]
        kept = [asdict(turn) for turn in after]
        yield markup.chat(after, examples), kept, gr.skip(), free, free

    def forget() -> tuple[str, list[Any]]:
        return markup.chat([], examples), []

    def recall(told: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
        try:
            return markup.chat([Turn(**turn) for turn in told], examples), told
        except (KeyError, TypeError):  # kept by another version of the page
            return forget()

    # One event for all three ways to ask: trigger_mode="once" then guards them together.
    asked = gr.on(
        [question.submit, button.click, chat.submit],
        converse,
        [question, turns],
        [chat, turns, question, button, clear],
        trigger_mode="once",
        concurrency_limit=16,  # so that "Reading …" shows at once; the turnstile does the queueing
        **_QUIET,
    )
    cleared = clear.click(forget, None, [chat, turns], **_QUIET)
    for changed in (asked, cleared):
        changed.then(None, turns, None, js=_KEEP)
    page.load(recall, turns, [chat, turns], js=_RECALL, **_QUIET)


def _answer(pipeline: Pipeline, ask: Ask, question: str, before: list[Turn]) -> Turn:
    try:
        answer = ask(question, [turn.question for turn in before if turn.answer])
    except Failed as failure:
        return Turn(question, error=str(failure))
    named = {citation["document"] for citation in (*answer["citations"], *answer["nearest"])}
    documents = filter(None, map(pipeline.document, named))
    return Turn(question, answer, made={d.id: markup.made(d) for d in documents})


def _wire_source(
    pipeline: Pipeline, page: gr.Blocks, chat: gr.HTML, source: gr.HTML, clear: gr.Button
) -> None:
    def open_document(event: gr.EventData) -> str:
        target = {key: value for key, value in event._data.items() if value is not None}
        document = pipeline.document(target["document"])
        return markup.source(document, target) if document else markup.missing(target["document"])

    def list_documents() -> str:
        return markup.documents(pipeline.documents(), focus=True)

    def first_list() -> str:
        return markup.documents(pipeline.documents(), focus=False)

    free: dict[str, Any] = {"concurrency_limit": None, **_QUIET}
    opened = [chat.select, source.select]
    gr.on(opened, open_document, None, source, trigger_mode="multiple", **free)
    source.clear(list_documents, None, source, **free)
    gr.on([page.load, clear.click], first_list, None, source, **free)


def _expose(answer: Ask, pipeline: Pipeline) -> None:
    """The endpoints that scripts may call; the page's own events are private."""

    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the documents, with a citation for every statement.

        Args:
            question: the question, in plain words
            history: the earlier questions of the conversation, oldest first
        """
        earlier = [] if history is None else history
        # Gradio does not check types.
        if not isinstance(earlier, list) or not all(
            isinstance(q, str) for q in [question, *earlier]
        ):
            raise gr.Error("question is a text and history a list of texts", print_exception=False)
        try:
            return answer(question, earlier)
        except Failed as failure:
            raise gr.Error(str(failure), print_exception=False) from failure

    def documents() -> list[dict[str, Any]]:
        """List the documents that can be asked about."""
        return [document.as_dict() for document in pipeline.documents()]

    api(ask, api_name="ask", concurrency_limit=16)
    api(documents, api_name="documents", concurrency_limit=None)


# -- the server ----------------------------------------------------------------------------------


def create_app(pipeline: Pipeline) -> FastAPI:
    """The web application: the page, its looks, and the guards that keep it on this machine."""
    # FastAPI's own documentation pages load scripts from a content network: off.
    outer = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    gr.mount_gradio_app(
        outer,
        build_page(pipeline),
        path="/",
        app_kwargs={
            "middleware": [Middleware(LocalOnly, endpoints=ENDPOINTS)],
            "docs_url": None,
            "redoc_url": None,
        },
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        show_error=True,
        ssr_mode=False,
        pwa=False,
        favicon_path=str(_ASSETS / "icon.svg"),
        theme=_theme(),
        head=f"<style>{_asset('page.css')}</style>",
    )
    return outer


def _theme() -> gr.themes.Base:
    # Fonts that the reader's system has: Gradio's own themes carry or fetch theirs.
    theme = gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "Roboto", "sans-serif"],
        font_mono=["ui-monospace", "Menlo", "Consolas", "monospace"],
    )
    return theme.set(
        body_background_fill="#f7f5f0",
        body_background_fill_dark="#14161a",
        body_text_color="#1d2025",
        body_text_color_dark="#e8e5df",
    )


def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


def serve(pipeline: Pipeline, listener: socket.socket) -> None:
    """Serve on an address that is taken already (``qa.page.server.listen``), until interrupted."""
    application = create_app(pipeline)
    print(f"Footnoted is at {server.url(listener)} (Ctrl+C stops it)", flush=True)
    # The models load while the reader types the first question.
    threading.Thread(target=pipeline.warm_up, daemon=True).start()
    server.run(application, listener)


if __name__ == "__main__":
    import sys

    import footnoted

    footnoted.main(["serve", *sys.argv[1:]])
