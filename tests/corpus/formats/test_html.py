from __future__ import annotations

import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import format_of
from footnoted.corpus.formats.html.page import Html
from footnoted.corpus.types import Contents, Extracted
from support.damage import damaged
from support.extracted import check, said

ARTICLE = """<!doctype html><html lang="en"><head><title>Bridge reopens – The Valley Post</title>
<meta name="author" content="Jane Doe"><meta property="og:site_name" content="The Valley Post">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<style>.gone{display:none} @media print{p{display:none}}</style><script>var hidden = 1;</script>
</head><body>
<header class="site"><a href="/">The Valley Post</a>
<nav><ul><li><a href="#">Home</a></li><li><a href="#">Sport</a></li></ul></nav></header>
<div class="cookie-banner"><p>We use cookies to make this site work better for you.</p></div>
<div class="gone">Hidden by the style.</div><p style="display: none">Hidden by itself.</p>
<p hidden>Hidden, too.</p><!-- A comment. --><noscript>Without scripts.</noscript>
<div id="wrap"><div class="headline"><h1>Bridge reopens after repairs</h1>
<p class="standfirst">Traffic crosses the Alm again after nine months.</p></div>
<div class="body"><p>The bridge over the Alm reopened on Monday after nine months of repairs, the
council of Ober&shy;dorf said. It cost <b>2.4</b> million euros, more than had been planned.</p>
<p>“We are glad”, said the mayor, Anna Berg.<sup><a href="#f1">1</a></sup> The old deck was removed
in June and a steel one laid in its place, which took longer than the engineers had expected.</p>
<h2>What was done</h2><p>The works included:</p>
<ul><li>a new deck<ul><li>of steel</li></ul></li><li>two lamps</li></ul>
<table><caption>Costs in millions</caption><thead>
<tr><th>Item</th><th colspan="2">Cost</th></tr><tr><th></th><th>2023</th><th>2024</th></tr></thead>
<tr><td rowspan="2">Deck</td><td>1.0</td><td>0.4</td></tr><tr><td>1.1</td><td>0.2</td></tr></table>
<blockquote><p>Nobody will miss the ferry.</p><cite>Tom Rees</cite></blockquote>
<pre><code class="language-python">def f(x):
    return x</code></pre>
<dl><dt>Length</dt><dd>120 m</dd></dl>
<p>First line<br>second line<br><br>Below an empty line, 10<sup>6</sup> rivets.</p>
<aside><p>The ferry ran from 1901 to 1950, and again while the works went on.</p></aside>
<div class="footnotes"><ol><li id="f1">Interview of 4 March.</li></ol></div></div>
<div class="related"><h3>Related stories</h3>
<ul><li><a href="#">Ferry stops for good</a></li></ul></div>
<div id="comments"><h3>Comments</h3>
<p>Bob: I think this bridge was a waste of money for everyone in the valley.</p></div></div>
<footer><p>© 2024 The Valley Post.</p></footer></body></html>"""


def _read(data: str | bytes, tmp_path: Path, name: str = "a.html") -> Extracted:
    (text,) = _contents(data, tmp_path, name).texts
    return text


def _contents(data: str | bytes, tmp_path: Path, name: str = "a.html") -> Contents:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    contents = format_of(path).read(path)
    for one in contents.texts:
        check(one)
    return contents


def test_an_article_is_told_from_what_is_around_it(tmp_path: Path) -> None:
    text = _read(ARTICLE, tmp_path)
    assert [one for one, _ in said(text, "boilerplate")] == [
        "The Valley Post",
        "Home",
        "Sport",
        "We use cookies to make this site work better for you.",
        "Related stories",
        "Ferry stops for good",
        "Comments",
        "Bob: I think this bridge was a waste of money for everyone in the valley.",
        "© 2024 The Valley Post.",
    ]
    assert (text.title, text.author) == ("Bridge reopens", "Jane Doe")
    assert (text.publisher, text.date) == ("The Valley Post", "2024-03-05")
    for unseen in ("Hidden", "A comment", "Without scripts", "var hidden"):
        assert unseen not in text.text


