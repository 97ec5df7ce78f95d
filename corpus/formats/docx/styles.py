"""Word's styles: which paragraphs are headings, bold, hidden or numbered, whatever their names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from footnoted.corpus.formats.zipped_xml import Element, attribute, child, children, local

_HEADING = re.compile(r"heading ([1-9])", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc \d|table of figures)", re.IGNORECASE)
# As Word and LibreOffice call their own; they do so in every language.
_QUOTED = ("quote", "intense quote", "quotations")
_OFF = ("0", "false", "off", "none")
_BODY = 10
"""One more than the number of levels: Word's outline level of what is no heading."""


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says, or a paragraph for itself; None where it is silent.

    ``level`` counts from 1, 0 for what is no heading; ``list_id`` and ``list_level`` name a list
    and a level of it.
    """

    level: int | None = None
    bold: bool | None = None
    hidden: bool | None = None
    list_id: str | None = None
    list_level: int | None = None
    is_title: bool = False
    is_contents: bool = False
    is_quoted: bool = False


class Styles:
    """The styles of a document, each with what it inherits."""

    def __init__(self, root: Element | None) -> None:
        self._elements: dict[str, Element] = {}
        self._defaults: dict[str, str] = {}
        self._known: dict[str, Style] = {}
        for one in children(root):
            if local(one) == "style":
                name = attribute(one, "styleId") or ""
                self._elements.setdefault(name, one)
                if is_on(attribute(one, "default") or "0"):
                    self._defaults[attribute(one, "type") or ""] = name

    def of_paragraph(self, properties: Element | None) -> Style:
        """That of a paragraph with these ``w:pPr``."""
        name = attribute(child(properties, "pStyle"), "val")
        style = self._named(self._defaults.get("paragraph", "") if name is None else name)
        if properties is None or not len(properties):
            return style
        own = _outline(properties)
        list_id, list_level = _numbering(properties)
        return replace(
            style,
            level=style.level if own is None else own,
            list_id=list_id or style.list_id,
            list_level=style.list_level if list_level is None else list_level,
        )

    def of_run(self, properties: Element | None, paragraph: Style) -> tuple[bool, bool]:
        """Whether a run with these ``w:rPr`` is bold, and whether it is hidden."""
        if properties is None or not len(properties):
            return bool(paragraph.bold), bool(paragraph.hidden)
        name = attribute(child(properties, "rStyle"), "val")
        style = self._named(name) if name else Style()
        return (
            _first(_switch(properties, "b"), style.bold, paragraph.bold),
            _first(_switch(properties, "vanish"), style.hidden, paragraph.hidden),
        )

    def _named(self, name: str) -> Style:
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> Style:
        """A style with what those below it say; of each thing the nearest word counts."""
        found: dict[str, Any] = {}
        seen: set[str] = set()
        while name in self._elements and name not in seen:
            seen.add(name)
            element = self._elements[name]
            for key, value in _told(element).items():
                found.setdefault(key, value)
            name = attribute(child(element, "basedOn"), "val") or ""
        return Style(**found)


def is_on(value: str | None) -> bool:
    """Whether a switch is on; one without a value is."""
    return value is None or value.lower() not in _OFF


def _told(element: Element) -> dict[str, Any]:
    properties, marks = child(element, "pPr"), child(element, "rPr")
    name = attribute(child(element, "name"), "val") or ""
    heading = _HEADING.fullmatch(name)
    level = _outline(properties)
    list_id, list_level = _numbering(properties)
    told: dict[str, Any] = {
        "level": int(heading[1]) if level is None and heading else level,
        "bold": _switch(marks, "b"),
        "hidden": _switch(marks, "vanish"),
        "list_id": list_id,
        "list_level": list_level,
        "is_title": name.lower() == "title" or None,
        "is_contents": bool(_CONTENTS.fullmatch(name)) or None,
        "is_quoted": name.lower() in _QUOTED or None,
    }
    return {key: value for key, value in told.items() if value is not None}


def _outline(properties: Element | None) -> int | None:
    value = attribute(child(properties, "outlineLvl"), "val") or ""
    return (int(value) + 1) % _BODY if re.fullmatch("[0-9]", value) else None


def _numbering(properties: Element | None) -> tuple[str | None, int | None]:
    numbering = child(properties, "numPr")
    level = attribute(child(numbering, "ilvl"), "val") or ""
    return (
        attribute(child(numbering, "numId"), "val"),
        int(level) if re.fullmatch("[0-8]", level) else None,
    )


def _switch(properties: Element | None, name: str) -> bool | None:
    element = child(properties, name)
    return None if element is None else is_on(attribute(element, "val"))


def _first(*values: bool | None) -> bool:
    return next((one for one in values if one is not None), False)
