"""The source panel: what every tab opens its quotations in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import gradio as gr

from footnoted.qa.page import markup_source
from footnoted.qa.page.components import QUIET, html
from footnoted.qa.page.service import Service


def add(service: Service, page: gr.Blocks, openers: Sequence[gr.HTML], clear: gr.Button) -> None:
    """Add the panel, in which the ``select`` events of ``openers`` show what they carry."""
    source = html("", "source", "source.js")

    def open_document(event: gr.EventData) -> str:
        target = {key: value for key, value in event._data.items() if value is not None}
        document = service.document(target["document"])
        return markup_source.source(document, target) if document else markup_source.missing(target)

    def list_documents() -> str:
        return markup_source.documents(service.listing(), focus=True)

    def first_list() -> str:
        return markup_source.documents(service.listing(), focus=False)

    free: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    opened = [opener.select for opener in (*openers, source)]
    gr.on(opened, open_document, None, source, trigger_mode="multiple", **free)
    source.clear(list_documents, None, source, **free)
    gr.on([page.load, clear.click], first_list, None, source, **free)
