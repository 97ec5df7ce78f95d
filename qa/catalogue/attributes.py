"""What a document tells of itself, where it stands in its text: author, date, credits, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from footnoted.corpus.sentences import spans
from footnoted.corpus.types import Document, Span
from footnoted.corpus.words import content_stems, stems, words
from footnoted.qa.catalogue.leads import title_place
from footnoted.qa.english.dates import DATE, capitalised

_KEYS = {
    "author": "author authors by byline writer writers writtenby creator text".split(),
    "publisher": (
        "publisher source organisation organization issuedby publishedby site pressrelease"
        " mediarelease newsrelease statement issuer"
    ).split(),
    "date": (
        "date published publishdate publicationdate created issued released dated pubdate"
    ).split(),
    "updated": (
        "updated lastupdated update modified lastmodified lastmod revised lastrevised reviewed"
        " lastreviewed revisiondate"
    ).split(),
    "owner": "owner owners maintainer maintainers contact responsible".split(),
    "title": ["title"],
    "language": "language lang".split(),
}
"""The keys that an attribute is told under, without the signs between their words."""

# Lines that tell of a text stand at its head, or at its end; none is as long as prose.
_AT_HEAD, _AT_END = 25, 8
_HEAD, _END = 6000, 1500
_MOST_WORDS = 16
_NAMING = 8

_SETTING = re.compile(
    r"[\s>*_#|-]*(?P<key>[^\W\d_][\w -]{0,40}?)[*_]*\s*[:=|][*_]*\s+(?P<value>\S[^\n]*)"
)
_BYLINE = re.compile(
    r"[\s>*_#|-]*(?:(?i:written|text|story|words|report(?:ed|ing)?|posted)\s+)?(?i:by):?\s+"
    r"(?P<value>[^\W\d_a-zß-öø-ÿ][^\n]{1,80})"
)
# Who is named beside an address for letters to them: "Ann Lee - ann@example.org".
_BESIDE_ADDRESS = re.compile(
    r"[\s>*_#|-]*(?P<value>[^\W\d_a-zß-öø-ÿ][^\n@:,;<>(\[|–—]{1,60}?)\s*(?:[-–—,|:]\s*)?"
    r"[<(\[]?(?:[\w.+-]+@[\w-]+\.[\w.]+|\[?(?i:e-?mail)\b[^\n]*)[\s>)\]*_]*$"
)
_DAY = re.compile(rf"(?:{DATE.pattern})|\b\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}\b")
_YEAR_ALONE = re.compile(r"\d{4}")
_CREDIT = re.compile(
    r"\b(?:photo(?:graph(?:y|er|s)?)?s?|pictures?|images?|illustrations?|graphics?|drawings?"
    r"|cartoons?|credits?)\b(?:\s+(?:credits?|courtesy|of|from|taken))*\s*(?::|©|\bby\b)\s*"
    r"(?P<value>\w[^\n;|)\]]{1,80})",
    re.I,
)
_EDGES = " \t.,*_|\"'“”‘’[]"


class Told(NamedTuple):
    """A stretch of a text that tells something of it, and the line that it stands in.

    ``sure``: whether it says so itself, as "Author: Ann Lee" does, and a date on its own does not.
    """

    value: Span
    line: Span
    sure: bool


def told(document: Document, attribute: str, topic: str = "") -> Told | None:
    """Where ``document`` tells its ``attribute`` or, of a credit, that of what ``topic`` shows."""
    if attribute == "credit":
        return next(_credits(document, topic), None)
    lines = _lines(document)
    found = next(_under_key(document, lines, attribute), None)
    if found:
        return found
    if attribute == "author":
        return (
            _byline(document, lines)
            or _known(document, lines, document.author)
            or _known(document, lines, document.publisher)
        )
    if attribute == "publisher":
        return _known(document, lines, document.publisher)
    if attribute == "date":
        return _dateline(document, lines)
    place = title_place(document) if attribute == "title" else None
    return Told(place, place, True) if place else None


def known(document: Document, attribute: str) -> bool:
    """Whether the properties of its file tell it, whether or not its text does."""
    value = {
        "author": document.author or document.publisher,
        "publisher": document.publisher,
        "date": document.date,
        "title": document.title,
        "language": document.language,
    }.get(attribute)
    return bool(value)


def head_words(document: Document) -> str:
    """What the short lines say that a document begins with: title, byline, what it is."""
    said = (document.text[slice(*line)] for line in _lines(document)[:_NAMING])
    return "\n".join(line for line in said if len(line.split()) <= _MOST_WORDS)


def _lines(document: Document) -> list[Span]:
    """The first and the last lines that hold something."""
    text = document.text
    head = spans(text[:_HEAD].splitlines(keepends=True))[:_AT_HEAD]
    begins = max(len(text) - _END, head[-1].end if head else 0)
    end = spans(text[begins:].splitlines(keepends=True), begins)[-_AT_END:]
    return [*head, *end]


def _under_key(document: Document, lines: list[Span], attribute: str) -> Iterator[Told]:
    keys = _KEYS.get(attribute, [re.sub(r"\W|_", "", attribute)])
    for line in lines:
        found = _SETTING.match(document.text[slice(*line)])
        if found and re.sub(r"\W|_", "", found["key"].lower()) in keys:
            yield from _told(document, line, found, True)


def _byline(document: Document, lines: list[Span]) -> Told | None:
    for form in (_BYLINE, _BESIDE_ADDRESS):
        for line in lines:
            found = form.match(document.text[slice(*line)])
            if found and len(found["value"].split()) <= _MOST_WORDS / 2:
                return next(_told(document, line, found, form is _BYLINE), None)
    return None


def _known(document: Document, lines: list[Span], value: str | None) -> Told | None:
    """Where what the file's properties say stands in a short line, or over several."""
    parts = [re.escape(word.text) for word in words(value or "")]
    if not parts:
        return None
    for place in re.finditer(r"\b" + r"[\W_]+".join(parts) + r"\b", document.text, re.I):
        held = [line for line in lines if line.overlaps(Span(*place.span()))]
        said = [document.text[slice(*line)] for line in held]
        if held and all(len(one.split()) <= _MOST_WORDS for one in said):
            return Told(Span(*place.span()), Span(held[0].start, held[-1].end), False)
    return None


