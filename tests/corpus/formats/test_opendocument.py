from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from footnoted.corpus.formats.zipped_xml import PROTECTED
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Contents, Extracted
from support.extracted import said
from support.zipped import contents, refused, survives, zipped

NAMESPACES = (
    " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in {
            "office": "office",
            "text": "text",
            "table": "table",
            "draw": "drawing",
            "style": "style",
            "fo": "xsl-fo-compatible",
            "presentation": "presentation",
            "meta": "meta",
            "svg": "svg-compatible",
            "manifest": "manifest",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)

AUTOMATIC = """
<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>
<style:style style:name="T1" style:family="text">
  <style:text-properties fo:font-weight="bold"/></style:style>
<style:style style:name="T2" style:family="text">
  <style:text-properties text:display="none"/></style:style>
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-suffix="." style:num-format="1"/>
  <text:list-level-style-number text:level="2" style:num-suffix=")" style:num-format="a"/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>
"""


def odt(path: Path, body: str, meta: str = "", master: str = "", kind: str = "text") -> Path:
    return zipped(
        path,
        {
            "mimetype": f"application/vnd.oasis.opendocument.{kind}",
            "content.xml": f"<office:document-content {NAMESPACES}><office:automatic-styles>"
            f"{AUTOMATIC}</office:automatic-styles><office:body><office:{kind}>{body}"
            f"</office:{kind}></office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {NAMESPACES}>{master}</office:document-styles>",
            "meta.xml": f"<office:document-meta {NAMESPACES}><office:meta>{meta}</office:meta>"
            "</office:document-meta>",
        },
    )


def read(tmp_path: Path, body: str, meta: str = "", master: str = "") -> Contents:
    return contents(odt(tmp_path / "file.odt", body, meta, master))


def text_of(tmp_path: Path, body: str, meta: str = "", master: str = "") -> Extracted:
    (text,) = read(tmp_path, body, meta, master).texts
    return text


def test_headings_and_paragraphs(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        '<text:p text:style-name="P1">The <text:span>harbour</text:span></text:p>'
        '<text:h text:outline-level="1">Boats</text:h>'
        "<text:section><text:p>Nine <text:s text:c='3'/>boats\n  lie<text:tab/>here"
        "<text:line-break/>and<text:soft-page-break/> there<text:bookmark/>.</text:p>"
        "</text:section>"
        '<text:h text:outline-level="2">Sa\xadils</text:h>'
        "<text:p><text:ruby><text:ruby-base>漢字</text:ruby-base><text:ruby-text>kana</text:ruby-text>"
        "</text:ruby></text:p>"
        '<text:p><text:span text:style-name="T1">Fees</text:span></text:p>'
        "<text:p>They <text:a>rise</text:a>.</text:p>"
        '<text:p text:style-name="Quotations">We sail.</text:p>',
        meta="<dc:title>Untitled 1</dc:title><meta:initial-creator>A. Holm</meta:initial-creator>"
        "<dc:date>2021-02-03T04:05:06</dc:date>",
    )
    assert said(text, "heading") == [
        ("The harbour", "1"),
        ("Boats", "1"),
        ("Sails", "2"),
        ("Fees", "3"),
    ]
    assert said(text, "paragraph") == [
        ("Nine boats lie here\nand there.", ""),
        ("漢字", ""),
        ("They rise.", ""),
        ("We sail.", ""),
    ]
    assert said(text, "quotation") == [("We sail.", "")]
    assert (text.title, text.author, text.date) == ("The harbour", "A. Holm", "2021-02-03")


def test_lists(tmp_path: Path) -> None:
    def item(*inside: str) -> str:
        return f"<text:list-item>{''.join(inside)}</text:list-item>"

    def listed(style: str, *items: str, told: str = "") -> str:
        return f'<text:list text:style-name="{style}" {told}>{"".join(items)}</text:list>'

    def p(text: str) -> str:
        return f"<text:p>{text}</text:p>"

    heading = "<text:h text:outline-level='1'>In a list</text:h>"
    inner = f"<text:list>{item(p('with oil'))}{item(p('or gas'))}</text:list>"
    text = text_of(
        tmp_path,
        p("You must bring:")
        + listed("L1", item(p("a rope"), p("of hemp")), item(p("a lamp"), inner), item(heading))
        + listed("L2", item(p("a dot")))
        + listed("L1", item(p("a map")), told='text:continue-numbering="true"')
        + p("Other.")
        + listed("L1", item(p("anew"))),
    )
    assert said(text, "item") == [
        ("1. a rope", "You must bring:"),
        ("of hemp", "You must bring:"),
        ("2. a lamp", "You must bring:"),
        ("a) with oil", "a lamp"),
        ("b) or gas", "a lamp"),
        ("a dot", ""),
        ("4. a map", ""),
        ("1. anew", ""),
    ]
    assert said(text, "heading") == [("3. In a list", "1")]


