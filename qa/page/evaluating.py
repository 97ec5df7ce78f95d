"""The Evaluate tab: a question set goes in; what failed, metrics, plots and two files come out."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import gradio as gr
from gradio.utils import get_upload_folder

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import hold_shipped
from footnoted.corpus.types import Listed
from footnoted.qa.conversations.judged import as_jsonl
from footnoted.qa.evaluation import results
from footnoted.qa.evaluation.history import Evaluated
from footnoted.qa.evaluation.report import need_plots, write_report
from footnoted.qa.page import markup
from footnoted.qa.page.components import CHOSEN, QUIET, html, opened
from footnoted.qa.page.local import downloads
from footnoted.qa.page.visits import Visits
from footnoted.qa.service.callers import Caller, calling
from footnoted.qa.service.collection import CollectionService
from footnoted.qa.service.evaluations import Running
from footnoted.qa.service.failures import Failed, Stopped
from footnoted.qa.service.service import Service

SHIPPED, JUDGED, OWN = "The shipped questions", "Those I judged", "A file of my own"

# Of the files to download, and which evaluation they are of.
_HIDDEN = (gr.update(visible=False), gr.skip(), gr.skip(), "")
_BUSY = (gr.update(interactive=False), gr.update(interactive=True))
_IDLE = (gr.update(interactive=True), gr.update(interactive=False))
_AS_IT_IS = (gr.skip(),) * 7

Shown = tuple[Any, ...]
"""What the tab shows, whether it can be started and stopped, the files to download, and which
evaluation all this is of."""


class Evaluating(NamedTuple):
    """The components of the tab that others show something in, or listen to."""

    evaluation: gr.HTML
    choice: gr.Radio


def add(service: Service, collection: gr.Textbox, tab: gr.Tab) -> Evaluating:
    """Add the tab's components and events; the evaluation opens quotations."""
    html(markup.evaluation_welcome(), "about-evaluation")
    with gr.Row(elem_id="evaluate-row", elem_classes="entry"):
        choice = gr.Radio(
            [SHIPPED, JUDGED, OWN],
            value=SHIPPED,
            label="Question set",
            container=False,
            elem_id="set",
        )
        start = gr.Button("Evaluate", variant="primary", elem_id="evaluate")
        stop = gr.Button("Stop", interactive=False, elem_id="stop")
    file = gr.File(label="JSONL, CSV or SQuAD's JSON", visible=False, height=130, elem_id="own-set")
    with gr.Row(elem_id="downloads", visible=False) as downloads:
        kept_result = gr.DownloadButton("Download the result (JSON)", elem_id="result")
        kept_report = gr.DownloadButton("Download the report (HTML)", elem_id="report")
    shown, of_which = html("", "evaluation", "evaluation.js"), gr.State("")

    begun = Visits()

    def measure(
        chosen: str, uploaded: str | None, name: str, request: gr.Request
    ) -> Iterator[Shown]:
        begun.turn(request)
        caller = calling(request)
        try:
            need_plots()
            of = opened(service, request, name)
            asked, path = _questions(service, of, caller, chosen, uploaded)
            running = service.evaluations.begin(caller, of, asked, path)
            yield from _watched(service, of, caller, running)
        except (Failed, UnusableInput) as failure:
            yield markup.notice("error", str(failure)), *_IDLE, *_HIDDEN

    def show(before: str, name: str, request: gr.Request) -> Iterator[Shown]:
        """What is being evaluated or, where nothing is, what was the last time; until another is
        begun here, which would be shown under it."""
        is_last = begun.of(request)
        for found in _last(before, name, request):
            yield found if is_last() else _AS_IT_IS
            if not is_last():
                yield _AS_IT_IS
                return

    def _last(before: str, name: str, request: gr.Request) -> Iterator[Shown]:
        caller = calling(request)
        try:
            of = opened(service, request, name)
            if running := service.evaluations.running(caller):
                yield from _watched(service, of, caller, running)
            elif (last := service.evaluations.last(caller, of.name)) is None:
                yield "", *_IDLE, *_HIDDEN
            else:  # Gradio empties what nothing is yielded for
                yield _AS_IT_IS if last.id == before else _shown(of, caller, last)
        except Failed as failure:
            yield markup.notice("error", str(failure)), *_IDLE, *_HIDDEN

    def end(request: gr.Request) -> None:
        service.stop(calling(request))

    outputs = [shown, start, stop, downloads, kept_result, kept_report, of_which]
    free: dict[str, Any] = {"concurrency_limit": None, **QUIET}
    gr.on([tab.select, collection.change], show, [of_which, collection], outputs, js=CHOSEN, **free)
    # Free, so that a second one is told at once that it has to wait.
    start.click(
        measure,
        [choice, file, collection],
        outputs,
        js=CHOSEN,
        trigger_mode="once",
        **free,
    )
    stop.click(end, None, None, **free)
    choice.change(lambda chosen: gr.update(visible=chosen == OWN), choice, file, **QUIET)
    return Evaluating(shown, choice)


