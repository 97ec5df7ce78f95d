"""Which documents a question means: the only one, those that it names, or each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice

from footnoted.corpus.types import Document, Listed
from footnoted.corpus.words import STOP_WORDS, stems, words
from footnoted.index.protocols import Passages
from footnoted.qa.english.request import KINDS, Request

# Of so many, no more is looked at than how they are listed.
_MOST_READ = 200
_FIRST_HEADINGS = 3
_KIND = re.compile(KINDS, re.I)
_GENERIC = stems("document doc file text source page paper new")
"""What any document may be called."""


def meant(request: Request, library: Passages) -> list[Document]:
    """The documents that the topic of ``request`` names, in their order, up to a few hundred.

    They are named by the words of their titles, first headings, ids and publishers ("the onboarding
    guide"), by their kind ("the statement", where a title or a heading says so), or are all there
    are ("the document"). Where nothing is called a document, a whole title names one. None if what
    is named is not there.
    """
    listing = library.listing()
    if request.topic and not request.names_a_kind:
        wanted = _told(request.topic)
        return _read(library, [one for one in listing if wanted == _told(one.title)])
    kinds = {word.stem for word in words(request.topic) if _KIND.fullmatch(word.text)}
    if which := _told(request.topic) - kinds:
        return _named(library, listing, lambda names: which <= stems(names))
    kinds -= _GENERIC
    if kinds and (of_kind := _named(library, listing, lambda names: bool(kinds & stems(names)))):
        return of_kind
    return _named(library, listing, lambda names: not _names_a_kind(names)) or _read(
        library, listing
    )


def _told(text: str) -> set[str]:
    return {word.stem for word in words(text) if word.text.lower() not in STOP_WORDS}


def _named(
    library: Passages, listing: Sequence[Listed], fits: Callable[[str], bool]
) -> list[Document]:
    """The documents whose names fit, to which their first headings belong where there are few."""
    if len(listing) > _MOST_READ:
        return _read(library, [one for one in listing if fits(_names(one))])
    return [one for one in _read(library, listing) if fits(f"{_names(one)} {_headings(one)}")]


def _names(one: Document | Listed) -> str:
    return f"{one.title} {one.id} {one.publisher or ''} {one.author or ''} {one.date or ''}"


def _headings(document: Document) -> str:
    headings = (one for one in document.structure.blocks if one.kind == "heading")
    return " ".join(document.structure.words_of(one) for one in islice(headings, _FIRST_HEADINGS))


def _read(library: Passages, listing: Sequence[Listed]) -> list[Document]:
    found = (library.document(one.id) for one in listing[:_MOST_READ])
    return [one for one in found if one]


def _names_a_kind(names: str) -> bool:
    kinds = {word.stem for word in words(names) if _KIND.fullmatch(word.text)}
    return bool(kinds - _GENERIC)
