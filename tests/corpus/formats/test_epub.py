from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Contents, Extracted
from support.extracted import said
from support.zipped import contents, refused, survives, zipped

METADATA = """
<dc:title>The pier</dc:title><dc:title>A subtitle</dc:title>
<dc:creator>A. Holm</dc:creator><dc:creator>B. Dahl</dc:creator><dc:publisher>Quay</dc:publisher>
<dc:date opf:event="modification">2022-01-01</dc:date><dc:date>2021-02-03T00:00:00Z</dc:date>
"""
XHTML = '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'


def epub(path: Path, *chapters: str, metadata: str = METADATA, **members: str) -> Path:
    """A book whose chapters are the insides of bodies; one that has a doctype stays as it is."""
    names = [f"text/c {number}.xhtml" for number in range(len(chapters))]
    items = "".join(
        f'<item id="i{at}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for at, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{at}"/>' for at in range(len(names)))
    pages = [
        one
        if one.startswith("<!")
        else f"{XHTML}<head><title>x</title></head><body>{one}</body></html>"
        for one in chapters
    ]
    return zipped(
        path,
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container><rootfiles><rootfile full-path="OEBPS/b.opf"/>'
            "</rootfiles></container>",
            "OEBPS/b.opf": f"<package xmlns:dc='d' xmlns:opf='o'><metadata>{metadata}</metadata>"
            f'<manifest>{items}<item id="n" href="nav.xhtml" properties="nav"'
            ' media-type="application/xhtml+xml"/><item id="t" href="toc.xhtml"'
            ' media-type="application/xhtml+xml"/></manifest><spine><itemref idref="n"/>'
            f'<itemref idref="t"/>{spine}<itemref idref="i0"/></spine>'
            '<guide><reference type="toc" href="toc.xhtml"/></guide></package>',
            "OEBPS/nav.xhtml": f"{XHTML}<body><p>Navigation</p></body></html>",
            "OEBPS/toc.xhtml": f"{XHTML}<body><p>Contents</p></body></html>",
            **{f"OEBPS/{name}": page for name, page in zip(names, pages, strict=True)},
            **members,
        },
    )


def read(tmp_path: Path, *chapters: str) -> Contents:
    return contents(epub(tmp_path / "file.epub", *chapters))


def text_of(tmp_path: Path, *chapters: str) -> Extracted:
    (text,) = read(tmp_path, *chapters).texts
    return text


def test_a_book_is_its_chapters_in_order(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        "<h1>Boats</h1><p>Nine   boats\n<i>lie</i>&nbsp;here&mdash;red<br/>and blue.</p>",
        "<section><h2>Sails</h2><div>Loose words<p>A paragraph.</p>and a tail</div></section>"
        "<script>alert(1)</script><p><b>Fees</b></p><p>They <b>rise</b>.</p>",
    )
    assert text.text.split("\n\n") == [
        "Boats",
        "Nine boats lie here—red\nand blue.",
        "Sails",
        "Loose words",
        "A paragraph.",
        "and a tail",
        "Fees",
        "They rise.",
    ]
    assert said(text, "heading") == [("Boats", "1"), ("Sails", "2"), ("Fees", "3")]
    assert (text.title, text.author, text.publisher, text.date) == (
        "The pier",
        "A. Holm, B. Dahl",
        "Quay",
        "2021-02-03",
    )


def test_lists_quotations_code_and_notes(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        "<p>You must bring:</p><ol start='3'><li>a rope</li><li><p>a lamp</p><p>and oil</p>"
        "<ul><li>small</li></ul></li></ol>"
        "<blockquote><p>We sail<a epub:type='noteref' href='#n'>1</a>.</p></blockquote>"
        "<pre>x = 1\ny  = 2</pre>"
        "<aside epub:type='footnote' id='n'><p><a href='#r'>1</a>1901."
        " <a role='doc-backlink' href='#r'>up</a></p>"
        "</aside>"
        "<dl><dt>Yawl:</dt><dd>a boat</dd></dl>",
    )
    assert said(text, "item") == [
        ("3. a rope", "You must bring:"),
        ("4. a lamp\nand oil", "You must bring:"),
        ("small", "a lamp and oil"),
        ("a boat", "Yawl:"),
    ]
    assert said(text, "quotation") == [("We sail.", "")]
    assert said(text, "note") == [("1901.", "")]
    ((code, _),) = said(text, "code")
    assert code.split() == ["x", "=", "1", "y", "=", "2"]


