"""The page's HTML, written by the templates beside this file, which escape all that they print.

Nothing here knows Gradio. What a button opens stands in its data attributes, so a click needs no
memory on the server.
"""

from __future__ import annotations

import base64
import json
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader

from footnoted.corpus.files import SHIPPED_QUESTIONS
from footnoted.corpus.types import Document, Listed, Span
from footnoted.corpus.wording import counted
from footnoted.index.types import Origin
from footnoted.qa.accounts.access import EVERYBODYS, Access
from footnoted.qa.conversations.exported import inert, of_answer
from footnoted.qa.conversations.types import Conversation, Turn
from footnoted.qa.escape import environment
from footnoted.qa.evaluation.character_spans import gold_places
from footnoted.qa.evaluation.history import Evaluated
from footnoted.qa.evaluation.report.cases import MISSED, WRONG, Case, read_cases
from footnoted.qa.evaluation.report.meanings import causes
from footnoted.qa.evaluation.report.plots import draw_plots
from footnoted.qa.evaluation.report.tables import compared_with, metric_rows
from footnoted.qa.evaluation.report.wording import changes, percent, summary
from footnoted.qa.evaluation.types import Evidence
from footnoted.qa.lookup.draft import Checked
from footnoted.qa.lookup.lookup import Match
from footnoted.qa.page import arrangement
from footnoted.qa.page.state import Target
from footnoted.qa.place import date_in_words
from footnoted.qa.receipts import about_document, about_file, language, not_in_english
from footnoted.qa.service.callers import ANYONE, Caller
from footnoted.qa.service.drawing import is_drawn
from footnoted.qa.service.filing import FILES, Files, ListedFile
from footnoted.qa.service.service import ListedCollection
from footnoted.qa.show.outline import Node, PageBreak
from footnoted.qa.types import Answer, Citation, Underway
from footnoted.qa.within import ALL

LISTED = 300
"""Documents shown in the list; a browser chokes on a hundred thousand buttons."""

CHOSEN_FROM = 200
"""Documents that those to be asked are chosen from at once; others are found by their words."""

CONVERSATIONS = 200
"""Conversations listed; others are found by their words."""

TURNS = 20
"""Questions of a conversation shown at once; those before are shown when they are asked for."""

UNREAD = 5
"""Files shown under an answer that were not read as a whole."""

PLACES = 10
"""Places of a look-up shown at first, over all documents; but ``PLACES_OF_EACH`` at least."""

PLACES_OF_EACH = 3
PLACES_FOLDED = 50
"""Further places in one document, shown when they are asked for."""

DOCUMENTS_FOUND = 20
"""Documents whose places are shown."""

WARNINGS = 5
"""Shown about a question set; one mistake often stands in every line."""

FAILED = 100
"""Questions shown that failed; the report holds all."""

ORDERS = {  # of files; see ``qa.service.filing``
    "state": "trouble first",
    "name": "name",
    "date": "date, the latest first",
    "size": "size, the largest first",
    "language": "language",
    "added": "added, the last first",
}
_OPENED_AS = {  # what the line above a marked quotation calls it
    "citation": "Footnote {}",
    "nearest": "Nearest passage, not an answer",
    "read": "Being read",
    "match": "Found",
    "expected": "What the question set expects",
}


def sign_in(to: str, name: str = "", error: str = "") -> str:
    """The page that asks for a name and a password, and leads ``to`` a place then."""
    return _render("sign_in.html", to=to, name=name, error=error)


def masthead(
    collections: Sequence[ListedCollection],
    chosen: ListedCollection,
    failure: str = "",
    caller: Caller = ANYONE,
    change: str = "",
    visit: int = 0,
) -> str:
    """The product's name, which collection the page is about, and who has signed in.

    ``change``: what of the collection is shown, so that the page notices when it is another.
    ``visit``: how often the page was turned to one, so that it knows that this is shown.
    """
    return _render(
        "masthead.html",
        collections=collections,
        chosen=chosen,
        failure=failure,
        caller=caller,
        change=change,
        visit=visit,
    )


