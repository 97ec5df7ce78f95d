from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Contents, Extracted
from support.extracted import said
from support.zipped import contents, refused, survives, zipped

TITLE, CONTENT, ONLY_TITLE, BLANK = 0, 1, 5, 6
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def presentation() -> Any:
    return Presentation()


def slide(deck: Any, layout: int, title: str = "") -> Any:
    made = deck.slides.add_slide(deck.slide_layouts[layout])
    if title:
        made.shapes.title.text = title
    return made


def box(shapes: Any, text: str, left: float, top: float) -> Any:
    made = shapes.add_textbox(Inches(left), Inches(top), Inches(2), Inches(1))
    made.text_frame.text = text
    return made


def saved(tmp_path: Path, deck: Any) -> Contents:
    path = tmp_path / "file.pptx"
    deck.save(path)
    return contents(path)


def text_of(tmp_path: Path, deck: Any) -> Extracted:
    (text,) = saved(tmp_path, deck).texts
    return text


def test_slides_are_pages_with_headings_items_and_notes(tmp_path: Path) -> None:
    deck = presentation()
    first = slide(deck, TITLE, "The harbour")
    first.placeholders[1].text = "A history"
    second = slide(deck, CONTENT, "You must bring\va lot")
    frame = second.placeholders[1].text_frame
    frame.text = "a rope"
    for words, level in [("of hemp", 1), ("a lamp", 0)]:
        paragraph = frame.add_paragraph()
        paragraph.text, paragraph.level = words, level
    second.notes_slide.notes_text_frame.text = "Say it\nslowly."
    third = slide(deck, ONLY_TITLE, "Fees")
    third._element.set("show", "0")
    slide(deck, BLANK)
    found = saved(tmp_path, deck)
    (text,) = found.texts
    assert said(text, "heading") == [
        ("The harbour", "1"),
        ("You must bring a lot", "2"),
        ("Fees", "2"),
    ]
    assert said(text, "paragraph") == [("A history", "")]
    assert said(text, "item") == [("a rope", ""), ("of hemp", "a rope"), ("a lamp", "")]
    assert said(text, "note") == [("Say it\nslowly.", "")]
    assert [(one.number, text.text[one.start : one.end]) for one in text.pages] == [
        (1, "The harbour\n\nA history"),
        (2, "You must bring a lot\n\na rope\nof hemp\na lamp\n\nSay it\nslowly."),
        (3, "Fees"),
    ]
    assert found.warnings == ("slide 3 is hidden, and read too", "slide 4 holds no text")
    assert found.lost == ("slide 4 holds no text",)
    assert text.title == "The harbour"  # not "PowerPoint Presentation", as the template says


def test_shapes_are_read_from_the_top_left(tmp_path: Path) -> None:
    deck = presentation()
    shapes = slide(deck, ONLY_TITLE).shapes
    box(shapes, "fourth", 1, 5)
    group = shapes.add_group_shape()
    box(group.shapes, "third", 5, 3.1)
    box(group.shapes, "second", 1, 3.2)
    box(shapes, "first", 5, 1)
    shapes.title.text = "Title"
    shapes.title.top = Inches(6)
    assert text_of(tmp_path, deck).text.split("\n\n") == [
        "Title",
        "first",
        "second",
        "third",
        "fourth",
    ]


