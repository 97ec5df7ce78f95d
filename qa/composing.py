"""Findings to an answer: what is certain enough is quoted, and nothing else is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import distinct
from footnoted.qa.english.verdict import verdict
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import NO, YES, Citation, Finding, Outcome, ShortAnswer, Statement

_NEAREST = 3


class Quoting:
    """The writer that adds no word of its own; see ``qa.protocols.Writer``."""

    name = None

    def write(self, asked: AskedFor, reading: Reading, hits: Sequence[Hit]) -> Composition:
        return with_verdict(asked, compose(reading, hits))


def with_verdict(asked: AskedFor, composed: Composition) -> Composition:
    """Yes or no as the answer, where what is quoted says so in the words of the question.

    It cites what says so alone; where that is at odds with itself, there is none.
    """
    quotes = {citation.number: citation for citation in composed.citations}
    answering = {number for short in composed.answers for number in short.citations}
    said = {number: verdict(asked.text, quotes[number].said) for number in sorted(answering)}
    verdicts = {one for one in said.values() if one is not None}
    if len(verdicts) != 1:
        return composed
    cited = tuple(number for number, one in said.items() if one is not None)
    text = YES if verdicts.pop() else NO
    confidence = max(one.confidence for one in composed.answers if {*one.citations} & {*cited})
    return replace(composed, answers=(ShortAnswer(text, confidence, cited),))


def compose(reading: Reading, hits: Sequence[Hit]) -> Composition:
    """Quote every finding, or decline and show what may answer, or the nearest passages.

    Sentences come in the order of the findings. The same words found in several places are said
    once, and the same thing in other words is one answer, with a citation for each place.
    """
    findings = reading.findings
    if not findings:
        return declined(reading, hits)
    places = dict.fromkeys((f.document.id, f.sentence) for f in findings)
    documents = {f.document.id: f.document for f in findings}
    number_of = {place: number for number, place in enumerate(places, start=1)}
    citations = tuple(cite(number, documents[i], span) for (i, span), number in number_of.items())

    def cited(group: Sequence[Finding]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(number_of[f.document.id, f.sentence] for f in group))

    answering = [finding for finding in findings if finding.answer]
    named = distinct([finding.answer_text for finding in answering])
    answers = tuple(
        ShortAnswer(
            group[0].answer_text,
            max(f.confidence for f in group),
            cited(group),
            _words(group[0]),
        )
        for group in ([answering[i] for i in positions] for positions in named)
    )
    rendered = {citation.number: citation.rendered for citation in citations}
    statements = tuple(
        Statement(group[0].text, "verbatim", (numbers := cited(group)), rendered[numbers[0]])
        for group in _same_words(findings)
    )
    return Composition("answered", reading.confidence, answers, statements, citations)


def declined(reading: Reading, hits: Sequence[Hit]) -> Composition:
    if reading.doubtful:
        outcome: Outcome = "uncertain"
        places = {(f.document.id, f.sentence): f.document for f in reading.doubtful}
        near = [(document, span) for (_, span), document in places.items()]
    else:
        outcome = "not found"
        near = [(hit.document, Span(hit.passage.start, hit.passage.end)) for hit in hits]
    nearest = (cite(number, *place) for number, place in enumerate(near[:_NEAREST], start=1))
    return Composition(outcome, reading.confidence, nearest=tuple(nearest))


def cite(number: int, document: Document, span: Span) -> Citation:
    citation = Citation.of(number, document, span)
    assert document.text[citation.start : citation.end] == citation.quote
    return citation


def _words(finding: Finding) -> str:
    """A short answer without signs; the header of a cell is its sentence's to say."""
    return finding.document.structure.words_of(finding.answer) if finding.answer else ""


def _same_words(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group sentences that are the same but for case and white space, in their order."""
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(" ".join(finding.text.casefold().split()), []).append(finding)
    return list(groups.values())
