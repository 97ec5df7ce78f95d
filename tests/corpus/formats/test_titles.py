from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.formats.plain import PlainText


def plain(tmp_path: Path, text: str) -> str:
    path = tmp_path / "file.txt"
    path.write_bytes(text.encode())
    return PlainText().read(path).texts[0].title


def markdown(tmp_path: Path, text: str) -> str:
    path = tmp_path / "file.md"
    path.write_bytes(text.encode())
    return Markdown().read(path).texts[0].title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Minutes of the harbour board\n\nThe board met at noon.\n",
            "Minutes of the harbour board",
        ),
        ("\n=====\n# THE PIER #\n=====\nIt is long.\n", "THE PIER"),
        ("Who owns the pier?\r\n\r\nThe town does.\r\n", "Who owns the pier?"),
        ("The pier\r\rIt is long.\r", "The pier"),
        ("Opening  hours", "Opening hours"),
        ("The pier was built in 1901.\nIt is long.\n", ""),
        ("“The pier was built in 1901.”\n", ""),
        ("The longest pier of all\nA. Holm\nPrinted in 1901\n", "The longest pier of all"),
        ("The pier was built in 1901 by the well-known firm of\nHolm. It is long and wide.\n", ""),
        ("The pier was built by\nsome firm in 1901. It is long.\n", ""),
        ("the pier " * 20, ""),
        ("-----\n", ""),
    ],
)
def test_a_first_line_is_a_title_unless_it_is_prose(tmp_path: Path, text: str, title: str) -> None:
    assert plain(tmp_path, text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            '---\nauthor: A. Holm\ntitle: "The pier: a history"\n---\n\n# Beginnings\n',
            "The pier: a history",
        ),
        ("---\r\ntitle: The pier\r\n---\r\nIt is long.\r\n", "The pier"),
        ("---\ntitle: >-\n  The pier\n  and the quay\n---\n", "The pier and the quay"),
        ("---\ntitle: 1901\n---\n", "1901"),
        ("+++\ndate = 1901-01-01\ntitle = 'The pier'\n+++\n# Beginnings\n", "The pier"),
        ("---\nauthor: A. Holm\n---\n# The pier\n", "The pier"),
        ("---\ntitle: [broken\n---\n# The pier\n", "The pier"),
        ("---\ntitle: [a, list]\n---\n# The pier\n", "The pier"),
        ("---\n\nIt is *long*.\n\n---\n\n# The pier\n", "The pier"),
        ("<!-- draft\n\n# no title\n-->\n\n# The pier\n", "The pier"),
        ("[![build](https://ci.example/a.svg)](https://ci.example)\n\n# The pier\n", "The pier"),
        ("```sh\n# no title\n```\n\nRun it.\n\n## The pier\n", "The pier"),
        ("> # no title\n\n- # nor this\n\nThe pier\n========\n", "The pier"),
        ("# ![logo](logo.png)\n\n# The *long* `pier` at [Bro](bro.md) #\n", "The long pier at Bro"),
        ("![map](map.png)\n\nThe **pier**\n\nIt is long.\n", "The pier"),
        ("The pier was built in 1901.\n", ""),
        ("```\ncode\n```\n", ""),
        ("# " + "pier " * 40, "pier " * 23 + "pier…"),
    ],
)
def test_the_title_of_markdown(tmp_path: Path, text: str, title: str) -> None:
    assert markdown(tmp_path, text) == title


@given(st.text(st.sampled_from("title: \\\\\"'[]{}&*!?-|>+=\n\t#uUxd8F0")))
def test_hostile_settings_give_a_title_or_none(
    tmp_path_factory: pytest.TempPathFactory, settings: str
) -> None:
    folder = tmp_path_factory.getbasetemp()
    for marks, given_as in (("---", "title: "), ("+++", "title = ")):
        title = markdown(folder, f"{marks}\n{given_as}{settings}\n{marks}\n# The pier\n")
        assert title.encode() and len(title) <= 120


@pytest.mark.parametrize("title", [r'"\uD800"', r'"\UFFFFFFFF"', "[" * 5000, "&a [*a]"])
def test_settings_that_yaml_cannot_make_are_passed_over(tmp_path: Path, title: str) -> None:
    assert markdown(tmp_path, f"---\ntitle: {title}\n---\n# The pier\n") in ("The pier", "?")
