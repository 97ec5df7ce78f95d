"""What the page is about: a collection, and a conversation on it. All that is shown follows."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, NamedTuple

import gradio as gr

from footnoted.qa.conversations.types import Conversation
from footnoted.qa.page import asking, evaluating, listing, markup, state
from footnoted.qa.page.asking import Asking
from footnoted.qa.page.components import QUIET, html
from footnoted.qa.page.evaluating import Evaluating
from footnoted.qa.page.listing import Listing
from footnoted.qa.page.visits import Visits
from footnoted.qa.service.callers import Caller, calling
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service

# The address tells what a page is about, so that it can be kept, sent and reloaded.
_ADDRESS = """(_, __, words, which) => {
  const address = new URLSearchParams(location.search);
  const place = ['collection', 'conversation'].map((name) => address.get(name) ?? '');
  return [...place, words, which, footnoted.sorting ?? ''];
}"""


class About(NamedTuple):
    """The masthead, in which a collection is chosen, and what holds the choice.

    The name is empty for the collection with which the server was started, and the id for a
    conversation that has not begun.
    """

    masthead: gr.HTML
    collection: gr.Textbox
    conversation: gr.Textbox


def add() -> About:
    masthead = html("", "masthead", "masthead.js")
    return About(masthead, gr.Textbox("", visible=False), gr.Textbox("", visible=False))


def follow(
    service: Service,
    page: gr.Blocks,
    about: About,
    chat: Asking,
    files: Listing,
    evaluation: Evaluating,
    source: gr.HTML,
    visits: Visits,
) -> None:
    """Show what is chosen, in one event: what came late of another choice would mix with it."""

    def turn_to(
        collection: str,
        conversation: str,
        words: str,
        which: str,
        sorted_: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        visits.turn(request)
        wanted = state.place(event._data, collection, conversation)
        caller = calling(request)
        of, id_, failure = _found(service, caller, wanted)
        left = _left(service, caller, wanted.left)
        change = of.state().change  # before what is shown: what changes meanwhile is shown next
        every = service.collections(caller)
        listed = next(one for one in every if one.name == of.name)
        name = "" if of.name == service.first.name else of.name
        access, documents = service.access(caller, name), of.listing()
        return (
            markup.masthead(every, listed, failure, caller, change, wanted.visit),
            name,
            id_,
            *asking.opened_at(service, of, caller.name, id_, documents, left),
            markup.library(listed, caller, access, of.offered, service.state.is_shared),
            listing.shown(of, state.wanted(words, which, sorted_)),
            evaluating.sets(documents),
            markup.documents(documents, focus=False),
        )

    def keep_up(
        collection: str,
        words: str,
        which: str,
        sorted_: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> tuple[Any, ...]:
        """Show what others have changed in the collection, and leave the rest as it is."""
        shown, caller, is_here = state.shown(event._data), calling(request), visits.of(request)
        of = service.collection(caller, state.text(collection))
        change, documents = of.state().change, of.listing()
        every = service.collections(caller)
        listed = next(one for one in every if one.name == of.name)
        left = _left(service, caller, shown.left)
        welcome = asking.welcome(of, documents, left)
        access, shared = service.access(caller, collection), service.state.is_shared
        new = (
            markup.masthead(every, listed, "", caller, change, shown.visit),
            markup.library(listed, caller, access, of.offered, shared),
            listing.shown(of, state.wanted(words, which, sorted_), shown.first),
            markup.documents(documents, focus=False) if shown.lists else gr.skip(),
            welcome if shown.welcomes else gr.skip(),
        )
        return new if is_here() else (gr.skip(),) * len(new)

    about.masthead.tick(
        keep_up,
        [about.collection, files.words, files.which, files.sorting],
        [about.masthead, files.library, files.files, source, chat.chat],
        js="(_, words, which) => [footnoted.collection, words, which, footnoted.sorting ?? '']",
        concurrency_limit=None,
        **QUIET,
    )
    gr.on(
        [page.load, about.masthead.submit],
        turn_to,
        [about.collection, about.conversation, files.words, files.which, files.sorting],
        [*about, chat.chat, chat.ask, files.library, files.files, evaluation.choice, source],
        js=_ADDRESS,
        trigger_mode="always_last",
        **QUIET,
    )


def _left(service: Service, caller: Caller, id_: str) -> Conversation | None:
    """The conversation that another takes the place of, if there was one."""
    with suppress(Failed):
        return service.conversation(caller, id_) if id_ else None
    return None


def _found(
    service: Service, caller: Caller, wanted: state.Place
) -> tuple[CollectionService, str, str]:
    """The collection, the conversation's id and, where one of them is not there, a line on that."""
    name, id_, failure = wanted.collection, wanted.conversation, ""
    if id_:
        try:
            name = service.conversation(caller, id_).collection
        except Failed as failed:
            id_, failure = "", str(failed)
    try:
        return service.collection(caller, name), id_, failure
    except Failed as failed:
        return service.collection(caller), "", str(failed)
