"""Questions that a text does not answer, made from those that it does.

Three ways, from easy to hard: another text that retrieval finds for the question; its own text
without the sentences that hold the answer; and its own text with another name, number or word in
the question, or a word turned into its opposite, as people did by hand for SQuAD 2.0 (Rajpurkar,
Jia and Liang, ACL 2018). Of their ways, negation is left out: "not" alone would give it away.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]

from footnoted.corpus.types import Span
from footnoted.corpus.words import STOP_WORDS, Word, stem, stems, words
from footnoted.qa.evaluation.text import normalise
from footnoted.qa.training.examples import Example
from footnoted.qa.training.recipe import Recipe
from footnoted.qa.training.windows import sentence_starts

_NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w’'-]+(?: (?:of |the )?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_OPPOSITES = """
    first/last largest/smallest biggest/smallest highest/lowest more/fewer most/least
    before/after above/below increase/decrease increased/decreased rise/fall rose/fell
    win/lose won/lost gain/lose begin/end began/ended start/end started/ended open/close
    opened/closed northern/southern north/south eastern/western east/west early/late
    earliest/latest oldest/youngest older/younger longer/shorter long/short high/low
    higher/lower large/small larger/smaller strong/weak stronger/weaker male/female men/women
    mother/father brother/sister son/daughter husband/wife allow/forbid allowed/forbidden
    accept/reject accepted/rejected support/oppose supported/opposed supports/opposes
    like/dislike liked/disliked love/hate loved/hated agree/disagree agreed/disagreed
    positive/negative major/minor public/private internal/external inside/outside
    same/different possible/impossible legal/illegal common/rare easy/difficult
    good/bad best/worst better/worse buy/sell bought/sold arrive/leave arrived/left
    always/never with/without majority/minority maximum/minimum import/export
    attack/defend built/destroyed created/destroyed born/died advantage/disadvantage
    cheap/expensive fast/slow faster/slower hot/cold new/old newest/oldest
