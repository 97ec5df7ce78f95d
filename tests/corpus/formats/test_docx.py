from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Extracted
from support.extracted import said
from support.zipped import contents, docx, p, r, refused, survives

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Standard"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/>
  <w:basedOn w:val="Standard"/></w:style>
<w:style w:type="paragraph" w:styleId="Rubrik2"><w:name w:val="Rubrik 2"/>
  <w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Eget"><w:name w:val="Eget"/><w:basedOn w:val="Rubrik2"/>
</w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="toc1"><w:name w:val="toc 1"/></w:style>
<w:style w:type="paragraph" w:styleId="Citat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/>
  <w:basedOn w:val="Loop"/></w:style>
<w:style w:type="character" w:styleId="Fet"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
"""
NUMBERING = """
<w:abstractNum w:abstractNumId="0">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/>
    <w:lvlText w:val="(%2)"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/>
    <w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
  <w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="&#xF0B7;"/></w:lvl>
</w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="7"><w:abstractNumId w:val="0"/>
  <w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def text_of(tmp_path: Path, body: str, **parts: str) -> Extracted:
    (text,) = contents(docx(tmp_path / "file.docx", body, styles=STYLES, **parts)).texts
    return text


def warnings(tmp_path: Path, body: str) -> tuple[str, ...]:
    return contents(docx(tmp_path / "file.docx", body, styles=STYLES)).warnings


def item(text: str, number: int = 6, level: int = 0) -> str:
    told = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text, properties=told)


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(*inside: str, properties: str = "") -> str:
    blocks = "".join(one if one.startswith("<") else p(one) for one in inside)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{blocks}</w:tc>"


def test_headings_by_whatever_their_styles_are_called(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        p("The harbour", style="Titel")
        + p("Boats", style="berschrift1")
        + p("Nine boats ", "lie here.", style="Loop")
        + p("Sails", style="Eget")
        + p("They are ", r("red", "<w:b/>"), ".")
        + p("Ropes", properties='<w:outlineLvl w:val="2"/>')
        + p("No heading", style="Eget", properties='<w:outlineLvl w:val="9"/>')
        + p("Boats\t3", style="toc1")
        + p("We sail at dawn.", style="Citat"),
    )
    assert said(text, "heading") == [
        ("The harbour", "1"),
        ("Boats", "1"),
        ("Sails", "2"),
        ("Ropes", "3"),
    ]
    assert said(text, "paragraph") == [
        ("Nine boats lie here.", ""),
        ("They are red.", ""),
        ("No heading", ""),
        ("We sail at dawn.", ""),
    ]
    assert said(text, "boilerplate") == [("Boats 3", "")]
    assert said(text, "quotation") == [("We sail at dawn.", "")]
    assert text.title == "The harbour"
    assert not text.pages


def test_a_short_bold_paragraph_above_others_is_a_heading(tmp_path: Path) -> None:
    bold = "<w:b/>"
    text = text_of(
        tmp_path,
        p(r("Fees", bold))
        + p("They rise in May.")
        + p("Boats", style="berschrift1")
        + p(r("Large ", bold), r("ones", '<w:rStyle w:val="Fet"/>'))
        + p("They are ", r("long", bold), ".")
        + p(r("They must pay.", bold))
        + p("So it is.")
        + p(r("Not in ", bold), r("bold", '<w:b w:val="0"/>'))
        + p("Some text.")
        + p(r("First of two", bold))
        + p(r("Second of two", bold))
        + item("A list")
        + p(r("The end", bold)),
        numbering=NUMBERING,
    )
    assert said(text, "heading") == [
        ("Fees", "1"),
        ("Boats", "1"),
        ("Large ones", "2"),
        ("Second of two", "2"),
    ]
    assert ("They must pay.", "") in said(text, "paragraph")
    assert ("Not in bold", "") in said(text, "paragraph")
    assert ("First of two", "") in said(text, "paragraph")
    assert text.text.endswith("A list\n\nThe end")


