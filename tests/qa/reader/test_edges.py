from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.types import Span
from footnoted.qa.reader.edges import whole
from support.texts import HOSTILE


def grown(sentence: str, found: str) -> str:
    start = sentence.index(found)
    edges = whole(sentence, Span(start, start + len(found)))
    return sentence[edges.start : edges.end]


@pytest.mark.parametrize(
    ("sentence", "found", "expected"),
    [
        ("It is kept at -21 °C here.", "21", "-21 °C"),
        ("Their loss was >6.1.", "6.1", ">6.1"),
        ("The debt is (2,300) euros.", "2,300) euros", "(2,300) euros"),
        ("The host is web04.internal.", "internal", "web04.internal"),
        ("Look in /opt/tool/run.log.", "/opt/tool/run", "/opt/tool/run.log"),
        ("Write to it@ferry-desk.example.", "it@ferry", "it@ferry-desk.example"),
        ("It says ERR-77.", "77", "ERR-77"),
        ("It was written in C++ then.", "C", "C++"),
        ("It runs on .NET now.", "NET", ".NET"),
        ("It costs €5 a day.", "5 a day", "€5 a day"),
        ("It is 50 % of it.", "50", "50 %"),
        ("Ask O’Hara for it.", "Hara", "O’Hara"),
        ("Ask AT&T for it.", "AT", "AT&T"),
        ("Call start().", "start", "start()"),
        ("She is Tove Lie-Ek.", "Ek", "Lie-Ek"),
        ("She is Tove Lie Jr.", "Tove Lie Jr", "Tove Lie Jr."),
        ("She works for Wow! Inc. in town.", "Wow", "Wow!"),
        ("It is in Olympia, D.C.", "Olympia, D.C", "Olympia, D.C."),
        ("the “Gull” boat", "“Gull", "“Gull”"),
        ("It was Tove.", "Tove.", "Tove"),
    ],
)
def test_no_word_is_cut(sentence: str, found: str, expected: str) -> None:
    assert grown(sentence, found) == expected


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("The Oslo-based firm is old.", "Oslo"),
        ("Denmark's king is old.", "Denmark"),
        ("It lasted from 1919-1923.", "1919"),
        ("It began in mid-1950.", "1950"),
        ("A 50-person crew left.", "50"),
        ("The king (1950) is old.", "1950"),
        ("“Gulls” was a song.", "Gulls"),
        ("It was the winner—Tove—who left.", "Tove"),
        ("It ended in 1950.Then they left.", "1950"),
        ("It rained in Aarhus.", "Aarhus"),
    ],
)
def test_what_is_whole_stays_as_it_is(sentence: str, found: str) -> None:
    assert grown(sentence, found) == found


@given(HOSTILE.filter(str.strip), st.data())
def test_edges_stay_in_the_sentence(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = whole(text, Span(start, end))
    assert 0 <= found.start <= start < found.end <= len(text)