def test_tables_with_repeated_and_covered_cells(tmp_path: Path) -> None:
    def cell(text: str, **told: int) -> str:
        said = " ".join(f'table:number-{key.replace("_", "-")}="{n}"' for key, n in told.items())
        return f"<table:table-cell {said}><text:p>{text}</text:p></table:table-cell>"

    def row(*cells: str, repeated: int = 1) -> str:
        told = f'table:number-rows-repeated="{repeated}"'
        return f"<table:table-row {told}>{''.join(cells)}</table:table-row>"

    empty = '<table:table-cell table:number-columns-repeated="16000"/>'
    covered = "<table:covered-table-cell/>"
    header = row(cell("Boat"), cell("Price", columns_spanned=2), covered, empty)
    text = text_of(
        tmp_path,
        "<table:table><table:table-column/>"
        f"<table:table-header-rows>{header}</table:table-header-rows>"
        + row(cell("Yawl", rows_spanned=2), cell("10"), cell("60"))
        + row(covered, cell("12", columns_repeated=2))
        + row(empty, repeated=1_000_000)
        + "</table:table>",
    )
    assert said(text, "row") == [
        ("Boat | Price |", HEADER),
        ("Yawl | 10 | 60", ""),
        ("Yawl | 12 | 12", ""),
    ]
    assert ("60", "Price") in said(text, "cell")


def test_notes_shapes_and_what_is_left_out(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Gone.</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Boats 3</text:p></text:index-body>"
        "</text:table-of-content>"
        "<text:p>It is old<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>From 1901.</text:p></text:note-body></text:note>"
        "<office:annotation><dc:creator>Bo</dc:creator><text:p>Is it?</text:p></office:annotation>"
        '<text:span text:style-name="T2"> secretly</text:span>'
        "<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box>"
        "<svg:desc>a picture</svg:desc></draw:frame>.</text:p>"
        "<draw:custom-shape><text:p>In a shape.</text:p></draw:custom-shape>",
        master="<office:master-styles><style:master-page><style:header><text:p>The Board</text:p>"
        "</style:header><style:footer><text:p>Page 1</text:p></style:footer></style:master-page>"
        "</office:master-styles>",
    )
    (text,) = found.texts
    assert text.text.split("\n\n") == [
        "The Board",
        "Boats 3",
        "It is old.",
        "From 1901.",
        "Is it?",
        "In a box.",
        "In a shape.",
        "Page 1",
    ]
    assert [words for words, _ in said(text, "note")] == ["From 1901.", "Is it?"]
    assert [words for words, _ in said(text, "running")] == ["The Board", "Page 1"]
    assert said(text, "boilerplate") == [("Boats 3", "")]
    assert found.warnings == (
        "1 tracked deletion left out",
        "hidden text left out in 1 place",
    )
    assert found.lost == ()


def test_slides_are_pages(tmp_path: Path) -> None:
    def slide(title: str, inside: str) -> str:
        return (
            f"<draw:page><draw:frame><draw:text-box>{inside}</draw:text-box></draw:frame>"
            f'<draw:frame presentation:class="title"><draw:text-box><text:p>{title}</text:p>'
            "</draw:text-box></draw:frame><presentation:notes><draw:frame><draw:text-box>"
            f"<text:p>Say {title}.</text:p></draw:text-box></draw:frame></presentation:notes>"
            "</draw:page>"
        )

    listed = "<text:list><text:list-item><text:p>a rope</text:p></text:list-item></text:list>"
    path = odt(
        tmp_path / "file.odp",
        slide("Boats", listed) + "<draw:page/>" + slide("Sails", "<text:p>Red.</text:p>"),
        kind="presentation",
    )
    found = contents(path)
    (text,) = found.texts
    assert said(text, "heading") == [("Boats", "1"), ("Sails", "2")]
    assert said(text, "item") == [("a rope", "")]
    assert said(text, "note") == [("Say Boats.", ""), ("Say Sails.", "")]
    assert [(one.number, text.text[one.start : one.end]) for one in text.pages] == [
        (1, "Boats\n\na rope\n\nSay Boats."),
        (3, "Sails\n\nRed.\n\nSay Sails."),
    ]
    assert found.lost == found.warnings == ("slide 2 holds no text",)


