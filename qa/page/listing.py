"""The Files tab: every file of the index, and what came of it."""

from __future__ import annotations

from typing import NamedTuple

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import CHOSEN, QUIET, html, opened, search_box
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.filing import Which
from footnoted.qa.service.service import Service

_CHOICES = [("All", "all"), ("Unreadable", "unreadable"), ("With warnings", "warnings")]


class Listing(NamedTuple):
    """The components of the tab in which others show something, or whose values they take.

    The ``files`` open their documents.
    """

    library: gr.HTML
    words: gr.Textbox
    which: gr.Radio
    files: gr.HTML


def add(service: Service, collection: gr.Textbox, tab: gr.Tab) -> Listing:
    """Add the tab's components and events.

    What is brought goes to the contract's routes (``qa.api``), by which others bring theirs; then
    the collection is chosen anew, and all that is shown follows.
    """
    library = html("", "library", "library.js")
    with gr.Row(elem_id="files-row", elem_classes="entry"):
        words = search_box("Find files", "Name, format, language or warning", "find-files")
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
        return shown(opened(service, request, name), typed, which, first)

    gr.on(
        # With the tab, they are listed anew: others may have changed the index. Not on the box's
        # ``input``, which Gradio tells of single keys alone, and not of what is pasted.
        [tab.select, words.change, which.change, files.submit],
        list_files,
        [words, which, collection],
        files,
        js=CHOSEN,
        trigger_mode="always_last",
        concurrency_limit=None,
        **QUIET,
    )
    return Listing(library, words, which, files)


def shown(of: CollectionService, words: str, which: Which, first: int = 0) -> str:
    """The files that all of the ``words`` tell of."""
    return markup.files(of.files(which, state.text(words), first), of.may_change)
