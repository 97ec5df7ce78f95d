"""The Files tab: every file of the index, and what came of it."""

from __future__ import annotations

from typing import NamedTuple

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, html, opened, search_box
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.filing import Wanted
from footnoted.qa.service.service import Service

_CHOICES = [("All", "all"), ("Unreadable", "unreadable"), ("With warnings", "warnings")]


class Listing(NamedTuple):
    """The components of the tab in which others show something, or whose values they take.

    The ``files`` open their documents.
    """

    library: gr.HTML
    words: gr.Textbox
    which: gr.Radio
    sorting: gr.Textbox
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
    sorting = gr.Textbox("", visible=False)  # as the script of the list gives it
    files = html("", "files", "files.js")

    def list_files(
        typed: str, which: str, sorted_: str, name: str, event: gr.EventData, request: gr.Request
    ) -> str:
        first, wanted = state.number(event._data, "first"), state.wanted(typed, which, sorted_)
        return shown(opened(service, request, name), wanted, first)

    gr.on(
        # With the tab, they are listed anew: others may have changed the index. Not on the box's
        # ``input``, which Gradio tells of single keys alone, and not of what is pasted.
        [tab.select, words.change, which.change, files.submit],
        list_files,
        [words, which, sorting, collection],
        files,
        js="(words, which) => [words, which, footnoted.sorting ?? '', footnoted.collection]",
        trigger_mode="always_last",
        concurrency_limit=None,
        **QUIET,
    )
    return Listing(library, words, which, sorting, files)


def shown(of: CollectionService, wanted: Wanted, first: int = 0) -> str:
    """The files that are wanted, from number ``first`` on."""
    return markup.files(of.files(wanted, first), of.may_change)
