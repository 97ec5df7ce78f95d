"""Initials in minutes, and the list of those present that says whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from footnoted.corpus.types import Document, Span

_INITIALS = re.compile(r"[A-Z]{2,4}")
_LISTS = re.compile(
    r"^\W*(?:(?:also|members|those|councillors|trustees)\s+)*(?:present|in\s+attendance|attendance"
    r"|attendees|attending|participants|apologies|absent)\b",
    re.I | re.M,
)
_LONGEST_LIST = 1_500
_NAME_WORD = r"[^\W\d_][\w'’.-]*"
_NAME = re.compile(rf"(?<![\w'’-])(?:{_NAME_WORD}[ \t]+){{1,4}}{_NAME_WORD}")


def written_out(document: Document, initials: str) -> Span | None:
    """Where the lists of those present name the one whose ``initials`` these are.

    "Clara Frost (CF)" says so; without such, a name with these initials that is the only one. None
    where none is, or several are.
    """
    if not _INITIALS.fullmatch(initials):
        return None
    named = {document.text[slice(*span)]: span for span in _named(document.text, initials)}
    said = re.compile(rf"[ \t*_]*(?:[(\[]|[-–—=,][ \t]*){initials}\b")
    stated = [span for span in named.values() if said.match(document.text, span.end)]
    found = stated or list(named.values())
    return found[0] if len(found) == 1 else None


def _named(text: str, initials: str) -> Iterator[Span]:
    """The names with these initials in lists of those present; a title before them is no part."""
    for listed in _LISTS.finditer(text):
        for run in _NAME.finditer(text, listed.end(), listed.end() + _LONGEST_LIST):
            words = list(re.finditer(_NAME_WORD, run.group()))
            own = words[-len(initials) :]
            if "".join(word.group()[0] for word in own) == initials:
                yield Span(run.start() + own[0].start(), run.end())
