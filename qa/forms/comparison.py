"""What two documents say differently of the same thing, side by side, and what one says alone.

Sentences are of the same thing that are near to each other and share what tells most. Whether what
they say of it differs is for their reader to see: what both say in the same words is left out.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from footnoted.corpus.words import Word, content_words, stem, words
from footnoted.index.protocols import Searchable
from footnoted.index.types import Hit
from footnoted.qa.catalogue.meant import MOST_READ
from footnoted.qa.english.request import Request
from footnoted.qa.forms.central import centrality, vectors
from footnoted.qa.forms.laying_out import Line, Quoted, laid_out, not_laid_out
from footnoted.qa.forms.quotable import Sentence, Topic, apart, formulas, quotable, same_words
from footnoted.qa.forms.sources import Source, sources
from footnoted.qa.forms.text_dates import date_of
from footnoted.qa.protocols import Composition
from footnoted.qa.types import SHARED

Matrix = NDArray[np.float64]

BOTH, ALONE = "Both speak of this", "Only in {}"
"""What rows stand under."""

_MOST_PAIRS, _MOST_ALONE = 6, 4
_OF_ONE = 2
"""Sentences of one side in a pair: what one says in a sentence, the other may say in two."""
_MOST_SENTENCES = 150
_FEWEST_WORDS = 3
"""Words that tell something, but for figures, in a sentence that is worth comparing."""
_ALIKE, _UNLIKE, _UNLIKE_OF_ANOTHER = 0.31, 0.27, 0.36
"""From so much on, of 1, two sentences are of the same thing. What is alone is less like any other,
or than the last where it names what the other side never does. Chosen by eye, over the shipped
documents, minutes and press releases."""
_OF_ANOTHER = 0.25
"""What it is worth to a reader that a sentence names what the other side never does."""
_NAME = re.compile(r"(?<!^)(?<![.!?“\"‘(]\s)\b[A-Z][\w-]{2,}")
_LABELLED, _SHORTEST = 4, 3
_SURE = 0.9
"""That two sentences are of the same thing is judged, not measured."""


def comparison(request: Request, library: Searchable, hits: Sequence[Hit]) -> Composition | None:
    """The two that ``request`` names side by side; None where they are no documents."""
    two = sources(request, library)
    if len(two) != 2:
        return None if request.between else not_laid_out(hits, _not_two(library))
    one, other = (_sentences(source, request, library) for source in two)
    same = {same_words(s.text) for s in one} & {same_words(s.text) for s in other}
    one, other = ([s for s in some if same_words(s.text) not in same] for some in (one, other))
    compared = _Compared(one, other, library)
    lines = [*compared.pairs(), *compared.alone(two)] if one or other else []
    if not lines:
        on = f" on {request.topic}" if request.topic else ""
        return not_laid_out(hits, f"Nothing{on} is found in which they differ.")
    dated = any(date_of(document) for source in two for document in source.documents)
    note = "" if dated else "Neither tells its date."
    return laid_out("comparison", lines, _SURE, [source.name for source in two], note)


def _not_two(library: Searchable) -> str:
    many = len(library.listing())
    if many < 2:
        return "There is one document here, and nothing to compare it with."
    return f"There are {many} documents here: name the two that are to be compared."


def _sentences(source: Source, request: Request, library: Searchable) -> list[Sentence]:
    known = library.kept(formulas) if len(library.listing()) <= MOST_READ else frozenset()
    topic = Topic(request.topic, library) if request.topic else None
    found = (one for document in source.documents for one in quotable(document, known))
    whole = apart(one for one in found if one.is_whole)
    telling = (one for one in whole if _telling(one) >= _FEWEST_WORDS)
    fit = (one for one in telling if topic is None or topic.share(one.document, one.span))
    return list(islice(fit, _MOST_SENTENCES))


def _telling(sentence: Sentence) -> int:
    said = {word.stem for word in content_words(sentence.text) if len(word.text) > 2}
    return sum(not one[0].isdigit() for one in said)


class _Words(NamedTuple):
    """The words of a sentence that tell something, by their stems, as they are written first."""

    written: dict[str, str]

    @classmethod
    def of(cls, sentence: Sentence) -> _Words:
        written: dict[str, str] = {}
        for word in content_words(sentence.text):
            written.setdefault(word.stem, word.text)
        return cls(written)


class _Compared:
    """The sentences of two sources, and how much they are of the same things.

    That is told by their vectors and, half as much again, by the words they share, a word by how
    few sentences hold it.
    """

    def __init__(
        self, one: Sequence[Sentence], other: Sequence[Sentence], library: Searchable
    ) -> None:
        self._sides = one, other
        self._words = [[_Words.of(s) for s in side] for side in self._sides]
        every = [words for side in self._words for words in side]
        self._said = [{s for words in side for s in words.written} for side in self._words]
        holders = Counter(s for words in every for s in words.written)
        self._weights = {s: math.log((len(every) + 1) / n) for s, n in holders.items()}
        numbers = {stem: number for number, stem in enumerate(holders)}
        words = [self._by_words(side, numbers) for side in self._words]
        meant = [vectors(side, library) for side in self._sides]
        self._alike = (words[0] @ words[1].T + meant[0] @ meant[1].T) / 2
        self._central = [centrality(side) for side in meant]

    def _by_words(self, side: Sequence[_Words], numbers: dict[str, int]) -> Matrix:
        """Rows of length 1, shape (sentences, words), a word by how much it tells."""
        found = np.zeros((len(side), len(numbers)))
        for row, sentence in enumerate(side):
            for one in sentence.written:
                found[row, numbers[one]] = self._weights[one]
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return found / np.where(lengths, lengths, 1.0)

    def pairs(self) -> Iterator[Line]:
        """The sentences of both that are of the same thing, in the order of the first."""
        for pair in sorted(self._matched(), key=lambda pair: min(pair[0])):
            one, other = (
                tuple(_quoted(self._sides[at][number]) for number in sorted(pair[at]))
                for at in (0, 1)
            )
            yield Line((one, other), label=self._shared(pair), under=BOTH)

    def _matched(self) -> list[_Pair]:
        """The closest pairs, each sentence in one of them."""
        found: list[_Pair] = []
        left = self._alike.copy()
        while left.size and left.max() >= _ALIKE:
            row, column = divmod(int(left.argmax()), left.shape[1])
            left[row, column] = -1.0
            joined = next((p for p in found if row in p[0] or column in p[1]), None)
            if joined is None:
                if len(found) == _MOST_PAIRS:
                    break
                found.append(({row}, {column}))
            elif self._is_free(found, joined, row, column):
                joined[0].add(row)
                joined[1].add(column)
        return found

    def _is_free(self, found: Sequence[_Pair], joined: _Pair, row: int, column: int) -> bool:
        """Whether a pair has room for a sentence that is in no other."""
        others = [pair for pair in found if pair is not joined]
        if any(row in pair[0] or column in pair[1] for pair in others):
            return False
        sizes = sorted((len(joined[0] | {row}), len(joined[1] | {column})))
        return sizes[0] == 1 and sizes[1] <= _OF_ONE

    def _shared(self, pair: _Pair) -> str:
        """The words which tell most that both hold, as they are written: "asylum seekers"."""
        held = [{s for n in pair[at] for s in self._words[at][n].written} for at in (0, 1)]
        both = sorted(held[0] & held[1], key=lambda stem: (-self._weights[stem], stem))
        telling = [one for one in both if len(one) > _SHORTEST][:_LABELLED]
        texts = [self._sides[at][n].text for at in (0, 1) for n in sorted(pair[at])]
        return SHARED.join(_phrases(telling, texts))

    def alone(self, two: Sequence[Source]) -> Iterator[Line]:
        """What one says and nothing of the other is near to: what it says most anew."""
        paired = [{number for pair in self._matched() for number in pair[at]} for at in (0, 1)]
        for at, source in enumerate(two):
            nearest = self._alike.max(axis=1 - at, initial=0.0)
            worth: dict[int, float] = {}
            for number, near in enumerate(nearest.tolist()):
                another = self._names_another(at, number)
                if number not in paired[at] and near < (_UNLIKE_OF_ANOTHER if another else _UNLIKE):
                    worth[number] = self._news(at, number) + another * _OF_ANOTHER
            for number in sorted(sorted(worth, key=lambda n: -worth[n])[:_MOST_ALONE]):
                quoted = (_quoted(self._sides[at][number]),)
                yield Line(((quoted, ()), ((), quoted))[at], under=ALONE.format(source.name))

    def _names_another(self, at: int, number: int) -> bool:
        names = {stem(found.group()) for found in _NAME.finditer(self._sides[at][number].text)}
        return not names <= self._said[1 - at]

    def _news(self, at: int, number: int) -> float:
        """How much a sentence tells of its subject, and of that, in no word of the other side."""
        words = self._words[at][number].written
        total = sum(self._weights[stem] for stem in words)
        new = sum(self._weights[stem] for stem in words.keys() - self._said[1 - at])
        return float(self._central[at][number]) + new / (total or 1.0)


_Pair = tuple[set[int], set[int]]
"""The numbers of the sentences of both sides that are of the same thing."""


def _phrases(telling: Sequence[str], texts: Sequence[str]) -> list[str]:
    """The words with these stems as the texts write them, those together that stand side by side
    in one, each once; in the order of the texts."""
    left, found = set(telling), dict[str, int]()
    runs = [(at, run) for at, text in enumerate(texts) for run in _runs(text, left)]
    for at, run in sorted(runs, key=lambda one: (-len(one[1]), one[0])):
        stems = {word.stem for word in run}
        if stems <= left and len(stems) == len(run):
            found[texts[at][run[0].start : run[-1].end]] = at
            left -= stems
    return sorted(found, key=lambda said: (found[said], texts[found[said]].index(said)))


def _runs(text: str, wanted: Container[str]) -> Iterator[list[Word]]:
    """Each wanted word of ``text``, and each stretch of them with nothing but a space between."""
    run: list[Word] = []
    for word in words(text):
        if word.stem not in wanted:
            run = []
            continue
        beside = run and text[run[-1].end : word.start] == " "
        run = [*run, word] if beside else [word]
        yield from (run[start:] for start in range(len(run)))


def _quoted(sentence: Sentence) -> Quoted:
    return Quoted((sentence.document, sentence.quoted))
