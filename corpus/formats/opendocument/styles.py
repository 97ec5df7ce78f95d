"""OpenDocument's styles: which words are bold or hidden, which paragraphs titles; its numbering."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from footnoted.corpus.formats.counting import COUNTED
from footnoted.corpus.formats.zipped_xml import Element, attribute, child, local

# The names of Word for how OpenDocument counts.
_COUNTING = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
}
_OUTLINE = "\0"  # no name of a style
_QUOTED = ("Quotations", "Quote")


class _Level(NamedTuple):
    kind: str
    before: str
    after: str
    first: int
    shown: int
    """How many levels its number shows, itself and those above."""


@dataclass(slots=True)
class Look:
    """What a style says; None where it is silent."""

    parent: str = ""
    bold: bool | None = None
    hidden: bool | None = None
    lists: str | None = None
    """The style of lists of its paragraphs, "" for none."""


@dataclass(slots=True)
class Styles:
    """The styles of a document, by their names."""

    _looks: dict[str, Look] = field(default_factory=dict)
    _lists: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _reached: dict[str, list[int]] = field(default_factory=dict)

    def add(self, element: Element) -> None:
        """Take up a style of words or paragraphs, of lists, or of how headings are numbered."""
        name = attribute(element, "name") or ""
        if local(element) == "style":
            text = child(element, "text-properties")
            weight, display = attribute(text, "font-weight"), attribute(text, "display")
            self._looks[name] = Look(
                attribute(element, "parent-style-name") or "",
                None if weight is None else weight in ("bold", "600", "700", "800", "900"),
                None if display is None else display == "none",
                attribute(element, "list-style-name"),
            )
        else:
            is_outline = local(element) == "outline-style"
            self._lists[_OUTLINE if is_outline else name] = {
                _number(attribute(one, "level"), 1): _level(one)
                for one in element
                if local(one) in ("list-level-style-number", "outline-level-style")
            }

    def look(self, name: str, around: Look) -> Look:
        """That of words in a style, inside those that look like ``around``."""
        bold, hidden, seen = None, None, set[str]()
        while name in self._looks and name not in seen:
            seen.add(name)
            one = self._looks[name]
            bold = one.bold if bold is None else bold
            hidden = one.hidden if hidden is None else hidden
            name = one.parent
        return Look(
            bold=around.bold if bold is None else bold,
            hidden=around.hidden if hidden is None else hidden,
        )

    def is_title(self, name: str) -> bool:
        """Whether a paragraph in this style is the title of the document."""
        return "Title" in (name, self._parent(name))

    def is_quoted(self, name: str) -> bool:
        """Whether a paragraph in this style is a quotation."""
        return name in _QUOTED or self._parent(name) in _QUOTED

    def restart(self, name: str) -> None:
        """A list begins anew."""
        self._reached.pop(name, None)

    def next_of(self, name: str, depth: int, start: str | None) -> str:
        """The number of the next item of a list, ``depth`` from 0; "" for a bullet."""
        levels = self._lists.get(name, {})
        reached = self._reached.setdefault(name, [])
        del reached[depth + 1 :]
        while len(reached) < depth:
            reached.append(levels[len(reached) + 1].first if len(reached) + 1 in levels else 1)
        level = levels.get(depth + 1)
        first = level.first if level else 1
        if len(reached) == depth:
            reached.append(first - 1)
        reached[depth] = reached[depth] + 1 if start is None else _number(start, first)
        if level is None or level.kind not in COUNTED:
            return ""
        shown = [
            COUNTED[levels[at + 1].kind](reached[at])
            for at in range(max(0, depth + 1 - level.shown), depth + 1)
            if at + 1 in levels and levels[at + 1].kind in COUNTED
        ]
        return f"{level.before}{'.'.join(shown)}{level.after}".strip()

    def next_heading(self, name: str, depth: int) -> str:
        """The number of a heading in a style, ``depth`` from 0; "" if it has none."""
        seen = set[str]()
        while name in self._looks and name not in seen and self._looks[name].lists is None:
            seen.add(name)
            name = self._looks[name].parent
        is_without = name in self._looks and self._looks[name].lists == ""
        return "" if is_without else self.next_of(_OUTLINE, depth, None)

    def _parent(self, name: str) -> str:
        return self._looks[name].parent if name in self._looks else ""


def _level(element: Element) -> _Level:
    return _Level(
        _COUNTING.get(attribute(element, "num-format") or "", ""),
        attribute(element, "num-prefix") or "",
        attribute(element, "num-suffix") or "",
        _number(attribute(element, "start-value"), 1),
        _number(attribute(element, "display-levels"), 1),
    )


def _number(value: str | None, otherwise: int) -> int:
    return int(value) if value and value.isdecimal() and len(value) < 5 else otherwise
