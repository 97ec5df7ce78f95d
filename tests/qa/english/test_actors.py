"""Names, as capitals tell them."""

from __future__ import annotations

import pytest

from footnoted.qa.english.actors import named, small_words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "The Skovby Cyclists' Union met Bo Lind on Monday.",
            ["Skovby Cyclists' Union", "Bo Lind"],
        ),
        ("Mr. Lind wrote to the Institute of Roads.", ["Mr. Lind", "Institute of Roads"]),
        (
            "The Green Alliance, Labour and the NUJ agree.",
            ["Green Alliance", "Labour", "NUJ"],
        ),
        ("Residents met. The residents left.", []),
        ("However, Denmark's minister left in May.", []),
        ("They will vote on the Harbour Bill.", []),
        ("nobody is named here", []),
        ("", []),
    ],
)
def test_names_are_found(text: str, names: list[str]) -> None:
    assert [text[start:end] for start, end in named(text, small_words(text))] == names
