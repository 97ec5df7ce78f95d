"""Candidates are asked, and those are suggested that are answered as they should be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice, takewhile

from footnoted.qa.english.sameness import same
from footnoted.qa.suggestions.types import Candidate, Suggestion
from footnoted.qa.types import Answer, Citation

ENOUGH = 5
"""Suggestions that are shown."""

MOST_ASKED = 12
"""Candidates that are asked at most, of those that say what they ask for."""

_FEW, _MOST_VAGUE = 3, 4
"""Where fewer are suggested, so many more are asked that say less: what a document treats."""

LEAST_CONFIDENCE = 0.7
"""Beneath it, what is answered is not suggested."""

_FIGURE = re.compile(r"\d+")
_MOST_OF_A_KIND = 2
"""Before others are asked."""

_MOST_PROPOSED = 100
"""Candidates that are looked at; making them costs little."""

_LEAST_OF_SEVERAL = 0.5
"""The confidence of each of several answers."""


def suggest(candidates: Iterable[Candidate], ask: Callable[[str], Answer]) -> Iterator[Suggestion]:
    """Up to ``ENOUGH`` of the candidates, each as soon as it has been asked and answered well.

    No two are answered alike, or by the same words, and few are of one kind.
    """
    kept: list[Suggestion] = []
    for candidate in _varied(islice(candidates, _MOST_PROPOSED), kept):
        answer = ask(candidate.question)
        if is_answered(candidate, answer) and not any(_alike(answer, one.answer) for one in kept):
            kept.append(Suggestion(candidate.kind, answer))
            yield kept[-1]
        if len(kept) == ENOUGH:
            return


def _varied(candidates: Iterable[Candidate], kept: Sequence[Suggestion]) -> Iterator[Candidate]:
    """Up to ``MOST_ASKED`` candidates, those last of whose kind there are enough in ``kept``; and
    where there are few in it then, some of those that ask what is said about a thing."""
    later, vague, asked = [], [], 0
    for candidate in candidates:
        if candidate.kind == "heading":
            vague.append(candidate)
        elif sum(one.kind == candidate.kind for one in kept) >= _MOST_OF_A_KIND:
            later.append(candidate)
        elif asked < MOST_ASKED:
            asked += 1
            yield candidate
    yield from later[: MOST_ASKED - asked]
    yield from takewhile(lambda _: len(kept) < _FEW, vague[:_MOST_VAGUE])


def is_answered(candidate: Candidate, answer: Answer) -> bool:
    """Whether a candidate is answered with confidence, from the place it was made of."""
    if not answer.answered or answer.confidence < LEAST_CONFIDENCE:
        return False
    if answer.corrected or answer.unanswered or answer.understood != candidate.question:
        return False
    if not any(_is_at(one, candidate) for one in _first_cited(answer)):
        return False
    several = answer.answers if len(answer.answers) > 1 else ()
    if any(one.confidence < _LEAST_OF_SEVERAL for one in several):
        return False
    return not candidate.expected or _holds(answer, candidate.expected)


def _holds(answer: Answer, expected: str) -> bool:
    """Whether the one answer is what is expected, or says it with more or less around it."""
    if len(answer.answers) != 1:
        return False
    first = answer.answers[0].text
    if _FIGURE.findall(first) != _FIGURE.findall(expected):
        return False  # beside another figure, it is not clear which is meant
    return expected.lower() in first.lower() or same(first, expected)


def _first_cited(answer: Answer) -> Sequence[Citation]:
    """What the answers cite; of an answer without, what the statements do."""
    said = answer.answers or answer.statements
    numbers = {number for one in said for number in one.citations}
    return [one for one in answer.citations if one.number in numbers]


def _is_at(citation: Citation, candidate: Candidate) -> bool:
    place = candidate.place
    return (
        citation.document == candidate.document
        and citation.start < place.end
        and place.start < citation.end
    )


def _alike(one: Answer, other: Answer) -> bool:
    """Whether two answers say the same, or cite the same words first."""
    if one.answers and other.answers and same(one.answers[0].text, other.answers[0].text):
        return True
    first, second = _first_cited(one)[0], _first_cited(other)[0]
    return (
        first.document == second.document and first.start < second.end and second.start < first.end
    )
