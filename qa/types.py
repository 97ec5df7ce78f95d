"""What a question comes to. ``Answer.as_dict`` is the published answer object, format 2."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import groupby
from typing import Any, Literal

from footnoted.corpus.rendering import render_alone
from footnoted.corpus.types import Document, Span
from footnoted.corpus.wording import counted
from footnoted.qa.place import date_in_words, in_short, page_in_words

FORMAT = 2

Outcome = Literal["answered", "uncertain", "otherwise", "not found", "not a question"]
"""What became of a question. ``uncertain``: something was found, not surely enough to be said;
``otherwise``: the documents say something else of what was asked."""

SAID_OF: dict[Outcome, str] = {
    "uncertain": "The documents may answer this question, but not surely enough to say so.",
    "otherwise": "The documents do not answer this question; they say something else.",
    "not found": "The documents do not answer this question.",
    "not a question": "This answers questions about the documents. Ask one of them.",
}
"""What a person is told where nothing is answered."""

SAID_OF_CHOSEN: dict[Outcome, str] = {
    "uncertain": "There may be an answer in {chosen}, but it is not sure enough to be said.",
    "otherwise": "Nothing in {chosen} answers this question; something else is said there.",
    "not found": "Nothing in {chosen} answers this question.",
}
"""The same where it was asked of some documents alone."""

SAID_OF_NEAREST: dict[Outcome, str] = {
    "uncertain": "What may answer it",
    "otherwise": "What they say instead",
    "not found": "Nearest passages, not answers",
}


Form = Literal["summary", "comparison", "timeline", "positions"]
"""How an answer that was asked for as a whole is laid out."""

QUOTED = "These are quotations, put in order; nothing is summarised."
"""What a person is told of an answer of a form that no language model wrote over."""

SHARED = " · "
"""What stands between the words of a label that two documents share."""

VERDICTS = YES, NO = "Yes", "No"
"""The short answers that need not stand in what they cite."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence on a question, with the probability that it answers.

    ``answer`` is the short answer inside the sentence; a reader that knows none gives the sentence.
    It is None where the sentence says more about what other findings answer.
    """

    document: Document
    sentence: Span
    answer: Span | None
    confidence: float

    @property
    def text(self) -> str:
        return self.document.text[self.sentence.start : self.sentence.end]

    @property
    def answer_text(self) -> str:
        return self.document.text[slice(*self.answer)] if self.answer else ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A quotation and where it stands. Make one with ``Citation.of``: it is then true.

    It says all that a face shows of it, so that none has to fetch the document: ``page`` is the
    1-based index of the page, ``page_label`` what is printed on it, ``heading`` the titles that the
    quotation stands under, from the outermost in. Format 1 had no fields from ``publisher`` on.

    ``rendered`` is the quotation as it is read: on one line, without the signs that say how it is
    set, cells under their headers. It is not published, and "" where nobody has read the document.
    """

    number: int
    document: str
    title: str
    start: int
    end: int
    quote: str
    page: int | None
    sha256: str
    publisher: str | None = None
    date: str | None = None
    heading: tuple[str, ...] = ()
    page_label: str | None = None
    rendered: str = field(default="", compare=False, repr=False)

    @classmethod
    def of(cls, number: int, document: Document, span: Span) -> Citation:
        """Quote ``document`` from ``span.start`` to ``span.end``, in code points."""
        if not 0 <= span.start < span.end <= len(document.text):
            raise ValueError(
                f"{span} is not inside {document.id}, of {len(document.text)} characters"
            )
        structure = document.structure
        page = structure.page_at(span.start)
        return cls(
            number=number,
            document=document.id,
            title=document.title,
            start=span.start,
            end=span.end,
            quote=document.text[span.start : span.end],
            page=page.number if page else None,
            sha256=document.sha256,
            publisher=document.publisher,
            date=document.date,
            heading=structure.heading_path(span.start),
            page_label=page.label or None if page else None,
            rendered=" ".join(render_alone(document, span).text.split()),
        )

    @property
    def said(self) -> str:
        """The quotation for a person to read."""
        return self.rendered or self.quote

    @property
    def place(self) -> str:
        """Page, innermost heading and date for a person to read, as far as they are known."""
        under = [title for title in self.heading if title != self.title]
        parts = (
            page_in_words(self.page, self.page_label) if self.page else "",
            f"“{in_short(under[-1])}”" if under else "",
            date_in_words(self.date) if self.date else "",
        )
        return ", ".join(filter(None, parts))

    def as_dict(self) -> dict[str, Any]:
        """The citation object, as it comes back from JSON."""
        return {**asdict(self, dict_factory=_published), "heading": list(self.heading)}


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """One distinct answer, as short as the reader can say it; ``rendered`` as in ``Citation``.

    It stands in what it cites, but for the title of a document and one of ``VERDICTS``.
    ``speaker`` is who says it, where the document tells that somebody does.
    """

    text: str
    confidence: float
    citations: tuple[int, ...]
    speaker: str | None = None
    rendered: str = field(default="", compare=False, repr=False)

    @property
    def said(self) -> str:
        """The answer for a person to read."""
        return self.rendered or self.text


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence on the question; ``support`` says how it rests on its citations.

    ``rendered`` as in ``Citation``; what a language model wrote is read as it stands.
    """

    text: str
    support: str
    citations: tuple[int, ...]
    rendered: str = field(default="", compare=False, repr=False)
    why: str | None = None
    """Why it is not supported, where it is not."""

    @property
    def said(self) -> str:
        """The sentence for a person to read."""
        return self.rendered or self.text

    @property
    def is_written(self) -> bool:
        """Whether a language model wrote it."""
        return self.support != "verbatim"

    @property
    def doubt(self) -> str:
        """What a person is told of a sentence that is not proved; "" of any other."""
        return f"Not proved: {self.why or 'no quotation'}" if self.support == "unsupported" else ""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of asking a language model to write: how many sentences, and how many of them are
    ``supported`` by what they cite. The others are shown struck, or left out where ``shows`` is
    false. ``failure`` is why nothing of it is used, and the answer quoted instead."""

    sentences: int
    supported: int
    shows: bool = True
    failure: str | None = None

    @property
    def said(self) -> str:
        """What a person is told of it."""
        if self.failure:
            return f"Quoted, not written: {self.failure}."
        unproved = self.sentences - self.supported
        checked = f"Written by a language model; {counted(self.supported, 'sentence')} checked"
        if not unproved:
            return f"{checked} against what is quoted."
        done = "struck" if self.shows else "left out"
        return f"{checked} against what is quoted, {unproved} {done} for want of proof."


