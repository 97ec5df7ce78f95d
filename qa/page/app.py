"""Footnoted in the browser: three tabs beside a source panel, and the API that scripts call.

The page is a Gradio app whose larger parts are ``gr.HTML``: Python writes the markup
(``qa.page.markup*``, everything escaped), and a click comes back as an ordinary Gradio event that
carries its own target, so that a footnote of an old answer needs no memory on the server.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported

import gradio as gr
from fastapi import FastAPI
from gradio.events import api
from gradio.utils import get_upload_folder
from starlette.middleware import Middleware

from footnoted.corpus.files import SHIPPED
from footnoted.qa.page import asking, evaluating, looking_up, markup, server, showing
from footnoted.qa.page.components import asset
from footnoted.qa.page.local import LocalOnly, OwnNames
from footnoted.qa.page.service import Failed, Service, Stopped
from footnoted.qa.pipeline import Pipeline

EXAMPLES = (  # shown where the shipped documents are, which they are about
    "Who opposes the plan?",
    "How many diplomats will Denmark send to Kigali?",
    "What does Amnesty International say about the plan?",
    "How much will the office cost?",
)

ENDPOINTS = ("ask", "lookup", "documents", "evaluate")
"""What scripts may call by name; to add one, write it in ``_expose`` and name it here."""


# -- the page ------------------------------------------------------------------------------------


def build_page(service: Service) -> gr.Blocks:
    """The page's components and events; ``create_app`` adds its looks and its guards."""
    indexed = {document.id for document in service.listing()}
    examples = EXAMPLES if indexed >= {path.name for path in SHIPPED.iterdir()} else ()
    page = gr.Blocks(title="Footnoted", analytics_enabled=False, fill_width=True)
    with page:
        gr.HTML(markup.MASTHEAD, elem_id="masthead")
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="work"), gr.Tabs(elem_id="tabs"):
                with gr.Tab("Ask", elem_id="tab-ask"):
                    chat, clear = asking.add(service, examples, page)
                with gr.Tab("Look up", elem_id="tab-look-up"):
                    places = looking_up.add(service)
                with gr.Tab("Evaluate", elem_id="tab-evaluate"):
                    evaluating.add(service)
            showing.add(service, page, [chat, places], clear)
        _expose(service)
    return page


def _expose(service: Service) -> None:
    """The endpoints that scripts may call; the page's own events are private."""

    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question from the documents, with a citation for every statement.

        Args:
            question: the question, in plain words
            history: the earlier questions of the conversation, oldest first
        """
        earlier = [] if history is None else history
        # Gradio does not check types.
        if not isinstance(earlier, list) or not _are_texts([question, *earlier]):
            raise _refusal("question is a text and history a list of texts")
        with _refusing():
            return service.ask(question, earlier)

    def lookup(text: str) -> list[dict[str, Any]]:
        """Find where a quotation stands: word for word or, where nowhere, in nearly these words.

        Args:
            text: the quotation
        """
        if not _are_texts([text]):
            raise _refusal("text is a text")
        with _refusing():
            return [match.as_dict() for match in service.look_up(text)]

    def documents() -> list[dict[str, Any]]:
        """List the documents that can be asked about."""
        return [document.as_dict() for document in service.listing()]

    def evaluate(questions: dict[str, Any] | str | None = None) -> dict[str, Any]:
        """Ask every question of a set and measure the answers against the expected ones.

        Args:
            questions: an uploaded file (JSONL, CSV or SQuAD's JSON); none for the shipped questions
        """
        with _refusing():
            return service.evaluate(_uploaded(questions)).result

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
    path = Path(name if isinstance(name, str) else "").resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()) or not path.is_file():
        raise _refusal("questions is a file: upload it first, to /gradio_api/upload")
    return path


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except Failed as failure:
        raise _refusal(str(failure)) from failure
    except Stopped as stopped:
        raise _refusal("The evaluation was stopped") from stopped


def _refusal(message: str) -> gr.Error:
    return gr.Error(message, print_exception=False)


# -- the server ----------------------------------------------------------------------------------


def create_app(service: Service, names: Collection[str] = ()) -> FastAPI:
    """The web application: the page, its looks, and the guards that keep it on this machine.

    It answers to ``names`` beside those that every machine calls itself.
    """
    # FastAPI's own documentation pages load scripts from a content network: off.
    outer = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    outer.add_middleware(OwnNames, names=names)
    gr.mount_gradio_app(
        outer,
        build_page(service),
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
        favicon_path=str(files("footnoted.qa.page") / "icon.svg"),
        theme=_theme(),
        head=f"<style>{asset('page.css')}</style><script>{asset('page.js')}</script>",
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


def serve(pipeline: Pipeline, listener: socket.socket, host: str) -> None:
    """Serve on an address that is taken already (``qa.page.server.listen``), until interrupted.

    ``host`` is what the address was asked for by, one more name to answer to.
    """
    service = Service(pipeline)
    with (
        # The models load while the reader types the first question.
        server.beside(pipeline.warm_up) as warming_up,
        # Uploads and downloads, which would otherwise outlive the server in the system's folder.
        TemporaryDirectory(prefix="footnoted-", ignore_cleanup_errors=True) as folder,
    ):
        os.environ["GRADIO_TEMP_DIR"] = folder
        application = create_app(service, [host])
        print(f"Footnoted is at {server.url(listener)} (Ctrl+C stops it)", flush=True)
        warming_up.start()
        server.run(application, listener, stopping=service.stop)