def test_blocks_of_a_page_are_what_its_markup_says(tmp_path: Path) -> None:
    text = _read(ARTICLE, tmp_path)
    assert said(text, "heading") == [("Bridge reopens after repairs", "1"), ("What was done", "2")]
    paragraphs = [one for one, _ in said(text, "paragraph")]
    assert "Traffic crosses the Alm again after nine months." in paragraphs
    assert "the council of Oberdorf said. It cost 2.4 million euros" in text.text
    assert paragraphs[-3:-1] == ["First line\nsecond line", "Below an empty line, 10⁶ rivets."]
    assert said(text, "item") == [
        ("a new deck", "The works included:"),
        ("of steel", "a new deck"),
        ("two lamps", "The works included:"),
        ("Interview of 4 March.", ""),
    ]
    assert ("Nobody will miss the ferry.\n\nTom Rees", "Tom Rees") in said(text, "quotation")
    assert said(text, "code") == [("def f(x):\n    return x", "python")]
    assert ("120 m", "Length") not in said(text, "record")
    assert ("Length: 120 m", "") in said(text, "record")


def test_tables_know_their_headers(tmp_path: Path) -> None:
    text = _read(ARTICLE, tmp_path)
    assert said(text, "row")[:4] == [
        ("Item | Cost |", "header"),
        ("| 2023 | 2024", "header"),
        ("Deck | 1.0 | 0.4", ""),
        ("Deck | 1.1 | 0.2", ""),
    ]
    assert ("0.2", "Cost 2024") in said(text, "cell")
    unmarked = (
        "<table><tr><td>Plan</td><td>Calls</td></tr><tr><td>Free</td><td>10</td></tr></table>"
    )
    assert ("10", "Calls") in said(_read(unmarked, tmp_path), "cell")
    beside = (
        "<table><tr><th>Owner</th><td>Ann</td></tr><tr><th>Since</th><td>1999</td></tr></table>"
    )
    assert said(_read(beside, tmp_path), "record") == [("Owner: Ann\nSince: 1999", "")]


def test_a_table_that_sets_a_page_is_none(tmp_path: Path) -> None:
    page = (
        "<table><tr><td><p>The ferry leaves at nine.</p><table><tr><td>Inner words.</td></tr>"
        "</table></td><td><p>It is late.</p></td></tr><tr><td>x<td>y</tr></table>"
    )
    text = _read(page, tmp_path)
    assert not said(text, "table")
    assert said(text, "paragraph")[:2] == [("The ferry leaves at nine.", ""), ("Inner words.", "")]


def test_a_page_that_is_no_article_keeps_all_but_the_furniture(tmp_path: Path) -> None:
    page = (
        "<html><body><nav><a href='#'>Docs</a></nav><h1>Limits</h1><div class=menu>"
        "<p>Soup of the day</p></div><aside>See also</aside><footer>Contact</footer></body></html>"
    )
    text = _read(page, tmp_path)
    assert [one for one, _ in said(text, "boilerplate")] == ["Docs", "See also", "Contact"]


def test_a_title_is_without_that_of_the_site(tmp_path: Path) -> None:
    page = "<title>{}</title><h1>Keys</h1><p>Press a key.</p><h1>Moving about</h1><p>Walk.</p>"
    assert _read(page.format("Moving about - The Guide"), tmp_path).title == "Moving about"
    assert _read(page.format("The Guide"), tmp_path).title == "The Guide"
    assert _read(page.format(""), tmp_path).title == "Keys"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ('<meta charset="windows-1251"><p>Мост построен.</p>'.encode("cp1251"), "a.html"),
        (b"<meta charset=utf-8><p>" + "Мост построен.".encode(), "a.html"),
        ("<!doctype html><p>Мост построен.".encode("utf-8-sig"), "a.bin"),
        ("<p>Мост построен.</p>".encode("utf-16"), "a.html"),
        ('<?xml version="1.0" encoding="koi8-r"?><p>Мост построен.</p>'.encode("koi8-r"), "a.htm"),
        ('<meta charset="no-such"><p>Мост построен.</p>'.encode(), "a.html"),
    ],
)
def test_bytes_are_read_as_the_page_says_or_as_they_look(
    data: bytes, name: str, tmp_path: Path
) -> None:
    assert _read(data, tmp_path, name).text == "Мост построен."


