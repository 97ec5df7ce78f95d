"""The masthead: which collection the page is about."""

from __future__ import annotations

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, Chosen, html
from footnoted.qa.service.callers import calling
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service

# The address tells which collection a page is about, so that it can be kept, and reloaded.
_RECALL = "() => [new URLSearchParams(location.search).get('collection') ?? '']"
_KEEP = """name => {
  const address = new URL(location);
  if (name) address.searchParams.set('collection', name);
  else address.searchParams.delete('collection');
  history.replaceState(null, '', address);
  footnoted.collection = name;
}"""


def add(service: Service, page: gr.Blocks) -> tuple[gr.Textbox, list[Chosen]]:
    """Add the masthead; what holds the name of the collection, and the events that change it.

    The name is empty for the collection with which the server was started.
    """
    masthead = html("", "masthead", "masthead.js")
    collection = gr.Textbox("", visible=False)

    def turn_to(name: str, request: gr.Request) -> tuple[str, str]:
        caller, failure = calling(request), ""
        try:
            of = service.listed(caller, state.text(name))
        except Failed as failed:
            of, failure = service.listed(caller), str(failed)
        every = service.collections(caller)
        return markup.masthead(every, of, failure), "" if of == every[0] else of.name

    def choose(event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        return turn_to(state.named(event._data), request)

    recalled = page.load(turn_to, collection, [masthead, collection], js=_RECALL, **QUIET)
    chosen = masthead.submit(choose, None, [masthead, collection], **QUIET)
    for one in (recalled, chosen):
        one.then(None, collection, None, js=_KEEP)
    return collection, [recalled, chosen]
