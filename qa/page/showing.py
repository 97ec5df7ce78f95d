"""The source panel: what every tab opens its quotations in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.callers import calling
from footnoted.qa.page.components import QUIET, html
from footnoted.qa.page.service import Service


def add(service: Service, page: gr.Blocks, openers: Sequence[gr.HTML], clear: gr.Button) -> None:
    """Add the panel, in which the ``select`` events of ``openers`` show what they carry."""
    source = html("", "source", "source.js")

    def open_document(event: gr.EventData, request: gr.Request) -> str:
        target = state.target(event._data)
        document = service.document(calling(request), target.document)
        try:
            if document is None:
                return markup.missing(target)
            return markup.source(document, target, service.origin(calling(request), document.id))
        except ValueError as error:  # no button of ours
            raise state.Unreadable(str(error)) from None

    def list_documents(request: gr.Request) -> str:
        return markup.documents(service.listing(calling(request)), focus=True)

    def first_list(request: gr.Request) -> str:
        return markup.documents(service.listing(calling(request)), focus=False)

    free: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    opened = [opener.select for opener in (*openers, source)]
    gr.on(opened, open_document, None, source, trigger_mode="multiple", **free)
    source.clear(list_documents, None, source, **free)
    gr.on([page.load, clear.click], first_list, None, source, **free)
