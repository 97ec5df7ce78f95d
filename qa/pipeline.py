"""The order of the stages, and nothing else: question, passages, findings, answer."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

from footnoted.corpus.errors import FootnotedError, NoDocuments, UnusableInput
from footnoted.corpus.types import Document, Listed, Span
from footnoted.index.options import SearchOptions
from footnoted.index.part import Part
from footnoted.index.protocols import Searchable
from footnoted.index.types import Filter, Hit
from footnoted.qa.catalogue import catalogue
from footnoted.qa.composing import NEAREST, doubted, quote
from footnoted.qa.english.comparison import Comparison
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.question_kind import is_small_talk
from footnoted.qa.english.request import Request
from footnoted.qa.english.year_ranges import covers
from footnoted.qa.follow_up.others import wants_others
from footnoted.qa.follow_up.standing_alone import meanings, stands_alone
from footnoted.qa.forms.comparison import comparison
from footnoted.qa.forms.positions import merged, of_both_sides, positions
from footnoted.qa.forms.timeline import timeline
from footnoted.qa.overview import overview
from footnoted.qa.parts import alone, decided, each_alone, joined, of_its_source, of_its_time
from footnoted.qa.protocols import (
    Advice,
    Advising,
    Composition,
    Reader,
    Reading,
    Rewriter,
    Surveying,
    Writer,
)
from footnoted.qa.reader.options import MEASURED, ReadingOptions
from footnoted.qa.readers import named_reader
from footnoted.qa.remembered import remembered
from footnoted.qa.survey.gathering import gather
from footnoted.qa.tables.answering import of_rows
from footnoted.qa.types import (
    Answer,
    Citation,
    IndexState,
    Models,
    Searched,
    Seconds,
    Statement,
    Told,
    Underway,
)
from footnoted.qa.understanding import Sought, Understanding
from footnoted.qa.within import Within, choose

log = logging.getLogger(__name__)

_LONGEST_QUESTION = 2000
_PARTS = 16
"""Of the documents that are kept ready to be asked alone."""


class Pipeline:
    """A library and what answers from it, ready to be asked. It may be shared between threads.

    Without a ``reader``, it is ours, loaded when it is first needed. ``options`` are ours to be
    read with; of a reader that is given, which has its own, they tell only how many passages it
    gets. ``search``, if given, counts instead of the library's own options. With a ``writer``, what
    is answered is told in sentences of its own.
    """

    def __init__(
        self,
        library: Searchable,
        reader: Reader | None = None,
        *,
        rewrite: Rewriter = meanings,
        writer: Writer | None = None,
        options: ReadingOptions = MEASURED,
        search: SearchOptions | None = None,
    ) -> None:
        self.library = library
        self._reader = reader or named_reader(options=options)
        self._rewrite = rewrite
        self.writer = writer
        """It may be exchanged between two questions."""
        self._options = options
        self._search = search
        self._understanding = Understanding(
            library, self._reader, rewrite, options.passages, search, self._proposed
        )

    def over(self, library: Searchable) -> Pipeline:
        """The same parts over another library."""
        return self._with(library, self.writer)

    def quoting(self) -> Pipeline:
        """The same, without what writes."""
        return self._with(self.library, None)

    def _with(self, library: Searchable, writer: Writer | None) -> Pipeline:
        return Pipeline(
            library,
            self._reader,
            rewrite=self._rewrite,
            writer=writer,
            options=self._options,
            search=self._search,
        )

    @property
    def written_by(self) -> str | None:
        """The language model, as answers name it."""
        return _name(self.writer)

    def ask(
        self,
        question: str,
        history: Sequence[str] = (),
        within: Within | None = None,
        told: Told | None = None,
    ) -> Answer:
        """Answer ``question``, asked after the questions ``history``, oldest first.

        With ``within``, some documents alone are asked, as if there were no others. What was found,
        and is read now, is ``told``.

        Raises:
            UnusableInput: the question is empty, too long, or not text, or there are no documents.
        """
        started = perf_counter()
        check_questions(question, history)
        if within:
            chosen = choose(within, self.library)
            answer = self._among(chosen.documents).ask(question, history, told=told)
            return replace(answer, within=chosen.scope)
        meant = self._of_others(self._understanding.of(question, history), history)
        retrieved = perf_counter()
        found = meant[0].found
        if not found.coverage.passages:
            raise NoDocuments.of(self.library.place)
        underway = _underway(meant[0].hits)
        if told and meant[0].hits:
            told(underway)
        sought, composed = self._first_answered(meant)
        composed = self._unless_doubted(sought, composed)
        if writer := self.writer:
            composed = self._written(writer, sought, composed, underway, told)
        done = perf_counter()
        held, manifest = found.coverage, found.manifest
        read = composed.ledger.passages if composed.ledger else len(sought.hits)
        return Answer(
            question=question,
            understood=sought.understood,
            answered=composed.answered,
            confidence=composed.confidence,
            answers=composed.answers,
            statements=composed.statements,
            citations=composed.citations,
            nearest=composed.nearest,
            coverage=Searched(
                held.documents, held.passages, read, held.unreadable, found.languages
            ),
            models=Models(
                manifest.embedder_name, self._reader.name, writer.name if writer else None
            ),
            index=IndexState(manifest.id, manifest.generation),
            seconds=Seconds(retrieved - started, done - retrieved, done - started),
            outcome=composed.outcome,
            corrected=sought.corrected,
            ledger=composed.ledger,
            unanswered=composed.unanswered,
            written=composed.written,
            form=composed.form,
            columns=composed.columns,
            rows=composed.rows,
            note=composed.note,
        )

    @property
    def _advice(self) -> Advice | None:
        return self.writer.advice if isinstance(self.writer, Advising) else None

    def _proposed(self, question: str, history: Sequence[str]) -> str:
        """What a follow-up question means to the language model; "" without one."""
        if not self._advice or is_small_talk(question) or stands_alone(question):
            return ""
        return self._advice.meaning(question, history)

    def _unless_doubted(self, sought: Sought, found: Composition) -> Composition:
        """What was ``found``, or that it is uncertain, where the best quotation is doubted."""
        if not (self._advice and found.answered and found.answers) or found.form or found.ledger:
            return found
        best = found.answers[0]
        place = next(one for one in found.citations if one.number in best.citations)
        held = [hit.text for hit in sought.hits if hit.holds(place.document, place.start)]
        passage = held[0] if held else place.quote
        denied = self._advice.denies(sought.understood, best.text, passage)
        return doubted(found) if denied else found

    def _written(
        self,
        writer: Writer,
        sought: Sought,
        found: Composition,
        underway: Underway,
        told: Told | None,
    ) -> Composition:
        """What was found, in the writer's sentences; these are told as they come."""

        def so_far(statements: tuple[Statement, ...]) -> None:
            if told:
                told(replace(underway, written=statements))

        document = self.library.document
        written = writer.write(sought.understood, found, sought.hits, document, so_far)
        # What it says stands in no row.
        is_quoted = written.statements == found.statements
        return written if is_quoted else replace(written, rows=(), columns=())

    def _among(self, documents: frozenset[str]) -> Pipeline:
        """This over some documents alone: it is kept, for a conversation goes on among the same."""
        parts: dict[frozenset[str], Pipeline] = remembered(self.library, self)
        if (found := parts.get(documents)) is None:
            if len(parts) >= _PARTS:
                parts.clear()
            parts[documents] = found = self.over(Part(self.library, documents))
        found.writer = self.writer
        return found

    def _of_others(self, meant: Sequence[Sought], history: Sequence[str]) -> Sequence[Sought]:
        """``meant``, to be answered without what the question before says or knows already: "Who
        else?", "And the other one?"."""
        if not history or not any(wants_others(one.asked.text) for one in meant):
            return meant
        before = self._understanding.of(history[-1], history[:-1])
        earlier, composed = self._first_answered(before)
        answers = [one.text for one in composed.answers]
        # Where nobody is left, those are meant who were named beside the first.
        return [
            one.of_others(earlier.understood, known)
            for known in ([answers, answers[:1]] if len(answers) > 1 else [answers])
            for one in meant
        ]

    def _first_answered(self, meant: Sequence[Sought]) -> tuple[Sought, Composition]:
        """The first of the meanings that is answered; the likeliest, if none is."""
        read = []
        for sought in meant:
            read.append((sought, self._compose(sought.asked, sought.hits)))
            if read[-1][1].answered:
                return read[-1]
        return next(one for one in read if one[0].is_likeliest)

    def _compose(self, asked: AskedFor, hits: Sequence[Hit]) -> Composition:
        if asked.small_talk:
            return Composition("not a question", 1.0)
        if asked.request and (composed := self._form(asked.request, hits)):
            return composed
        if asked.parts and (composed := self._by_parts(asked.parts)):
            return composed
        if asked.compared and (composed := self._compared(asked.compared)):
            return composed
        if self._advice and (composed := self._by_proposed_parts(self._advice, asked)):
            return composed
        return of_rows(asked, hits, self._whole(asked, hits))

    def _by_proposed_parts(self, advice: Advice, asked: AskedFor) -> Composition | None:
        """The same of the parts that a language model sees in it, if each of them is answered."""
        if asked.parts or asked.request or not (parts := advice.parts(asked.text)):
            return None
        composed = self._by_parts(parts)
        is_whole = composed and composed.answered and not composed.unanswered
        return composed if is_whole else None

    def _form(self, request: Request, hits: Sequence[Hit]) -> Composition | None:
        """What is asked for as a whole; None where it is not, or not of documents."""
        if request.wanted == "comparison":
            return comparison(request, self.library, hits)
        if request.wanted == "timeline":
            return timeline(request, self.library, hits)
        if request.wanted == "positions":
            read = [self._side(asked) for asked in of_both_sides(request)]
            composed = positions(request, read, hits)
            return replace(composed, ledger=merged([one.ledger for one in read], composed.answers))
        return None

    def _side(self, asked: AskedFor) -> Reading:
        if surveyed := self._surveyed(asked):
            return surveyed[0]
        return self._reader.read(asked, self._hits(asked))

    def _whole(self, asked: AskedFor, hits: Sequence[Hit]) -> Composition:
        """A question for one thing, or for several of a kind."""
        if asked.request:
            for of_documents in (catalogue.answer, overview.answer):
                if composed := of_documents(asked.request, self.library, hits):
                    return composed
        if surveyed := self._surveyed(asked):
            reading, wide = surveyed
            composed = replace(quote(asked, reading, wide), ledger=reading.ledger)
        else:
            composed = self._read(asked, hits)
        if composed.answered:
            return composed
        return self._of_its_time(asked) or self._in_a_range(asked, hits) or composed

    def _in_a_range(self, asked: AskedFor, hits: Sequence[Hit]) -> Composition | None:
        """What answers for years that hold the one that is asked for; None if nothing does."""
        ranged = asked.in_a_range()
        if ranged is None or not any(covers(hit.text, ranged.year) for hit in hits):
            return None
        composed = self._read(ranged, hits)
        return composed if composed.answered else None

    def _surveyed(self, asked: AskedFor) -> tuple[Reading, Sequence[Hit]] | None:
        """A list or a side, read for in as many passages as the reader wants, and these; None of
        any other question."""
        reader = self._reader
        if not isinstance(reader, Surveying) or not (most := reader.surveyed(asked)):
            return None
        hits = gather(self.library, asked, most, self._search).hits
        return reader.survey(asked, hits), hits

    def _by_parts(self, parts: Sequence[str]) -> Composition | None:
        """What answers the parts of a question, each asked for itself; None if one of them cannot
        be understood by itself."""
        asked = each_alone(parts)
        return joined(parts, [self._part(AskedFor.of(one)) for one in asked]) if asked else None

    def _compared(self, comparison: Comparison) -> Composition | None:
        """What two things are compared by, of each, and what follows; None if nothing tells it."""
        found: Composition | None = None
        for questions in comparison.questions:
            composed = [self._part(AskedFor.of(one)) for one in questions]
            if all(one.answered for one in composed):
                return decided(comparison, joined(questions, composed), composed)
            if found is None and any(one.answered for one in composed):
                found = joined(questions, composed)
        return found

    def _part(self, asked: AskedFor) -> Composition:
        composed = self._of_its_time(asked)
        if composed is None and (among := of_its_source(asked.names, self.library)):
            composed = self._read(asked, self._hits(asked, among))
        if composed is None or not composed.answered:
            composed = self._whole(asked, self._hits(asked))
        is_one = not (asked.several or asked.who or asked.statement)
        return alone(composed) if is_one and composed.answered else composed

    def _of_its_time(self, asked: AskedFor) -> Composition | None:
        """What the documents of the time that is asked for answer; None if they do not."""
        timed = of_its_time(asked.text, self.library)
        if timed is None:
            return None
        untimed = AskedFor.of(timed.question)
        composed = self._read(untimed, self._hits(untimed, timed.among))
        return composed if composed.answered else None

    def _hits(self, asked: AskedFor, among: Filter | None = None) -> Sequence[Hit]:
        return self.library.retrieve(asked.text, self._options.passages, among, self._search).hits

    def _read(self, asked: AskedFor, hits: Sequence[Hit]) -> Composition:
        return quote(asked, self._reader.read(asked, hits), hits)

    def warm_up(self) -> None:
        """Load the models now rather than with the first question."""
        try:
            self._reader.read(AskedFor.of("Ready?"), self.library.retrieve("Ready?", 1).hits)
            if self.writer:
                self.writer.warm_up()
        except FootnotedError as error:
            log.warning("%s", error)

    def documents(self) -> list[Document]:
        """Every document that can be cited, in the order of the ids."""
        return self.library.documents()

    def listing(self) -> list[Listed]:
        """The same without their texts."""
        return self.library.listing()

    def document(self, document_id: str) -> Document | None:
        return self.library.document(document_id)


def _name(writer: Writer | None) -> str | None:
    return writer.name if writer else None


def _underway(hits: Sequence[Hit]) -> Underway:
    places = ((hit.document, Span(hit.passage.start, hit.passage.end)) for hit in hits[:NEAREST])
    return Underway(
        len(hits),
        len({hit.document.id for hit in hits}),
        tuple(Citation.of(number, *place) for number, place in enumerate(places, start=1)),
    )


def check_questions(question: str, history: Sequence[str] = ()) -> None:
    """Refuse what is no question, before anything slow is done for it.

    Raises:
        UnusableInput: one of them is empty, too long, or not text.
    """
    _check("the question", question)
    for earlier in history:
        _check("an earlier question", earlier)


def _check(what: str, text: str) -> None:
    if not isinstance(text, str):
        raise UnusableInput(f"{what} is a {type(text).__name__}, not a text")
    if not text.strip():
        raise UnusableInput(f"{what} is empty; ask something like: Who opposes the plan?")
    if len(text) > _LONGEST_QUESTION:
        raise UnusableInput(
            f"{what} has {len(text):,} characters; ask in at most {_LONGEST_QUESTION:,}"
        )
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise UnusableInput(f"{what} is not valid text; type it again in UTF-8") from None
