"""The source panel: what every tab opens its quotations in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import CHOSEN, QUIET, html, opened
from footnoted.qa.service.service import Service


def add(service: Service, collection: gr.Textbox, openers: Sequence[gr.HTML]) -> gr.HTML:
    """Add the panel, in which the ``select`` events of ``openers`` show what they carry."""
    source = html("", "source", "source.js")

    def open_document(name: str, event: gr.EventData, request: gr.Request) -> str:
        target, of = state.target(event._data), opened(service, request, name)
        document = of.document(target.document)
        try:
            if document is None:
                return markup.missing(target)
            return markup.source(document, target, of.origin(document.id))
        except ValueError as error:  # no button of ours
            raise state.Unreadable(str(error)) from None

    def list_documents(name: str, request: gr.Request) -> str:
        return markup.documents(opened(service, request, name).listing(), focus=True)

    free: dict[str, Any] = {"js": CHOSEN, "concurrency_limit": None, **QUIET}
    selected = [opener.select for opener in (*openers, source)]
    gr.on(selected, open_document, collection, source, trigger_mode="multiple", **free)
    source.clear(list_documents, collection, source, **free)
    return source
