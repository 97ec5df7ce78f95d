"""What the documents say on a topic: few sentences, of different documents first, each cited.

Nothing is written: a summary is made of what stands there. A sentence is on a topic that holds its
words, or stands in a document or under a heading that does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_words, stems
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit
from footnoted.qa.catalogue.catalogue import leading, listed
from footnoted.qa.catalogue.leads import leads
from footnoted.qa.catalogue.meant import meant
from footnoted.qa.composing import compose
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.boilerplate import is_boilerplate, is_furniture
from footnoted.qa.english.coordination import items
from footnoted.qa.english.request import Request
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import Finding

_MOST_DOCUMENTS = 5
_MOST_SENTENCES = 5
_MOST_OF_ONE = 3
_MOST_OF_SEVERAL = 2
"""Sentences on each topic, where several are joined: "UNHCR and Amnesty"."""
_LEADS_OF_ONE = 3
# What stands under a title or a heading that names the topic is on it, if less surely.
_UNDER_ITS_NAME = 0.9
_LEAST_SHARE = 0.6


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
        return listed(leading(library, _MOST_DOCUMENTS))
    if request.names_a_kind and (documents := meant(request, library)[:_MOST_DOCUMENTS]):
        most = _LEADS_OF_ONE if len(documents) == 1 else 1
        return _quoting([(one, span) for one in documents for span in leads(one, most)], 1.0)
    named = [request.topic[start:end] for start, end in items(request.topic)]
    found = [some for topic in named if (some := [*_on(topic, library, hits)])]
    most = _MOST_SENTENCES if len(named) == 1 else _MOST_OF_SEVERAL
    chosen = [one for some in found for one in _chosen(some, most)]
    confidence = min((one.share for one in chosen), default=0.0)
    return _quoting([(one.document, one.span) for one in chosen], confidence)


def _quoting(places: Sequence[tuple[Document, Span]], confidence: float) -> Composition | None:
    findings = tuple(Finding(document, span, None, confidence) for document, span in places)
    return compose(Reading(findings, confidence), ()) if findings else None


def _on(topic: str, library: Searchable, hits: Sequence[Hit]) -> Iterator[_On]:
    """The sentences on ``topic`` that could be quoted; none unless some hold its rarer words."""
    wanted = {word.stem: library.rarity(word.text) for word in content_words(topic)}
    total = sum(wanted.values())
    for rank, hit in enumerate(hits):
        document = hit.document
        for span in hit.passage.sentences:
            said = document.text[slice(*span)]
            if not _is_fit(document, span, said):
                continue
            named = stems(" ".join((document.title, *document.structure.heading_path(span.start))))
            share = sum(wanted[one] for one in wanted.keys() & stems(said)) / total
            under = _UNDER_ITS_NAME if wanted.keys() <= named else 0.0
            if max(share, under) >= _LEAST_SHARE:
                whole = with_speaker(document, hit.passage.sentences, span)
                yield _On(max(share, under), rank, document, whole)


def _is_fit(document: Document, span: Span, said: str) -> bool:
    block = document.structure.block_at(span.start)
    if block and block.kind not in ("paragraph", "heading"):
        return not is_boilerplate(said, document.title)
    return not (block and block.kind == "heading") and not is_furniture(said, document.title)


def _chosen(found: Sequence[_On], most: int) -> list[_On]:
    """The best sentence of each document, then the next best; those of one in their order."""
    best = max(one.share for one in found)
    whole = [one for one in found if one.share >= min(best, _UNDER_ITS_NAME)] or found
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
