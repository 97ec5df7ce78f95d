"""What happened when: the sentences that name a date, in the order of their dates.

A sentence that only says "today" stands at the date of its text, of which the first is quoted, or
the one that says most on the topic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnoted.corpus.types import Document
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit
from footnoted.qa.catalogue.meant import MOST_READ, read
from footnoted.qa.english.request import Request
from footnoted.qa.english.written_dates import dates_in
from footnoted.qa.forms.central import is_formal
from footnoted.qa.forms.laying_out import Line, Quoted, laid_out, not_laid_out
from footnoted.qa.forms.quotable import Sentence, Topic, formulas, quotable
from footnoted.qa.forms.sources import named
from footnoted.qa.forms.text_dates import TextDate, date_of
from footnoted.qa.protocols import Composition

_WORD = re.compile(r"[^\W\d_]{2,}")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?", re.I)
_FEWEST_WORDS = 2
_MOST = 40
_LOOKED_AT = 400
WITHOUT_A_YEAR = "Without a year"


class _Entry(NamedTuple):
    """A sentence at a date; ``of_text``: the date of its text, where it is that or has no year."""

    order: tuple[int, int, int]
    sentence: Sentence
    written: str
    of_text: TextDate | None
    is_first: bool

    def place(self) -> tuple[bool, tuple[int, int, int], tuple[int, int, int]]:
        """Those without a year come last, in the order of their texts: which year it is, "last
        November" leaves open."""
        of_text = self.of_text.dated.order if self.of_text else (0, 0, 0)
        return (False, self.order, of_text) if self.order[0] else (True, of_text, self.order)


def timeline(request: Request, library: Searchable, hits: Sequence[Hit]) -> Composition:
    """The dated sentences on the topic of ``request``, or of all documents. What a plan does is
    seldom told with that word: of one that is not named, what was found for it is told, too."""
    documents, topic = _meant(request, library)
    near = [hit for hit in hits if topic and topic.is_unnamed]
    documents = list(
        {one.id: one for one in (*documents, *(hit.document for hit in near))}.values()
    )
    known = library.kept(formulas)
    found: list[list[_Entry]] = []
    for document in documents:
        sentences = [one for one in quotable(document, known) if not is_formal(one)]
        if topic:
            sentences = [one for one in sentences if _is_on(topic, one, near)]
        if sentences:
            found.append(list(_entries(document, sentences, topic)))
    shown = _in_turns(found)
    every = sum(map(len, found))
    if not every:
        return not_laid_out(hits, _none_said(request))
    shown.sort(key=_Entry.place)
    note = f"{len(shown)} of {every} dated sentences are shown." if every > len(shown) else ""
    return laid_out("timeline", [_line(one) for one in shown], 1.0, note=note)


def _is_on(topic: Topic, one: Sentence, near: Sequence[Hit]) -> bool:
    if topic.share(one.document, one.span):
        return True
    return any(hit.holds(one.document.id, one.span.start) for hit in near)


def _none_said(request: Request) -> str:
    on = f" on {request.topic}" if request.topic else ""
    return f"There is no timeline to be made: no sentence{on} stands with a date."


def _meant(request: Request, library: Searchable) -> tuple[Sequence[Document], Topic | None]:
    """The documents to look through, and what for, unless for all that they say."""
    if not request.topic:
        return read(library, library.listing()[:MOST_READ]), None
    if request.names_a_kind and (documents := named(request.topic, library)):
        return documents, None
    holding = dict.fromkeys(one.id for one, _ in library.candidates(request.topic, _LOOKED_AT))
    listing = [one for one in library.listing() if one.id in holding]
    return read(library, listing[:MOST_READ]), Topic(request.topic, library)


def _entries(
    document: Document, sentences: Sequence[Sentence], topic: Topic | None
) -> Iterator[_Entry]:
    """The sentences with their dates; the best of them with the date of the text, if it is known
    and none of them names it."""
    of_text = date_of(document)
    sentences = [one for one in sentences if _tells(one)]
    dated = [(one, date) for one in sentences for date in dates_in(one.text)]
    if sentences and of_text and not any(date.order == of_text.dated.order for _, date in dated):
        whole = [one for one in sentences if one.is_whole] or sentences
        best = max(whole, key=lambda s: topic.share(document, s.span)) if topic else whole[0]
        yield _Entry(of_text.dated.order, best, of_text.written, of_text, True)
    for sentence, date in dated:
        written = sentence.text[slice(*date.span)]
        if date.year:
            yield _Entry(date.order, sentence, written, None, False)
        else:
            yield _Entry(date.order, sentence, written, of_text, False)


def _tells(sentence: Sentence) -> bool:
    """Whether it says something beside a date: "Lydbrook, 20 March 2026." does not, nor does the
    line of a letter's head, "Date: Tue, 24 Mar 2026 09:12"."""
    said = sentence.text
    for date in dates_in(said):
        said = (
            said[: date.span.start]
            + " " * (date.span.end - date.span.start)
            + said[date.span.end :]
        )
    words = (word for word in _WORD.findall(said) if not _WEEKDAY.fullmatch(word))
    return len(list(words)) >= _FEWEST_WORDS


def _in_turns(found: Sequence[Sequence[_Entry]]) -> list[_Entry]:
    """Up to ``_MOST``: the first of each document, then the second, and so on."""
    longest = max(map(len, found), default=0)
    turns = (some[turn] for turn in range(longest) for some in found if turn < len(some))
    return [one for _, one in zip(range(_MOST), turns, strict=False)]


def _line(entry: _Entry) -> Line:
    document, of_text = entry.sentence.document, entry.of_text
    line = of_text.line if of_text else None
    beside = ((document, line),) if line and not line.overlaps(entry.sentence.quoted) else ()
    quoted = Quoted((document, entry.sentence.quoted), beside)
    stands = not entry.is_first or line is not None
    return Line(
        ((quoted,),),
        label=entry.written,
        under=WITHOUT_A_YEAR if not entry.order[0] else "",
        dated=of_text.written if of_text else "",
        answer=stands,
    )
