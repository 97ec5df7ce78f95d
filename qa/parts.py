"""Answers to the parts of a question, as one; each part is read for among what is of its time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from footnoted.corpus.words import stems, words
from footnoted.index.protocols import Passages
from footnoted.index.types import Filter
from footnoted.qa.catalogue.attributes import head_words
from footnoted.qa.catalogue.meant import MOST_READ, read
from footnoted.qa.english.comparison import Comparison
from footnoted.qa.english.figures import Figure
from footnoted.qa.english.lexicon import POINTING
from footnoted.qa.english.parts import is_fragment
from footnoted.qa.follow_up.standing_alone import standalone
from footnoted.qa.place import MONTHS
from footnoted.qa.protocols import Composition
from footnoted.qa.types import NO, YES, Citation, ShortAnswer, Statement

_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.I)
_TIME = re.compile(
    r"(?:,?\s+(?:in|on|of|at|from|during))?(?:\s+the)?\s+(?:\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?)?"
    rf"\b(?P<month>{'|'.join(MONTHS)})(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?,?\s+(?P<year>(?:1\d|20)\d\d)\b",
    re.I,
)


def joined(parts: Sequence[str], compositions: Sequence[Composition]) -> Composition:
    """The answers to ``parts``, one after the other, with their citations numbered on.

    It is as sure as the least sure of those that answer, and names the parts that none does. Where
    none does, it is the one that may.
    """
    answered = [one for one in compositions if one.answered]
    if not answered:
        may = [one for one in compositions if one.outcome != "not found"]
        return min(may or compositions, key=lambda one: one.confidence)
    missing = [part for part, one in zip(parts, compositions, strict=True) if not one.answered]
    confidence = min(one.confidence for one in answered)
    whole = Composition("answered", confidence, unanswered=tuple(missing))
    for one in answered:
        whole = _after(whole, one)
    return whole


def decided(
    comparison: Comparison, whole: Composition, of_each: Sequence[Composition]
) -> Composition:
    """``whole``, which joins what answers ``of_each`` of two things, with which of them it is that
    was asked for; as it is, where the figures do not tell or what is quoted does not name it."""
    figures = [Figure.of(one.answers[0].text) if one.answers else None for one in of_each]
    chosen = comparison.chosen(*figures)
    if chosen is None:
        return whole
    text = (YES, NO)[chosen] if comparison.yes_or_no else ""
    text = text or _as_written(comparison.sides[chosen], whole.citations)
    cited = {number: None for one in whole.answers for number in one.citations}
    said = ShortAnswer(text, whole.confidence, tuple(cited))
    return replace(whole, answers=(said,)) if text else whole


def _as_written(name: str, citations: Sequence[Citation]) -> str:
    """``name`` as a quotation writes it; "" where none does."""
    bare = re.compile(rf"\b{re.escape(_ARTICLE.sub('', name))}\b", re.I)
    found = (bare.search(citation.quote) for citation in citations)
    return next((match.group() for match in found if match), "")


def each_alone(parts: Sequence[str]) -> tuple[str, ...]:
    """``parts`` as questions that stand alone, each after the first; none where one cannot.

    "Who laid it out, and in what year?" says too little of the second. What the first points at
    itself, it cannot tell the others.
    """
    first, *others = parts
    unclear = _pointing(first)
    asked = [p if unclear & _pointing(p) else standalone(p, [first]) for p in others]
    is_whole = all(first[:-1] not in one and not is_fragment(one) for one in asked)
    return (first, *asked) if is_whole else ()


def _pointing(question: str) -> set[str]:
    """Its words that stand for another: "it", "their"."""
    return {word.text.lower() for word in words(question)} & POINTING


def alone(composed: Composition) -> Composition:
    """The likeliest answer and what it cites, for a part that asks for one thing."""
    if not composed.answers:
        return composed
    best = composed.answers[:1]
    cited = set(best[0].citations)
    statements = tuple(one for one in composed.statements if not cited.isdisjoint(one.citations))
    numbers = cited.union(*(one.citations for one in statements))
    kept = tuple(one for one in composed.citations if one.number in numbers)
    return replace(composed, answers=best, statements=statements, citations=kept)


def _after(first: Composition, then: Composition) -> Composition:
    """``then`` after ``first``; what is cited in both is cited once."""
    places = {(c.document, c.start, c.end): c.number for c in first.citations}
    number: dict[int, int] = {}
    citations = list(first.citations)
    for citation in then.citations:
        place = (citation.document, citation.start, citation.end)
        if place not in places:
            places[place] = len(citations) + 1
            citations.append(replace(citation, number=places[place]))
        number[citation.number] = places[place]
    answers = (
        replace(one, citations=tuple(number[n] for n in one.citations)) for one in then.answers
    )
    statements = (
        replace(one, citations=tuple(number[n] for n in one.citations)) for one in then.statements
    )
    return replace(
        first,
        answers=(*first.answers, *answers),
        statements=_distinct((*first.statements, *statements)),
        citations=tuple(citations),
    )


def _distinct(said: Sequence[Statement]) -> tuple[Statement, ...]:
    return tuple(dict.fromkeys(said))


class OfItsTime(NamedTuple):
    """A question without the time that it names, to be asked of the documents of that time."""

    question: str
    among: Filter


def of_its_time(question: str, library: Passages) -> OfItsTime | None:
    """``question`` for the documents of the month that it names, if any are known to be of it.

    They are by their dates, names and first lines. What minutes of June 2009 say was said then, and
    they seldom name their month again.
    """
    found = _TIME.search(question)
    if found is None:
        return None
    number = MONTHS.index(found["month"].capitalize()) + 1
    spelt = re.compile(
        rf"\b{found['year']}-{number:02d}\b|\b{found['month']}\b,?\s+{found['year']}\b", re.I
    )
    listing = library.listing()
    of_it = {one.id for one in listing if spelt.search(f"{one.id} {one.title} {one.date or ''}")}
    if not of_it and len(listing) <= MOST_READ:
        of_it = {one.id for one in read(library, listing) if spelt.search(head_words(one))}
    untimed = f"{question[: found.start()]}{question[found.end() :]}"
    return OfItsTime(untimed, Filter(frozenset(of_it))) if of_it else None


def of_its_source(names: Sequence[str], library: Passages) -> Filter | None:
    """The documents that name somebody in their title, publisher or first lines, if any do.

    What the Greens say stands in what the Greens publish, first of all.
    """
    wanted = stems(" ".join(names))
    listing = library.listing()
    if not wanted or len(listing) > MOST_READ:
        return None
    of_it = {
        one.id
        for one in read(library, listing)
        if wanted
        <= stems(f"{one.title} {one.publisher or ''} {one.author or ''} {head_words(one)}")
    }
    return Filter(frozenset(of_it)) if of_it else None
