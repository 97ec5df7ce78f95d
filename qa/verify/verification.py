"""Saved answers re-checked against the documents, with no model.

A citation holds if its document is there, has the hash it had, and the quotation stands at its
offsets. A statement holds if it is what its citations say or, where a language model wrote it, if
its figures, dates, names and denials are theirs; a short answer, if it stands there, too, names a
document that is cited, or is a yes or no. A row holds if it is of statements that there are and its
label and date are what these cite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from footnoted.corpus.types import Document, Span
from footnoted.qa.types import SHARED, VERDICTS, Answer, Citation, Statement

CHANGED = "changed source"
MISSING = "missing source"
NOT_FOUND = "quote not found"
MOVED = "moved"
UNFAITHFUL = "not what its citations say"
INCONSISTENT = "inconsistent"
UNPROVED = "not proved by its citations"

# A quotation of one word may stand everywhere; a few places are enough to look at.
_PLACES_NAMED = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """What does not hold: where in the answer, the reasons, and what else there is to say."""

    where: str
    reasons: tuple[str, ...]
    detail: str = ""

    def __str__(self) -> str:
        detail = f" ({self.detail})" if self.detail else ""
        return f"{self.where}: {', '.join(self.reasons)}{detail}"


def verify(answer: Answer, find: Callable[[str], Document | None]) -> list[Problem]:
    """Everything in ``answer`` that does not hold; nothing if all of it does.

    ``find`` gives the document with an id as it is now, or None.
    """
    return [
        *_structure(answer),
        *_citations("citation", answer.citations, find),
        *_citations("nearest passage", answer.nearest, find),
        *_statements(answer, find),
        *_answers(answer, find),
        *_rows(answer),
    ]


def _citations(
    what: str, citations: tuple[Citation, ...], find: Callable[[str], Document | None]
) -> Iterator[Problem]:
    for citation in citations:
        where = f"{what} {citation.number}"
        if problem := verify_citation(where, citation, find(citation.document)):
            yield problem


def verify_citation(where: str, citation: Citation, document: Document | None) -> Problem | None:
    """What does not hold of one citation; ``document`` is its document as it is now, or None."""
    if document is None:
        return Problem(where, (MISSING,), f"there is no {citation.document}")
    changed = (CHANGED,) if citation.sha256 != document.sha256 else ()
    start, end = citation.start, citation.end
    if 0 <= start < end and document.text[start:end] == citation.quote:
        still = "the quotation still stands where it says"
        return Problem(where, changed, still) if changed else None
    places = _places(document.text, citation.quote)
    if not places:
        return Problem(where, (*changed, NOT_FOUND), f"in {document.id}")
    named = ", ".join(f"{at} to {at + len(citation.quote)}" for at in places)
    return Problem(where, (*changed, MOVED), f"from {start} to {end}; it stands at {named}")


def _places(text: str, quote: str) -> list[int]:
    found: list[int] = []
    at = text.find(quote) if quote else -1
    while at >= 0 and len(found) < _PLACES_NAMED:
        found.append(at)
        at = text.find(quote, at + 1)
    return found


def _statements(answer: Answer, find: Callable[[str], Document | None]) -> Iterator[Problem]:
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for number, statement in enumerate(answer.statements, start=1):
        where = f"statement {number}"
        cited = [quotes.get(one) for one in statement.citations]
        if statement.support not in ("verbatim", "supported", "unsupported"):
            yield Problem(where, (INCONSISTENT,), f"its support is {statement.support!r}")
        elif None in cited:
            yield Problem(where, (INCONSISTENT,), "it names a citation that is not there")
        elif statement.support == "verbatim" and statement.text not in cited:
            yield Problem(where, (UNFAITHFUL,), "a verbatim statement must equal a quotation")
        elif statement.support == "supported" and not cited:
            yield Problem(where, (UNFAITHFUL,), "it has no citation")
        elif statement.support == "supported" and (why := _unproved(statement, answer, find)):
            yield Problem(where, (UNPROVED,), why)


def _unproved(statement: Statement, answer: Answer, find: Callable[[str], Document | None]) -> str:
    """Why what is cited does not prove a written sentence, as far as no model is needed."""
    from footnoted.qa.writing.proof import about, unproved  # what is quoted alone does not need it

    cited = [one for one in answer.citations if one.number in statement.citations]
    documents = [(one, find(one.document)) for one in cited]
    beside = " ".join(about(document) for _, document in documents if document)
    quoted = [_read(one, document) for one, document in documents]
    return next(unproved(statement.text, quoted, beside), "")


def _read(citation: Citation, document: Document | None) -> str:
    """What is read where a quotation stands or, where it does not any more, the quotation."""
    if document and document.text[citation.start : citation.end] == citation.quote:
        return Citation.of(citation.number, document, Span(citation.start, citation.end)).said
    return citation.quote


def _answers(answer: Answer, find: Callable[[str], Document | None]) -> Iterator[Problem]:
    citations = {citation.number: citation for citation in answer.citations}
    for number, short in enumerate(answer.answers, start=1):
        where = f"answer {number}"
        if not short.citations or any(one not in citations for one in short.citations):
            yield Problem(where, (INCONSISTENT,), "it names a citation that is not there")
        elif not any(_carries(citations[one], short.text, find) for one in short.citations):
            yield Problem(where, (UNFAITHFUL,), "it stands in none of its quotations")
        if not 0 <= short.confidence <= 1:
            yield Problem(where, (INCONSISTENT,), "its confidence is not between 0 and 1")


def _rows(answer: Answer) -> Iterator[Problem]:
    """What the rows of an answer that is laid out say, and its citations do not."""
    cited = {one.citations[0]: one.citations for one in answer.statements if one.citations}
    citations = {citation.number: citation for citation in answer.citations}
    for number, row in enumerate(answer.rows, start=1):
        where = f"row {number}"
        if not row.every or any(one not in cited for one in row.every):
            yield Problem(where, (INCONSISTENT,), "it names a citation that no statement quotes")
            continue
        beside = [citations[n] for one in row.every for n in cited[one] if n in citations]
        for said in filter(None, (*row.label.split(SHARED), row.dated)):
            if not any(_tells(citation, said) for citation in beside):
                yield Problem(where, (UNFAITHFUL,), f"its citations do not tell {said!r}")


def _tells(citation: Citation, said: str) -> bool:
    known = (citation.quote, citation.title, citation.date or "", citation.document)
    return any(said in one for one in known)


def _carries(citation: Citation, said: str, find: Callable[[str], Document | None]) -> bool:
    """Whether ``said`` stands in the quotation, is its document's title, or a verdict on it."""
    if not said:
        return False
    if said in citation.quote or said in VERDICTS:
        return True
    document = find(citation.document)
    return document is not None and document.title == said


def _structure(answer: Answer) -> Iterator[Problem]:
    where = "the answer"
    if not 0 <= answer.confidence <= 1:
        yield Problem(where, (INCONSISTENT,), "its confidence is not between 0 and 1")
    for what, cited in (("citation", answer.citations), ("nearest passage", answer.nearest)):
        numbers = [citation.number for citation in cited]
        if numbers != list(range(1, len(numbers) + 1)):
            yield Problem(where, (INCONSISTENT,), f"its {what}s are not numbered 1, 2, 3 …")
    if answer.answered != (answer.outcome == "answered"):
        yield Problem(
            where,
            (INCONSISTENT,),
            f"answered is {answer.answered}, and yet its outcome {answer.outcome}",
        )
    if answer.answered and not (answer.statements and answer.citations):
        yield Problem(where, (INCONSISTENT,), "answered, without a statement and a citation")
    if not answer.answered and (answer.answers or answer.statements or answer.citations):
        yield Problem(where, (INCONSISTENT,), "declined, yet it states something")
