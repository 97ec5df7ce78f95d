"""The Evaluate tab: a question set goes in; metrics, plots and two files to keep come out."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from time import monotonic
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.conversations.judged import as_jsonl
from footnoted.qa.evaluation import results
from footnoted.qa.evaluation.report import need_plots, write_report
from footnoted.qa.page import markup
from footnoted.qa.page.components import QUIET, html, opened
from footnoted.qa.page.local import downloads
from footnoted.qa.service.callers import Caller, calling
from footnoted.qa.service.collection import CollectionService, Evaluation
from footnoted.qa.service.failures import Failed, Stopped
from footnoted.qa.service.service import Service

_SHIPPED, _JUDGED, _OWN = "The shipped questions", "Those I judged", "A file of my own"
_TICK = 0.4  # seconds between two looks at how far the evaluation is


def add(service: Service, collection: gr.Textbox) -> None:
    """Add the tab's components and events."""
    html(markup.evaluation_welcome(), "about-evaluation")
    with gr.Row(elem_id="evaluate-row", elem_classes="entry"):
        choice = gr.Radio(
            [_SHIPPED, _JUDGED, _OWN],
            value=_SHIPPED,
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
    shown = html("", "evaluation")

    def measure(
        chosen: str, uploaded: str | None, name: str, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        # Only the files of the last evaluation are offered, and none beside an error.
        hidden = (gr.update(visible=False), gr.skip(), gr.skip())
        busy = (gr.update(interactive=False), gr.update(interactive=True))
        idle = (gr.update(interactive=True), gr.update(interactive=False))
        try:
            need_plots()
            if chosen == _OWN and not uploaded:
                raise UnusableInput("Choose the file that holds your questions first")
            of = opened(service, request, name)
            if chosen == _JUDGED:
                path: Path | None = _judged(service, of, request)
            else:
                path = Path(uploaded) if chosen == _OWN and uploaded else None
            run = _Run(of, path)
            for told in run.watch():
                yield told, *busy, *hidden
            evaluation = run.outcome.result()
            yield markup.notice("pending", "Writing the report …"), *busy, *hidden
            page, paths = markup.measured(evaluation), _keep(evaluation, calling(request))
        except (Failed, UnusableInput) as failure:
            yield markup.notice("error", str(failure)), *idle, *hidden
        except Stopped:
            yield markup.notice("stopped", "Stopped; nothing was kept."), *idle, *hidden
        else:
            yield page, *idle, gr.update(visible=True), *paths

    def end(request: gr.Request) -> None:
        service.stop(calling(request))

    start.click(
        measure,
        [choice, file, collection],
        [shown, start, stop, downloads, kept_result, kept_report],
        trigger_mode="once",
        concurrency_limit=None,  # so that a second one is told at once that it has to wait
        **QUIET,
    )
    stop.click(end, None, None, concurrency_limit=None, **QUIET)
    choice.change(lambda chosen: gr.update(visible=chosen == _OWN), choice, file, **QUIET)


def _judged(service: Service, of: CollectionService, request: gr.Request) -> Path:
    """What was said of answers in chats, as a file of questions.

    Raises:
        UnusableInput: nothing was said yet of which the right answer is known.
    """
    lines = service.judged(calling(request), of.name)
    if not lines:
        raise UnusableInput(
            "No answers are judged yet: say Right or Should have declined under some in the chat"
        )
    file = Path(tempfile.mkdtemp(dir=get_upload_folder())) / "judged.jsonl"
    file.write_text(as_jsonl(lines), encoding="utf-8")
    return file


class _Run:
    """An evaluation in a thread of its own; it is stopped when nobody watches it any more."""

    def __init__(self, of: CollectionService, path: Path | None) -> None:
        self.outcome: Future[Evaluation] = Future()
        self._of = of
        self._path = path
        self._done = self._total = 0
        self._started = 0.0
        threading.Thread(target=self._evaluate, daemon=True).start()

    def watch(self) -> Iterator[str]:
        """What to show, until the outcome is there."""
        try:
            while not self.outcome.done():
                yield markup.running(self._done, self._total, self._seconds_left())
                wait([self.outcome], timeout=_TICK)
        finally:
            if not self.outcome.done():
                self._of.stop_evaluating()

    def _evaluate(self) -> None:
        try:
            evaluation = self._of.evaluate(self._path, self._progress)
            self.outcome.set_result(evaluation)
        except Exception as error:  # raised again where the outcome is asked for
            self.outcome.set_exception(error)

    def _progress(self, what: str, done: int, total: int) -> None:
        if not self._total:
            self._started = monotonic()
        self._done, self._total = done, total

    def _seconds_left(self) -> float | None:
        if not self._done:
            return None
        return (monotonic() - self._started) / self._done * (self._total - self._done)


def _keep(evaluation: Evaluation, caller: Caller) -> tuple[str, str]:
    """Write the files to download where Gradio keeps its own, which the server deletes."""
    folder = Path(tempfile.mkdtemp(prefix=downloads(caller), dir=get_upload_folder()))
    result, report = folder / "evaluation.json", folder / "evaluation.html"
    results.save(evaluation.result, result)
    write_report(evaluation.result, evaluation.questions, report)
    return str(result), str(report)