def test_lists_are_numbered_as_on_the_page(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        p("Some rules. You must bring:")
        + item("a rope", 5)
        + item("a lamp", 5)
        + item("with oil", 5, 1)
        + item("or gas", 5, 1)
        + item("in a can", 5, 2)
        + item("a map", 5)
        + item("with dots", 6)
        + p("Bye.")
        + item("a hook", 5)
        + item("again", 7)
        + item("no number", 0),
        numbering=NUMBERING,
    )
    assert said(text, "item") == [
        ("1. a rope", "You must bring:"),
        ("2. a lamp", "You must bring:"),
        ("(a) with oil", "a lamp"),
        ("(b) or gas", "a lamp"),
        ("2.b.i in a can", "or gas"),
        ("3. a map", "You must bring:"),
        ("with dots", ""),
        ("4. a hook", ""),
        ("1. again", ""),
    ]
    assert said(text, "markup")[:3] == [("1. ", ""), ("2. ", ""), ("(a) ", "")]
    assert [words.count("\n") for words, _ in said(text, "list")] == [5, 0, 0, 0]
    assert "\n2. a lamp\n(a) with oil\n" in text.text
    assert said(text, "paragraph")[-1] == ("no number", "")


def test_numbers_of_headings(tmp_path: Path) -> None:
    numbered = '<w:numPr><w:numId w:val="5"/></w:numPr>'
    text = text_of(
        tmp_path,
        p("Boats", style="berschrift1", properties=numbered)
        + p("", style="berschrift1", properties=numbered)
        + p("Sails", style="berschrift1", properties=numbered),
        numbering=NUMBERING,
    )
    assert said(text, "heading") == [("1. Boats", "1"), ("2. Sails", "1")]


def test_tables(tmp_path: Path) -> None:
    wide = '<w:gridSpan w:val="2"/>'
    begin, go_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    text = text_of(
        tmp_path,
        p("Prices.")
        + table(
            "<w:trPr><w:tblHeader/></w:trPr>" + cell("") + cell("Summer", properties=wide),
            "<w:trPr><w:tblHeader/></w:trPr>" + cell("Boat") + cell("Day") + cell("Week"),
            cell("Yawl", properties=begin) + cell("10", "or 11") + cell("60"),
            cell("", properties=go_on) + cell("12") + cell("70"),
            cell("Punt") + cell("free", properties=wide),
        )
        + p("More.")
        + table(cell("Name") + cell("Age"), cell("Ann") + cell("9")),
    )
    assert said(text, "row") == [
        ("| Summer |", HEADER),
        ("Boat | Day | Week", HEADER),
        ("Yawl | 10 or 11 | 60", ""),
        ("Yawl | 12 | 70", ""),
        ("Punt | free |", ""),
        ("Name | Age", HEADER),
        ("Ann | 9", ""),
    ]
    assert ("70", "Summer Week") in said(text, "cell")
    assert ("Punt", "Boat") in said(text, "cell")
    assert ("9", "Age") in said(text, "cell")
    assert len(said(text, "table")) == 2


def test_tables_in_tables_and_frames_around_text(tmp_path: Path) -> None:
    inner = table(cell("in") + cell("side"), cell("x") + cell("y"))
    text = text_of(
        tmp_path,
        table(cell("A") + cell("B"), cell("1") + cell("2", inner), cell("3") + cell("4"))
        + table(cell("A framed paragraph.", "And another.")),
    )
    assert [words for words, _ in said(text, "row")] == [
        "A | B",
        "1 | 2",
        "in: side",
        "x: y",
        "3 | 4",
    ]
    assert said(text, "paragraph") == [("A framed paragraph.", ""), ("And another.", "")]


def test_what_a_paragraph_says(tmp_path: Path) -> None:
    field = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = "<w:r><w:instrText>PAGE 7</w:instrText></w:r>"
    begin, separate, end = (field.format(kind) for kind in ("begin", "separate", "end"))
    text = text_of(
        tmp_path,
        p(
            "<w:r><w:t>a co</w:t><w:softHyphen/><w:t>op\xaderates</w:t></w:r>",
            '<w:smartTag><w:r><w:t xml:space="preserve"> in </w:t></w:r></w:smartTag>',
            "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent><w:r><w:t>Oslo</w:t></w:r>"
            "</w:sdtContent></w:sdt>",
            "<w:r><w:noBreakHyphen/><w:t>by</w:t><w:tab/><w:t>night</w:t><w:br/><w:t>and</w:t></w:r>",
            "<w:hyperlink><w:r><w:t> day</w:t></w:r></w:hyperlink>",
        )
        + p(begin, code, begin, r("nested"), separate, r("hidden"), end, separate, r("7"), end)
        + p('<w:fldSimple w:instr="DATE"><w:r><w:t>May 1</w:t></w:r></w:fldSimple>')
        + p(
            "<m:oMath><m:r><m:t>x</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num>"
            "<m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
        )
        + p(
            "<w:r><w:ruby><w:rt><w:r><w:t>kana</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漢字</w:t>"
            "</w:r></w:rubyBase></w:ruby></w:r>"
        )
        + p('<w:r><w:sym w:font="Symbol" w:char="F061"/></w:r>', r("-rays"))
        + p(begin, code)
        + p("After a broken field."),
    )
    assert text.text.split("\n\n") == [
        "a cooperates in Oslo-by night\nand day",
        "7",
        "May 1",
        "x1/2",
        "漢字",
        "α-rays",
        "After a broken field.",
    ]


