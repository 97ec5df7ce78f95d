"""Which documents a question means: the only one, those that it names, or each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import PurePosixPath

from footnoted.corpus.types import Document, Listed
from footnoted.corpus.words import content_stems, stems
from footnoted.index.protocols import Passages
from footnoted.qa.catalogue.attributes import head_words
from footnoted.qa.english.document_kinds import KIND
from footnoted.qa.english.request import Request

# Of so many, no more is looked at than how they are listed.
MOST_READ = 200
_FIRST_HEADINGS = 3
_SIGNS = re.compile(r"[\W_]+")
_HOW_MANY = stems("two both")
_GENERIC = stems("document doc file text source page paper press")
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
        wanted = content_stems(request.topic)
        by_file = request.wanted == "attribute"  # a topic is more than the file that is called so
        return read(library, [one for one in listing if wanted in _whole_names(one, by_file)])
    if which := content_stems(KIND.sub(" ", request.topic)):
        return _named(library, listing, lambda names: which <= stems(names), head_words)
    kinds = _kinds(request.topic)
    if kinds and (of_kind := _named(library, listing, lambda names: bool(kinds & _kinds(names)))):
        return of_kind
    return _named(library, listing, lambda names: not _kinds(names)) or read(library, listing)


def of_kind(name: str, library: Passages) -> list[Document]:
    """The documents of the kind that ``name`` says, "the two minutes"; none where it says none, or
    what any document may be called."""
    kinds, which = _kinds(name), content_stems(KIND.sub(" ", name)) - _HOW_MANY

    def fits(names: str) -> bool:
        return bool(kinds & _kinds(names)) and which <= stems(names)

    return _named(library, library.listing(), fits, head_words) if kinds else []


def _headings(document: Document) -> str:
    """The first headings of a document."""
    found = (one for one in document.structure.blocks if one.kind == "heading")
    return " ".join(document.structure.words_of(one) for one in islice(found, _FIRST_HEADINGS))


def _named(
    library: Passages,
    listing: Sequence[Listed],
    fits: Callable[[str], bool],
    also: Callable[[Document], str] = _headings,
) -> list[Document]:
    """The documents whose names fit; where there are few, what they ``also`` say is a name, too."""
    if len(listing) > MOST_READ:
        return read(library, [one for one in listing if fits(_names(one))])
    return [one for one in read(library, listing) if fits(f"{_names(one)} {also(one)}")]


def _names(one: Document | Listed) -> str:
    return f"{one.title} {one.id} {one.publisher or ''} {one.author or ''} {one.date or ''}"


def read(library: Passages, listing: Sequence[Listed]) -> list[Document]:
    """The documents that are listed, up to ``MOST_READ`` of them."""
    found = (library.document(one.id) for one in listing[:MOST_READ])
    return [one for one in found if one]


def _whole_names(one: Listed, by_file: bool) -> list[set[str]]:
    """The stems of its title and, perhaps, of its file's name: "market-rules.md"."""
    file = _SIGNS.sub(" ", PurePosixPath(one.id).stem)
    return [content_stems(one.title), *([content_stems(file)] if by_file else [])]


def _kinds(names: str) -> frozenset[str]:
    """The kinds that are named, but those that any document may be called."""
    return frozenset(stem for kind in KIND.findall(names) for stem in stems(kind)) - _GENERIC
