"""Who is on a side: all voices of many passages, the likeliest checked for both sides.

The reader tells which sentences may answer, and its network is cheap; the checker tells which of
the voices in them are on which side. It is asked twice of each: whether the text says that they
are on the side that is asked for, and whether it says that they are on the other one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from footnoted.index.types import Hit
from footnoted.qa.english.attribution import with_speaker
from footnoted.qa.english.question import AskedFor
from footnoted.qa.english.sameness import same
from footnoted.qa.protocols import Checker, Claim, Reading
from footnoted.qa.reader.candidates import excerpts
from footnoted.qa.reader.finder import SpanFinder
from footnoted.qa.survey.enumerations import whole
from footnoted.qa.survey.ledger import LEAST_DOUBTFUL, ledger, left_out
from footnoted.qa.survey.voices import Voice, voices
from footnoted.qa.survey.weighing import Evidence, Weighing
from footnoted.qa.types import Finding, LeftOut


@dataclass(frozen=True, slots=True)
class SideOptions:
    """How much is checked, and what of it is said."""

    at_once: int = 4
    """Passages that are checked together; when none of them brings anybody new, it is enough."""
    fewest: int = 2
    rounds: int = 4
    """So many times at least, and at most."""
    each: int = 2
    """Passages in which one is checked."""
    names: int = 5
    """Voices of one passage that are checked."""


MEASURED = SideOptions()


@dataclass(frozen=True, slots=True)
class _Judged:
    """A voice, how likely it is on the side that is asked for, and how likely on the other one."""

    voice: Voice
    chance: float
    against: float


class SideReader:
    """Reads for who is on a side."""

    def __init__(
        self,
        finder: SpanFinder,
        checker: Checker,
        weighing: Weighing,
        options: SideOptions = MEASURED,
    ) -> None:
        self._finder = finder
        self._checker = checker
        self._weighing = weighing
        self._options = options

    def read(self, asked: AskedFor, hits: Sequence[Hit]) -> Reading:
        """Who is on the side that ``asked`` names, the surest first; a ledger tells of others."""
        found = self._voices(asked, hits)
        people = self._judged(asked, found)
        said, doubtful, others = self._parted(people)
        told = ledger(hits, len(people), others)
        surest = max((one.chance for of_one in people for one in of_one), default=0.0)
        if said:
            return Reading(tuple(said), surest, ledger=told)
        return Reading((), 1 - surest, tuple(doubtful), told)

    def evidence(self, asked: AskedFor, hits: Sequence[Hit]) -> list[tuple[Voice, Evidence]]:
        """What is known of everybody in ``hits``, whoever of them is likely."""
        return self._weighed(asked, [one for some in self._voices(asked, hits) for one in some])

    def _voices(self, asked: AskedFor, hits: Sequence[Hit]) -> list[list[Voice]]:
        """By passage, the likeliest first, and in each the likeliest first."""
        read = excerpts(hits)
        units = [one.sentences.values() for one in read]
        readings = self._finder.read_pairs([(asked.text, one.text) for one in read], units)
        found = (
            sorted(voices(asked, excerpt, reading), key=_likeliest)
            for excerpt, reading in zip(read, readings, strict=True)
        )
        return sorted(filter(None, found), key=lambda some: -max(one.margin for one in some))

    def _judged(self, asked: AskedFor, passages: Sequence[list[Voice]]) -> list[list[_Judged]]:
        """The voices that were checked, by whose they are; the likeliest of each first."""
        people: list[list[_Judged]] = []
        waiting = iter(passages)
        for again in range(self._options.rounds):
            some = list(islice(self._worth_checking(waiting, people), self._options.at_once))
            if not some:
                break
            known = self._said_by(people)
            for one in self._check(asked, [voice for of_passage in some for voice in of_passage]):
                _add(people, one)
            if again + 1 >= self._options.fewest and self._said_by(people) == known:
                break
        return [sorted(of_one, key=lambda one: -one.chance) for of_one in people]

    def _worth_checking(
        self, passages: Iterator[list[Voice]], people: Sequence[list[_Judged]]
    ) -> Iterator[list[Voice]]:
        """Of each passage, the likeliest of those who were not checked often enough."""
        for some in passages:
            new: list[Voice] = []
            for one in some:
                is_known = len(_of(one, people)) >= self._options.each
                if not is_known and not any(same(one.said, other.said) for other in new):
                    new.append(one)
            if new:
                yield new[: self._options.names]

    def _said_by(self, people: Sequence[list[_Judged]]) -> int:
        return sum(any(self._is_said(one) for one in of_one) for of_one in people)

    def _is_said(self, one: _Judged) -> bool:
        return one.chance >= self._weighing.least

    def _check(self, asked: AskedFor, some: Sequence[Voice]) -> Iterator[_Judged]:
        weighed = self._weighed(asked, some)
        for_it = self._weighing.chances([evidence for _, evidence in weighed])
        against_it = self._weighing.chances([evidence.turned for _, evidence in weighed])
        for one, chance, against in zip(some, for_it, against_it, strict=True):
            yield _Judged(one, float(chance), float(against))

    def _weighed(self, asked: AskedFor, some: Sequence[Voice]) -> list[tuple[Voice, Evidence]]:
        assert asked.sides
        questions = asked.text, asked.sides.opposite
        claims = [Claim(one.text, question, one.said) for one in some for question in questions]
        checks = self._checker.logits(claims).reshape(-1, len(questions))
        return [
            (one, Evidence(float(own), float(opposite), one.agreement))
            for one, (own, opposite) in zip(some, checks, strict=True)
        ]

    def _parted(
        self, people: Sequence[list[_Judged]]
    ) -> tuple[list[Finding], list[Finding], list[LeftOut]]:
        """Who is said to be on the side, who may be, and all others, with the reason."""
        said: list[Finding] = []
        doubtful: list[Finding] = []
        left: list[LeftOut] = []
        for best, *others in sorted(people, key=lambda of_one: -of_one[0].chance):
            against = max(one.against for one in (best, *others))
            if self._is_said(best):
                for one in (best, *(one for one in others if self._is_said(one))):
                    said += _findings(one)
                continue
            is_other = against >= max(self._weighing.least, best.chance)
            if not is_other and best.chance >= LEAST_DOUBTFUL:
                doubtful += _findings(best)
            voice = best.voice
            place = voice.document.id, voice.sentence
            left.append(left_out(voice.said, best.chance, *place, other_side=is_other))
        # Named ones before "residents" and "the public".
        said = sorted(whole(said), key=lambda one: one.answer_text.islower())
        names = [one.answer_text for one in said]
        left = [one for one in left if not any(same(one.text, name) for name in names)]
        return said, doubtful, left


def _likeliest(voice: Voice) -> tuple[bool, float, float]:
    """Those come first who speak or of whom words tell a side."""
    return not (voice.speaks or voice.agreement), -voice.margin, -voice.own


def _of(voice: Voice, people: Sequence[list[_Judged]]) -> list[_Judged]:
    """What is known of whose voice it is."""
    name = voice.said
    for of_one in people:
        if any(same(name, one.voice.said) for one in of_one):
            return of_one
    return []


def _add(people: list[list[_Judged]], one: _Judged) -> None:
    of_one = _of(one.voice, people)
    if not of_one:
        people.append(of_one)
    of_one.append(one)


def _findings(one: _Judged) -> Iterator[Finding]:
    """The sentence, and where it does not name whose it is, the place that does."""
    voice = one.voice
    quoted = with_speaker(voice.document, voice.hit.passage.sentences, voice.sentence)
    yield Finding(voice.document, quoted, voice.name, one.chance)
    if not voice.name.is_inside(quoted):
        yield Finding(voice.document, voice.place, voice.name, one.chance)
