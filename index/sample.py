"""The shipped documents, in an index where nobody has put any others yet."""

from __future__ import annotations

import logging
from pathlib import Path

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import Receipt

log = logging.getLogger(__name__)


def open_or_sample(folder: Path, progress: Progress = silent) -> Library:
    """Open the index in ``folder``; one never filled is filled with the shipped documents.

    They stand in there until others are named.
    """
    library = Library.open_or_create(folder)
    if library.manifest.generation == 0:
        log.warning("no index in %s yet; making one of the shipped documents", folder)
        library.fill(SHIPPED, progress)
    return library


def add_sample(library: Library, progress: Progress = silent) -> Receipt:
    """Index the shipped documents: to stand in, or beside those that were named before."""
    return library.fill(SHIPPED, progress) or library.update([SHIPPED], progress)