def sets(documents: Sequence[Listed]) -> Any:
    """The question sets that can be chosen: that which is shipped is on the shipped documents."""
    if hold_shipped(documents):
        return gr.update(choices=[SHIPPED, JUDGED, OWN])
    return gr.update(choices=[JUDGED, OWN], value=JUDGED)


def _questions(
    service: Service, of: CollectionService, caller: Caller, chosen: str, uploaded: str | None
) -> tuple[str, Path | None]:
    """What the chosen questions are called, and their file, unless they are the shipped ones.

    Raises:
        UnusableInput: there are none.
    """
    if chosen == JUDGED:
        return JUDGED, _judged(service, of, caller)
    if chosen != OWN:
        return SHIPPED, None
    if not uploaded:
        raise UnusableInput("Choose the file that holds your questions first")
    return Path(uploaded).name, Path(uploaded)


def _watched(
    service: Service, of: CollectionService, caller: Caller, running: Running
) -> Iterator[Shown]:
    """How far an evaluation is, until it is done; whoever stops watching does not stop it."""
    elsewhere = "" if running.collection == of.name else running.collection
    for _ in running.watched():
        told = markup.running(running.done, running.total, running.seconds_left, elsewhere)
        yield told, *_BUSY, *_HIDDEN
    try:
        running.outcome.result()
    except Failed as failure:
        yield markup.notice("error", str(failure)), *_IDLE, *_HIDDEN
    except Stopped:
        yield markup.notice("stopped", "Stopped; nothing was kept."), *_IDLE, *_HIDDEN
    else:
        yield markup.notice("pending", "Writing the report …"), *_BUSY, *_HIDDEN
        last = service.evaluations.last(caller, of.name)
        yield _shown(of, caller, last) if last else ("", *_IDLE, *_HIDDEN)


def _shown(of: CollectionService, caller: Caller, last: Evaluated) -> Shown:
    """What came of an evaluation, and its files."""
    page = markup.measured(last, of.document)
    return page, *_IDLE, gr.update(visible=True), *_keep(last, caller), last.id


def _judged(service: Service, of: CollectionService, caller: Caller) -> Path:
    """What was said of answers in chats, as a file of questions.

    Raises:
        UnusableInput: nothing was said yet of which the right answer is known.
    """
    lines = service.judged(caller, of.name)
    if not lines:
        raise UnusableInput(
            "No answers are judged yet: say Right or Should have declined under some in the chat"
        )
    file = Path(tempfile.mkdtemp(dir=get_upload_folder())) / "judged.jsonl"
    file.write_text(as_jsonl(lines), encoding="utf-8")
    return file


def _keep(last: Evaluated, caller: Caller) -> tuple[str, str]:
    """Write the files to download where Gradio keeps its own, which the server deletes."""
    folder = Path(tempfile.mkdtemp(prefix=downloads(caller), dir=get_upload_folder()))
    result, report = folder / "evaluation.json", folder / "evaluation.html"
    results.save(last.evaluation.result, result)
    write_report(last.evaluation.result, last.evaluation.questions, report, last.baseline)
    return str(result), str(report)
