"""The shipped documents, in an index where nobody has put any others yet."""

from __future__ import annotations

import logging
import shlex
from dataclasses import replace

from footnoted.corpus.files import SHIPPED
from footnoted.index.library import Library
from footnoted.index.protocols import Progress, silent
from footnoted.index.types import Place, Receipt

log = logging.getLogger(__name__)


def open_or_sample(place: Place, progress: Progress = silent) -> Library:
    """Open the index at ``place``; one never filled is filled with the shipped documents.

    They stand in there until others are named.
    """
    library = Library.open_or_create(place)
    if library.manifest.generation == 0 and not library.sources():
        log.warning("no index in %s yet; making one of the shipped documents", place)
        library.fill(SHIPPED, progress)
    return library


def add_sample(library: Library, progress: Progress = silent) -> Receipt:
    """Index the shipped documents: to stand in, or beside those that were named before.

    The receipt says which, since who named nothing may have meant something else.
    """
    if filled := library.fill(SHIPPED, progress):
        note = (
            "no PATH was named, so these are the sample documents; "
            "yours take their place: footnoted index PATH"
        )
        return replace(filled, notes=(note, *filled.notes))
    receipt = library.update([SHIPPED], progress)
    ids = " ".join(shlex.quote(name) for name in sorted(path.name for path in SHIPPED.iterdir()))
    note = (
        "no PATH was named, so the sample documents stand beside yours now; "
        f"to take them out: footnoted documents remove {ids}"
    )
    return replace(receipt, notes=(note, *receipt.notes))
