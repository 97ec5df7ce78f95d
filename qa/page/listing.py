"""The Files tab: every file of the index, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, Chosen, html, opened
from footnoted.qa.service.callers import calling
from footnoted.qa.service.filing import Which
from footnoted.qa.service.service import Service

_CHOICES = [("All", "all"), ("Unreadable", "unreadable"), ("With warnings", "warnings")]


def add(service: Service, collection: gr.Textbox, chosen: Sequence[Chosen], tab: gr.Tab) -> gr.HTML:
    """Add the tab's components and events; the files that it returns open their documents.

    What is brought goes to the contract's routes (``qa.api``), by which others bring theirs; then
    the collection is chosen anew, and all that is shown follows.
    """
    library = html("", "library")
    html(markup.bringing(), "bringing", "bring.js")
    with gr.Row(elem_id="files-row", elem_classes="entry"):
        words = gr.Textbox(
            label="Find files",
            placeholder="Name, format, language or warning",
            lines=1,
            max_lines=1,
            container=False,
            elem_id="find-files",
        )
        which = gr.Radio(
            _CHOICES,
            value="all",
            label="Which files",
            container=False,
            elem_id="which-files",
        )
    files = html("", "files", "files.js")

    def list_files(
        typed: str, which: Which, name: str, event: gr.EventData, request: gr.Request
    ) -> str:
        first = state.first(event._data)
        found = opened(service, request, name).files(which, state.text(typed), first)
        return markup.files(found)

    def show_library(name: str, request: gr.Request) -> str:
        return markup.library(service.listed(calling(request), state.text(name)))

    def list_anew(typed: str, which: Which, name: str, request: gr.Request) -> str:
        return markup.files(opened(service, request, name).files(which, state.text(typed)))

    for one in chosen:
        one.then(show_library, collection, library, **QUIET)
        one.then(list_anew, [words, which, collection], files, **QUIET)
    gr.on(
        # With the tab, they are listed anew: others may have changed the index. Not on the box's
        # ``input``, which Gradio tells of single keys alone, and not of what is pasted.
        [tab.select, words.change, which.change, files.submit],
        list_files,
        [words, which, collection],
        files,
        trigger_mode="always_last",
        concurrency_limit=None,
        **QUIET,
    )
    return files
