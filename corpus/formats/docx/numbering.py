"""Word's numbering: the number that stands in front of a paragraph and nowhere in the file."""

from __future__ import annotations

import re
from typing import NamedTuple

from footnoted.corpus.formats.counting import COUNTED
from footnoted.corpus.formats.zipped_xml import Element, attribute, child, children, local

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9
_MOST = 10_000  # beyond, a number is no number of a list


class _Level(NamedTuple):
    kind: str = ""
    text: str = ""
    first: int = 1


class Numbering:
    """The lists of a document, and how far each has come."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._own: dict[str, dict[int, _Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._reached: dict[str, list[int | None]] = {}
        named: dict[str, str] = {}
        links: dict[str, str] = {}
        for one in children(root):
            if local(one) == "abstractNum":
                name = attribute(one, "abstractNumId") or ""
                self._levels[name] = _levels(one)
                named[attribute(child(one, "styleLink"), "val") or ""] = name
                links[name] = attribute(child(one, "numStyleLink"), "val") or ""
            elif local(one) == "num":
                self._add_list(one)
        for name, link in links.items():
            if link in named and not self._levels[name]:
                self._levels[name] = self._levels[named[link]]

    def next_of(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list; "" for a bullet or what cannot be told."""
        name = self._lists.get(list_id, "")
        levels = {**self._levels.get(name, {}), **self._own.get(list_id, {})}
        reached = self._reached.setdefault(name, [None] * _LEVELS)
        for at, first in self._restarts.pop(list_id, {}).items():
            reached[at] = first - 1
        for at in range(level):
            reached[at] = levels.get(at, _Level()).first if reached[at] is None else reached[at]
        before = reached[level]
        reached[level] = levels.get(level, _Level()).first if before is None else before + 1
        reached[level + 1 :] = [None] * (_LEVELS - level - 1)
        shown = levels.get(level, _Level())
        if shown.kind not in COUNTED:
            return ""
        parts = _PLACE.split(shown.text)
        for at in range(1, len(parts), 2):
            place = int(parts[at]) - 1
            kind = levels.get(place, _Level()).kind
            number = reached[place]
            if kind not in COUNTED or number is None or not 0 <= number <= _MOST:
                return ""
            parts[at] = COUNTED[kind](number)
        return "".join(parts).strip()

    def _add_list(self, element: Element) -> None:
        list_id = attribute(element, "numId") or ""
        self._lists[list_id] = attribute(child(element, "abstractNumId"), "val") or ""
        restarts = self._restarts.setdefault(list_id, {})
        for one in element:
            self._own.setdefault(list_id, {}).update(_levels(one))
            at, first = attribute(one, "ilvl") or "", attribute(child(one, "startOverride"), "val")
            if re.fullmatch("[0-8]", at) and re.fullmatch(r"\d{1,5}", first or "", re.ASCII):
                restarts[int(at)] = int(first or 1)


def _levels(element: Element) -> dict[int, _Level]:
    """Those that stand in a definition of lists, or in what one list has in place of them."""
    found = {}
    for one in element:
        at = attribute(one, "ilvl") or ""
        if local(one) == "lvl" and re.fullmatch("[0-8]", at):
            first = attribute(child(one, "start"), "val") or "1"
            found[int(at)] = _Level(
                attribute(child(one, "numFmt"), "val") or "decimal",
                attribute(child(one, "lvlText"), "val") or "",
                int(first) if re.fullmatch(r"\d{1,5}", first, re.ASCII) else 1,
            )
    return found
