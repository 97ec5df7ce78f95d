"""Footnoted in the browser: tabs beside a source panel, and the API that scripts call.

The page is a Gradio app whose larger parts are ``gr.HTML``: Python writes the markup
(``qa.page.markup``), and a click comes back as an ordinary Gradio event that carries its own
target, so that a footnote of an old answer needs no memory on the server.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Collection, Sequence
from importlib.resources import files
from tempfile import TemporaryDirectory

import gradio as gr
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.middleware import Middleware

from footnoted.qa.api.mcp import mcp_app
from footnoted.qa.api.routes import create_api, malformed
from footnoted.qa.page import (
    asking,
    choosing,
    conversing,
    evaluating,
    health,
    listing,
    looking_up,
    markup,
    server,
    showing,
)
from footnoted.qa.page.bodies import MOST_UPLOADED, Bodies
from footnoted.qa.page.components import asset, html
from footnoted.qa.page.endpoints import ENDPOINTS, InOneLine, Page, expose
from footnoted.qa.page.forwarding import Forwarding
from footnoted.qa.page.local import LocalOnly, OwnHeaders, OwnNames, OwnOrigin
from footnoted.qa.page.own_events import OwnEvents
from footnoted.qa.page.signing_in import SignedIn, SigningIn
from footnoted.qa.page.signing_in import routes as sign_in_routes
from footnoted.qa.page.visits import Visits
from footnoted.qa.service.service import Service

# -- the page ------------------------------------------------------------------------------------


def build_page(service: Service, most_uploaded: int = MOST_UPLOADED) -> gr.Blocks:
    """The page's components and events; ``create_app`` adds its looks and its guards."""
    page = Page(title="Footnoted", analytics_enabled=False, fill_width=True)
    visits = Visits()
    with page:
        about = choosing.add()
        collection = about.collection
        with gr.Row(elem_id="columns"):
            with gr.Column(elem_id="work"):
                with gr.Tabs(elem_id="tabs"):
                    with gr.Tab("Ask", elem_id="tab-ask"):
                        chat = asking.add(service, collection, about.conversation, visits)
                    with gr.Tab("Look up", elem_id="tab-look-up"):
                        places = looking_up.add(service, collection)
                    with gr.Tab("Files", elem_id="tab-files") as tab:
                        files = listing.add(service, collection, tab)
                    with gr.Tab("Evaluate", elem_id="tab-evaluate") as measured:
                        evaluation = evaluating.add(service, collection, measured)
                    with gr.Tab("History", elem_id="tab-conversations") as kept:
                        conversing.add(service, kept)
                # Outside the tabs, of which Gradio makes those alone that were opened.
                html(markup.bringing(most_uploaded), "bringing", "bring.js")
            source = showing.add(
                service, collection, [chat.chat, places, files.files, evaluation.evaluation]
            )
        choosing.follow(service, page, about, chat, files, evaluation, source, visits)
        expose(service)
    return page


# -- the server ----------------------------------------------------------------------------------


def create_app(
    service: Service,
    names: Collection[str] = (),
    with_mcp: bool = False,
    most_uploaded: int = MOST_UPLOADED,
    proxies: Sequence[str] = (),
) -> FastAPI:
    """The web application: the page, its looks, and the guards that keep it on this machine.

    It answers to ``names`` beside those that every machine calls itself. ``with_mcp``: assistants
    find the contract's tools at ``/mcp``. ``most_uploaded``: megabytes of files that are brought at
    once. ``proxies``: addresses of those that are believed for whom they call.
    """
    tools = mcp_app(service) if with_mcp else None
    signing_in = SigningIn(service.accounts, service.state)
    # FastAPI's own documentation pages load scripts from a content network: off.
    outer = FastAPI(
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=tools.router.lifespan_context if tools else None,
    )
    if tools:
        outer.router.routes.extend(tools.routes)
    outer.router.routes.extend(sign_in_routes(signing_in))
    outer.router.routes.extend(health.routes(service.health))
    outer.add_middleware(Bodies, most_uploaded=most_uploaded)
    outer.add_middleware(SignedIn, signing_in=signing_in)
    outer.add_middleware(OwnOrigin)
    outer.add_middleware(OwnNames, names=names)
    outer.add_middleware(OwnHeaders)
    outer.add_middleware(Forwarding, proxies=proxies)
    outer.add_middleware(health.Closing, health=service.health)
    outer.mount("/api", create_api(service))
    page = build_page(service, most_uploaded)
    numbers = {event.api_name: number for number, event in page.fns.items()}
    endpoints = {name: numbers[name] for name in ENDPOINTS}
    gr.mount_gradio_app(
        outer,
        page,
        path="/",
        app_kwargs={
            "middleware": [
                Middleware(OwnEvents),
                Middleware(LocalOnly, endpoints=endpoints),
                Middleware(InOneLine),
            ],
            "exception_handlers": {RequestValidationError: malformed},
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
        head=f"<style>{asset('page.css')}{asset('print.css')}</style><script>{asset('page.js')}</script>",
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


def serve(
    service: Service,
    listener: socket.socket,
    host: str,
    with_mcp: bool = False,
    most_uploaded: int = MOST_UPLOADED,
    proxies: Sequence[str] = (),
    tls: server.Certificate | None = None,
    drain: float = 0.0,
) -> None:
    """Serve on an address that is taken already (``qa.page.server.listen``), until interrupted.

    ``host`` is what the address was asked for by, one more name to answer to. ``with_mcp``: to
    assistants, too. ``most_uploaded``: megabytes of files that are brought at once. ``proxies``:
    addresses of those that are believed for whom they call. ``drain``: seconds in which questions
    are still taken after it was told to terminate.
    """
    with (
        # The models load while the reader types the first question.
        server.beside(service.warm_up) as warming_up,
        # Uploads and downloads, which would otherwise outlive the server in the system's folder.
        TemporaryDirectory(prefix="footnoted-", ignore_cleanup_errors=True) as folder,
    ):
        os.environ["GRADIO_TEMP_DIR"] = folder
        application = create_app(service, [host], with_mcp, most_uploaded, proxies)
        server.end_on_signals()
        print(f"Footnoted is at {server.url(listener, tls)} (Ctrl+C stops it)", flush=True)
        warming_up.start()
        server.run(application, listener, service, tls=tls, drain=drain)
