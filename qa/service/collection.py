"""One collection, as those who may use it share it: asked, looked up in, evaluated, changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import NamedTuple, Protocol, Self

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.formats.pdf.drawing import Drawing
from footnoted.corpus.types import Document, Listed, Span
from footnoted.index.collections import Collection
from footnoted.index.library import Library
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import FileReceipt, Origin, Receipt
from footnoted.qa.evaluation.questions import read, refuse_foreign
from footnoted.qa.evaluation.run import Answering, evaluate
from footnoted.qa.evaluation.types import Evaluation, Evidence, Question
from footnoted.qa.lookup.lookup import Match, lookup
from footnoted.qa.lookup.pasted import Pasted, look_up_pasted
from footnoted.qa.protocols import Writer
from footnoted.qa.receipts import kind, language, summed_up
from footnoted.qa.service.callers import ANYONE, Caller
from footnoted.qa.service.changes import Changes, Removal
from footnoted.qa.service.drawing import Drawer
from footnoted.qa.service.failures import Failed, Stopped, flat, in_one_line
from footnoted.qa.service.filing import (
    ALL_FILES,
    FILES,
    Files,
    ListedFile,
    Naming,
    Wanted,
    in_order,
    matching,
    told_of,
)
from footnoted.qa.service.kept import Asked, KeptAnswers
from footnoted.qa.service.limits import Kind
from footnoted.qa.service.metrics import Metrics
from footnoted.qa.service.named import collection_of, is_sample
from footnoted.qa.service.offered import OfferedFolders
from footnoted.qa.service.suggesting import Suggesting, Suggestions
from footnoted.qa.service.turns import InTurn, Turns
from footnoted.qa.types import Answer, Scope, Seconds, Told
from footnoted.qa.verify.verification import Problem, verify
from footnoted.qa.within import ALL, Choice, choose, within


class Served(Answering, Protocol):
    """What is served: a pipeline, as far as a service needs one."""

    def documents(self) -> list[Document]:
        """Every document that can be cited, in the order of the ids."""

    def listing(self) -> list[Listed]:
        """The same without their texts."""

    def warm_up(self) -> None:
        """Load the models now rather than with the first question."""

    def over(self, library: Library) -> Self:
        """The same over other documents."""

    def quoting(self) -> Answering:
        """The same, without a language model that writes."""

    @property
    def written_by(self) -> str | None:
        """The language model that writes, if one does."""

    writer: Writer | None


class State(NamedTuple):
    """Of which ``generation`` a collection is; ``change`` is another text after each change, of
    what cannot be read, too."""

    generation: int
    change: str


class Evaluating:
    """At most one evaluation at a time, of whatever collection."""

    def __init__(self) -> None:
        self._running = threading.Lock()
        self._stopping = threading.Event()
        self._of = ""

    @contextmanager
    def one(self, progress: Progress, of: str) -> Iterator[Progress]:
        """Evaluate inside, with this progress, which raises ``Stopped`` after ``stop``.

        ``of``: who wants it.

        Raises:
            Failed: another is running.
        """

        def report(what: str, done: int, total: int) -> None:
            if self._stopping.is_set():
                raise Stopped
            progress(what, done, total)

        if not self._running.acquire(blocking=False):
            raise Failed("An evaluation is running already; wait until it is done")
        try:
            self._of = of
            self._stopping.clear()
            yield report
        finally:
            self._running.release()

    def stop(self, of: str | None = None) -> None:
        """End the one that is running, if one is, after its present question.

        ``of``: only if it is theirs.
        """
        if of in (None, self._of):
            self._stopping.set()


class CollectionService:
    """A collection that is open. Threads may share it.

    Whatever fails, fails in one line: ``Failed``.
    """

    def __init__(
        self,
        pipeline: Served,
        turns: Turns,
        evaluating: Evaluating,
        metrics: Metrics,
        drawer: Drawer,
        offered: OfferedFolders | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._offered = offered or OfferedFolders()
        self._drawer = drawer
        self._metrics = metrics
        self._turns = turns
        self._evaluating = evaluating
        # What is suggested is found by what is quoted: a language model would be busy with it.
        self._suggesting = Suggesting(pipeline.quoting(), turns)
        self._changes = Changes(pipeline, self._offered, metrics)

    @property
    def name(self) -> str:
        return self._collection.name

    @property
    def is_sample(self) -> bool:
        """Whether the documents are the shipped ones, among which one's own have no business."""
        return is_sample(self._pipeline.library)

    # -- for whom it is used (see ``Granted``) -----------------------------------------------------

    @property
    def caller(self) -> Caller:
        """Whose evaluations and turns these are."""
        return ANYONE

    @property
    def may_change(self) -> bool:
        return True

    def _admit(self, kind: Kind) -> None:
        """Before anything that costs or changes: here, everything may be done."""

    def _told_of(self, question: str, answer: Answer | None, seconds: float) -> None:
        """After a question."""

    # -- as a whole --------------------------------------------------------------------------------

    def warm_up(self) -> None:
        self._pipeline.warm_up()

    def write_by(self, writer: Writer | None) -> None:
        """From the next question on, answers are written by this, or quoted."""
        self._pipeline.writer = writer

    def suggest_no_more(self) -> None:
        self._suggesting.close()

    def close(self) -> None:
        """Give up what can be undone, and look for nothing more to suggest."""
        self._suggesting.close()
        self._changes.close()

    @contextmanager
    def leaving(self) -> Iterator[None]:
        """Inside, nothing changes it; then it is gone, though some may still be reading in it.

        Raises:
            UnusableInput: it is being changed.
        """
        with self._changes.leaving():
            yield

    def state(self) -> State:
        """What tells whether anything has changed, without a look at what there is."""
        with self._told("The collection cannot be read"):
            library = self._pipeline.library
            manifest = library.manifest
            return State(manifest.generation, f"{manifest.change}-{library.unreadable()}")

    # -- its documents -----------------------------------------------------------------------------

    def listing(self, words: str = "") -> list[Listed]:
        """Every document; of these, the ones that all of the ``words`` tell of."""
        with self._told("The documents cannot be listed"):
            return told_of(self._pipeline.listing(), words)

    @property
    def generation(self) -> int:
        """It rises with each change."""
        with self._told("This collection cannot be opened"):
            return self._pipeline.library.manifest.generation

    def document(self, document_id: str) -> Document | None:
        with self._told("This document cannot be shown"):
            return self._pipeline.document(document_id)

    def origin(self, document_id: str) -> Origin | None:
        """Where a document comes from, its files named as they are shown."""
        with self._told("This document cannot be shown"):
            origin = self._pipeline.library.origin(document_id)
            return origin and self._naming().of_origin(origin)

    def words_at(self, document_id: str, span: Span) -> Evidence:
        """What stands at a place, without the white space around it.

        Raises:
            Failed: there is no such place, or nothing stands there.
        """
        with self._told("This place cannot be used"):
            document = self._pipeline.document(document_id)
            if document is None or not 0 <= span.start < span.end <= len(document.text):
                raise UnusableInput("there is no such place in the documents")
            cut = document.text[span.start : span.end]
            if not (quote := cut.strip()):
                raise UnusableInput("no words stand there; select some")
            return Evidence(document_id, span.start + cut.index(quote), quote)

    def page(self, document_id: str, start: int, end: int) -> Drawing:
        """The page of a document on which a quotation begins, as it is printed.

        Raises:
            Failed: it cannot be drawn.
        """
        with self._told("This page cannot be drawn"):
            document = self._pipeline.document(document_id)
            if document is None or not 0 <= start <= end <= len(document.text):
                raise UnusableInput("there is no such place in the documents")
            origin = self._pipeline.library.origin(document_id)
            return self._drawer.draw(document, origin, Span(start, end))

    def files(self, wanted: Wanted = ALL_FILES, first: int = 0) -> Files:
        """The files of the index that are wanted, in their order, from number ``first`` on.

        A language or a kind that no file has is no wish.
        """
        with self._told("The files cannot be listed"):
            name, library = self._naming(), self._pipeline.library
            every = library.files(unreadable=wanted.which == "unreadable")
            languages = sorted({code for file in every for code in file.languages}, key=language)
            kinds = sorted({kind(file.reader) for file in every if file.reader})
            wanted = wanted._replace(
                language=wanted.language if wanted.language in languages else "",
                kind=wanted.kind if wanted.kind in kinds else "",
            )
            stamps = library.stamps() if wanted.order in ("date", "added") else {}
            found = in_order(matching(every, wanted, name), wanted.order, name, stamps)
            first = max(min(first, len(found) - 1), 0)
            shown = self._listed(found[first : first + FILES], name)
        return Files(shown, first, len(found), summed_up(found), wanted, languages, kinds)

    def unreadable(self, most: int) -> list[ListedFile]:
        """The first of the files that were not read, or not as a whole."""
        with self._told("The files cannot be listed"):
            found = self._pipeline.library.files(unreadable=True, most=most)
            return self._listed(found, self._naming())

    def _listed(self, files: Sequence[FileReceipt], name: Naming) -> list[ListedFile]:
        held = self._pipeline.library.held([file.same_as or file.path for file in files])
        found = []
        for file in files:
            named, document = name.of_file(file), held.get(file.same_as or file.path)
            brought = name.was_brought(file.path)
            removed_as = named.path if brought else document
            found.append(ListedFile(named, document, removed_as, brought))
        return found

    def _naming(self) -> Naming:
        return Naming(self._pipeline.library.sources(), self._collection.brought)

    # -- what they are asked -----------------------------------------------------------------------

    def scope(self, choice: Choice = ALL) -> Scope:
        """Among how many documents is asked what is asked of those that are chosen.

        Raises:
            Failed: none can be asked; the line says why.
        """
        with self._told("These documents cannot be asked"):
            library = self._pipeline.library
            if chosen := within(library, *choice):
                return choose(chosen, library).scope
            every = library.coverage().documents
            return Scope(every, every)

    def ask(self, question: str, history: Sequence[str], choice: Choice = ALL) -> Answer:
        """Answer a question, of all documents or those that are chosen.

        Raises:
            Failed: it could not be answered.
        """
        return self.begin(question, history, choice).result()

    def begin(
        self,
        question: str,
        history: Sequence[str],
        choice: Choice = ALL,
        told: Told | None = None,
    ) -> Future[Answer]:
        """Answer a question in a turn of the caller's, as ``ask`` does; what was answered before
        needs none. Cancelled before its turn, it is never read. When its turn has come, what is
        read for it is ``told``.

        Raises:
            Failed: it could not be answered, or too many wait.
        """
        self._admit("question")
        started = perf_counter()
        with self._counted():
            library = self._pipeline.library
            chosen = within(library, *choice)
            unreadable, writer = library.unreadable(), self._pipeline.written_by
            asked = Asked(question, tuple(history), chosen, unreadable, writer)
            if answer := library.kept(KeptAnswers).known(asked):
                self._metrics.answered_again(answer)
                took = perf_counter() - started
                self._told_of(question, answer, took)
                known = Future[Answer]()
                known.set_result(replace(answer, seconds=Seconds(took, 0.0, took)))
                return known
            return self._turns.begin(self.caller.asker, lambda: self._answer(asked, started, told))

    def _answer(self, asked: Asked, started: float, told: Told | None) -> Answer:
        # Another one may write since it was asked.
        asked, answer = asked._replace(written_by=self._pipeline.written_by), None
        question, history, chosen, *_ = asked
        try:
            with self._counted():
                kept = self._pipeline.library.kept(KeptAnswers)
                answer = kept.of(asked, lambda: self._pipeline.ask(question, history, chosen, told))
        finally:
            self._told_of(question, answer, perf_counter() - started)
        self._metrics.answered(answer)
        return answer

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """
        Raises:
            Failed: it could not be answered.
        """
        try:
            with self._told("This question could not be answered"):
                yield
        except Failed:
            self._metrics.failed()
            raise

    def suggestions(self) -> Suggestions:
        """What may be asked first: as much as was found yet, which the first call begins."""
        with self._told("Nothing can be suggested"):
            return self._suggesting.suggestions()

    def look_up(self, text: str) -> list[Match]:
        """Find where a quotation stands.

        Raises:
            Failed: it could not be looked up.
        """
        self._admit("question")
        with self._told("This quotation could not be looked up"):
            found = lookup(self._pipeline.library, text)
        self._metrics.looked_up()
        return found

    def look_up_pasted(self, text: str) -> Pasted:
        """Find where a text stands, as a whole or sentence by sentence.

        Raises:
            Failed: it could not be looked up, or has too many sentences.
        """
        self._admit("question")
        with self._told("This text could not be looked up"):
            found = look_up_pasted(self._pipeline.library, text)
        self._metrics.looked_up()
        return found

    def verify(self, answer: Answer) -> list[Problem]:
        """What of a saved answer does not hold; see ``qa.verify``.

        Raises:
            Failed: it could not be checked.
        """
        with self._told("This answer could not be checked"):
            return verify(answer, self._pipeline.document)

    def evaluate(self, path: Path | None, progress: Progress = silent) -> Evaluation:
        """Ask the questions of a file, or the shipped ones; meanwhile others may ask theirs.

        Raises:
            Failed: the set cannot be used, or another evaluation is running.
            Stopped: it was stopped.
        """
        self._admit("question")
        with (
            self._evaluating.one(progress, self.caller.name) as report,
            self._told("The evaluation failed"),
        ):
            questions, warnings = self._read(path)
            in_turn = InTurn(self._pipeline, self._turns, Evaluating)
            return Evaluation(questions, warnings, evaluate(in_turn, questions, report))

    def stop_evaluating(self) -> None:
        """End the evaluation that is running, if it is one's own, after its present question."""
        self._evaluating.stop(self.caller.name)

    def _read(self, path: Path | None) -> tuple[tuple[Question, ...], tuple[str, ...]]:
        documents = self._pipeline.documents()
        file = path or SHIPPED_QUESTIONS
        try:
            found = read(file, documents)
        except UnusableInput as error:
            # The folder is the server's own; who gave the file knows it by its name.
            raise Failed(flat(str(error).replace(str(file), file.name))) from error
        remedy = "index theirs first" if path else "choose a file with questions on yours"
        refuse_foreign(found.questions, documents, remedy)
        warnings = [warning.replace(str(file), file.name) for warning in found.warnings]
        return found.questions, tuple(warnings)

    # -- changing it -------------------------------------------------------------------------------

    def add(
        self, files: Mapping[str, Path], progress: Progress = silent, password: str | None = None
    ) -> Receipt:
        """Take files in, by the names they were brought under, and read them.

        They are moved; where they cannot be added, everything stays as it was. One that was brought
        before under its name is replaced. The receipt is of these and of what else changed, the
        files named as they are shown.

        Raises:
            Failed: the documents are the sample, or a file can have no such name.
        """
        with self._change("These files could not be added") as changes:
            return self._named(changes.add(files, progress, password))

    def add_folder(
        self, named: str, progress: Progress = silent, password: str | None = None
    ) -> Receipt:
        """Read a folder of the server's machine, where it lies: one of those that are offered.

        Raises:
            Failed: there is none of that name among these, or nothing in it can be read.
        """
        with self._change("This folder could not be added") as changes:
            return self._named(changes.add_folder(named, progress, password))

    @property
    def offered(self) -> list[str]:
        """What the folders are called that are offered."""
        return self._offered.names

    def read_again(self, progress: Progress = silent, password: str | None = None) -> Receipt:
        """Bring everything up to date with its files."""
        with self._change("The files could not be read again") as changes:
            return self._named(changes.read_again(progress, password))

    def remove(self, names: Sequence[str]) -> Removal:
        """Take out files that were brought, by their names, and documents, by their ids.

        Raises:
            Failed: one of them is neither; nothing is changed.
        """
        with self._change("This could not be removed") as changes:
            return changes.remove(names)

    def restore(self, token: str) -> None:
        """Undo a removal.

        Raises:
            Failed: it cannot be undone any more.
        """
        with self._change("This could not be undone") as changes:
            changes.restore(token)

    def rename(self, name: str, new: str) -> str:
        """Call a file otherwise that was brought; its documents are called so, too. What it is
        called then.

        Raises:
            Failed: it was not brought, or there is one called so.
        """
        with self._change("This file could not be renamed") as changes:
            return changes.rename(name, new)

    @contextmanager
    def _change(self, what: str) -> Iterator[Changes]:
        with self._told(what):
            self._admit("change")
            yield self._changes

    @property
    def _collection(self) -> Collection:
        return collection_of(self._pipeline.library)

    def _named(self, receipt: Receipt) -> Receipt:
        return self._naming().of_receipt(receipt.changes())

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        """Whatever fails inside, fails in a line that names no folder of the server's.

        Raises:
            Failed: something went wrong.
        """
        library = self._pipeline.library
        hidden = library.folder, library.folder.parent, *self._offered.above
        with in_one_line(what, *hidden):
            try:
                yield
            except (Failed, Stopped):
                raise
            except Exception as error:
                if self._changes.is_gone:
                    raise self._changes.gone() from error
                raise