def library(
    of: ListedCollection,
    caller: Caller = ANYONE,
    access: Access = EVERYBODYS,
    offered: Sequence[str] = (),
    shared: bool = False,
) -> str:
    """What this caller can do with a collection, and where files are dropped; ``offered`` are
    folders of this machine, those below which can be added. ``shared``: whether several servers
    answer, none of which changes any."""
    return _render(
        "library.html", of=of, caller=caller, access=access, offered=offered, shared=shared
    )


def bringing(most: int) -> str:
    """Where it is told what comes of files that are brought, and what is asked for them.

    ``most``: megabytes that they may have together.
    """
    return _render("bringing.html", most=most)


def notice(kind: str, text: str) -> str:
    """A line of its own: ``error``, ``pending``, ``stopped`` or ``declined``."""
    return _render("notice.html", kind=kind, text=text)


# -- the chat ------------------------------------------------------------------------------------


class Suggests(NamedTuple):
    """A collection, as it is since a change, of which questions are suggested."""

    collection: str
    generation: int


def chat(
    turns: Sequence[Turn],
    examples: Iterable[str] = (),
    unread: Sequence[ListedFile] = (),
    *,
    conversation: str = "",
    loading: bool = False,
    problems: Mapping[int, Sequence[str]] | None = None,
    empty: bool = False,
    sample: bool = False,
    may_add: bool = True,
    suggests: Suggests | None = None,
    resumes: bool = False,
    before: int = 0,
    underway: Underway | None = None,
    left: Conversation | None = None,
) -> str:
    """Questions, answers with their footnotes, what was declined; ``examples`` where none is.

    ``unread`` are the first ``UNREAD`` and one of the files that were not read as a whole.
    ``loading``: what is being read waits for models. ``problems`` are, by the number of a question
    that was checked again, what does not hold of its answer. ``empty``: there are no documents;
    ``sample``: they are the shipped ones; ``may_add``: others may be added. ``suggests``: of what
    the examples are found later. ``resumes``: the last question is being read, and what comes of it
    is to be shown; ``underway``: what it is read in. ``before``: how many questions came before
    these. ``left``: the conversation that was shown.
    """
    return _render(
        "chat.html",
        turns=turns,
        choice=json.dumps(turns[-1].choice.as_dict() if turns else ALL.as_dict()),
        examples=list(examples),
        unread_files=unread,
        most=UNREAD,
        conversation=conversation,
        loading=loading,
        problems=problems or {},
        empty=empty,
        sample=sample,
        may_add=may_add,
        suggests=suggests,
        resumes=resumes,
        before=before,
        portion=TURNS,
        underway=underway,
        left=left,
    )


def refused(why: str, question: str) -> str:
    """Why a question is not asked, beside the box to which it goes back."""
    return _render("refused.html", why=why, question=question, stamp=time.monotonic_ns())


def narrowing() -> str:
    """Where it is told which documents are asked, and where they are chosen."""
    return _render("narrowing.html", most=CHOSEN_FROM)


def writing() -> str:
    """Where it is told whether a language model writes the answers, and where it is chosen."""
    return _render("writing.html")


def conversations(found: Sequence[Conversation], words: str) -> str:
    """The conversations that were kept, the last first."""
    return _render("conversations.html", found=found, words=words, most=CONVERSATIONS)


def _saved(answer: Answer) -> str:
    """The answer object, as a link to data holds it."""
    return _as_data(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))


def _as_markdown(answer: Answer) -> str:
    """The answer with its footnotes, as a button holds what it copies."""
    return _as_data("\n".join((f"**{inert(answer.question)}**", "", *of_answer(answer))))


def sample_set() -> str:
    """The questions that ship, as a link to data: what a set of one's own looks like."""
    return _as_data(SHIPPED_QUESTIONS.read_text(encoding="utf-8"))