def test_a_box_of_text_is_read_once(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{p('Words in a box.')}{table(cell('a') + cell('b'))}</w:txbxContent>"
    both = (
        "<w:r><mc:AlternateContent>"
        f"<mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    silent = both.replace(box, "<w:p/>", 1)
    for inside in (both, silent):
        text = text_of(tmp_path, p("Beside it.", inside) + p("Below."))
        assert text.text == "Beside it.\n\nWords in a box.\n\na | b\n\nBelow."


def test_notes_stand_below_what_they_belong_to(tmp_path: Path) -> None:
    def note(number: int, text: str) -> str:
        return f'<w:footnote w:id="{number}">{p(text)}</w:footnote>'

    mark = '<w:r><w:{} w:id="{}"/></w:r>'
    text = text_of(
        tmp_path,
        p("It is old", mark.format("footnoteReference", 2), ".")
        + item("an item", 6).replace("</w:p>", mark.format("commentReference", 1) + "</w:p>")
        + item("another", 6)
        + p("The end."),
        numbering=NUMBERING,
        footnotes='<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        + note(2, " From 1901."),
        comments=f'<w:comment w:id="1">{p("Is it?")}{p("Yes.")}</w:comment>',
    )
    assert text.text == ("It is old.\n\nFrom 1901.\n\nan item\nanother\n\nIs it?\nYes.\n\nThe end.")
    assert said(text, "note") == [("From 1901.", ""), ("Is it?\nYes.", "")]


def test_what_was_deleted_or_is_hidden_is_left_out_and_said(tmp_path: Path) -> None:
    body = (
        p(
            "It costs ",
            "<w:del><w:r><w:delText>nine</w:delText></w:r></w:del>",
            "<w:ins><w:r><w:t>ten</w:t></w:r></w:ins>",
            r(" secret", "<w:vanish/>"),
            r(" euros", '<w:vanish w:val="false"/>'),
            properties="<w:rPr><w:del/></w:rPr>",
        )
        + p(" a day.")
        + "<w:moveFrom>"
        + p("<w:moveFrom><w:r><w:t>Gone.</w:t></w:r></w:moveFrom>")
        + "</w:moveFrom>"
        + p("<w:moveFrom><w:r><w:t>Gone.</w:t></w:r></w:moveFrom>")
        + p("<w:moveTo><w:r><w:t>Here.</w:t></w:r></w:moveTo>")
    )
    assert text_of(tmp_path, body).text == "It costs ten euros a day.\n\nHere."
    assert warnings(tmp_path, body) == (
        "2 tracked deletions left out",
        "hidden text left out in 1 place",
    )


def test_headers_and_footers_are_said_once(tmp_path: Path) -> None:
    text = text_of(
        tmp_path,
        p("Body."),
        header1=p("The Harbour Board"),
        header2=p("The Harbour Board"),
        footer1=table(cell("Draft") + cell("Page 1")),
    )
    assert text.text == "The Harbour Board\n\nBody.\n\nDraft\nPage 1"
    assert said(text, "running") == [("The Harbour Board", ""), ("Draft\nPage 1", "")]


def test_a_chart_is_a_table(tmp_path: Path) -> None:
    points = '<c:pt idx="{}"><c:v>{}</c:v></c:pt>'
    chart = (
        "<c:chart><c:title><c:tx><c:rich><a:p xmlns:a='a'><a:r><a:t>Catch</a:t></a:r></a:p>"
        "</c:rich></c:tx></c:title><c:ser><c:tx><c:v>Cod</c:v></c:tx>"
        f"<c:cat>{points.format(0, 'May')}{points.format(1, 'June')}</c:cat>"
        f"<c:val>{points.format(0, '4.2999999999999998')}{points.format(1, '5')}</c:val></c:ser>"
        "</c:chart>"
    )
    drawing = '<w:r><w:drawing><c:chart r:id="chart1"/></w:drawing></w:r>'
    text = text_of(tmp_path, p("See:", drawing), chart1=chart)
    assert text.text == "See:\n\nCatch\n\n| Cod\nMay | 4.3\nJune | 5"
    assert ("4.3", "Cod") in said(text, "cell")


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ("The pier", "The pier"),
        ("Microsoft Word - pier.doc", "Boats"),
        ("Document1", "Boats"),
        ("pier_final.docx", "Boats"),
        ("", "Boats"),
    ],
)
def test_what_a_document_tells_of_itself(tmp_path: Path, given: str, title: str) -> None:
    core = (
        f"<dc:title>{given}</dc:title><dc:creator>A. Holm</dc:creator>"
        "<dcterms:created>2020-01-02T03:04:05Z</dcterms:created>"
        "<dcterms:modified>2021-01-02T03:04:05Z</dcterms:modified>"
    )
    text = text_of(tmp_path, p("Boats", style="berschrift1") + p("They lie here."), core=core)
    assert (text.title, text.author, text.date) == (title, "A. Holm", "2021-01-02")


