"""What tells whether a sentence answers a question: seven numbers, each explained in a line.

Similarity alone cannot tell: questions that a document does not answer are as near to it as those
that it does. What tells is how well the question's words, its names above all, are met in one
place, and what sets that place apart from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from corpus.words import Word, content_words, stems, words
from index.embedding import TokenEmbedding
from qa.figures import figure_asked_for, holds_figure
from qa.stance import OPPOSING, SUPPORTING, stance

Matrix = NDArray[np.float64]

FEATURES = (
    "soft",  # how well the sentence meets the question's words: 1 literally, else by cosine
    "met_with_previous",  # the same, each word met by the sentence or by the one before it
    "cos_centred",  # cosine of question and sentence, both less the mean of all candidates
    "absent",  # share of the question's words that stand in no passage: makes "soft" comparable
    "lacks_figure",  # a number, date, length of time or sum is asked for, and no new one is there
    "names_missing",  # names and numbers of the question that the sentence does not hold
    "names_missing_near",  # those that neither its passage nor the title holds
)

# How well a word for or against is met by a sentence on that side, and on the other.
_SAME_SIDE, _OTHER_SIDE = 0.75, 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence to judge, with the passage and the title that it stands under."""

    text: str
    passage: str
    title: str


def describe(
    question: str,
    candidates: Sequence[Candidate],
    embedded_question: TokenEmbedding,
    embedded: Sequence[TokenEmbedding],
    rarity: Callable[[str], float],
) -> Matrix:
    """The candidates' features, shape (candidates, len(FEATURES)).

    Candidates of one passage stand together, in its order. ``rarity`` weighs the question's words.
    """
    asked = content_words(question)
    weight = np.array([rarity(word.text) for word in asked])
    weight /= weight.sum()
    matches = _matches(question, asked, candidates, embedded_question, embedded)
    here = [stems(candidate.text) for candidate in candidates]
    near = [
        mine | stems(c.passage) | stems(c.title) for mine, c in zip(here, candidates, strict=True)
    ]
    everywhere = frozenset[str]().union(*near)
    names = [word.stem for word in asked if _is_name(word, question)]
    columns = (
        matches @ weight,
        _with_previous(matches, candidates) @ weight,
        _centred_cosines(embedded_question.vector, np.stack([one.vector for one in embedded])),
        np.full(len(candidates), sum(weight[[w.stem not in everywhere for w in asked]])),
        _lacks_figure(question, candidates),
        np.array([sum(name not in held for name in names) for held in here]),
        np.array([sum(name not in held for name in names) for held in near]),
    )
    return np.column_stack(columns).astype(np.float64)


def _matches(
    question: str,
    asked: Sequence[Word],
    candidates: Sequence[Candidate],
    embedded_question: TokenEmbedding,
    embedded: Sequence[TokenEmbedding],
) -> Matrix:
    """How well each sentence meets each asked word, from 0 to 1, shape (candidates, words).

    A word that stands there counts 1. Any other counts the best cosine of its vector to a token's,
    both in their contexts: "handle" is met by "processed". A word for or against is met by every
    sentence on its side.
    """
    vectors = _word_vectors(embedded_question, asked)
    sided = np.array([word.stem in OPPOSING | SUPPORTING for word in asked])
    side = stance(question) if sided.any() else 0
    rows = []
    for candidate, one in zip(candidates, embedded, strict=True):
        cosines = vectors @ one.tokens.T if len(one.tokens) else np.zeros((len(asked), 1))
        row = cosines.max(axis=1).clip(0, 1)
        row[[word.stem in stems(candidate.text) for word in asked]] = 1
        if side and (found := stance(candidate.text)):
            better = np.maximum(row, _SAME_SIDE) if found == side else np.minimum(row, _OTHER_SIDE)
            row = np.where(sided, better, row)
        rows.append(row)
    return np.array(rows, dtype=np.float64)


def _word_vectors(embedded: TokenEmbedding, asked: Sequence[Word]) -> NDArray[np.float32]:
    """A unit vector for each word, shape (words, dimension): the mean of its tokens."""
    rows = np.zeros((len(asked), len(embedded.vector)), dtype=np.float32)
    for row, word in zip(rows, asked, strict=True):
        spans = embedded.spans
        inside = [i for i, (a, b) in enumerate(spans) if a < word.end and b > word.start]
        if inside:
            mean = embedded.tokens[inside].mean(axis=0)
            row[:] = mean / (np.linalg.norm(mean) or 1.0)
    return rows


def _with_previous(matches: Matrix, candidates: Sequence[Candidate]) -> Matrix:
    met = matches.copy()
    for i, (one, two) in enumerate(pairwise(candidates), start=1):
        if one.passage == two.passage:
            met[i] = np.maximum(matches[i], matches[i - 1])
    return met


def _centred_cosines(
    question: NDArray[np.float32], sentences: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Cosines less the candidates' mean, so that their common topic does not count."""
    centre = sentences.mean(axis=0)
    away, towards = sentences - centre, question - centre
    lengths = np.linalg.norm(away, axis=1) * np.linalg.norm(towards)
    return np.asarray((away @ towards) / (lengths + 1e-6), dtype=np.float32)


def _lacks_figure(question: str, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    kind = figure_asked_for(question)
    known = frozenset(word.stem for word in words(question))
    if kind is None:
        return np.zeros(len(candidates), dtype=bool)
    return np.array([not holds_figure(kind, c.text, known) for c in candidates])


def _is_name(word: Word, text: str) -> bool:
    """Whether a word is written like a name and does not merely open a sentence, or has a digit."""
    if any(letter.isdigit() for letter in word.text):
        return True
    before = text[: word.start].rstrip(" \t\n\"'“‘(«*#")
    opens = not before or before[-1] in ".!?:"
    acronym = len(word.text) > 1 and word.text.isupper()
    return acronym or (word.text[0].isupper() and not opens)