def _as_data(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _in_words(confidence: float) -> str:
    return "high" if confidence >= 0.85 else "moderate" if confidence >= 0.6 else "low"


# -- the source ----------------------------------------------------------------------------------


def source(document: Document, target: Target, origin: Origin | None = None) -> str:
    """The document; the quotation that ``target`` may name is marked by its offsets alone.

    ``origin`` tells how it was read.

    Raises:
        ValueError: the offsets lie outside the document.
    """
    citation = None
    if target.kind is not None and target.sha256 == document.sha256:
        citation = Citation.of(target.number, document, Span(target.start, target.end))
    mark = Span(target.start, target.end) if citation else None
    shown = arrangement.shown(document, mark, target.block)
    return _panel(
        "source.html",
        focus="quote" if shown.first_marked else "heading",
        document=document,
        target=target,
        citation=citation,
        shown=shown,
        opened_as=_OPENED_AS,
        about=about_document(document, origin),
        facts=list(_facts(document, origin)),
        file=origin.file if origin else None,
        drawn=is_drawn(document),
    )


def _facts(document: Document, origin: Origin | None) -> Iterator[tuple[str, Sequence[str]]]:
    """What is known of how a document was read, each with its name."""
    if origin:
        yield "File", [origin.file.path]
        yield "The same at", origin.copies
        yield "Nearly the same", origin.near
    yield "Read as", [document.reader]
    yield "Language", [language(document.language)] if document.language else []
    yield "Author", [document.author] if document.author else []
    yield "Date", [date_in_words(document.date)] if document.date else []


def documents(listed: Sequence[Listed], focus: bool) -> str:
    """The list of documents."""
    return _panel(
        "documents.html",
        focus="heading" if focus else "",
        listed=listed[:LISTED],
        total=len(listed),
    )


def missing(target: Target) -> str:
    """What is shown for a document that is gone."""
    return _panel("missing.html", focus="heading", target=target)


def _panel(template: str, **values: Any) -> str:
    return _render(template, stamp=time.monotonic_ns(), **values)


# -- the files -----------------------------------------------------------------------------------


def files(files: Files, may_change: bool = True) -> str:
    """A portion of the files of an index, each with what came of it."""
    return _render(
        "files.html",
        files=files,
        orders=ORDERS,
        kinds=[("", "all"), *((one, one) for one in files.kinds)],
        languages=[("", "all"), *((code, language(code)) for code in files.languages)],
        size=FILES,
        may_change=may_change,
    )


# -- a look-up -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Found:
    """The places in one document: shown at once, on request, and not at all."""

    shown: Sequence[Match]
    folded: Sequence[Match]
    total: int

    @property
    def left_out(self) -> int:
        return self.total - len(self.shown) - len(self.folded)


def look_up_welcome() -> str:
    return _render("looking_up.html")


def places(found: Sequence[Match]) -> str:
    """The places that a look-up found, each in its sentence, by document."""
    if not found:
        return notice(
            "declined",
            "This stands nowhere in the documents, and nothing there comes close to it.",
        )
    by_document: dict[str, list[Match]] = {}
    for match in found:
        by_document.setdefault(match.citation.document, []).append(match)
    first = max(PLACES // len(by_document), PLACES_OF_EACH)
    groups = [
        _Found(matches[:first], matches[first : first + PLACES_FOLDED], len(matches))
        for matches in islice(by_document.values(), DOCUMENTS_FOUND)
    ]
    return _render(
        "places.html",
        summary=_places_found(found),
        any_close=any(match.match == "close" for match in found),
        groups=groups,
        more_documents=len(by_document) - len(groups),
        more_places=len(found) - sum(group.total for group in groups),
    )


def draft(checked: Sequence[Checked]) -> str:
    """The sentences of a text that was pasted, each with where it stands, or that it does not."""
    return _render("draft.html", checked=checked, standing=sum(one.stands for one in checked))


def _places_found(found: Sequence[Match]) -> str:
    exact = sum(match.match == "exact" for match in found)
    close = len(found) - exact
    parts = [f"{counted(exact, 'place')} word for word" if exact else "Nowhere word for word"]
    return ", ".join([*parts, *([f"{close:,} close"] if close else [])])


def _how(match: Match) -> str:
    if match.match == "exact":
        return "exact"
    alike = 100 if match.similarity >= 1 else min(99, round(100 * match.similarity))
    return f"close, {alike} %"


# -- an evaluation -------------------------------------------------------------------------------


def evaluation_welcome() -> str:
    return _render("evaluation.html", sample=sample_set())


def running(done: int, total: int, seconds_left: float | None, elsewhere: str = "") -> str:
    """How far an evaluation is; ``total`` is 0 until the questions are read.

    ``elsewhere``: the collection that it is on, if that is another one.
    """
    if not total:
        return notice("pending", "Reading the questions …")
    return _render(
        "progress.html", done=done, total=total, seconds_left=seconds_left, elsewhere=elsewhere
    )


def measured(last: Evaluated, find: Callable[[str], Document | None]) -> str:
    """Which questions failed and why, each with its places, and the report's metrics and plots.

    ``find`` gives documents by their ids.
    """
    result = last.evaluation.result
    cases = read_cases(result, last.evaluation.questions, last.baseline)
    failed = [case for case in cases if case.verdict in (WRONG, MISSED)]
    return _render(
        "measured.html",
        asked=last.asked,
        finished=last.finished,
        summary=summary(cases),
        changes=changes(cases, last.baseline),
        warnings=last.evaluation.warnings,
        most=WARNINGS,
        failed=[(case, _expected_places(case, find)) for case in failed[:FAILED]],
        left_out=len(failed[FAILED:]),
        causes=causes(),
        groups=metric_rows(result["metrics"], cases, compared_with(result, last.baseline)),
        compared=last.baseline is not None,
        plots=draw_plots(result, cases),
    )


def _expected_places(
    case: Case, find: Callable[[str], Document | None]
) -> Sequence[Citation | Evidence]:
    """The gold places as they can be opened; as the set has them where they stand nowhere."""
    found: list[Citation | Evidence] = []
    for place in case.gold.evidence:
        document = find(place.document)
        spans = gold_places([place], find)[place.document] if document else []
        found += [
            Citation.of(0, document, span)
            for span in spans
            if document and span.end <= len(document.text)
        ] or [place]
    return found


def _duration(seconds: float) -> str:
    if seconds < 60:
        return f"{max(round(seconds), 1)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


# -- rendering -----------------------------------------------------------------------------------


def _render(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(values)


@cache
def _environment() -> Environment:
    made = environment()
    made.loader = PackageLoader("footnoted.qa.page")
    made.filters |= {
        "about_file": about_file,
        "alike": _alike,
        "by_number": _by_number,
        "counted": counted,
        "date": date_in_words,
        "duration": _duration,
        "figure": _figure,
        "heading_level": arrangement.heading_level,
        "how": _how,
        "in_words": _in_words,
        "items": arrangement.items,
        "not_in_english": not_in_english,
        "parts": arrangement.parts,
        "percent": percent,
        "as_markdown": _as_markdown,
        "saved": _saved,
        "table": arrangement.table,
    }
    made.tests |= {
        "fold": lambda part: isinstance(part, arrangement.Fold),
        "node": lambda part: isinstance(part, Node),
        "page_break": lambda part: isinstance(part, PageBreak),
        "table": lambda part: isinstance(part, arrangement.Table),
        "wrapped": arrangement.is_wrapped,
    }
    return made


def _alike(citations: Iterable[Citation]) -> frozenset[str]:
    """The titles that several of the cited documents have, which tell none of them apart."""
    titles = Counter(title for title, _ in {(one.title, one.document) for one in citations})
    return frozenset(title for title, times in titles.items() if times > 1)


def _by_number(citations: Iterable[Citation]) -> dict[int, Citation]:
    return {citation.number: citation for citation in citations}


def _figure(number: int) -> str:
    return f"{number:,}"