def test_tables_and_charts_are_rows(tmp_path: Path) -> None:
    deck = presentation()
    size = (Inches(1), Inches(2), Inches(6), Inches(2))
    table = slide(deck, BLANK).shapes.add_table(3, 3, *size).table
    for at, words in enumerate(["Boat", "Summer", "", "Yawl", "10", "60", "", "12", "70"]):
        table.cell(at // 3, at % 3).text = words
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    data: Any = CategoryChartData(number_format="0%")  # type: ignore[no-untyped-call]
    data.categories = ["May", "June"]
    data.add_series("Cod", (0.25, None))
    data.add_series("Eel", (0.1, 0.3))
    chart = slide(deck, BLANK).shapes.add_chart(XL_CHART_TYPE.LINE, *size, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Catch"
    days: Any = CategoryChartData()  # type: ignore[no-untyped-call]
    days.categories = [dt.date(2024, 3, 1), dt.date(2024, 3, 2)]
    days.add_series("Boats", (9, 8))
    slide(deck, BLANK).shapes.add_chart(XL_CHART_TYPE.LINE, *size, days)
    places: Any = XyChartData()  # type: ignore[no-untyped-call]
    series = places.add_series("Depth")
    series.add_data_point(1.5, 20)
    slide(deck, BLANK).shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *size, places)
    text = text_of(tmp_path, deck)
    assert said(text, "row") == [
        ("Boat | Summer |", HEADER),
        ("Yawl | 10 | 60", ""),
        ("Yawl | 12 | 70", ""),
        ("| Cod | Eel", HEADER),
        ("May | 25% | 10%", ""),
        ("June |  | 30%", ""),
        ("| Boats", HEADER),
        ("2024-03-01 | 9", ""),
        ("2024-03-02 | 8", ""),
        ("| Depth", HEADER),
        ("1.5 | 20", ""),
    ]
    assert ("60", "Summer") in said(text, "cell")
    assert ("30%", "Eel") in said(text, "cell")
    assert said(text, "paragraph")[0] == ("Catch", "")


def test_bullets_of_boxes_and_alternatives(tmp_path: Path) -> None:
    deck = presentation()
    shapes = slide(deck, ONLY_TITLE, "Boats").shapes
    listed = box(shapes, "You must bring:", 1, 2).text_frame
    paragraph = listed.add_paragraph()
    paragraph.text = "a rope"
    etree.SubElement(paragraph._p.get_or_add_pPr(), f"{{{A}}}buChar", char="•")
    formula = box(shapes, "x is 1", 1, 4)._element
    alternatives = etree.SubElement(formula.getparent(), f"{{{MC}}}AlternateContent")
    etree.SubElement(alternatives, f"{{{MC}}}Choice", Requires="a14").append(formula)
    fallback = etree.SubElement(alternatives, f"{{{MC}}}Fallback")
    fallback.append(box(shapes, "[picture]", 1, 4)._element)
    text = text_of(tmp_path, deck)
    assert text.text == "Boats\n\nYou must bring:\n\na rope\n\nx is 1"
    assert said(text, "item") == [("a rope", "You must bring:")]


def test_footers_are_said_once(tmp_path: Path) -> None:
    deck = presentation()
    for title in ("Boats", "Sails"):
        shapes = slide(deck, ONLY_TITLE, title).shapes
        for kind, words in [("ftr", "The Board"), ("sldNum", "7"), ("dt", "May")]:
            made = box(shapes, words, 1, 7)
            told = made._element.nvSpPr.find("{*}nvPr")
            etree.SubElement(told, f"{{{told.nsmap['p']}}}ph", type=kind)
    text = text_of(tmp_path, deck)
    assert text.text == "Boats\n\nThe Board\n\nSails"
    assert said(text, "running") == [("The Board", "")]


def test_what_a_presentation_tells_of_itself(tmp_path: Path) -> None:
    deck = presentation()
    slide(deck, TITLE, "Boats")
    deck.core_properties.title = "The pier"
    deck.core_properties.author = "A. Holm"
    text = text_of(tmp_path, deck)
    assert (text.title, text.author) == ("The pier", "A. Holm")
    assert text.date == deck.core_properties.modified.date().isoformat()


@pytest.mark.parametrize("kind", ["slideshow", "template"])
def test_slide_shows_and_templates(tmp_path: Path, kind: str) -> None:
    deck = presentation()
    slide(deck, TITLE, "Boats")
    deck.save(tmp_path / "file.pptx")
    with zipfile.ZipFile(tmp_path / "file.pptx") as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    types = members["[Content_Types].xml"]
    members["[Content_Types].xml"] = types.replace(b"presentation.main", f"{kind}.main".encode())
    assert contents(zipped(tmp_path / "file.ppsx", members)).texts[0].text == "Boats"


@pytest.mark.slow
def test_what_is_silent_or_damaged_is_refused_or_read(tmp_path: Path) -> None:
    path = tmp_path / "file.pptx"
    deck = presentation()
    slide(deck, BLANK)
    deck.save(path)
    assert refused(path) == "holds no text; are its slides pictures?"
    slide(deck, CONTENT, "Boats").placeholders[1].text = "a rope"
    deck.save(path)
    survives(path)
