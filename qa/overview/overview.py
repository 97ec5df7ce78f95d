"""What the documents say as a whole or on a topic: few sentences, each cited.

Nothing is written: a summary is made of what stands there. Of a document, the sentences that are
most of what it is about are quoted, in their order; on a topic, those of different documents first.
A sentence is on a topic that holds its words, or stands in a document or under a heading that does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit
from footnoted.qa.catalogue.leads import leads, title_place
from footnoted.qa.catalogue.meant import read
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.boilerplate import is_boilerplate, is_furniture
from footnoted.qa.english.coordination import items
from footnoted.qa.english.request import Request
from footnoted.qa.forms.central import central, is_formal
from footnoted.qa.forms.laying_out import Line, Quoted, laid_out
from footnoted.qa.forms.quotable import (
    UNDER_ITS_NAME,
    Topic,
    apart,
    formula,
    formulas,
    quotable,
    same_words,
)
from footnoted.qa.forms.sources import named, titled
from footnoted.qa.protocols import Composition

_MOST_DOCUMENTS = 20
_MOST_SENTENCES = 5
_MOST_OF_ONE = 3
_MOST_OF_SEVERAL = 2
"""Sentences on each topic, where several are joined: "UNHCR and Amnesty"."""
_LOOKED_AT, _LOOKED_AT_OF_MANY = 150, 12
"""The first sentences of a document that are looked at; of several documents, fewer of each."""


class _On(NamedTuple):
    """A sentence, how much of the topic it holds, and the rank of its passage."""

    share: float
    rank: int
    document: Document
    span: Span


def answer(request: Request, library: Searchable, hits: Sequence[Hit]) -> Composition | None:
    """An overview; ``hits`` are the passages found for its topic. None where it is not named."""
    if request.wanted != "overview":
        return None
    if not request.topic:
        listing = library.listing()
        return _of_documents(read(library, listing[:_MOST_DOCUMENTS]), len(listing), library)
    find = named if request.names_a_kind else titled
    if documents := find(request.topic, library):
        return _of_documents(documents[:_MOST_DOCUMENTS], len(documents), library)
    topics = [request.topic[start:end] for start, end in items(request.topic)]
    found = [some for topic in topics if (some := [*_on(topic, library, hits)])]
    most = _MOST_SENTENCES if len(topics) == 1 else _MOST_OF_SEVERAL
    return _on_topics([one for some in found for one in _chosen(some, most)])


# -- of documents as a whole ---------------------------------------------------------------------


def _of_documents(
    documents: Sequence[Document], of: int, library: Searchable
) -> Composition | None:
    known = library.kept(formulas)
    lines = []
    for document in documents:
        if document.text.strip():
            lines.append(_whole(document, len(documents), known, library))
    note = f"{len(documents)} of {of} documents are quoted." if of > len(documents) else ""
    return laid_out("summary", lines, 1.0, note=note) if lines else None


def _whole(document: Document, of: int, known: frozenset[str], library: Searchable) -> Line:
    """What is quoted of a document, under its title where there are others."""
    most = _MOST_SENTENCES if of == 1 else _MOST_OF_ONE if of == 2 else 2 if of <= 5 else 1
    looked_at = _LOOKED_AT if of == 1 else _LOOKED_AT_OF_MANY
    whole = (one for one in quotable(document, known) if one.is_whole)
    some = list(islice(apart(whole), looked_at))
    telling = [one for one in some if not is_formal(one)] or some
    found = [one.quoted for one in central(telling, most, library)]
    first, *others = found or leads(document, 1)
    title = title_place(document) if of > 1 else None
    beside = ((document, title),) if title and not title.overlaps(first) else ()
    quoted = (Quoted((document, first), beside), *(Quoted((document, span)) for span in others))
    return Line((quoted,), label=document.title if of > 1 else "", answer=of > 1)


# -- on a topic ----------------------------------------------------------------------------------


def _on(topic: str, library: Searchable, hits: Sequence[Hit]) -> Iterator[_On]:
    """The sentences on ``topic`` that could be quoted; none unless some hold its rarer words."""
    wanted, known = Topic(topic, library), library.kept(formulas)
    for rank, hit in enumerate(hits):
        document = hit.document
        for span in hit.passage.sentences:
            said = document.text[slice(*span)]
            if not _is_fit(document, span, said) or formula(document, span) in known:
                continue
            if share := wanted.share(document, span):
                whole = with_speaker(document, hit.passage.sentences, span)
                yield _On(share, rank, document, whole)


def _is_fit(document: Document, span: Span, said: str) -> bool:
    block = document.structure.block_at(span.start)
    if block and block.kind not in ("paragraph", "heading"):
        return not is_boilerplate(said, document.title)
    return not (block and block.kind == "heading") and not is_furniture(said, document.title)


def _chosen(found: Sequence[_On], most: int) -> list[_On]:
    """The best sentence of each document, then the next best; those of one in their order."""
    best = max(one.share for one in found)
    whole = [one for one in found if one.share >= min(best, UNDER_ITS_NAME)] or found
    ordered = sorted(whole, key=lambda one: (-one.share, one.rank, one.span.start))
    by_document: dict[str, list[_On]] = {}
    for one in ordered:
        of_it = by_document.setdefault(one.document.id, [])
        if not any(one.span.overlaps(other.span) for other in of_it):
            of_it.append(one)
    turns = [
        some[turn]
        for turn in range(_MOST_OF_ONE)
        for some in by_document.values()
        if turn < len(some)
    ][:most]
    rank = {id_: number for number, id_ in enumerate(by_document)}
    return sorted(turns, key=lambda one: (rank[one.document.id], one.span.start))


def _on_topics(found: Sequence[_On]) -> Composition | None:
    """The sentences under their documents' titles, where they are of several."""
    said: dict[str, _On] = {}
    for one in found:
        said.setdefault(same_words(one.document.text[slice(*one.span)]), one)
    by_document = groupby(said.values(), key=lambda one: one.document.id)
    rows = [list(some) for _, some in by_document]
    lines = [
        Line(
            (tuple(Quoted((one.document, one.span)) for one in some),),
            label=some[0].document.title if len(rows) > 1 else "",
        )
        for some in rows
    ]
    confidence = min((one.share for one in said.values()), default=0.0)
    return laid_out("summary", lines, confidence) if lines else None