def _dateline(document: Document, lines: list[Span]) -> Told | None:
    """The first short line of the head that holds a day, or a month of a year."""
    for line in lines[:_AT_HEAD]:
        said = document.text[slice(*line)]
        if len(said.split()) > _MOST_WORDS:
            continue
        for day in _DAY.finditer(capitalised(said)):
            if not _YEAR_ALONE.fullmatch(day.group()):
                return Told(_within(line, day.span()), line, False)
    return None


def _credits(document: Document, topic: str) -> Iterator[Told]:
    wanted = content_stems(topic)
    for line in spans(document.text.splitlines(keepends=True)):
        said = document.text[slice(*line)]
        found = _CREDIT.search(said)
        if found and (not wanted or wanted & stems(said)):
            yield from _told(document, line, found, True)


def _told(document: Document, line: Span, found: re.Match[str], sure: bool) -> Iterator[Told]:
    """What stands in the group "value" of a match in ``line``, without the signs round it."""
    pieces = list(document.structure.without_signs(_within(line, found.span("value"))))
    said = [(a, b) for a, b in pieces if document.text[a:b].strip(_EDGES)]
    if not said:
        return
    start, end = said[0][0], said[-1][1]
    text = document.text[start:end]
    start += len(text) - len(text.lstrip(_EDGES))
    yield Told(Span(start, start + len(text.strip(_EDGES))), line, sure)


def _within(line: Span, place: tuple[int, int]) -> Span:
    return Span(line.start + place[0], line.start + place[1])
