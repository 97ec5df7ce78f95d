"""The Ask tab: a chat whose answers carry their footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from footnoted.corpus.files import SHIPPED
from footnoted.qa.page import markup, state
from footnoted.qa.page.components import QUIET, Chosen, html, opened
from footnoted.qa.page.state import Turn
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.failures import Failed
from footnoted.qa.service.service import Service

# Session storage is a tab's own and survives the reload with which Gradio greets a server that is
# back. A conversation kept on the server would not survive its restart.
_KEEP = (
    "(turns, of) => { try { sessionStorage.setItem(`footnoted:${of}`, JSON.stringify(turns)) }"
    " catch {} return [] }"
)
_RECALL = (
    "(_, of) => { try { return [JSON.parse(sessionStorage.getItem(`footnoted:${of}`)) ?? [], of] }"
    " catch { return [[], of] } }"
)


EXAMPLES = (  # shown where the shipped documents are, which they are about
    "Who opposes the plan?",
    "How many diplomats will Denmark send to Kigali?",
    "What does Amnesty International say about the plan?",
    "How much will the office cost?",
)


def add(
    service: Service, collection: gr.Textbox, chosen: Sequence[Chosen]
) -> tuple[gr.HTML, gr.Button]:
    """Add the tab's components and events; the chat opens quotations, the button clears it.

    ``collection`` holds the name of what is asked; the conversation on it is recalled when one was
    ``chosen``.
    """
    turns = gr.JSON([], visible=False)
    chat = html(markup.chat([], ()), "chat", "chat.js")
    with gr.Row(elem_id="ask-row", elem_classes="entry"):
        question = gr.Textbox(
            label="Question",
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            container=False,
            autofocus=True,
            elem_id="question",
        )
        button = gr.Button("Ask", variant="primary", elem_id="ask")
        clear = gr.Button("Clear", elem_id="clear")

    def converse(
        typed: str,
        told: list[dict[str, Any]],
        name: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> Iterator[tuple[Any, ...]]:
        before, of = state.turns(told), opened(service, request, name)
        # An example carries its question; the text box sends no data of its own.
        chosen = state.chosen(event._data)
        asked = (chosen or state.text(typed)).strip()
        if not asked:
            yield _shown(before, of), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        # Only the buttons are locked: a locked text box would lose the focus and a draft.
        emptied = gr.skip() if chosen else ""
        busy, free = gr.update(interactive=False), gr.update(interactive=True)
        waiting = [*before, Turn(asked, loading=service.is_warming_up)]
        yield _shown(waiting, of), gr.skip(), emptied, busy, busy
        after = [*before, _answer(of, asked, before)]
        kept = [turn.as_dict() for turn in after]
        yield _shown(after, of), kept, gr.skip(), free, free

    def forget(name: str, request: gr.Request) -> tuple[str, list[Any]]:
        return _shown([], opened(service, request, name)), []

    def recall(
        told: list[dict[str, Any]], name: str, request: gr.Request
    ) -> tuple[str, list[dict[str, Any]]]:
        try:
            return _shown(state.turns(told), opened(service, request, name)), told
        except state.Unreadable:  # kept by another version of the page
            return forget(name, request)

    # One event for all three ways to ask: trigger_mode="once" then guards them together.
    asked = gr.on(
        [question.submit, button.click, chat.submit],
        converse,
        [question, turns, collection],
        [chat, turns, question, button, clear],
        trigger_mode="once",
        concurrency_limit=16,  # so that "Reading …" shows at once; the queueing is the service's
        **QUIET,
    )
    cleared = clear.click(forget, collection, [chat, turns], **QUIET)
    for changed in (asked, cleared):
        changed.then(None, [turns, collection], None, js=_KEEP)
    for one in chosen:
        one.then(recall, [turns, collection], [chat, turns], js=_RECALL, **QUIET)
    return chat, clear


def _shown(turns: Sequence[Turn], of: CollectionService) -> str:
    may_miss = any(turn.answer and turn.answer.coverage.unreadable for turn in turns)
    unread = of.unreadable(markup.UNREAD + 1) if may_miss else ()
    return markup.chat(turns, () if turns else _examples(of), unread)


def _examples(of: CollectionService) -> Sequence[str]:
    indexed = {document.id for document in of.listing()}
    return EXAMPLES if indexed >= {path.name for path in SHIPPED.iterdir()} else ()


def _answer(of: CollectionService, question: str, before: list[Turn]) -> Turn:
    try:
        earlier = [turn.question for turn in before if turn.answer]
        return Turn(question, of.ask(question, earlier))
    except Failed as failure:
        return Turn(question, error=str(failure))
