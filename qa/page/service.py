"""What the page and its endpoints do, without Gradio; whatever fails, fails in one line."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.types import Document, Listed
from footnoted.index.protocols import Progress, Searchable, silent
from footnoted.index.types import FileReceipt, Origin
from footnoted.qa.evaluation.questions import read, refuse_foreign
from footnoted.qa.evaluation.run import Answering, evaluate
from footnoted.qa.evaluation.types import Question
from footnoted.qa.lookup.lookup import Match, lookup
from footnoted.qa.page.callers import Caller
from footnoted.qa.page.filing import FILES, Naming, Which, matching
from footnoted.qa.receipts import summed_up
from footnoted.qa.types import Answer

log = logging.getLogger(__name__)


class Failed(Exception):
    """Something that could not be done, with the one line that the reader gets to see."""


class Stopped(Exception):
    """An evaluation was given up on request."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What came of a question set; ``warnings`` are about the set, not about the answers."""

    questions: tuple[Question, ...]
    warnings: tuple[str, ...]
    result: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file as the page shows it, and the id of the document that it opens, if it holds any."""

    receipt: FileReceipt
    document: str | None


@dataclass(frozen=True, slots=True)
class Files:
    """A portion of the files that were asked for: from number ``first`` of ``found`` on.

    ``summary`` is of all of these.
    """

    shown: Sequence[ListedFile]
    first: int
    found: int
    summary: str


class Served(Answering, Protocol):
    """What is served: a pipeline, as far as the page needs one."""

    def documents(self) -> list[Document]:
        """Every document that can be cited, in the order of the ids."""

    def listing(self) -> list[Listed]:
        """The same without their texts."""

    def warm_up(self) -> None:
        """Load the models now rather than with the first question."""


class Service:
    """What the page's readers share: questions are answered one at a time, each in its turn.

    Every method is told who asks, and says what that caller gets.
    """

    def __init__(self, pipeline: Served) -> None:
        self._pipeline = pipeline
        self._in_turn = _InTurn(pipeline)
        self._evaluating = threading.Lock()
        self._stopping = threading.Event()
        self._warming_up = False

    def warm_up(self) -> None:
        """Load the models; meanwhile ``is_warming_up``. The first time of all, they are prepared
        for the processor, too, which takes some seconds more."""
        self._warming_up = True
        try:
            self._pipeline.warm_up()
        finally:
            self._warming_up = False

    @property
    def is_warming_up(self) -> bool:
        return self._warming_up

    def listing(self, caller: Caller) -> list[Listed]:
        return self._pipeline.listing()

    def document(self, caller: Caller, document_id: str) -> Document | None:
        return self._pipeline.document(document_id)

    def origin(self, caller: Caller, document_id: str) -> Origin | None:
        """Where a document comes from, its files named as the page names them."""
        library = self._pipeline.library
        origin = library.origin(document_id)
        return origin and Naming(library.sources()).of_origin(origin)

    def files(self, caller: Caller, which: Which = "all", words: str = "", first: int = 0) -> Files:
        """The files of the index, those with trouble first, from number ``first`` on.

        Of those ``which`` are asked for, the ones that all of the ``words`` tell of.
        """
        library = self._pipeline.library
        name = Naming(library.sources())
        every = library.files(unreadable=which == "unreadable")
        found = matching(every, which, words, name)
        first = max(min(first, len(found) - 1), 0)
        shown = self._listed(found[first : first + FILES], name)
        return Files(shown, first, len(found), summed_up(found))

    def unreadable(self, caller: Caller, most: int) -> list[ListedFile]:
        """The first of the files that were not read, or not as a whole."""
        library = self._pipeline.library
        found = library.files(unreadable=True, most=most)
        return self._listed(found, Naming(library.sources()))

    def _listed(self, files: Sequence[FileReceipt], name: Naming) -> list[ListedFile]:
        held = self._pipeline.library.held([file.same_as or file.path for file in files])
        return [ListedFile(name.of_file(one), held.get(one.same_as or one.path)) for one in files]

    def ask(self, caller: Caller, question: str, history: Sequence[str]) -> Answer:
        """Answer a question.

        Raises:
            Failed: it could not be answered.
        """
        with _in_one_line("This question could not be answered"):
            return self._in_turn.ask(question, history)

    def look_up(self, caller: Caller, text: str) -> list[Match]:
        """Find where a quotation stands.

        Raises:
            Failed: it could not be looked up.
        """
        with _in_one_line("This quotation could not be looked up"):
            return lookup(self._pipeline.library, text)

    def evaluate(
        self, caller: Caller, path: Path | None, progress: Progress = silent
    ) -> Evaluation:
        """Ask the questions of a file, or the shipped ones; meanwhile others may ask theirs.

        Raises:
            Failed: the set cannot be used, or another evaluation is running.
            Stopped: ``stop`` was called.
        """

        def report(what: str, done: int, total: int) -> None:
            if self._stopping.is_set():
                raise Stopped
            progress(what, done, total)

        if not self._evaluating.acquire(blocking=False):
            raise Failed("An evaluation is running already; wait until it is done")
        try:
            self._stopping.clear()
            with _in_one_line("The evaluation failed"):
                questions, warnings = self._read(path)
                return Evaluation(questions, warnings, evaluate(self._in_turn, questions, report))
        finally:
            self._evaluating.release()

    def stop(self, caller: Caller) -> None:
        """End the evaluation that is running, if one is, after its present question."""
        self.close()

    def close(self) -> None:
        """End what is running, whoever wants it: the server stops."""
        self._stopping.set()

    def _read(self, path: Path | None) -> tuple[tuple[Question, ...], tuple[str, ...]]:
        documents = self._pipeline.documents()
        file = path or SHIPPED_QUESTIONS
        try:
            found = read(file, documents)
        except UnusableInput as error:
            # The folder is the server's own; who gave the file knows it by its name.
            raise Failed(_flat(str(error).replace(str(file), file.name))) from error
        remedy = "index theirs first" if path else "choose a file with questions on yours"
        refuse_foreign(found.questions, documents, remedy)
        warnings = [warning.replace(str(file), file.name) for warning in found.warnings]
        return found.questions, tuple(warnings)


class _InTurn:
    """Answers one question at a time, first come, first served.

    Two at once would only halve each other's cores; and a person who asks during an evaluation
    waits for one of its questions, not for all.
    """

    def __init__(self, pipeline: Answering) -> None:
        self._pipeline = pipeline
        self._turns = threading.Condition()
        self._given = self._called = 0

    @property
    def library(self) -> Searchable:
        return self._pipeline.library

    def document(self, document_id: str) -> Document | None:
        return self._pipeline.document(document_id)

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        with self._turns:
            number = self._given
            self._given += 1
            self._turns.wait_for(lambda: self._called == number)
        try:
            return self._pipeline.ask(question, history)
        finally:
            with self._turns:
                self._called += 1
                self._turns.notify_all()


@contextmanager
def _in_one_line(what: str) -> Iterator[None]:
    """The page's border: nothing that goes wrong behind it may cost the reader the page."""
    try:
        yield
    except (Failed, Stopped):
        raise
    except FootnotedError as error:
        raise Failed(one_line(error)) from error
    except Exception as error:
        log.error("%s: %r", what, error)
        log.debug("", exc_info=True)
        raise Failed(f"{what}: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """What went wrong, for a person to read."""
    text = _flat(str(error)) or type(error).__name__
    return text[:1].upper() + text[1:]


def _flat(text: str) -> str:
    return " ".join(text.split())
