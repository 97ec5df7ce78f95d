"""What of a written sentence its quotations prove, as far as that is told without a model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from footnoted.corpus.sentences import sentences
from footnoted.corpus.types import Document
from footnoted.qa.writing.contradictions import contradicting
from footnoted.qa.writing.particulars import missing, share_said

_LEAST_SAID = 0.25
"""Of the words of a sentence that carry meaning, so many have to be quoted, whatever a model says
of it."""
TOO_LITTLE = "too little of it is quoted"


def about(document: Document) -> str:
    """What is told beside a quotation, in which names may stand: its document's title and
    publisher."""
    return f"{document.title} {document.publisher or ''}"


def unproved(sentence: str, quoted: Sequence[str], told_beside: str = "") -> Iterator[str]:
    """Why these quotations do not prove a sentence, the plainest reason first.

    ``told_beside``: what it is ``about``, which may name who "we" and "the bill" are.
    """
    together = " ".join(quoted)
    yield from missing(sentence, together, told_beside)
    if share_said(sentence, together) < _LEAST_SAID:
        yield TOO_LITTLE
    yield from contradicting(sentence, [one for text in quoted for one in sentences(text)])