"""
OPPOSITE = {
    word: other
    for pair in _OPPOSITES.split()
    for one, two in [pair.split("/")]
    for word, other in ((one, two), (two, one))
}
OPPOSED = re.compile(rf"\b({'|'.join(OPPOSITE)})\b")


class Negatives:
    """Makes unanswerable examples from ``examples``, which are all that retrieval searches."""

    def __init__(self, examples: Sequence[Example], recipe: Recipe) -> None:
        self._recipe = recipe
        self._found = _Retrieved(examples, recipe.retrieved_from)
        self._names = _named(_NAME, examples)
        self._numbers = _named(_NUMBER, examples)
        self._related = _Related(examples)

    def of(self, example: Example, chance: random.Random) -> Iterator[Example]:
        """The unanswerable examples that this epoch makes of an answerable one."""
        if chance.random() < self._recipe.retrieved:
            yield from self._found.one(example, chance)
        if chance.random() < self._recipe.removed:
            yield from _without_answer(example)
        if chance.random() < self._recipe.altered:
            yield from self._altered(example, chance)

    def _altered(self, example: Example, chance: random.Random) -> Iterator[Example]:
        ways = [self._another_name, self._another_number, _opposite, self._related.instead]
        chance.shuffle(ways)
        for way in ways:
            question = way(example, chance)
            if question and normalise(question) != normalise(example.question):
                yield replace(example, question=question, spans=(), answers=(), is_list=False)
                return

    def _another_name(self, example: Example, chance: random.Random) -> str | None:
        return _swapped(_NAME, self._names, example, chance)

    def _another_number(self, example: Example, chance: random.Random) -> str | None:
        return _swapped(_NUMBER, self._numbers, example, chance)


def _named(pattern: re.Pattern[str], examples: Sequence[Example]) -> dict[str, list[str]]:
    """What the questions of each article name."""
    found: dict[str, dict[str, None]] = {}
    for example in examples:
        for name in pattern.findall(example.question):
            found.setdefault(example.article, {})[name] = None
    return {article: list(names) for article, names in found.items()}


def _swapped(
    pattern: re.Pattern[str],
    known: dict[str, list[str]],
    example: Example,
    chance: random.Random,
) -> str | None:
    """The question with one name or number changed, half the time for another of its text."""
    there = list(pattern.finditer(example.question))
    if not there:
        return None
    old = chance.choice(there)
    answers = normalise(" ".join(example.answers))
    near = [
        name
        for name in pattern.findall(example.text)
        if name not in example.question and normalise(name) not in answers
    ]
    far = [name for name in known.get(example.article, []) if name not in example.question]
    others = near if near and (not far or chance.random() < 0.5) else far
    if not others:
        return None
    new = chance.choice(others)
    return f"{example.question[: old.start()]}{new}{example.question[old.end() :]}"


def _opposite(example: Example, chance: random.Random) -> str | None:
    there = list(OPPOSED.finditer(example.question))
    if not there:
        return None
    word = chance.choice(there)
    opposite = OPPOSITE[word.group()]
    return example.question[: word.start()] + opposite + example.question[word.end() :]


def _without_answer(example: Example) -> Iterator[Example]:
    """The example without the sentences that hold an answer, if anything is left to read."""
    left = "".join(
        example.text[start:end]
        for start, end in pairwise(sentence_starts(example.text))
        if not any(span.overlaps(Span(start, end)) for span in example.spans)
    )
    if len(left) >= 100 and not _answered_in(left, example):
        yield replace(example, text=left, spans=(), answers=(), is_list=False)


def _answered_in(text: str, example: Example) -> bool:
    whole = normalise(text)
    return any(normalise(answer) in whole for answer in example.answers)


class _Related:
    """Words that were seen between the same two: "prime" and "foreign", in "the … minister"."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._between: dict[_Place, Counter[str]] = {}
        for text in dict.fromkeys(text for one in examples for text in (one.question, one.text)):
            for word, place in _placed(text):
                self._between.setdefault(place, Counter())[word.text] += 1

    def instead(self, example: Example, chance: random.Random) -> str | None:
        """The question with a word of its text changed for one that its text does not have."""
        there = stems(example.text)
        of_words = {
            word: others
            for word, place in _placed(example.question)
            if word.stem in there and (others := self._seen_in(place, there))
        }
        if not of_words:
            return None
        # Any of the question's words as likely, however many there are in its place.
        old, others = chance.choice(list(of_words.items()))
        (new,) = chance.choices(list(others), list(others.values()))
        return f"{example.question[: old.start]}{new}{example.question[old.end :]}"

    def _seen_in(self, place: _Place, there: frozenset[str]) -> dict[str, int]:
        """How often other words stand there, if it was more than once."""
        found = self._between.get(place, Counter())
        return {other: n for other, n in found.items() if n > 1 and stem(other) not in there}


_Place = tuple[str, str]
"""The words before and after."""


def _placed(text: str) -> Iterator[tuple[Word, _Place]]:
    """The words that carry meaning and are no names, each with its place."""
    found = words(text)
    for before, word, after in zip(found, found[1:], found[2:], strict=False):
        if word.text.islower() and len(word.text) > 2 and word.text not in STOP_WORDS:
            yield word, (before.text.lower(), after.text.lower())


class _Retrieved:
    """For every answerable question, the texts of its source nearest to it by TF-IDF."""

    def __init__(self, examples: Sequence[Example], depth: int) -> None:
        self._texts: dict[tuple[str, str], list[str]] = {}
        for source in {example.source for example in examples if example.spans}:
            of_source = [example for example in examples if example.source == source]
            self._search(source, of_source, depth)

    def _search(self, source: str, examples: Sequence[Example], depth: int) -> None:
        texts = list(dict.fromkeys(example.text for example in examples))
        questions = list(dict.fromkeys(e.question for e in examples if e.spans))
        vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english")
        held = vectorizer.fit_transform(texts)
        asked = vectorizer.transform(questions)
        for first in range(0, len(questions), 500):
            scores = (asked[first : first + 500] @ held.T).toarray()
            best = np.argsort(-scores, axis=1, kind="stable")[:, :depth]
            for question, row in zip(questions[first:], best, strict=False):
                self._texts[source, question] = [texts[i] for i in row]

    def one(self, example: Example, chance: random.Random) -> Iterator[Example]:
        texts = [
            text
            for text in self._texts.get((example.source, example.question), [])
            if text != example.text and not _answered_in(text, example)
        ]
        if texts:
            yield replace(example, text=chance.choice(texts), spans=(), answers=(), is_list=False)
