"""The Ask tab: a chat whose answers carry their footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import gradio as gr

from footnoted.corpus.files import hold_shipped
from footnoted.corpus.types import Listed
from footnoted.qa.conversations.store import NoConversation
from footnoted.qa.conversations.types import Conversation, Turn
from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, html, opened
from footnoted.qa.page.visits import Visits
from footnoted.qa.pipeline import check_questions
from footnoted.qa.service.callers import calling
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service
from footnoted.qa.types import Underway

EXAMPLES = (  # shown where the shipped documents are, which they are about
    "Who opposes the plan?",
    "How many diplomats will Denmark send to Kigali?",
    "What does Amnesty International say about the plan?",
    "How much will the office cost?",
)


class Asking(NamedTuple):
    """The components of the tab that others show something in, or listen to."""

    chat: gr.HTML
    ask: gr.Button


def add(
    service: Service, collection: gr.Textbox, conversation: gr.Textbox, visits: Visits
) -> Asking:
    """Add the tab's components and events; the chat opens quotations.

    What is being read is shown for as long as the page is where it was asked; see ``visits``.
    ``collection`` holds the name of what is asked, ``conversation`` the id of that which goes on,
    if one does.
    """
    chat = html(markup.chat([]), "chat", "chat.js")
    refused = html("", "refused")
    with gr.Row(elem_id="before-asking"):
        html(markup.narrowing(), "narrowing", "narrowing.js")
        html(markup.writing(), "writing", "writing.js")
    with gr.Row(elem_id="ask-row", elem_classes="entry"):
        gr.Textbox(
            label="Question",
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            container=False,
            autofocus=True,
            elem_id="question",
        )
        # What is typed is sent by the script of the chat, as it stands when Enter is pressed.
        ask = gr.Button("Ask", variant="primary", elem_id="ask")
        gr.Button("New", elem_id="new")

    def converse(
        name: str, id_: str, event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        asked, owner = state.asked(event._data), _owner(request)
        is_here = visits.of(request)
        try:
            with service.told("The question could not be kept"):
                check_questions(asked.text)
                of = opened(service, request, name)
                if not asked.choice.is_all:
                    of.scope(asked.choice)
                id_ = state.text(id_) or service.conversations.create(owner, of.name, asked.text)
                waiting = service.asking.begin(
                    of, owner, id_, asked.text, asked.alone, asked.choice
                )
        except Failed as error:
            # It is kept in the box, which the script fills again.
            yield gr.skip(), markup.refused(_refusal(error), asked.text), gr.skip(), gr.skip()
            return
        busy, free = gr.update(interactive=False), gr.update(interactive=True)
        yield shown(service, of, owner, id_), "", id_, busy
        for underway in waiting.stages():
            if is_here():
                yield shown(service, of, owner, id_, underway), gr.skip(), gr.skip(), gr.skip()
        if is_here():
            yield shown(service, of, owner, id_), gr.skip(), id_, free
        else:
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()

    def resume(name: str, id_: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Show what comes of the last question, which was being read when it was opened."""
        of, owner, is_here = opened(service, request, name), _owner(request), visits.of(request)
        if waiting := service.asking.resumed(of, owner, state.text(id_)):
            for underway in waiting.stages():
                if is_here():
                    yield shown(service, of, owner, id_, underway), gr.skip()
        if is_here():
            yield shown(service, of, owner, id_), gr.update(interactive=True)
        else:
            yield gr.skip(), gr.skip()

    def earlier(name: str, id_: str, event: gr.EventData, request: gr.Request) -> str:
        """Show more of a long conversation, from a question on."""
        of, owner = opened(service, request, name), _owner(request)
        turns = service.conversations.turns(owner, state.text(id_))
        return _shown(service, of, turns, id_, state.number(event._data, "first"), checked=True)

    of_here = {"js": "() => [footnoted.collection, footnoted.conversation]", **QUIET}
    chat.submit(
        converse,
        [collection, conversation],
        [chat, refused, conversation, ask],
        # Gradio would drop what is asked while what was asked elsewhere is still being read.
        trigger_mode="multiple",
        concurrency_limit=None,  # so that "Reading …" shows at once; the service queues
        **of_here,
    )
    chat.input(resume, [collection, conversation], [chat, ask], concurrency_limit=None, **of_here)
    chat.clear(earlier, [collection, conversation], chat, concurrency_limit=None, **of_here)
    return Asking(chat, ask)


def opened_at(
    service: Service,
    of: CollectionService,
    owner: str,
    id_: str,
    documents: Sequence[Listed],
    left: Conversation | None,
) -> tuple[str, Any]:
    """What the chat shows where it is turned to a conversation, or to none yet, and whether more
    can be asked; ``left`` is the one that was shown before.

    Its quotations are checked against the documents as they are now.
    """
    if not id_:
        return welcome(of, documents, left), gr.update(interactive=True)
    turns = service.conversations.turns(owner, id_)
    resumes = bool(turns) and turns[-1].is_waiting
    chat = _shown(service, of, turns, id_, checked=True, resumes=resumes)
    return chat, gr.update(interactive=not resumes)


def shown(
    service: Service,
    of: CollectionService,
    owner: str,
    id_: str,
    underway: Underway | None = None,
) -> str:
    """A conversation that goes on; ``underway`` is what its last question is read in."""
    turns = service.conversations.turns(owner, id_)
    return _shown(service, of, turns, id_, underway=underway)


def _shown(
    service: Service,
    of: CollectionService,
    turns: Sequence[Turn],
    id_: str,
    first: int | None = None,
    *,
    checked: bool = False,
    **named: Any,
) -> str:
    """The questions from number ``first`` on, from 0; without one, the last so many.

    ``checked``: their quotations are checked against the documents as they are now.
    """
    before = max(len(turns) - markup.TURNS, 0) if first is None else first
    some = turns[before:]
    may_miss = any(turn.answer and turn.answer.coverage.unreadable for turn in some)
    return markup.chat(
        some,
        (),
        of.unreadable(markup.UNREAD + 1) if may_miss else (),
        before=before,
        conversation=id_,
        loading=service.is_warming_up,
        problems=_problems(of, some, before) if checked else {},
        **named,
    )


def welcome(
    of: CollectionService, documents: Sequence[Listed], left: Conversation | None = None
) -> str:
    """What can be asked where nothing was yet."""
    is_sample = hold_shipped(documents)
    suggests = bool(documents) and not is_sample
    return markup.chat(
        (),
        EXAMPLES if is_sample else (),
        empty=not documents,
        sample=of.is_sample,
        may_add=of.may_change,
        suggests=markup.Suggests(of.name, of.generation) if suggests else None,
        left=left,
    )


def _problems(
    of: CollectionService, turns: Sequence[Turn], before: int
) -> Mapping[int, Sequence[str]]:
    """What of each answer does not hold any more, by the number of its question, of which so many
    came ``before`` these."""
    found = {}
    for number, turn in enumerate(turns, before + 1):
        if turn.answer:
            try:
                found[number] = [str(problem) for problem in of.verify(turn.answer)]
            except Failed as failure:
                found[number] = [str(failure)]
    return found


def _refusal(failed: Failed) -> str:
    """Why a question is not asked, and what to do."""
    is_gone = isinstance(failed.__cause__, NoConversation)
    return f"{failed}. Choose New, and ask it there." if is_gone else str(failed)


def _owner(request: gr.Request) -> str:
    return calling(request).name
