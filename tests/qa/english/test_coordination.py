"""What is enumerated together."""

from __future__ import annotations

import pytest

from footnoted.corpus.types import Span
from footnoted.qa.english.actors import named
from footnoted.qa.english.coordination import items, siblings


@pytest.mark.parametrize(
    ("text", "one", "together"),
    [
        (
            "It is backed by the Greens, Denmark's Liberals and Labour, says Bo Lind.",
            "Labour",
            ["Greens", "Denmark's Liberals", "Labour"],
        ),
        ("Greens, Liberals, Labour left.", "Greens", []),
        ("Anna met Bo in Oslo, and Carl left.", "Anna", []),
        ("Both Anna and the Union left. Bo stayed.", "Anna", ["Anna", "Union"]),
        ("Both Anna and the Union left. Bo stayed.", "Bo", []),
    ],
)
def test_who_is_enumerated_with_one(text: str, one: str, together: list[str]) -> None:
    at = text.index(one)
    found = siblings(text, Span(at, at + len(one)), list(named(text)))
    assert [text[start:end] for start, end in found] == together


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("Denmark, Iceland and Norway", ["Denmark", "Iceland", "Norway"]),
        ("Harper & Sons Ltd", ["Harper & Sons Ltd"]),
        ("Harper & Sons Ltd and Bolton & Co", ["Harper & Sons Ltd", "Bolton & Co"]),
        ("Ann, Bo & Cy", ["Ann", "Bo", "Cy"]),
        ("Ann, Harper & Sons, and Cy", ["Ann", "Harper & Sons", "Cy"]),
        ("Aarhus, Denmark", ["Aarhus, Denmark"]),
    ],
)
def test_what_is_joined(text: str, things: list[str]) -> None:
    assert [text[start:end] for start, end in items(text)] == things
