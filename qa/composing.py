"""Findings to an answer: what is certain enough is quoted, and nothing else is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from footnoted.corpus.types import Document, Span
from footnoted.index.types import Hit
from footnoted.qa.english.attribution import Speaker, speaker_of
from footnoted.qa.english.contrast import telling_otherwise
from footnoted.qa.english.initials import written_out
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import distinct
from footnoted.qa.english.verdict import verdict
from footnoted.qa.protocols import Composition, Reading
from footnoted.qa.types import NO, YES, Citation, Finding, Outcome, ShortAnswer, Statement

NEAREST = 3
"""How many places at most are shown where nothing is answered."""

DOUBTED = "Something was found, but the language model doubts that it answers the question."

_SURE_OF_OTHERWISE = 0.95
"""Of the questions of which a sentence says all but one word, so many are not answered."""


def quote(asked: AskedFor, reading: Reading, hits: Sequence[Hit]) -> Composition:
    """What ``reading`` found in ``hits``, in quotations; or decline where it found nothing."""
    told = [] if asked.several or asked.sides else told_otherwise(asked, hits)
    if told and not _answered_beside(asked, reading, told):
        return otherwise(reading, told)
    return with_verdict(asked, compose(reading, hits))


_Place = tuple[Document, Span]


def told_otherwise(asked: AskedFor, hits: Sequence[Hit]) -> list[_Place]:
    """The sentences that say what is asked of something else; see ``qa.english.contrast``."""
    places = {
        (hit.document.id, sentence): hit.document
        for hit in hits
        for sentence in hit.passage.sentences
    }
    every = [(document, span) for (_, span), document in places.items()]
    texts = [document.text[span.start : span.end] for document, span in every]
    return [every[number] for number in telling_otherwise(asked.text, texts)]


def _answered_beside(asked: AskedFor, reading: Reading, told: Sequence[_Place]) -> bool:
    """Whether the likeliest answer stands elsewhere, or says no: "Is it open?", "It is closed"."""
    best = next((one for one in reading.findings if one.answer), None)
    if best is None or best.answer is None:
        return False
    at = best.answer.start
    here = (d.id == best.document.id and span.start <= at < span.end for d, span in told)
    return asked.yes_or_no or not any(here)


def otherwise(reading: Reading, told: Sequence[_Place]) -> Composition:
    """Decline, and show what the documents say instead."""
    surely = max(_SURE_OF_OTHERWISE, 0.0 if reading.findings else reading.confidence)
    nearest = (cite(number, *place) for number, place in enumerate(told[:NEAREST], start=1))
    return Composition("otherwise", surely, nearest=tuple(nearest))


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
    once, and the same thing in other words is one answer, with a citation for each place. Where a
    sentence does not name who says it, the place that does is cited after it.
    """
    findings = reading.findings
    if not findings:
        return declined(reading, hits)
    said = [_Said(f, speaker_of(f.document, f.sentence) if f.answer else None) for f in findings]
    documents = {f.document.id: f.document for f in findings}
    number_of = {place: number for number, place in enumerate(_places(said), start=1)}
    citations = tuple(cite(number, documents[i], span) for (i, span), number in number_of.items())

    def cited(group: Sequence[_Said]) -> tuple[int, ...]:
        return tuple(number_of[place] for place in _places(group))

    answering = [one for one in said if one.finding.answer]
    named = distinct([one.answer for one in answering])
    answers = tuple(
        ShortAnswer(
            group[0].answer,
            max(one.finding.confidence for one in group),
            cited(group),
            next((one.speaker.name for one in group if one.speaker), None),
            "" if group[0].listed else _words(group[0].finding),
        )
        for group in ([answering[i] for i in positions] for positions in named)
    )
    rendered = {citation.number: citation.rendered for citation in citations}
    statements = tuple(
        Statement(
            group[0].finding.text, "verbatim", (numbers := cited(group)), rendered[numbers[0]]
        )
        for group in _same_words(said)
    )
    return Composition("answered", reading.confidence, answers, statements, citations)


@dataclass(frozen=True, slots=True)
class _Said:
    """A finding, and who says it."""

    finding: Finding
    speaker: Speaker | None

    @property
    def listed(self) -> Span | None:
        """Where minutes list those present with the name whose initials answer."""
        return written_out(self.finding.document, self.finding.answer_text)

    @property
    def answer(self) -> str:
        """The short answer; of initials, the name."""
        listed = self.listed
        return self.finding.document.text[slice(*listed)] if listed else self.finding.answer_text

    @property
    def places(self) -> list[tuple[str, Span]]:
        """What is quoted: its sentence and, where that does not hold them, its answer and speaker.

        Of a press release, each sentence is its issuer's: that is said, and not quoted each time.
        """
        finding, speaker = self.finding, self.speaker
        quoted = [finding.sentence]
        places = speaker.places if speaker else []
        answering = [p for p in places if finding.answer and p.overlaps(finding.answer)]
        if answering and not finding.sentence.overlaps(answering[-1]):
            quoted.append(answering[-1])
        elif speaker and speaker.place and not (speaker.is_issuer or self._names(speaker)):
            quoted.append(speaker.place)
        quoted += [self.listed] if self.listed else []
        return [(finding.document.id, span) for span in quoted]

    def _names(self, speaker: Speaker) -> bool:
        place = speaker.place
        within = place is not None and self.finding.sentence.overlaps(place)
        return within or speaker.name in self.finding.text


def _places(said: Sequence[_Said]) -> list[tuple[str, Span]]:
    """What is quoted, each place once: the sentences, and after them what stands beside them."""
    first = [one.places[0] for one in said]
    return list(dict.fromkeys([*first, *(place for one in said for place in one.places)]))


def declined(reading: Reading, hits: Sequence[Hit]) -> Composition:
    if reading.doubtful:
        outcome: Outcome = "uncertain"
        places = {(f.document.id, f.sentence): f.document for f in reading.doubtful}
        near = [(document, span) for (_, span), document in places.items()]
    else:
        outcome = "not found"
        near = [(hit.document, Span(hit.passage.start, hit.passage.end)) for hit in hits]
    nearest = (cite(number, *place) for number, place in enumerate(near[:NEAREST], start=1))
    return Composition(outcome, reading.confidence, nearest=tuple(nearest))


def doubted(found: Composition) -> Composition:
    """What was ``found``, as something that may answer: a language model says that it does not."""
    return Composition(
        "uncertain", 1 - found.confidence, nearest=found.citations[:NEAREST], note=DOUBTED
    )


def cite(number: int, document: Document, span: Span) -> Citation:
    citation = Citation.of(number, document, span)
    assert document.text[citation.start : citation.end] == citation.quote
    return citation


def _words(finding: Finding) -> str:
    """A short answer without signs; the header of a cell is its sentence's to say."""
    return finding.document.structure.words_of(finding.answer) if finding.answer else ""


def _same_words(said: Iterable[_Said]) -> list[list[_Said]]:
    """Group sentences that are the same but for case and white space, in their order."""
    groups: dict[str, list[_Said]] = {}
    for one in said:
        groups.setdefault(" ".join(one.finding.text.casefold().split()), []).append(one)
    return list(groups.values())
