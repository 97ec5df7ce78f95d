"""Whether what a language model wrote is carried by what it cites."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from footnoted.qa.protocols import Entailment, Pair
from footnoted.qa.writing.drafting import Drafted
from footnoted.qa.writing.evidence import Place, Source, evidence
from footnoted.qa.writing.particulars import said_at_once, share_said
from footnoted.qa.writing.proof import TOO_LITTLE, about, unproved
from footnoted.qa.writing.speakers import speaker_left_out

_MOSTLY = 0.5
"""Of the words of a sentence that carry meaning, so many have to be quoted where no model tells
whether others say the same."""


class Checked(NamedTuple):
    """A written sentence with the places that it rests on; ``why`` it is not supported, "" where it
    is."""

    text: str
    places: tuple[Place, ...]
    why: str

    @property
    def is_supported(self) -> bool:
        return not self.why


class Check:
    """Checks written sentences against passages: by rules, and by ``entailment`` where there is
    one."""

    def __init__(self, entailment: Entailment | None = None) -> None:
        self._entailment = entailment

    def warm_up(self) -> None:
        if self._entailment:
            self._entailment.probabilities([Pair("It is ready.", "It is ready.")])

    def check(self, sentence: Drafted, sources: Sequence[Source]) -> Checked:
        """Whether the sources that a sentence names, by their numbers from 1 on, carry it, or any
        others: a model that says what is true may be wrong about where it stands."""
        named = [sources[number - 1] for number in sentence.cited if 0 < number <= len(sources)]
        first = self._against(sentence.text, named) if named else None
        if first and first.is_supported:
            return first
        among_all = self._against(sentence.text, sources)
        return among_all if among_all.is_supported or first is None else first

    def _against(self, sentence: str, sources: Sequence[Source]) -> Checked:
        places = tuple(evidence(sentence, sources))
        return Checked(sentence, places, self.why(sentence, places))

    def why(self, sentence: str, places: Sequence[Place]) -> str:
        """Why a sentence does not follow from what is quoted; "" where it does."""
        return next(self._against_it(sentence, places), "")

    def _against_it(self, sentence: str, places: Sequence[Place]) -> Iterator[str]:
        """The plainest reason first."""
        quoted = [place.said for place in places]
        yield from unproved(sentence, quoted, " ".join(about(place.document) for place in places))
        if named := speaker_left_out(sentence, places):
            yield f"{named} says so, which the sentence does not tell"
        together = " ".join(quoted)
        if self._entailment:
            (likely,) = self._entailment.probabilities([Pair(together, sentence)])
            if likely < self._entailment.threshold(said_at_once(sentence, quoted)):
                yield "what is quoted does not say so"
        elif share_said(sentence, together) < _MOSTLY:
            yield TOO_LITTLE
