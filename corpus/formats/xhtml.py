"""The body of a page of XHTML, as books hold them, to blocks."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from html.entities import html5

from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.counting import letters, roman
from footnoted.corpus.formats.tables import Cell, Table
from footnoted.corpus.formats.zipped_xml import (
    Element,
    attribute,
    child,
    local,
    parse_xml,
    walk,
)

_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main nav ol p pre section summary table"
    " ul".split()
)
_BREAKS = frozenset((*_BLOCKS, "br", "tr", "td", "th"))
_SKIPPED = frozenset(
    "script style template head svg rt rp annotation annotation-xml noscript object audio"
    " video".split()
)
_BOLD = ("b", "strong")
_NOTES = frozenset(("footnote", "endnote", "rearnote", "note"))
_SIGNS_OF_NOTES = frozenset(("noteref", "backlink", "referrer", "pagebreak"))
_NAVIGATION = frozenset(("toc", "landmarks", "page-list", "lot", "loi"))
_COUNTING: dict[str, Callable[[int], str]] = {
    "1": str,
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,31});")
_OF_XML = (b"amp", b"lt", b"gt", b"quot", b"apos")


def parse_xhtml(data: bytes) -> Element | None:
    """The body of a page, leniently where it is not well formed; None if it has none.

    Raises:
        lxml.etree.XMLSyntaxError: nothing in it can be read.
    """
    from lxml import etree

    data = _ENTITY.sub(_numbered, data)
    try:
        root = parse_xml(data)
    except etree.XMLSyntaxError:
        root = etree.fromstring(data, etree.HTMLParser(no_network=True, remove_comments=True))
    return None if root is None else next(root.iter("{*}body"), None)


def write_body(body: Element, composer: Composer) -> None:
    """Write what stands in ``body``."""
    from lxml import etree

    page = _Page(composer)
    entered: list[bool] = []
    walker = etree.iterwalk(body, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            entered.append(page.enter(element))
            if entered[-1]:
                page.say(element.text)
            else:
                walker.skip_subtree()
        else:
            if entered.pop():
                page.leave(element)
            if element is not body:
                page.say(element.tail)
    composer.finish()


@dataclass(slots=True)
class _List:
    """A list that is open, how its items are counted, and the number of the next."""

    kind: str
    at: int


@dataclass(slots=True)
class _Page:
    """One page, while it is read."""

    composer: Composer
    _words: list[str] = field(default_factory=list)
    _is_bold: bool = True
    _bold: int = 0
    _notes: int = 0
    _code: int = 0
    _lists: list[_List] = field(default_factory=list)
    _many_lists: int = 0
    _open: list[str] = field(default_factory=list)
    """The names of the blocks around the present place."""
    _around: list[ExitStack | None] = field(default_factory=list)
    """For each of them what is left with it."""
    _mark: str = ""

    def say(self, text: str | None) -> None:
        if text:
            self._words.append(text if self._code else _SPACE.sub(" ", text))
            self._is_bold &= bool(self._bold) or text.isspace()

    def enter(self, element: Element) -> bool:
        """Whether the element is read."""
        name, types = local(element), _types(element)
        if not name or name in _SKIPPED or types & _SIGNS_OF_NOTES:
            return False
        if name == "nav" and types & _NAVIGATION:
            return False
        if name == "a" and self._notes and _leads_back(element):
            return False
        if name == "br":
            self._words.append("\n")
        self._bold += name in _BOLD
        if name == "table":
            self._flush()
            self.composer.paragraph(_text(child(element, "caption")))
            self.composer.table(_table(element))
            return False
        if name in _BLOCKS:
            self._enter_block(name, element, bool(types & _NOTES))
        return True

    def leave(self, element: Element) -> None:
        """What was entered ends."""
        name = local(element)
        self._bold -= name in _BOLD
        if name in _BLOCKS:
            self._leave_block(name)

    def _enter_block(self, name: str, element: Element, is_note: bool) -> None:
        if self._runs_on(name):
            self._words.append("\n")
        else:
            self._flush()
        around = None
        if is_note:
            around = ExitStack()
            self._notes += 1
            around.callback(self._leave_note)
        elif name == "blockquote" and not self._notes:
            around = ExitStack()
            around.enter_context(self.composer.within("quotation"))
        self._code += name == "pre"
        if name in ("ul", "ol"):
            start = element.get("start", "")
            kind = element.get("type", "1") if name == "ol" else ""
            self._many_lists += not self._lists
            self._lists.append(_List(kind, int(start) if start.isdecimal() else 1))
        elif name == "li" and self._lists:
            self._mark = self._number(element)
        self._open.append(name)
        self._around.append(around)

    def _leave_block(self, name: str) -> None:
        around = self._around.pop()
        self._open.pop()
        if self._runs_on(name):
            self._words.append("\n")
            return
        self._open.append(name)
        self._flush()
        self._open.pop()
        self._code -= name == "pre"
        if name in ("ul", "ol"):
            self._lists.pop()
        if around:
            around.close()

    def _leave_note(self) -> None:
        self._notes -= 1

    def _runs_on(self, name: str) -> bool:
        """Whether a block is a part of the item in which it stands."""
        if name not in ("p", "div") or self._notes:
            return False
        around = next((one for one in reversed(self._open) if one not in ("p", "div")), "")
        return around in ("li", "dd")

    def _number(self, item: Element) -> str:
        inner, value = self._lists[-1], item.get("value", "")
        number = int(value[:6]) if value.isdecimal() else inner.at
        inner.at = number + 1
        if not inner.kind or not 0 < number < 10_000:
            return ""
        return f"{_COUNTING.get(inner.kind, _COUNTING['1'])(number)}."

    def _flush(self) -> None:
        """Write the words so far as the block that they stand in."""
        text, is_bold = "".join(self._words), self._is_bold
        self._words.clear()
        self._is_bold = True
        if not text.strip():
            return
        name = next((one for one in reversed(self._open) if one not in ("p", "div")), "")
        if self._notes:
            self.composer.block("note", text)
        elif self._code:
            self.composer.block("code", text)
        elif len(name) == 2 and name[0] == "h" and name[1].isdecimal():
            self.composer.heading(text, int(name[1]))
        elif name == "li":
            depth = max(0, len(self._lists) - 1)
            self.composer.item(text, depth, self._mark, str(self._many_lists))
            self._mark = ""
        elif name == "dd":
            self.composer.item(text)
        else:
            self.composer.paragraph(text, is_bold)


def _types(element: Element) -> set[str]:
    """What an element of a book is, in the words of EPUB or of ARIA."""
    told = attribute(element, "type"), element.get("epub:type"), element.get("role")
    return {one.removeprefix("doc-") for some in told if some for one in some.split()}


def _leads_back(link: Element) -> bool:
    """Whether a link in a note is a sign that leads to where the note belongs."""
    return "#" in link.get("href", "") and not any(map(str.isalpha, "".join(link.itertext())))


def _table(element: Element) -> Table:
    table, headers = Table(), 0
    rows = walk(element, lambda name, one: () if name in ("tr", "caption") else one)
    for row in (one for one in rows if local(one) == "tr"):
        found = [one for one in row if local(one) in ("td", "th")]
        is_header = local(row.getparent()) == "thead" or all(local(one) == "th" for one in found)
        if found:
            headers += is_header and headers == len(table.rows)
            table.rows.append([_cell(one) for one in found])
    # Headers at the left alone say that there are none at the top.
    has_headers = any(True for _ in element.iter("{*}th"))
    table.headers = headers if has_headers or headers else None
    return table


def _cell(element: Element) -> Cell:
    return Cell(_text(element), _span(element, "colspan"), _span(element, "rowspan"))


def _text(element: Element | None) -> str:
    """All words in an element, each block of them a line."""
    from lxml import etree

    if element is None:
        return ""
    words = []
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, one in walker:
        name = local(one)
        is_read = name not in _SKIPPED and not _types(one) & _SIGNS_OF_NOTES
        if name in _BREAKS:
            words.append("\n")
        if event == "start" and not is_read:
            walker.skip_subtree()
        elif event == "start":
            words.append(_SPACE.sub(" ", one.text or ""))
        elif one is not element:
            words.append(_SPACE.sub(" ", one.tail or ""))
    return "".join(words).strip()


def _span(element: Element, name: str) -> int:
    value = element.get(name, "")
    return max(1, int(value[:6])) if value.isdecimal() else 1


def _numbered(entity: re.Match[bytes]) -> bytes:
    """A character that HTML has a name for, as XML can spell it."""
    said = html5.get(entity[1].decode("ascii") + ";")
    if entity[1] in _OF_XML or said is None:
        return entity[0]
    return "".join(f"&#{ord(one)};" for one in said).encode("ascii")