@dataclass(frozen=True, slots=True)
class Row:
    """A line of an answer that is laid out: the numbers of its citations, by column.

    ``label`` is what it is of: a document, a date, who takes a position, or the words that all of
    it share. ``under`` is what it stands under, with the rows before it that stand there: "For".
    ``dated`` tells when it was said, or how its date is known, as far as the label does not.
    """

    quoted: tuple[tuple[int, ...], ...]
    label: str = ""
    under: str = ""
    dated: str = ""

    @property
    def is_paired(self) -> bool:
        """Whether it is of two sides, and not of the one alone."""
        return len(self.quoted) > 1 and all(self.quoted)

    @property
    def every(self) -> tuple[int, ...]:
        """The numbers of its citations."""
        return tuple(number for column in self.quoted for number in column)


Why = Literal["in doubt", "on the other side", "unlikely"]
"""Why a candidate is not said."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A candidate that is not said, why not, and how likely it was; where what was read of it
    stands."""

    text: str
    why: Why
    confidence: float
    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was done for a list or a side: how much was read, how many candidates that gave, and
    which of them were left out, the likeliest first."""

    documents: int
    passages: int
    candidates: int
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Underway:
    """In how many passages, of how many documents, a question is being read; of these, the first
    that were found. ``written`` is what was written and checked so far, where that is done."""

    passages: int
    documents: int
    first: tuple[Citation, ...]
    written: tuple[Statement, ...] = ()


Told = Callable[[Underway], None]
"""Who is told of a question that is being read."""


@dataclass(frozen=True, slots=True)
class Searched:
    """How much there was, and how much of it was read for this answer.

    ``unreadable`` counts files that were not read, or not as a whole, and so may hold an answer:
    ``Library.files(unreadable=True)`` lists them. ``languages`` says how many documents are in
    which, by the code, as far as it is known; it is not published.
    """

    documents: int
    passages: int
    passages_read: int
    unreadable: int
    languages: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Scope:
    """Among how many ``of`` the documents was asked, where it was not among all.

    ``since`` and ``until``, ``YYYY-MM-DD``, are the first and the last day that they may be of;
    those of no known date, ``undated``, are then left out.
    """

    documents: int
    of: int
    undated: int = 0
    since: str | None = None
    until: str | None = None

    @property
    def dated(self) -> str:
        """The range of days for a person to read; empty where there is none."""
        since, until = (one and date_in_words(one) for one in (self.since, self.until))
        if since and until:
            return f"from {since} to {until}"
        return f"from {since} on" if since else f"until {until}" if until else ""

    @property
    def said(self) -> str:
        """What a person is told of it."""
        said = f"Asked of {self.documents} of {counted(self.of, 'document')}"
        said += f", those dated {self.dated}" if self.dated else ""
        unknown = counted(self.undated, "other") + " of no known date"
        return f"{said}; {unknown} left out" if self.undated else said

    @property
    def chosen(self) -> str:
        return f"the {counted(self.documents, 'chosen document')}"


@dataclass(frozen=True, slots=True)
class Models:
    """The exact models behind an answer."""

    embedder: str
    reader: str
    generator: str | None = None


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which index, and which of its generations, was asked."""

    id: str
    generation: int


