"""A reader that answers in whole sentences, until one is trained that finds spans.

Each sentence of the retrieved passages is described by a few numbers, and a logistic regression
turns them into the probability that it holds an answer. The coefficients, fitted on public data by
``benchmarks/fit_sentence_reader.py``, stand in ``sentence_reader.json``.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from corpus.types import Span
from corpus.words import stems, words
from index.embedding import TokenEmbedding
from index.library import Library
from index.types import Hit
from qa.reading import Reading
from qa.sentence_features import FEATURES, Candidate, Matrix, describe
from qa.stance import side_asked_for, stance
from qa.types import Finding

NAME = "sentences-1"
COEFFICIENTS = Path(__file__).with_name("sentence_reader.json")

# A handful: beyond it, sentences that merely touch the question crowd out those that answer.
_MOST = 5
# Sentences held embedded, some 45 kB each: a chat asks about the same passages again and again.
_REMEMBERED = 2048
# Opponents seldom use the question's words. Where a question names a side, a sentence on that side
# needs only this share of the best one's probability. Set by hand: training data hardly ask this.
_SIDE_SHARE = 0.01
# Sentences that share more of their words than this say the same.
_ALIKE = 0.8
# In logits. A stated prior and not fitted: the training data hold hardly any lines of this sort.
_FURNITURE_PENALTY = 2.0

_FURNITURE = re.compile(
    r"\bphoto(?:graph)?\s*:|\blog in\b|\bsign (?:in|up)\b|\bterms of use\b|\ball rights reserved\b"
    r"|\bcookies?\b|\bcomments? (?:section|below)\b|\bsee also\b|\bread more\b|\bsubscribe\b"
    r"|\bcopyright\b|©|\[email|@\w+\.",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?。！？…][\"”’')\]»]*\s*$")


@dataclass(frozen=True, slots=True)
class Regression:
    """What was fitted: a weight for each of ``FEATURES``, thresholds, and two calibrations.

    A probability p is calibrated as sigmoid(weight * logit(p) + bias), after Platt (1999).
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    bias: float
    threshold: float
    """The least probability of the first sentence; below it, the documents do not answer."""
    later_share: float
    """The share of the first sentence's probability that later ones need."""
    answer_weight: float
    answer_bias: float
    decline_weight: float
    decline_bias: float

    @classmethod
    @cache
    def load(cls, path: Path = COEFFICIENTS) -> Regression:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        names = stored.pop("features")
        if tuple(names) != FEATURES:
            raise ValueError(f"{path} was fitted for {names}, not for {list(FEATURES)}")
        return cls(**{field.name: _frozen(stored[field.name]) for field in fields(cls)})

    def probabilities(self, features: Matrix, furniture: Sequence[bool]) -> Matrix:
        """The probability that each row of ``features`` is an answer, shape (rows,)."""
        scaled = (features - np.array(self.mean)) / np.array(self.scale)
        logits = scaled @ np.array(self.weights) + self.bias
        return _sigmoid(logits - _FURNITURE_PENALTY * np.array(furniture, dtype=float))

    def right(self, probability: float) -> float:
        """The probability that an answer is right, from that of its sentence."""
        return _calibrated(probability, self.answer_weight, self.answer_bias)

    def unanswerable(self, best: float) -> float:
        """The probability that nothing answers, from that of the best sentence."""
        return _calibrated(best, self.decline_weight, self.decline_bias)


class SentenceReader:
    """See ``qa.reading.Reader``."""

    name = NAME

    def __init__(self, library: Library) -> None:
        self._library = library
        self._regression = Regression.load()
        self._embedded: dict[str, TokenEmbedding] = {}
        self._lock = threading.Lock()

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        places = [(hit, span) for hit in hits for span in hit.passage.sentences]
        candidates = [
            Candidate(hit.document.text[a:b], hit.text, hit.document.title)
            for hit, (a, b) in places
        ]
        if not candidates or not words(question):
            return Reading((), 1.0)
        asked, *sentences = self._embed([question, *(c.text for c in candidates)])
        features = describe(question, candidates, asked, sentences, self._library.rarity)
        furniture = [is_furniture(candidate) for candidate in candidates]
        probabilities = self._regression.probabilities(features, furniture)
        chosen = select(question, probabilities, candidates, self._regression)
        if not chosen:
            return Reading((), self._regression.unanswerable(float(probabilities.max())))
        findings = tuple(
            self._finding(*places[i], confidence=self._regression.right(float(probabilities[i])))
            for i in chosen
        )
        return Reading(findings, findings[0].confidence)

    def _finding(self, hit: Hit, span: Span, confidence: float) -> Finding:
        return Finding(hit.document, sentence=span, answer=span, confidence=confidence)

    def _embed(self, texts: Sequence[str]) -> list[TokenEmbedding]:
        with self._lock:
            if len(self._embedded) > _REMEMBERED:
                self._embedded.clear()
            new = [text for text in dict.fromkeys(texts) if text not in self._embedded]
            if new:
                vectors = self._library.embedder.embed_tokens(new)
                self._embedded.update(zip(new, vectors, strict=True))
            return [self._embedded[text] for text in texts]


def select(
    question: str, probabilities: Matrix, candidates: Sequence[Candidate], regression: Regression
) -> list[int]:
    """Which candidates are the answer, best first; none means that there is no answer.

    The first must reach the threshold, later ones a share of the first. A sentence that repeats
    one already chosen is passed over.
    """
    first, *others = (int(i) for i in np.argsort(-probabilities, kind="stable"))
    best = float(probabilities[first])
    if best < regression.threshold:
        return []
    side = side_asked_for(question)
    chosen = [first]
    for i in others:
        on_side = side != 0 and stance(candidates[i].text) == side
        if probabilities[i] < best * (_SIDE_SHARE if on_side else regression.later_share):
            continue
        if not any(_alike(candidates[i].text, candidates[j].text) for j in chosen):
            chosen.append(i)
    return chosen[:_MOST]


def is_furniture(candidate: Candidate) -> bool:
    """Whether a line is part of the page, not the text: a headline, a credit, "please log in"."""
    text = candidate.text.strip(" \t\n#*")
    title = candidate.title.strip(" \t\n#*.")
    ended = _SENTENCE_END.search(text) is not None
    return not ended or text.rstrip(".") == title or _FURNITURE.search(text) is not None


def _alike(one: str, other: str) -> bool:
    return len(stems(one) & stems(other)) > _ALIKE * len(stems(one) | stems(other))


def _sigmoid(x: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-x)), dtype=np.float64)


def _calibrated(probability: float, weight: float, bias: float) -> float:
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return float(_sigmoid(np.array(weight * np.log(p / (1 - p)) + bias)))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
