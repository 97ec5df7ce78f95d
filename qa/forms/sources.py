"""Which documents are meant: by their dates and publishers, too; and the two to be compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document
from footnoted.corpus.words import content_stems, stems
from footnoted.index.protocols import Searchable
from footnoted.qa.catalogue.attributes import head_words, told
from footnoted.qa.catalogue.meant import MOST_READ, meant, of_kind, read
from footnoted.qa.english.document_kinds import KIND
from footnoted.qa.english.request import Request
from footnoted.qa.english.written_dates import Dated, dates_in
from footnoted.qa.forms.text_dates import date_of

_MOST_OF_ONE = 5


class Source(NamedTuple):
    """Documents that are compared as one, and how a person calls them."""

    name: str
    documents: tuple[Document, ...]


def sources(request: Request, library: Searchable) -> tuple[Source, ...]:
    """The two that are named or, where none is, the two that there are, or are of the kind that is
    asked for; none if that is not so."""
    if not request.between:
        listing = library.listing()
        every = read(library, listing) if len(listing) == 2 else of_kind(request.both, library)
        return tuple(Source(_called(one), (one,)) for one in every) if len(every) == 2 else ()
    one, other = (named(name, library) for name in request.between)
    shared = {document.id for document in one} & {document.id for document in other}
    sides = [[d for d in some if d.id not in shared] for some in (one, other)]
    if not all(sides):
        return ()
    return tuple(
        Source(_called(some[0]) if len(some) == 1 else name, tuple(some[:_MOST_OF_ONE]))
        for name, some in zip(request.between, sides, strict=True)
    )


def named(name: str, library: Searchable) -> Sequence[Document]:
    """The documents that ``name`` names: by their kind and what else is said of it, their dates,
    their titles, or who publishes them."""
    if dates := [one for one in dates_in(name) if one.year]:
        rest = content_stems(KIND.sub(" ", name[: dates[0].span.start]))
        dated = [one for one in _read(library) if _is_of(one, dates[0])]
        return [one for one in dated if rest <= stems(_head(one))]
    wanted = Request("overview", name)
    if wanted.names_a_kind or KIND.search(name):
        if found := meant(wanted, library):
            return found
        name = KIND.sub(" ", name)
    words = content_stems(name)
    documents = _read(library) if words else []
    for names in (_publisher, _title, _head):
        if found := [one for one in documents if words <= stems(names(one))]:
            return found
    return []


def titled(name: str, library: Searchable) -> Sequence[Document]:
    """Those whose whole title ``name`` is."""
    return meant(Request("overview", name), library)


def _read(library: Searchable) -> list[Document]:
    return read(library, library.listing()[:MOST_READ])


def _is_of(document: Document, asked: Dated) -> bool:
    """Whether it is from the day, month or year that is asked for."""
    found = date_of(document)
    if found is None:
        return False
    return all(a in (0, of) for a, of in zip(asked.order, found.dated.order, strict=True))


def _publisher(document: Document) -> str:
    found = told(document, "publisher")
    told_so = document.structure.words_of(found.value) if found else ""
    return f"{document.publisher or ''} {document.author or ''} {told_so}"


def _title(document: Document) -> str:
    return f"{document.title} {document.id}"


def _head(document: Document) -> str:
    return f"{_publisher(document)} {_title(document)} {head_words(document)}"


def _called(document: Document) -> str:
    """Its title, and its date if that is known."""
    dated = date_of(document)
    return f"{document.title}, {dated.written}" if dated else document.title
