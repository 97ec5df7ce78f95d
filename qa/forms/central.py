"""Which sentences are most of what a document is about: those nearest to all of them together.

D. R. Radev and others, "Centroid-based summarization of multiple documents", 2004, with the
vectors of sentences for counts of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from footnoted.index.protocols import Searchable
from footnoted.qa.forms.quotable import Sentence

_REMEMBERED = 20_000
_SHORTEST = 8
"""Words of a sentence that says enough by itself."""
_ALIKE = 0.75
"""Of two sentences that are so near to each other, one is enough."""
# What a sentence loses for pointing at another before it, and the first ones gain for being first.
# One that tells a figure or a date gains.
_POINTING, _SHORT, _FIRST, _EARLY, _EXACT = -0.15, -0.15, 0.15, 0.05, 0.08
_EARLY_ONES = 3
_FORMALITY = re.compile(
    r"\bminutes\s+of\b.*\b(?:held|agreed|approved|accepted|confirmed|signed|adopted|record)\b"
    r"|\b(?:opened|closed|chair(?:ed|ing)?|began|ended)\s+the\s+(?:\w+\s+)?meeting\b|\bmeeting\s+(?:was\s+)?"
    r"(?:opened|closed|began|ended)\b|\bwelcomed\s+(?:everyone|everybody|all|the)\b"
    r"|\b(?:papers|copies)\s+(?:copied|circulated|sent)\b|\bapologies\b|\bthank(?:ed|s)\b",
    re.I,
)
_FIGURE = re.compile(r"\d")
_POINTS_BACK = re.compile(
    r"[\"'“‘(]*(?:this|these|those|that|they|he|she|it|such|but|and|or|so|however|also|then|thus"
    r"|therefore|moreover|instead|again|by\s+comparison|in\s+addition|his|her|their|its|(?:the|both)"
    r"\s+(?:latter|former))\b",
    re.I,
)


def vectors(sentences: Sequence[Sentence], library: Searchable) -> NDArray[np.float64]:
    """Their vectors, shape (sentences, dimension); those that are known are not made again."""
    known = library.kept(_nothing)
    texts = [one.text for one in sentences]
    new = [text for text in dict.fromkeys(texts) if text not in known]
    if len(known) + len(new) > _REMEMBERED:
        known.clear()
        new = list(dict.fromkeys(texts))
    if new:
        known.update(zip(new, library.vectors(new), strict=True))
    if not texts:
        return np.zeros((0, library.manifest.dimension))
    return np.array([known[text] for text in texts], dtype=np.float64)


def _nothing(_: object) -> dict[str, Any]:
    return {}


def centrality(found: NDArray[np.float64]) -> NDArray[np.float64]:
    """How near each of some vectors is to all of them together, shape (vectors,)."""
    middle = found.sum(axis=0)
    return np.asarray(found @ (middle / (np.linalg.norm(middle) or 1.0)))


def central(sentences: Sequence[Sentence], most: int, library: Searchable) -> list[Sentence]:
    """The ``most`` central of the sentences of a document, in their order."""
    found = vectors(sentences, library)
    worth = centrality(found) + [_told_alone(at, one) for at, one in enumerate(sentences)]
    chosen: list[int] = []
    for at in (-worth).argsort(kind="stable").tolist():
        if len(chosen) == most:
            break
        if all(float(found[at] @ found[other]) < _ALIKE for other in chosen):
            chosen.append(at)
    return [sentences[at] for at in sorted(chosen)]


def is_formal(sentence: Sentence) -> bool:
    """Whether it says no more than how a meeting went: opened, minuted, thanked for."""
    return _FORMALITY.search(sentence.text) is not None


def _told_alone(at: int, sentence: Sentence) -> float:
    text = sentence.text
    first = _FIRST if at == 0 else _EARLY if at < _EARLY_ONES else 0.0
    points = _POINTING if _POINTS_BACK.match(text) else 0.0
    short = _SHORT if len(text.split()) < _SHORTEST else 0.0
    return first + points + short + (_EXACT if _FIGURE.search(text) else 0.0)
