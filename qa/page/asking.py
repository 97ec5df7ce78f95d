"""The Ask tab: a chat whose answers carry their footnotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from footnoted.qa.page import markup, state
from footnoted.qa.page.callers import Caller, calling
from footnoted.qa.page.components import QUIET, html
from footnoted.qa.page.service import Failed, Service
from footnoted.qa.page.state import Turn

# Session storage is a tab's own and survives the reload with which Gradio greets a server that is
# back. A conversation kept on the server would not survive its restart.
_KEEP = (
    "turns => { try { sessionStorage.setItem('footnoted', JSON.stringify(turns)) } catch {}"
    " return [] }"
)
_RECALL = (
    "() => { try { return [JSON.parse(sessionStorage.getItem('footnoted')) ?? []] }"
    " catch { return [[]] } }"
)


def add(service: Service, examples: Sequence[str], page: gr.Blocks) -> tuple[gr.HTML, gr.Button]:
    """Add the tab's components and events; the chat opens quotations, the button clears it."""
    turns = gr.JSON([], visible=False)
    chat = html(markup.chat([], examples), "chat", "chat.js")
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

    def shown(turns: Sequence[Turn], request: gr.Request) -> str:
        may_miss = any(turn.answer and turn.answer.coverage.unreadable for turn in turns)
        unread = service.unreadable(calling(request), markup.UNREAD + 1) if may_miss else ()
        return markup.chat(turns, examples, unread)

    def converse(
        typed: str, told: list[dict[str, Any]], event: gr.EventData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        before = state.turns(told)
        # An example carries its question; the text box sends no data of its own.
        chosen = state.chosen(event._data)
        asked = (chosen or state.text(typed)).strip()
        if not asked:
            yield shown(before, request), gr.skip(), gr.skip(), gr.skip(), gr.skip()
            return
        # Only the buttons are locked: a locked text box would lose the focus and a draft.
        emptied = gr.skip() if chosen else ""
        busy, free = gr.update(interactive=False), gr.update(interactive=True)
        waiting = [*before, Turn(asked, loading=service.is_warming_up)]
        yield shown(waiting, request), gr.skip(), emptied, busy, busy
        after = [*before, _answer(service, calling(request), asked, before)]
        kept = [turn.as_dict() for turn in after]
        yield shown(after, request), kept, gr.skip(), free, free

    def forget() -> tuple[str, list[Any]]:
        return markup.chat([], examples), []

    def recall(told: list[dict[str, Any]], request: gr.Request) -> tuple[str, list[dict[str, Any]]]:
        try:
            return shown(state.turns(told), request), told
        except state.Unreadable:  # kept by another version of the page
            return forget()

    # One event for all three ways to ask: trigger_mode="once" then guards them together.
    asked = gr.on(
        [question.submit, button.click, chat.submit],
        converse,
        [question, turns],
        [chat, turns, question, button, clear],
        trigger_mode="once",
        concurrency_limit=16,  # so that "Reading …" shows at once; the queueing is the service's
        **QUIET,
    )
    cleared = clear.click(forget, None, [chat, turns], **QUIET)
    for changed in (asked, cleared):
        changed.then(None, turns, None, js=_KEEP)
    page.load(recall, turns, [chat, turns], js=_RECALL, **QUIET)
    return chat, clear


def _answer(service: Service, caller: Caller, question: str, before: list[Turn]) -> Turn:
    try:
        earlier = [turn.question for turn in before if turn.answer]
        return Turn(question, service.ask(caller, question, earlier))
    except Failed as failure:
        return Turn(question, error=str(failure))
