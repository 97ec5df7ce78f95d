"""The History tab: what was asked before, found, opened, named and deleted."""

from __future__ import annotations

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, html, search_box
from footnoted.qa.service.callers import calling
from footnoted.qa.service.service import Service


def add(service: Service, tab: gr.Tab) -> None:
    """Add the tab's components and events.

    What is done with a conversation goes to the contract's routes; then they are listed anew.
    """
    with gr.Row(elem_id="conversations-row", elem_classes="entry"):
        words = search_box("Find conversations", "A word of a question", "find-conversations")
    kept = html("", "conversations", "conversations.js")

    def list_conversations(typed: str, request: gr.Request) -> str:
        owner, wanted = calling(request).name, state.text(typed)
        found = service.conversations.conversations(owner, wanted, markup.CONVERSATIONS + 1)
        return markup.conversations(found, wanted)

    gr.on(
        [tab.select, words.change, kept.submit],
        list_conversations,
        words,
        kept,
        trigger_mode="always_last",
        concurrency_limit=None,
        **QUIET,
    )
