"""What the tabs' components have in common."""

from importlib.resources import files
from typing import Any

import gradio as gr

from footnoted.qa.page.state import text
from footnoted.qa.service.callers import calling
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.service import Service

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""How every event of the page is wired: scripts call the endpoints of ``app.py`` instead.

Never ``queue=False``: such an event is called by its name, for which ``LocalOnly`` answers 404. And
no handler may have the name of an endpoint: Gradio would give the endpoint another.
"""

CHOSEN = "(...given) => [...given.slice(0, -1), footnoted.collection]"
"""The ``js`` of an event whose last input is the collection: of that which is chosen when it
happens, while what is shown of it may still be on its way."""


def opened(service: Service, request: gr.Request, name: str) -> CollectionService:
    """The collection that a page is about, for who sent the request.

    Raises:
        Failed: there is none of that name, or not for them.
    """
    return service.collection(calling(request), text(name))


def html(value: str, name: str, script: str | None = None) -> gr.HTML:
    # The default template ``${value}`` inserts the value as it is. Never put text from outside
    # through a Handlebars tag ({{…}}): Gradio evaluates what comes out of Handlebars as JavaScript.
    return gr.HTML(
        value,
        elem_id=name,
        js_on_load=asset(script) if script else None,
        apply_default_css=False,
    )


def search_box(label: str, placeholder: str, name: str) -> gr.Textbox:
    """A line in which words are typed to find something by."""
    return gr.Textbox(
        "",
        label=label,
        placeholder=placeholder,
        lines=1,
        max_lines=1,
        container=False,
        elem_id=name,
    )


def asset(name: str) -> str:
    """The text of a file that comes with the page."""
    return (files("footnoted.qa.page") / name).read_text(encoding="utf-8")
