"""What a collection that is open is called."""

from __future__ import annotations

from pathlib import Path

from footnoted.corpus.errors import FootnotedError
from footnoted.index.collections import Collection
from footnoted.index.library import Library
from footnoted.index.protocols import Searchable

SAMPLE = "Sample documents"
"""What the collection is called that holds the shipped documents alone."""


def is_sample(library: Searchable) -> bool:
    """Whether the documents are the shipped ones, among which one's own have no business."""
    try:
        return isinstance(library, Library) and library.stands_in
    except FootnotedError:  # it is not there any more, or damaged
        return False


def collection_of(library: Searchable) -> Collection:
    """The collection, called as its folder, or as that above where that is hidden."""
    if is_sample(library):
        return Collection(SAMPLE, library.folder, library.place)
    folder, place = library.folder.absolute(), library.place
    if not isinstance(place, Path):
        return Collection(place.name, library.folder, place)
    name = folder.parent.name if folder.name.startswith(".") else folder.name
    return Collection(name or str(folder), library.folder)
