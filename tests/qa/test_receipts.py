from __future__ import annotations

import pytest

from footnoted.qa.receipts import kind, language, not_in_english, size


@pytest.mark.parametrize(
    ("number", "said"),
    [
        *((0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1.0 kB"), (9949, "9.9 kB")),
        *((9951, "10 kB"), (999_499, "999 kB"), (999_500, "1.0 MB"), (2_345_678, "2.3 MB")),
        (12_000_000_000_000, "12,000 GB"),
    ],
)
def test_sizes_are_said_as_people_say_them(number: int, said: str) -> None:
    assert size(number) == said


def test_a_reader_is_named_without_its_versions() -> None:
    assert kind("PDF 1 pypdfium2 5.15.2") == "PDF" and kind("plain text 1") == "plain text"
    assert kind("") == ""


def test_languages_have_names() -> None:
    assert (language("de"), language("zh"), language("xx")) == ("German", "Chinese", "xx")


@pytest.mark.parametrize(
    ("languages", "documents", "said"),
    [
        ({}, 2, ""),
        ({"en": 2}, 2, ""),
        ({"da": 1}, 1, "1 of 1 document is not in English (Danish); English alone is read well."),
        (
            {"en": 4000, "da": 900, "sv": 80, "de": 20, "fr": 2, "fi": 1, "is": 1},
            5004,
            "1,004 of 5,004 documents are not in English (Danish, Swedish, German and French and "
            "others); English alone is read well.",
        ),
    ],
)
def test_what_is_not_in_english_is_counted(
    languages: dict[str, int], documents: int, said: str
) -> None:
    assert not_in_english(languages, documents) == said
