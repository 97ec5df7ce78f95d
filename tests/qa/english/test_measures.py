"""A figure measures what the words beside it say."""

from __future__ import annotations

import pytest

from footnoted.corpus.types import Span
from footnoted.qa.english.measures import is_of_another_measure, measure_asked


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("How long is the pipe?", "length"),
        ("How tall is the mast?", "height"),
        ("What is the depth of the basin?", "depth"),
        ("How many pipes are there?", ""),
        ("What is the colour of the basin?", ""),
    ],
)
def test_what_is_to_be_measured(question: str, measure: str) -> None:
    assert measure_asked(question) == measure


@pytest.mark.parametrize(
    ("measure", "sentence", "answer", "otherwise"),
    [
        ("length", "The pipe is 3 ft wide.", "3 ft", True),
        ("width", "The pipe is 3 ft wide.", "3 ft", False),
        ("length", "The pipe is 3 metres in width.", "3 metres", True),
        ("length", "The pipe has a depth of 3 metres.", "3 metres", True),
        ("length", "The pipe weighs 3 kg.", "3 kg", True),
        ("length", "The pipe measures 3 metres.", "3 metres", False),
        ("height", "It is 24 m long and 3 m high.", "24 m long and 3 m high", False),
        ("height", "It is 24 m long and 3 m high.", "24 m", True),
        ("width", "It is 24 m long and 3 m high.", "24 m long and 3 m high", True),
        ("", "The pipe is 3 ft wide.", "3 ft", False),
        ("length", "The pipe is long.", "long", False),
    ],
)
def test_another_measure(measure: str, sentence: str, answer: str, otherwise: bool) -> None:
    start = sentence.index(answer)
    assert is_of_another_measure(measure, sentence, Span(start, start + len(answer))) == otherwise
