"""Whatever somebody pastes is looked up: a quotation as one, an article sentence by sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from footnoted.corpus.errors import UnusableInput
from footnoted.index.protocols import Searchable
from footnoted.qa.lookup.draft import MOST_PIECES, Checked, check, sentences_of
from footnoted.qa.lookup.lookup import LONGEST, Match, lookup

# A text so much like one place is shown there, with what differs, and not sentence by sentence.
_TOGETHER = 0.8


class Pasted(NamedTuple):
    """Where a text stands as a whole, or else where each of its sentences does."""

    places: Sequence[Match] = ()
    sentences: Sequence[Checked] = ()


def look_up_pasted(library: Searchable, text: str) -> Pasted:
    """Find where a text stands or, of one of which little stands together, where its sentences do.

    Raises:
        UnusableInput: it is too long, has too many sentences, or is none.
    """
    found = lookup(library, text) if len(text) <= LONGEST else []
    if found and found[0].similarity >= _TOGETHER:
        return Pasted(found)
    pieces = sentences_of(text)
    if len(pieces) > MOST_PIECES:
        raise UnusableInput(
            f"this text has {len(pieces):,} sentences; give at most {MOST_PIECES:,}, or look up "
            "all that a file quotes: footnoted lookup --file"
        )
    if len(pieces) > 1:
        return Pasted(sentences=list(check(library, pieces)))
    return Pasted(found or lookup(library, text))
