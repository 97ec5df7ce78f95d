"""Office Open XML packages: which part is which, and what they tell of the document."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from footnoted.corpus.formats.given import given_title
from footnoted.corpus.formats.number_formats import is_of_dates, shown_number
from footnoted.corpus.formats.zipped_xml import (
    Element,
    ZippedXml,
    attribute,
    beside,
    children,
    local,
)

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_FIRST_DAY = dt.datetime(1899, 12, 30)


class Properties(NamedTuple):
    """What the author or the program set down of a document; see ``Extracted``."""

    title: str = ""
    author: str | None = None
    date: str | None = None


class Relation(NamedTuple):
    """A part that another part names: the last word of its type, and the name of the part."""

    kind: str
    part: str


def relations(archive: ZippedXml, part: str = "") -> dict[str, Relation]:
    """What a part, or the package itself, refers to inside the package, by the relations' ids."""
    folder, _, name = part.rpartition("/")
    root = archive.tree(f"{folder}/_rels/{name}.rels".lstrip("/"))
    found = {}
    for one in children(root):
        kind, target = one.get("Type", "").rpartition("/")[2], one.get("Target", "")
        if one.get("TargetMode") != "External":
            found[one.get("Id", "")] = Relation(kind, beside(part, target))
    return found


def part_of_kind(related: dict[str, Relation], kind: str) -> str:
    """The first part of a kind; "" if there is none."""
    return next((one.part for one in related.values() if one.kind == kind), "")


def properties(archive: ZippedXml) -> Properties:
    """Those of the whole document."""
    root = archive.tree(part_of_kind(relations(archive), "core-properties"))
    if root is None:
        return Properties()
    told = {local(one): " ".join((one.text or "").split()) for one in root}
    written = _DATE.match(told.get("modified", "")) or _DATE.match(told.get("created", ""))
    return Properties(
        given_title(told.get("title", "")),
        told.get("creator") or None,
        written[0] if written else None,
    )


def chosen(alternatives: Element) -> list[Element]:
    """What is read of ``mc:AlternateContent``, which says the same several times.

    The first choice that holds words, else the fallback.
    """
    spoken = (one for one in alternatives if any(map(_is_spoken, one.iter())))
    first = next(spoken, None)
    return [] if first is None else list(first)


def _is_spoken(element: Element) -> bool:
    return local(element) in ("t", "chart") or attribute(element, "dm") is not None


def charted(root: Element) -> tuple[str, list[list[str]]]:
    """A chart's title, and its categories and series as the rows of a table, the header first."""
    titles = (one for one in root.iter("{*}title") if local(one.getparent()) == "chart")
    title = " ".join(_words(next(titles, None)).split())
    categories: dict[int, str] = {}
    names: list[str] = []
    columns: list[dict[int, str]] = []
    for series in root.iter("{*}ser"):
        parts = {local(one): one for one in series}
        names.append(_words(parts.get("tx")))
        categories |= _points(parts.get("cat", parts.get("xVal")))
        columns.append(_points(parts.get("val", parts.get("yVal"))))
    rows = [
        [categories.get(at, ""), *(column.get(at, "") for column in columns)]
        for at in sorted(set(categories).union(*columns))
    ]
    return title, [["", *names], *rows] if rows else []


def _words(element: Element | None) -> str:
    if element is None:
        return ""
    return " ".join(one.text or "" for one in element.iter("{*}v", "{*}t")).strip()


def _points(element: Element | None) -> dict[int, str]:
    if element is None:
        return {}
    code = next((one.text or "" for one in element.iter("{*}formatCode")), "")
    found: dict[int, str] = {}
    for point in element.iter("{*}pt"):
        index = point.get("idx", "")
        if index.isdecimal():
            said = _shown(_words(point), code)
            # Categories of several levels: the innermost first.
            found[int(index)] = f"{said} {found[int(index)]}" if int(index) in found else said
    return found


def _shown(number: str, code: str) -> str:
    """A number as its format shows it, a date as ``YYYY-MM-DD``."""
    try:
        value = float(number)
        if is_of_dates(code):
            return (_FIRST_DAY + dt.timedelta(value)).date().isoformat()
    except (ValueError, OverflowError):
        return number
    return shown_number(value, code) or f"{value:.15g}"
