"""Of like things in one sentence, the one that is asked for: the part that names it answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from footnoted.corpus.types import Span
from footnoted.qa.english.parallel import asked_part
from footnoted.qa.english.question import AskedFor
from footnoted.qa.reader.candidates import Candidate, Place

_EDGE = re.compile(r"[\s,;]+|\b(?:and|but|or|to|while|whereas)\b", re.I)
_FIGURE = re.compile(r"\d")


def of_asked_parts(asked: AskedFor, spans: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """``spans`` without those of another part of a sentence than the one that is asked for.

    What runs over its edge is cut there. A sentence of which nothing alike is found in that part
    stays as it is.
    """
    parts = {one.place: _part(asked, one) for one in spans}
    kept = [(one, _within(one, parts[one.place])) for one in spans]
    answered = {(one.place, _is_figure(cut)) for one, cut in kept if cut and parts[one.place]}
    return tuple(_kept(kept, parts, answered))


def _kept(
    cut: Sequence[tuple[Candidate, Candidate | None]],
    parts: dict[Place, Span | None],
    answered: set[tuple[Place, bool]],
) -> Iterator[Candidate]:
    for one, inside in cut:
        if inside:
            yield inside
        elif (one.place, _is_figure(one)) not in answered:
            yield one


def _part(asked: AskedFor, one: Candidate) -> Span | None:
    """Where the part stands that is asked for, as offsets of the document."""
    part = asked_part(one.sentence_text, asked.text)
    first = one.sentence.start
    return Span(first + part.start, first + part.end) if part else None


def _within(one: Candidate, part: Span | None) -> Candidate | None:
    """What of a candidate stands in ``part``; all of it where there is none."""
    if part is None or (part.start <= one.answer.start and one.answer.end <= part.end):
        return one
    start, end = max(one.answer.start, part.start), min(one.answer.end, part.end)
    if start >= end:
        return None
    text = one.hit.document.text
    while edge := _EDGE.match(text, start, end):
        start = edge.end()
    end = start + len(text[start:end].rstrip(" ,;"))
    return replace(one, answer=Span(start, end)) if start < end else None


def _is_figure(one: Candidate) -> bool:
    return _FIGURE.search(one.answer_text) is not None
