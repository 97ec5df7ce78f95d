"""Questions on the documents themselves, answered by what they hold and tell of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit
from footnoted.qa.catalogue.attributes import Told, known, told
from footnoted.qa.catalogue.leads import leads, title_place
from footnoted.qa.catalogue.meant import meant
from footnoted.qa.catalogue.mentions import mentions
from footnoted.qa.composing import NEAREST, cite, compose, declined
from footnoted.qa.english.request import Request
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import YES, Citation, Finding, ShortAnswer, Statement

_MOST_LISTED = 20
_MOST_MEANT = 8
_OF_TITLES = "author", "publisher"
"""What is asked of a document that is called by nothing but its title."""
# What stands under its key says what it is; a day or a name in a short line at the head only does
# so as a rule. Both are judged, not measured.
_SAID, _READ_OFF = 1.0, 0.9


class Entry(NamedTuple):
    """A document, by its title, and what is quoted of it."""

    document: Document
    quoted: Span


def answer(request: Request, library: Searchable, hits: Sequence[Hit]) -> Composition | None:
    """What ``request`` wants to know of the documents; None where reading has to tell."""
    if request.wanted == "documents":
        return listed(leading(library, _MOST_LISTED))
    if request.wanted == "mentions":
        found = [Entry(*one) for one in mentions(request.topic, library)[:_MOST_LISTED]]
        return listed(found, request.whether) if found else declined(Reading((), 1.0), hits)
    if request.wanted == "attribute":
        return _attribute(request, library, hits)
    return None


def leading(library: Searchable, most: int) -> list[Entry]:
    """Each of the first ``most`` documents with its first sentence."""
    documents = (library.document(one.id) for one in library.listing()[:most])
    return [Entry(one, leads(one, 1)[0]) for one in documents if one and one.text.strip()]


def listed(entries: Sequence[Entry], whether: bool = False) -> Composition:
    """The titles of documents as answers, each with what is quoted of it.

    A title is cited where it stands; one that stands in no text is its citation's. ``whether``: the
    answer is that there are any.
    """
    citations: list[Citation] = []

    def cited(document: Document, span: Span) -> int:
        citations.append(cite(len(citations) + 1, document, span))
        return len(citations)

    answers: list[ShortAnswer] = []
    statements: list[Statement] = []
    for document, quoted in entries:
        number = cited(document, quoted)
        citation = citations[-1]
        statements.append(Statement(citation.quote, "verbatim", (number,), citation.rendered))
        title = title_place(document)
        also = (cited(document, title),) if title and not title.overlaps(quoted) else ()
        answers.append(ShortAnswer(document.title, _SAID, (number, *also)))
    if whether:
        answers = [ShortAnswer(YES, _SAID, tuple(s.citations[0] for s in statements))]
    return Composition("answered", _SAID, tuple(answers), tuple(statements), tuple(citations))


def _attribute(request: Request, library: Searchable, hits: Sequence[Hit]) -> Composition | None:
    if request.attribute == "credit":
        documents = list({hit.document.id: hit.document for hit in hits}.values())
    elif not request.topic or request.names_a_kind or request.attribute in _OF_TITLES:
        documents = meant(request, library)
    else:
        return None
    found = [
        (document, place)
        for document in documents
        if (place := told(document, request.attribute, request.topic))
    ][:_MOST_MEANT]
    if found:
        findings = tuple(_finding(document, place) for document, place in found)
        return compose(Reading(findings, min(one.confidence for one in findings)), ())
    return _in_properties(request, documents)


def _finding(document: Document, place: Told) -> Finding:
    return Finding(document, place.line, place.value, _SAID if place.sure else _READ_OFF)


def _in_properties(request: Request, documents: Sequence[Document]) -> Composition | None:
    """What the files' properties tell and no text does is not said: it stands with the nearest."""
    telling = [one for one in documents if known(one, request.attribute)][:NEAREST]
    if not telling:
        return None
    places = ((one, title_place(one) or leads(one, 1)[0]) for one in telling)
    nearest = (cite(number, *place) for number, place in enumerate(places, start=1))
    return Composition("uncertain", 0.5, nearest=tuple(nearest))