@pytest.mark.slow
def test_what_is_damaged_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    body = p("Boats", style="berschrift1") + item("a rope", 5) + table(cell("a") + cell("b"))
    survives(docx(path, body, styles=STYLES, numbering=NUMBERING))


def test_what_holds_nothing_or_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.docx"
    assert refused(docx(path, p(""))) == "holds no text"
    deep = "<w:sdt>" * 100_000 + "</w:sdt>" * 100_000
    assert refused(docx(path, deep)).startswith("is broken: no whole Word file (")


def test_tables_nested_deep(tmp_path: Path) -> None:
    nested = p("words")
    for depth in range(100):
        nested = table(cell(nested))
        if depth == 80:
            assert text_of(tmp_path, nested).text == "words"
    assert refused(docx(tmp_path / "file.docx", nested)).startswith("is broken")


def test_many_paragraphs_are_forgotten_as_they_are_read(tmp_path: Path) -> None:
    many = 20_000
    body = "".join(p(f"Boat {number} is red.") for number in range(many))
    text = text_of(tmp_path, body)
    assert len(said(text, "paragraph")) == many
    assert text.text.endswith(f"Boat {many - 1} is red.")


def test_a_large_first_letter_belongs_to_its_word(tmp_path: Path) -> None:
    large = '<w:framePr w:dropCap="drop" w:lines="3"/>'
    text = text_of(tmp_path, p("O", properties=large) + p("nce there was a boat."))
    assert text.text == "Once there was a boat."


def test_a_list_may_have_levels_of_its_own(tmp_path: Path) -> None:
    own = (
        '<w:num w:numId="8"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0">'
        '<w:lvl w:ilvl="0"><w:start w:val="2"/><w:numFmt w:val="upperLetter"/>'
        '<w:lvlText w:val="%1:"/></w:lvl></w:lvlOverride></w:num>'
    )
    text = text_of(tmp_path, item("a rope", 8) + item("a lamp", 8), numbering=NUMBERING + own)
    assert [words for words, _ in said(text, "item")] == ["B: a rope", "C: a lamp"]


def test_of_two_columns_bold_type_tells_headers_from_the_entries_of_a_form(tmp_path: Path) -> None:
    def cell_of(text: str, bold: bool) -> str:
        return f"<w:tc>{p(r(text, '<w:b/>' * bold))}</w:tc>"

    def rows(bold: str, style: str = "") -> list[tuple[str, str]]:
        pairs = (("Town", "Mayor"), ("Norvik", "Ida Holm"), ("Elwin", "Ole Bach"))
        made = "".join(
            f"<w:tr>{''.join(cell_of(text, text in bold) for text in pair)}</w:tr>"
            for pair in pairs
        )
        about = f'<w:tblStyle w:val="{style}"/><w:tblLook w:firstRow="1"/>' if style else ""
        path = docx(tmp_path / "a.docx", f"<w:tbl><w:tblPr>{about}</w:tblPr>{made}</w:tbl>")
        return said(contents(path).texts[0], "row")

    assert rows("")[0] == rows("Town Norvik Elwin")[0] == ("Town: Mayor", "")
    assert rows("", "TableGrid")[0] == ("Town: Mayor", "")
    assert rows("Town Mayor")[0] == rows("", "LightShading")[0] == ("Town | Mayor", HEADER)


def test_a_form_is_a_record_of_its_entries(tmp_path: Path) -> None:
    text = text_of(
        tmp_path, table(cell("Name:") + cell("Torben Ask"), cell("Alarm") + cell("A-117"))
    )
    assert text.text == "Name: Torben Ask\nAlarm: A-117"
    assert said(text, "record") == [(text.text, "")]
    assert said(text, "cell") == [("Torben Ask", "Name"), ("A-117", "Alarm")]
