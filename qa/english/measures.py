"""What a figure measures: "3 m wide" is no length."""

from __future__ import annotations

import re

from footnoted.corpus.types import Span

_WORDS = {
    "length": "long length lengths",
    "width": "wide width broad breadth across",
    "height": "high height tall",
    "depth": "deep depth",
    "thickness": "thick thickness",
    "weight": "heavy weight weigh weighs weighed",
    "age": "old age aged",
}
_MEASURE = {word: measure for measure, words in _WORDS.items() for word in words.split()}
_ASKED = re.compile(
    rf"\bhow\s+(?P<how>{'|'.join(_MEASURE)})\b"
    rf"|\bwhat\s+(?:is|are|was|were)\s+the\s+(?:\w+\s+)?(?P<what>{'|'.join(_MEASURE)})\s+of\b",
    re.I,
)
_FIGURE = re.compile(r"\d[\d.,]*")
# "3 ft wide", "3 metres in width"; "a width of 3", "weighs 3".
_BEHIND = re.compile(rf"\s*[^\W\d_]+\.?(?:\s+in)?\s+(?P<word>{'|'.join(_MEASURE)})\b", re.I)
_BEFORE = re.compile(
    rf"\b(?P<word>{'|'.join(_MEASURE)})(?:\s+(?:of|is|was))?\s+(?:about\s+)?\Z", re.I
)


def measure_asked(question: str) -> str:
    """What ``question`` wants measured: "length" of "How long is it?"; "" where nothing."""
    found = _ASKED.search(question)
    return _MEASURE[(found["how"] or found["what"]).lower()] if found else ""


def is_of_another_measure(measure: str, sentence: str, answer: Span) -> bool:
    """Whether the figures at ``answer``, an offset of ``sentence``, measure something else than
    ``measure``, as the words beside them tell."""
    if not measure:
        return False
    told = {_measured(sentence, figure) for figure in _FIGURE.finditer(sentence, *answer)} - {""}
    return bool(told) and measure not in told


def _measured(sentence: str, figure: re.Match[str]) -> str:
    """What a figure measures, if its sentence says so."""
    told = _BEHIND.match(sentence, figure.end()) or _BEFORE.search(sentence[: figure.start()])
    return _MEASURE[told["word"].lower()] if told else ""
