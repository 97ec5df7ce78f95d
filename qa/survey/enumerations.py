"""Enumerations are said as a whole: who answers with one of their things answers with all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from footnoted.corpus.types import Span
from footnoted.qa.english.actors import named, small_words
from footnoted.qa.english.coordination import siblings
from footnoted.qa.types import Finding


def whole(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings, and after each the names that are enumerated together with its answer."""
    every = list(findings)
    taken = [(one.document.id, one.answer) for one in every if one.answer]
    for one in every:
        yield one
        for name in _together(one):
            if not any(id_ == one.document.id and name.overlaps(span) for id_, span in taken):
                taken.append((one.document.id, name))
                yield replace(one, answer=name)


def _together(finding: Finding) -> Iterator[Span]:
    start, answer = finding.sentence.start, finding.answer
    if answer is None:
        return
    names = list(named(finding.text, small_words(finding.document.text)))
    for one in siblings(finding.text, Span(answer.start - start, answer.end - start), names):
        yield Span(start + one.start, start + one.end)