@dataclass(frozen=True, slots=True)
class Seconds:
    """Where the time went."""

    retrieve: float
    read: float
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one question, or the statement that the documents do not hold one.

    ``confidence`` is the probability that the answer is right, or, where ``answered`` is false,
    that the documents do not answer. Then there are no statements, and ``nearest`` holds what may
    answer where the ``outcome`` is uncertain, what is said instead where it is otherwise, and the
    closest passages elsewhere. An object that was saved without an outcome has the one that follows
    from ``answered``. ``corrected`` are misspelt words, and what each was read as. For lists and
    sides alone there is a ``ledger``. ``unanswered`` are the parts of a question for several things
    that nothing answers, where others are answered. ``within`` is told where some documents alone
    were asked: ``coverage`` is then of these. ``note`` is a line below: what of a form could not be
    given, and why; of how many rows, and by which header, one has the most.
    """

    question: str
    understood: str
    answered: bool
    confidence: float
    answers: tuple[ShortAnswer, ...]
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    coverage: Searched
    nearest: tuple[Citation, ...]
    models: Models
    index: IndexState
    seconds: Seconds
    outcome: Outcome | None = None
    corrected: dict[str, str] = field(default_factory=dict)
    ledger: Ledger | None = None
    unanswered: tuple[str, ...] = ()
    within: Scope | None = None
    written: Written | None = None
    form: Form | None = None
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        if self.outcome is None:
            object.__setattr__(self, "outcome", "answered" if self.answered else "not found")

    @property
    def is_written(self) -> bool:
        """Whether the statements are a language model's."""
        return self.written is not None and self.written.failure is None

    @property
    def refusal(self) -> str:
        """What a person is told instead of an answer; empty where there is one."""
        outcome = self.outcome or "not found"
        if self.note and not self.answered:
            return self.note
        if self.within and outcome in SAID_OF_CHOSEN:
            return SAID_OF_CHOSEN[outcome].format(chosen=self.within.chosen)
        return SAID_OF.get(outcome, "")

    @property
    def not_found(self) -> str:
        """What a person is told of the parts that are not answered; empty where all are."""
        return f"Not found: {' '.join(self.unanswered)}" if self.unanswered else ""

    @property
    def is_quoted(self) -> bool:
        """Whether it is of a form, and nothing but quotations."""
        return self.form is not None and all(one.support == "verbatim" for one in self.statements)

    @property
    def told_first(self) -> str:
        """What a person is told ahead of an answer of a form; empty for any other."""
        return QUOTED if self.is_quoted else ""

    @property
    def laid_out(self) -> tuple[tuple[str, tuple[Row, ...]], ...]:
        """Its rows by what they stand under, to be shown instead of its answers and statements;
        none where these say more than is quoted."""
        if not self.is_quoted:
            return ()
        groups = groupby(self.rows, key=lambda row: row.under)
        return tuple((under, tuple(rows)) for under, rows in groups)

    @property
    def read_as(self) -> str:
        """What a person is told of misspelt words; empty where there are none."""
        return ", ".join(f"“{meant}” for “{typed}”" for typed, meant in self.corrected.items())

    @property
    def nearest_are(self) -> str:
        """What a person is told of ``nearest``."""
        return SAID_OF_NEAREST.get(self.outcome or "not found", "")

    @property
    def weighed(self) -> str:
        """What a person is told of a list or a side; empty for any other question."""
        if self.ledger is None:
            return ""
        doubtful = sum(one.why == "in doubt" for one in self.ledger.left_out)
        documents = counted(self.coverage.documents, "document")
        searched = f"searched {self.ledger.documents} of {documents}"
        return f"{searched}; {len(self.answers)} said, {doubtful} in doubt"

    @property
    def short(self) -> tuple[ShortAnswer, ...]:
        """The short answers that are worth showing: those that say less than a whole statement."""
        said = {statement.text for statement in self.statements}
        return tuple(short for short in self.answers if short.text not in said)

    @property
    def main(self) -> tuple[Statement, ...]:
        """The statements to show first: what the answers cite; all, where they cite none, or where
        a language model wrote them."""
        return (() if self.is_written else self._cited()) or self.statements

    @property
    def further(self) -> tuple[Statement, ...]:
        """The statements to show after ``main`` and apart: they say more on the question."""
        main = self.main
        return tuple(statement for statement in self.statements if statement not in main)

    def quoted_in(self, numbers: Iterable[int]) -> tuple[Statement, ...]:
        """The statements that quote the citations of these numbers, as a row names them."""
        first = {one.citations[0]: one for one in self.statements if one.citations}
        return tuple(first[number] for number in numbers if number in first)

    def labelled(self, row: Row) -> str:
        """What a person is told that ``row`` is of, with when, as far as that is known."""
        if self.form != "timeline":
            return ", ".join(filter(None, (row.label, row.dated)))
        how = "date of the text" if row.dated == row.label else f"in a text of {row.dated}"
        return f"{row.label} ({how})" if row.dated else row.label

    def said_by(self, statement: Statement) -> str:
        """Who says what ``statement`` quotes, as far as its answers know; "" where they do not, and
        of what is written, which tells that itself."""
        if self.is_written:
            return ""
        cited = set(statement.citations)
        speakers = (a.speaker for a in self.answers if not cited.isdisjoint(a.citations))
        return next(filter(None, speakers), "")

    def _cited(self) -> tuple[Statement, ...]:
        cited = {number for short in self.answers for number in short.citations}
        return tuple(s for s in self.statements if not cited.isdisjoint(s.citations))

    def as_dict(self) -> dict[str, Any]:
        """The answer object: what ``--json`` prints and ``/ask`` returns."""
        return {"format": FORMAT, **asdict(self, dict_factory=_published)}

    def _repr_html_(self) -> str:
        """The answer with its footnotes, as a notebook shows it."""
        from footnoted.qa.notebook import html

        return html(self)


_FOR_FACES = frozenset(("rendered", "languages"))
_OF_SOME = frozenset(("why", "written", "form", "columns", "rows", "note"))


def _published(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What a face alone needs is no part of the answer object, nor what is told of written answers
    alone, or of those of a form, where it is none."""
    return {
        name: value
        for name, value in fields
        if name not in _FOR_FACES and (name not in _OF_SOME or not _is_nothing(value))
    }


def _is_nothing(value: Any) -> bool:
    return value is None or value == () or value == ""
