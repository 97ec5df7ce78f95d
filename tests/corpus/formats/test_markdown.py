from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.spans import Span
from footnoted.corpus.structure import BLOCKS, Structure
from footnoted.corpus.types import Extracted
from support.extracted import check, said


def read(path: Path, text: str) -> Extracted:
    file = path / "file.md"
    file.write_bytes(text.encode())
    (extracted,) = Markdown().read(file).texts
    assert extracted.text == text.removeprefix("\ufeff")
    check(extracted)
    return extracted


def words(extracted: Extracted, kind: str) -> list[str]:
    """What the blocks of a kind say, without signs."""
    structure = Structure(extracted.text, extracted.annotations)
    return [structure.words_of(one) for one in extracted.annotations if one.kind == kind]


def test_signs_are_told_from_words(tmp_path: Path) -> None:
    text = (
        'The *old* **pier** of [Ribe](https://x.example/a(b)?c=d. "of. it"). See <https://y.example>.\n'
        "It cost `5 * 3` \\* &amp; ![a boat](b.png) ~~not~~ much.[^1]\n\n[^1]: So it is said.\n"
    )
    found = read(tmp_path, text)
    assert words(found, "paragraph") == [
        "The old pier of Ribe. See https://y.example. It cost 5 * 3 * &amp; a boat not much."
    ]
    assert words(found, "note") == ["So it is said."]


def test_headings_under_whatever_line_ends(tmp_path: Path) -> None:
    found = read(tmp_path, "# The *pier*\r\n\r\nIt is long.\r\n\r\nFees\r\n----\r\n\r\nNone.\r\n")
    assert list(zip(words(found, "heading"), ["1", "2"], strict=True)) == [
        ("The pier", "1"),
        ("Fees", "2"),
    ]
    structure = Structure(found.text, found.annotations)
    assert structure.heading_path(found.text.index("None")) == ("The pier", "Fees")


def test_lists_in_lists(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Bring these:\n\n- a rope\n  of hemp\n- oars:\n  1. one of oak\n  2. another\n\n"
        "     It is long.\n- [x] a lamp\n",
    )
    structure = Structure(found.text, found.annotations)
    items = [(structure.words_of(a), a.value) for a in found.annotations if a.kind == "item"]
    assert items == [
        ("a rope of hemp", "Bring these:"),
        ("oars:", "Bring these:"),
        ("one of oak", "oars:"),
        ("another", "oars:"),
        ("[x] a lamp", "Bring these:"),
    ]


def test_tables(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "> | Boat | Built \\| launched |\n> |---|:--:|\n> | *Maren* | 1911 |\n> | Freja |\n\n"
        "a | b\n--|--\n1 | `x`\n",
    )
    assert said(found, "row") == [
        ("Boat | Built \\| launched", "header"),
        ("*Maren* | 1911", ""),
        ("Freja", ""),
        ("a | b", "header"),
        ("1 | `x`", ""),
    ]
    assert [value for text, value in said(found, "cell") if text == "*Maren*"] == ["Boat"]
    assert [value for text, value in said(found, "cell") if text == "`x`"] == ["b"]


def test_code_is_what_stands_between_the_fences(tmp_path: Path) -> None:
    found = read(tmp_path, "Run:\n\n```sh\nmake\n\nmake test\n```\n\n    indented\n\n~~~\nopen\n")
    assert said(found, "code") == [("make\n\nmake test", "sh"), ("indented", ""), ("open", "")]


def test_quotations_html_and_settings(tmp_path: Path) -> None:
    text = (
        "---\nauthor: [A. Holm, B. Dahl]\ndate: 1901-02-03\n---\n> She said\n> so.\n\n"
        "<div>\n<b>Open</b> on Sundays\n</div>\n\n<!-- hidden -->\n"
    )
    found = read(tmp_path, text)
    assert (found.author, found.date) == ("A. Holm, B. Dahl", "1901-02-03")
    assert [value for _, value in said(found, "metadata")] == ["settings"]
    assert words(found, "quotation") == ["> She said so."]
    assert words(found, "paragraph") == ["She said so.", "Open on Sundays"]


def test_headings_in_html(tmp_path: Path) -> None:
    html = '<div align="center">\n  <h1><img src="a.png">Ferry</h1>\n  <p>A boat.</p>\n</div>'
    found = read(tmp_path, f"{html}\n\nIt sails.\n")
    assert found.title == "Ferry"
    assert words(found, "heading") == ["Ferry"]
    assert words(found, "paragraph") == ["A boat.", "It sails."]


def test_nothing_that_says_something_is_lost(tmp_path: Path) -> None:
    found = read(tmp_path, "Text.\n\n[^9]: Nobody refers to this.\n\n[x]: https://z.example\n")
    assert "Nobody refers to this." in " ".join(words(found, "note"))


PIECES = st.lists(
    st.sampled_from(
        """
        # h;- i;  - j;1. k;> q;| a | b |;|---|---|;```;~~~x;    c;---;*e* **s** `c`;[l](u) ![i](v);
        <b>x</b>;[^1]: n;t [^1];Key: v;;\t;&amp;;Term;: def;[r]: u;a\\|b | c;+++;<!-- x;-->
        """.strip()
        .replace("\n        ", "")
        .split(";")
    )
)


@given(PIECES.map("\n".join) | st.text())
def test_whatever_is_written_the_spans_are_right(text: str) -> None:
    from footnoted.corpus.formats.markdown import _annotations, _front_matter
    from footnoted.corpus.formats.markdown_inline import parser

    text = text.replace("\0", "")
    _, below = _front_matter(text)
    annotations = _annotations(text, below, parser().parse(text[below:]))
    check(Extracted(text, annotations=annotations))
    covered = [Span(one.start, one.end) for one in annotations if one.kind in BLOCKS]
    for letter in "hijkqstn":
        for at in (at for at, other in enumerate(text) if other == letter):
            line = text[text.rfind("\n", 0, at) + 1 :].split("\n")[0]
            if line in ("# h", "- i", "1. k", "> q") and not text.count("<") and "[r]" not in text:
                assert any(span.start <= at < span.end for span in covered), (text, at)