def test_tables(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        "<table><caption>Prices</caption><thead><tr><th rowspan='2'>Boat</th><th colspan='2'>"
        "Summer</th></tr><tr><th>Day</th><th>Week</th></tr></thead><tbody><tr>"
        "<td>Yawl <b>old</b> one</td>"
        "<td>10</td><td><p>60</p><p>or 70</p></td></tr></tbody></table>"
        "<table><tr><th>Depth</th><td>3</td></tr><tr><th>Width</th><td>9</td></tr></table>",
    )
    assert said(text, "row") == [
        ("Boat | Summer |", HEADER),
        ("Boat | Day | Week", HEADER),
        ("Yawl old one | 10 | 60 or 70", ""),
        ("Depth: 3", ""),
        ("Width: 9", ""),
    ]
    assert ("60 or 70", "Summer Week") in said(text, "cell")
    assert text.text.startswith("Prices\n\n")


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><body>{}</body></html>",
        f"<!DOCTYPE html>{XHTML}<body>{{}}</body></html>",
        f"<!-- no type -->{XHTML}<body>{{}}</body></html>",
    ],
)
@pytest.mark.parametrize("end", ["</i></p>", ""])
def test_pages_that_are_no_xml(tmp_path: Path, page: str, end: str) -> None:
    inside = f"<p>Not <br/> well &eacute; formed &amp; <i>open{end}"
    text = text_of(tmp_path, page.format(inside)).text
    assert text == "Not\nwell é formed & open"


def test_many_and_deep_elements(tmp_path: Path) -> None:
    deep = "<i>" * 100_000 + "words" + "</i>" * 100_000
    path = epub(tmp_path / "file.epub", "<p>Before.</p>", f"<p>{deep}</p>")
    for text in contents(path).texts:
        assert text.text.startswith("Before.")
    lists = "<ul><li>x" * 60 + "</li></ul>" * 60
    assert text_of(tmp_path, lists).text.count("x") == 60


def test_what_cannot_be_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.epub"
    assert refused(epub(path, "<p> </p>")).startswith("holds no text")
    locked = (
        "<encryption><EncryptedData><CipherReference URI='OEBPS/text/c%200.xhtml'/>"
        "</EncryptedData></encryption>"
    )
    epub(path, "<p>Words.</p>", **{"META-INF/encryption.xml": locked})
    assert "DRM" in refused(path)
    fonts = locked.replace("text/c%200.xhtml", "font.otf")
    epub(path, "<p>Words.</p>", **{"META-INF/encryption.xml": fonts})
    assert contents(path).texts[0].text == "Words."


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    path = epub(tmp_path / "file.epub", "<p>Words.</p>", "<p>More.</p>")
    with zipfile.ZipFile(path) as archive:
        kept = {one: archive.read(one) for one in archive.namelist() if "c 1" not in one}
    found = contents(zipped(path, kept))
    assert found.lost == found.warnings == ("1 chapter missing in the file",)
    assert found.texts[0].text == "Words."


@pytest.mark.slow
def test_what_is_damaged_is_read_or_refused(tmp_path: Path) -> None:
    survives(
        epub(tmp_path / "file.epub", "<h1>Boats</h1><ul><li>a</li></ul><p>Some &amp; more.</p>")
    )


def test_a_file_that_several_entries_name_is_read_once(tmp_path: Path) -> None:
    path = epub(tmp_path / "file.epub", "<p>Nine boats lie here.</p>")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    package = members["OEBPS/b.opf"].decode()
    again = '<item id="again" href="text/c%200.xhtml#end" media-type="application/xhtml+xml"/>'
    package = package.replace("</manifest>", f"{again}</manifest>")
    package = package.replace("</spine>", '<itemref idref="again"/></spine>')
    (text,) = contents(zipped(path, {**members, "OEBPS/b.opf": package})).texts
    assert text.text == "Nine boats lie here."


def test_a_page_of_contents_is_read_where_it_says_more(tmp_path: Path) -> None:
    lines = "".join(f"<li><a href='x'>Chapter {at}</a> {at}</li>" for at in range(30))
    words = "This book tells of the boats of the harbour, and of those who sail them. " * 3
    page = f"{XHTML}<body><h1>Boats</h1>{{}}<ul>{lines}</ul></body></html>"
    book = tmp_path / "file.epub"
    more = {"OEBPS/toc.xhtml": page.format(f"<p>{words}</p>")}
    (text,) = contents(epub(book, "<p>One.</p>", **more)).texts
    assert said(text, "heading") == [("Boats", "1")]
    assert text.text.endswith("sail them.\n\nOne.")
    (text,) = contents(epub(book, "<p>One.</p>", **{"OEBPS/toc.xhtml": page.format("")})).texts
    assert text.text == "One."
