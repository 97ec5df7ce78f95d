from __future__ import annotations

import pytest

from footnoted.corpus.language import language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The bridge was built in 1901.", "en"),
        ("Fünf Bäume säumen den Weg zur Mühle.", "de"),
        ("Le pont a été construit en 1901 par la ville.", "fr"),
        ("Мост через реку построен в 1901 году.", "ru"),
        ("この橋は1901年に建てられました。", "ja"),
        ("这座桥建于1901年。", "zh"),
    ],
)
def test_short_texts_are_known(text: str, code: str) -> None:
    assert language(text) == code


@pytest.mark.parametrize("text", ["", "Hello", "12 45 66", "SQ-44 A71 B90 C17 D80", "x" * 500])
def test_what_is_in_no_language_has_none(text: str) -> None:
    assert language(text) is None


def test_only_the_beginning_is_read() -> None:
    assert language("The bridge was built in 1901 by the people of the town. " * 500_000) == "en"
