"""When a document is from: as it says itself, as its file's properties tell, or as it is called."""

from __future__ import annotations

from typing import NamedTuple

from footnoted.corpus.types import Document, Span
from footnoted.qa.catalogue.attributes import told
from footnoted.qa.english.written_dates import Dated, dates_in


class TextDate(NamedTuple):
    """A date, as it is written, and where in the text; None if it stands nowhere there."""

    dated: Dated
    written: str
    line: Span | None


def date_of(document: Document) -> TextDate | None:
    """The date of a document; None where none is known."""
    found = told(document, "date")
    if found:
        written = document.text[slice(*found.value)]
        if dated := next((one for one in dates_in(written) if one.year), None):
            return TextDate(dated, written[slice(*dated.span)], found.line)
    for written in (document.date or "", document.id.replace("_", " ")):
        if dated := next((one for one in dates_in(written) if one.year), None):
            return TextDate(dated, written[slice(*dated.span)], None)
    return None
