"""The Look up tab: a quotation in, the places where it stands out."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr

from footnoted.qa.lookup.lookup import LONGEST
from footnoted.qa.page import markup, state
from footnoted.qa.page.components import CHOSEN, QUIET, html, opened
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service

# A text so much like one place is shown there, with what differs, and not sentence by sentence.
_TOGETHER = 0.8


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
            yield _found(opened(service, request, name), text)
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


def _found(of: CollectionService, text: str) -> str:
    """Where a text stands; of one of which little stands together, where its sentences do."""
    found = of.look_up(text) if len(text) <= LONGEST else []
    if found and found[0].similarity >= _TOGETHER:
        return markup.places(found)
    if each := of.look_up_each(text):
        return markup.draft(each)
    return markup.places(found or of.look_up(text))
