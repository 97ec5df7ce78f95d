from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given

from footnoted.corpus.written import written_words
from support.texts import HOSTILE


@given(HOSTILE)
def test_words_stand_in_their_order_and_every_letter_is_in_one(text: str) -> None:
    at, left = 0, ""
    for word in written_words(text):
        assert word.start() >= at
        left += text[at : word.start()]
        at = word.end()
    assert not any(letter.isalnum() for letter in left + text[at:])


@pytest.mark.parametrize(
    "word",
    """ERR-4042 4.2(b)(iii) 2.1.10 KX-200-B 10.0.0.42 localhost:8080 00:1A:2B:3C 3:1 3/4 1,250 .5
    -18 +/-4 <5 >=7.4 ~30 ±0.3 €5 US$100 $73 #quiet @home --all .NET C++ C# load() AT&T O'Neill
    Node.js run_all-v2.sh /srv/app/error.log ~/.config ../x v3.11.0-rc2 it@harbour.example
    https://harbour.example/a?b=c#d www.harbour.example/help re-entry X‑ray e\u0301te\u0301
    50% 18°C""".split(),
)
def test_a_word_is_whole_with_its_signs(word: str) -> None:
    for text in (f"They say {word} now.", f"They say ({word}).", f"“{word}”, they say"):
        assert word in [found.group() for found in written_words(text)]


def test_units_stand_apart() -> None:
    found = [word.group() for word in written_words("It is 50 % at 18 °C and costs 5 € or $ 6.")]
    assert [word for word in found if any(letter.isdigit() for letter in word)] == [
        "50 %",
        "18 °C",
        "5 €",
        "$ 6",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("It ended.Then it rained", ["It", "ended", "Then", "it", "rained"]),
        ("Aune’s boat—old", ["Aune", "s", "boat", "old"]),
        ("2019–2023, they (1950) say", ["2019", "2023", "they", "1950", "say"]),
        ("well--known ...and", ["well", "known", "and"]),
        ("time:late", ["time", "late"]),
    ],
)
def test_punctuation_joins_nothing(text: str, words: list[str]) -> None:
    assert [word.group() for word in written_words(text)] == words


@pytest.mark.parametrize(
    "text", ["-", "a-", "<", "http://", "a()", "(a", "a\u0301", ".", "1:", "/"]
)
def test_long_texts_of_signs_take_no_longer(text: str) -> None:
    started = perf_counter()
    assert sum(1 for _ in written_words(text * (300_000 // len(text)))) >= 0
    assert perf_counter() - started < 10
