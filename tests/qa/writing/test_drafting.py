"""What a language model wrote, as sentences with what they cite."""

from __future__ import annotations

import pytest

from footnoted.qa.writing.drafting import drafted


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "A ship left [1][2]. It came back. [3]",
            [("A ship left.", (1, 2)), ("It came back.", (3,))],
        ),
        ("A ship left [1, 3-5; 2].", [("A ship left.", (1, 3, 4, 5, 2))]),
        (
            "- **A ship** left (passage 2).\n* Another did.",
            [("A ship left.", (2,)), ("Another did.", ())],
        ),
        ("<think>Perhaps [3].</think>\n1. A ship left 【2†source】.", [("A ship left.", (2,))]),
        (
            "# Ships\nMr. Holm left at 10.30 a.m. [1]",
            [("Ships", ()), ("Mr. Holm left at 10.30 a.m.", (1,))],
        ),
        ("[1] A ship left.", [("A ship left.", (1,))]),
        ("A ship left [^2].", [("A ship left.", (2,))]),
        ("", []),
        ("[1]\n***\n", []),
        ("<think>It never ends", []),
    ],
)  # fmt: skip
def test_sentences_and_what_they_cite(text: str, found: list[tuple[str, tuple[int, ...]]]) -> None:
    assert drafted(text) == found


def test_a_sentence_that_may_go_on_is_waited_for() -> None:
    text = "A ship left [1]. It came back [2]. And then"
    whole = drafted(text)
    for end in range(len(text)):
        ready = drafted(text[:end], is_whole=False)
        assert ready == whole[: len(ready)]
    assert len(drafted(text, is_whole=False)) == 2