def test_a_page_saved_with_what_it_shows(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"] = "<Saved by a browser>"
    message["Subject"] = "Köln"
    message.set_content("<title>Köln</title><p>Köln is a city.</p>", "html", charset="iso-8859-1")
    message.make_related()
    message.add_related(b"\x89PNG", "image", "png")
    text = _read(message.as_bytes(), tmp_path, "a.mht")
    assert (text.text, text.title) == ("Köln is a city.", "Köln")


@pytest.mark.parametrize(
    "tag", ["div", "span", "ul><li", "blockquote", "b><p", "table><tr><td", "dl><dd"]
)
def test_elements_in_elements_without_end_neither_hang_nor_lose_words(
    tag: str, tmp_path: Path
) -> None:
    start = time.monotonic()
    text = _read(f"<html><body>{f'<{tag}>' * 20_000}deepest words", tmp_path)
    assert "deepest words" in text.text
    assert time.monotonic() - start < 60


def test_a_table_that_claims_more_cells_than_it_has_is_not_believed(tmp_path: Path) -> None:
    row = "<tr><th colspan=1000 rowspan=60000>wide</th><td>narrow</td></tr>"
    text = _read(f"<html><table>{row * 400}</table>", tmp_path)
    assert text.text.count("narrow") == 400


def test_nothing_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refused(*_: object) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(socket.socket, "connect", refused)
    links = (
        '<link rel="canonical" href="http://example.org/2024/a"><base href="http://example.org">'
    )
    assert _read(ARTICLE.replace("<head>", f"<head>{links}"), tmp_path).publisher
    with pytest.raises(UnusableInput):
        _read("<html><img src='http://example.org/a.png'></html>", tmp_path)
    assert _read("http://example.org/", tmp_path).text == "http://example.org/"


def test_broken_pages_are_refused_or_read(tmp_path: Path) -> None:
    for number, broken in enumerate(damaged(ARTICLE.encode())):
        path = tmp_path / f"{number}.html"
        path.write_bytes(broken)
        try:
            check(Html().read(path).texts[0])
        except UnusableInput as error:
            assert "\n" not in str(error)


def test_the_same_page_gives_the_same_text(tmp_path: Path) -> None:
    assert _read(ARTICLE, tmp_path) == _read(ARTICLE, tmp_path)


NEWS = """<html><head>{head}</head><body>{above}<h1>Ferry stops for good</h1>
<p>The ferry over the Alm made its last trip on Sunday evening, with some forty people on board.</p>
<p>It had run since 1901, and was needed again while the bridge stood closed for nine months.</p>
<p>The council of Oberdorf will show the boat in its museum, which opens again in the spring.</p>
{below}</body></html>"""


def _news(tmp_path: Path, head: str = "", above: str = "", below: str = "") -> Extracted:
    return _read(NEWS.format(head=head, above=above, below=below), tmp_path)


def _of_site(text: Extracted) -> list[str]:
    return [one for one, _ in said(text, "boilerplate")]


def test_styles_for_readers_without_scripts_or_on_paper_hide_nothing(tmp_path: Path) -> None:
    for style in (
        "<noscript><style>p{display:none}</style></noscript>",
        '<style media="print">p{display:none}</style>',
        '<style type="text/template">p{display:none}</style>',
    ):
        assert "forty people" in _news(tmp_path, style).text
    assert (
        "forty people" not in _news(tmp_path, '<style media="screen">p{display:none}</style>').text
    )


def test_what_readers_say_is_of_the_site_even_if_it_quotes(tmp_path: Path) -> None:
    quoting = "“The ferry over the Alm made its last trip on Sunday evening”: a pity, all in all."
    for name in ("visitors_comment_list", "commentlist", "kommentare", "lista comentarios"):
        below = f'<div class="{name}"><p>{quoting}</p></div>'
        assert _of_site(_news(tmp_path, below=below)) == [quoting]
    opinion = NEWS.format(head="", above='<div class="commentary">', below="</div>")
    assert not _of_site(_read(opinion, tmp_path))


def test_what_asks_for_consent_is_of_the_site_whatever_it_is_called(tmp_path: Path) -> None:
    asks = "We use cookies to learn how this site is used by those who come to read it."
    for name in ("notice", "cookiemsg", "consentpopup"):
        banner = f'<div class="{name}"><p>{asks}</p></div>'
        assert _of_site(_news(tmp_path, above=banner)) == [asks]
    about = f"<title>How to bake cookies</title><h1>How to bake cookies</h1><p>{asks}</p>"
    assert not _of_site(_read(about, tmp_path))


def test_what_holds_the_title_is_not_of_the_site_for_its_name(tmp_path: Path) -> None:
    page = NEWS.replace("<h1>Ferry stops for good</h1>", "")
    above = '<div class="share-header"><h1>Ferry stops for good</h1><h2>After 124 years</h2></div>'
    text = _read(
        page.format(head="<title>Ferry stops for good</title>", above=above, below=""), tmp_path
    )
    assert [one for one, _ in said(text, "heading")] == ["Ferry stops for good", "After 124 years"]


def test_links_to_places_of_the_page_are_part_of_it(tmp_path: Path) -> None:
    asked = (
        '<ul><li><a href="#last">When was the last trip of the ferry, and who came?</a></li></ul>'
    )
    text = _read(
        NEWS.replace("</h1>", "</h1>" + asked).format(head="", above="", below=""), tmp_path
    )
    assert [one for one, _ in said(text, "item")] == [
        "When was the last trip of the ferry, and who came?"
    ]


LINKED = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "Post"},
{"@type": "NewsArticle", "headline": "Ferry stops for good",
"datePublished": "2025-05-04T22:10:00Z",
"author": [{"name": "Dr. Ina Holm"}, {"name": "Tom A. Rees"}],
"publisher": {"name": "The Valley Post"}}]}</script>"""


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            LINKED
            + '<meta name="author" content="The Valley Post">'
            + '<meta name="date" content="2025-06-01">',
            ("Ferry stops for good", "Dr. Ina Holm; Tom A. Rees", "The Valley Post", "2025-05-04"),
        ),
        (
            "<title>Ferry stops for good | Post</title>"
            '<meta property="og:site_name" content="Post">'
            '<meta property="article:author" content="https://social.example/ina">'
            '<meta name="dc.creator" content="By J.S. Holm">'
            '<meta name="dc.date" content="20250504">',
            ("Ferry stops for good", "J.S. Holm", "Post", "2025-05-04"),
        ),
        (
            "<title>Post: all the news</title>"
            '<meta property="og:title" content="Ferry stops for good - Post">'
            '<meta property="og:site_name" content="Post">'
            '<meta name="author" content="Post Ltd, Oberdorf">',
            ("Ferry stops for good", "Post Ltd, Oberdorf", "Post", None),
        ),
        ('<script type="application/ld+json">{"broken": [}</script>', ("Ferry stops for good",)),
        (f'<script type="application/ld+json">{"[" * 100_000}</script>', ("Ferry stops for good",)),
    ],
)
def test_a_page_is_titled_signed_and_dated_as_its_head_says(
    head: str, told: tuple[str | None, ...], tmp_path: Path
) -> None:
    text = _news(tmp_path, head)
    assert (text.title, text.author, text.publisher, text.date)[: len(told)] == told


def test_the_name_of_the_site_is_no_title(tmp_path: Path) -> None:
    for named in ("Valley Blog » Ferry stops for good", "Ferry stops for good | Valley Blog"):
        page = (
            f"<title>{named}</title><h1>Valley Blog</h1><h2>Ferry stops for good</h2><p>It did.</p>"
        )
        assert _read(page, tmp_path).title == "Ferry stops for good"