def test_what_has_a_password_is_refused(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "file.odt",
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": b"\x00\x01",
            "META-INF/manifest.xml": f"<manifest:manifest {NAMESPACES}><manifest:file-entry>"
            "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        },
    )
    assert refused(path) == PROTECTED


@pytest.mark.slow
def test_what_is_damaged_is_read_or_refused(tmp_path: Path) -> None:
    body = (
        '<text:h text:outline-level="1">Boats</text:h>'
        "<text:p>It is <text:span>old</text:span>.</text:p>"
        '<text:list text:style-name="L1"><text:list-item><text:p>x</text:p></text:list-item>'
        "</text:list>"
    )
    survives(odt(tmp_path / "file.odt", body))


@pytest.mark.parametrize(
    "entity",
    [
        '"words"',
        'SYSTEM "file:///etc/passwd"',
        '"' + "&b;" * 9 + '"><!ENTITY b "' + "&c;" * 9 + '"><!ENTITY c "words"',
    ],
)
def test_entities_are_not_expanded(tmp_path: Path, entity: str) -> None:
    path = odt(tmp_path / "file.odt", "<text:p>Some &a;.</text:p>")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    members["content.xml"] = f"<!DOCTYPE x [<!ENTITY a {entity}>]>{members['content.xml']}"
    (text,) = contents(zipped(path, members)).texts
    assert text.text == "Some &a;."


def test_headings_are_numbered_as_the_document_says(tmp_path: Path) -> None:
    outline = (
        '<office:styles><style:style style:name="Plain" style:list-style-name=""/>'
        '<style:style style:name="Plainer" style:parent-style-name="Plain"/><text:outline-style>'
        '<text:outline-level-style text:level="1" style:num-format="1" style:num-suffix="."/>'
        '<text:outline-level-style text:level="2" style:num-format="a" text:display-levels="2"/>'
        "</text:outline-style></office:styles>"
    )

    def h(words: str, level: int, told: str = "") -> str:
        return f'<text:h text:outline-level="{level}" {told}>{words}</text:h>'

    text = text_of(
        tmp_path,
        h("Boats", 1)
        + h("", 1)
        + h("Sails", 2)
        + h("Preface", 1, 'text:is-list-header="true"')
        + h("Thanks", 1, 'text:style-name="Plainer"')
        + h("Fees", 1),
        master=outline,
    )
    assert [words for words, _ in said(text, "heading")] == [
        "1. Boats",
        "1.a Sails",
        "Preface",
        "Thanks",
        "2. Fees",
    ]


def test_charts_tables_and_formulas_in_files_of_their_own(tmp_path: Path) -> None:
    def cell(words: str) -> str:
        label = f"<text:list><text:list-item><text:p>{words}</text:p></text:list-item></text:list>"
        return f"<table:table-cell><text:p>{words}</text:p>{label}</table:table-cell>"

    def row(*cells: str) -> str:
        return f"<table:table-row>{''.join(map(cell, cells))}</table:table-row>"

    chart = (
        "<chart:chart><chart:title><text:p>Boats seen</text:p></chart:title><table:table>"
        f"<table:table-header-rows>{row('Month', 'Boats')}</table:table-header-rows>"
        f"{row('May', '3')}{row('June', '4')}</table:table>"
        "</chart:chart>"
    )
    formula = (
        "<math><semantics><mrow><mi>E</mi><mo>=</mo><mfrac><mi>m</mi><mn>2</mn></mfrac>"
        "<msup><mi>v</mi><mn>3</mn></msup></mrow><annotation>E = m over 2</annotation>"
        "</semantics></math>"
    )
    names = f'{NAMESPACES} xmlns:chart="urn:oasis:names:tc:opendocument:xmlns:chart:1.0"'
    frames = "".join(
        f'<draw:frame><draw:object xlink:href="./Object {at}" xmlns:xlink="x"/></draw:frame>'
        for at in (1, 2, 3)
    )
    path = odt(tmp_path / "file.odt", f"<text:p>See:{frames}</text:p>")
    with zipfile.ZipFile(path, "a") as archive:
        body = f"<office:body><office:chart>{chart}</office:chart></office:body>"
        page = f"<office:document-content {names}>{body}</office:document-content>"
        archive.writestr("Object 1/content.xml", page)
        archive.writestr("Object 2/content.xml", formula)
    (text,) = contents(path).texts
    assert said(text, "paragraph") == [("See:", ""), ("Boats seen", ""), ("E=m/2v^3", "")]
    assert said(text, "row") == [("Month | Boats", HEADER), ("May | 3", ""), ("June | 4", "")]
