"""What a workbook holds beside the values of its cells: comments, boxes of text, merged cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.office_package import part_of_kind, relations
from footnoted.corpus.formats.text_builder import one_line
from footnoted.corpus.formats.zipped_xml import (
    LARGEST_TREE,
    Element,
    ZippedXml,
    attribute,
    children,
    local,
    opened,
    parse_xml,
)

Place = tuple[int, int]
"""A cell's row and column, counted from 0."""

NOWHERE: Place = (-1, -1)

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# With the empty one that LibreOffice writes for each comment on a cell.
_ANNOTATION = re.compile(rb"<office:annotation\b[^>]*?(?:/>|>.*?</office:annotation>)", re.DOTALL)
_SPANNED = re.compile(rb'-spanned="(?!1")')
# In a sheet of OpenDocument, rows or cells that are repeated more often are empty.
_MOST_REPEATED = 1000
# What Excel writes for programs that know no comments with answers; its own stand elsewhere.
_SHOWN_ELSEWHERE = "[Threaded comment]"


@dataclass(slots=True)
class Beside:
    """What a sheet holds beside the values of its cells.

    ``part`` is the name of the sheet in the archive; ``merged`` holds the first and the last cell
    of each that reaches over several.
    """

    part: str = ""
    boxes: list[str] = field(default_factory=list)
    comments: list[tuple[Place, str]] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def of_workbook(path: Path) -> dict[str, Beside]:
    """By the names of sheets, what an ``.xlsx`` file holds; nothing of what is broken, or no such.

    No cell is lost by what is wrong beside it: whoever reads the cells tells what is broken.
    """
    found: dict[str, Beside] = {}
    try:
        with opened(path, "spreadsheet") as archive:
            main = part_of_kind(relations(archive), "officeDocument")
            related = relations(archive, main)
            root = archive.tree(main)
            for sheet in root.iter("{*}sheet") if root is not None else ():
                part = related[attribute(sheet, "id") or ""].part
                found[sheet.get("name", "")] = _of_sheet(archive, part)
    except UnusableInput:
        pass
    return found


def _of_sheet(archive: ZippedXml, part: str) -> Beside:
    related = relations(archive, part)
    drawing = archive.tree(part_of_kind(related, "drawing"))
    bodies = drawing.iter("{*}txBody") if drawing is not None else ()
    comments = [
        (_place(one.get("ref", "")), text)
        for kind, tag in (("comments", "comment"), ("threadedComment", "threadedComment"))
        for one in _elements(archive, part_of_kind(related, kind), tag)
        if (text := _said(one)) and not text.startswith(_SHOWN_ELSEWHERE)
    ]
    # Sorting keeps the answers to a comment below it.
    comments.sort(key=lambda one: one[0])
    return Beside(part, ["\n".join(_lines(one)) for one in bodies], comments)


def _elements(archive: ZippedXml, part: str, tag: str) -> Iterator[Element]:
    root = archive.tree(part)
    return iter(()) if root is None else root.iter(f"{{*}}{tag}")


def _said(comment: Element) -> str:
    """What a comment says, without how words are pronounced."""
    said = [one for one in comment.iter("{*}t", "{*}text") if local(one.getparent()) != "rPh"]
    return one_line("".join(one.text or "" for one in said))


def _place(name: str) -> Place:
    match = _CELL.fullmatch(name)
    if not match:
        return NOWHERE
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1


def _lines(body: Element) -> Iterator[str]:
    return ("".join(one.text or "" for one in line.iter("{*}t")) for line in body.iter("{*}p"))


# -- OpenDocument ----------------------------------------------------------------------------------


def of_opendocument(content: bytes) -> dict[str, Beside]:
    """By the names of sheets, the comments and merged cells of ``content.xml``.

    Raises:
        lxml.etree.XMLSyntaxError: it is no XML.
    """
    has_any = b"<office:annotation" in content or _SPANNED.search(content)
    if not has_any or len(content) > LARGEST_TREE:
        return {}
    sheets = parse_xml(content).iter("{*}table")
    return {attribute(one, "name") or "": _of_table(one) for one in sheets}


def without_comments(content: bytes) -> bytes:
    """``content.xml`` with nothing in its cells but what they hold."""
    return _ANNOTATION.sub(b"", content)


def _of_table(table: Element) -> Beside:
    found = Beside()
    number = 0
    for row in table.iter("{*}table-row"):
        column = 0
        for cell in children(row):
            if local(cell) not in ("table-cell", "covered-table-cell"):
                continue
            said = [_paragraphs(one) for one in cell.iter("{*}annotation")]
            found.comments += (((number, column), text) for text in said if text)
            down, across = (_number(cell, f"number-{one}-spanned") for one in ("rows", "columns"))
            if down > 1 or across > 1:
                last = number + down - 1, column + across - 1
                found.merged.append(((number, column), last))
            column += _repeated(cell, "number-columns-repeated")
        number += _repeated(row, "number-rows-repeated")
    return found


def _paragraphs(annotation: Element) -> str:
    return one_line(" ".join("".join(one.itertext()) for one in annotation.iter("{*}p")))


def _repeated(element: Element, name: str) -> int:
    number = _number(element, name)
    return number if number <= _MOST_REPEATED else 1


def _number(element: Element, name: str) -> int:
    said = attribute(element, name) or ""
    return int(said) if said.isdecimal() and len(said) <= 9 else 1
