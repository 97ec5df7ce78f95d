"""The Look up tab: a quotation in, the places where it stands out."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import CHOSEN, QUIET, html, opened
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service


def add(service: Service, collection: gr.Textbox) -> gr.HTML:
    """Add the tab's components and events; the places that it returns open quotations."""
    with gr.Row(elem_id="lookup-row", elem_classes="entry"):
        quotation = gr.Textbox(
            label="Quotation",
            placeholder="Paste a quotation",
            lines=1,
            max_lines=6,
            container=False,
            elem_id="quotation",
        )
        button = gr.Button("Look up", variant="primary", elem_id="look-up")
    places = html(markup.look_up_welcome(), "places", "places.js")

    def look_up(text: str, name: str, request: gr.Request) -> Iterator[str]:
        if not state.text(text).strip():
            yield markup.look_up_welcome()
            return
        yield markup.notice("pending", "Looking …")
        try:
            found = opened(service, request, name).look_up_pasted(text)
            yield markup.draft(found.sentences) if found.sentences else markup.places(found.places)
        except Failed as failure:
            yield markup.notice("error", str(failure))

    gr.on(
        [quotation.submit, button.click],
        look_up,
        [quotation, collection],
        places,
        js=CHOSEN,
        trigger_mode="always_last",
        concurrency_limit=16,
        **QUIET,
    )
    return places
