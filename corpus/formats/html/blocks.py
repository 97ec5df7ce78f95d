"""A page's tree to the blocks that its readers see, in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from footnoted.corpus.formats.flow import Block, Close, Item, Open
from footnoted.corpus.formats.html.furniture import Furniture, furniture
from footnoted.corpus.formats.html.tables import data_rows, header_row_count, is_layout, records
from footnoted.corpus.formats.html.tree import NOT_SHOWN
from footnoted.corpus.formats.sheets.headers import joined
from footnoted.corpus.spans import Kind

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# What is not shown, or not as text.
_UNSEEN = frozenset(
    """
    head title meta link base script style template noscript noframes iframe frame object embed
    applet param canvas audio video source track map area datalist select input textarea progress
    meter annotation annotation-xml desc defs metadata
    """.split()
)
_BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav
    ol optgroup option p pre search section summary table tbody td text tfoot th thead tr ul
    xmp listing plaintext
    """.split()
)
_HEADINGS = {f"h{level}": str(level) for level in range(1, 7)}
_LISTS = ("ul", "ol", "menu", "dir")
_PREFORMATTED = ("pre", "xmp", "listing", "plaintext")
_SPACES = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = re.compile(r"\n *(?:\n *)+")
# Marks of where a word may be cut, and others without width. Joiners are left: words need them.
_WITHOUT_WIDTH = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_CODE_LANGUAGE = re.compile(r"(?:^|\s)(?:lang(?:uage)?|brush|highlight-source)[-:]\s*([\w+#-]+)")
# In the same page: what is linked so is part of it.
_LEADS_TO_A_PLACE = re.compile(r"\s*#\s*\w")
_ENDS_A_SENTENCE = re.compile(r"""[.!?。！？…]["'”’»)\]]*$""")


class Container(NamedTuple):
    """An element and the blocks in it, as a range of their numbers."""

    start: int
    end: int
    furniture: Furniture
    is_main: bool


@dataclass
class Flow:
    """The blocks of a tree with what is around them, and the elements that hold several."""

    items: list[Item] = field(default_factory=list)
    containers: list[Container] = field(default_factory=list)

    @property
    def blocks(self) -> list[Block]:
        """The blocks alone; ``Container`` counts them."""
        return [item for item in self.items if isinstance(item, Block)]


@dataclass(slots=True)
class _Frame:
    """An element that is open."""

    tag: str
    first: int
    opens: bool = False
    owns: bool = False
    links: bool = False
    quotes: bool = False


@dataclass(slots=True)
class _Owner:
    """An element that says what kind the blocks in it are."""

    kind: Kind
    value: str = ""
    said: str = ""


def flow(root: HtmlElement) -> Flow:
    """What can be seen of a tree."""
    return _Walker().walk(root)


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element's attributes say that it is not shown."""
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    return bool(NOT_SHOWN.search(element.get("style", "")))


class _Walker:
    def __init__(self) -> None:
        self._flow = Flow()
        self._many = 0
        self._frames: list[_Frame] = []
        self._owners: list[_Owner] = []
        self._text: list[str] = []
        self._links = 0
        self._linked = 0

    def walk(self, root: HtmlElement) -> Flow:
        from lxml.etree import iterwalk

        walker = iterwalk(root, events=("start", "end"))
        for event, element in walker:
            if event == "end":
                self._end(element)
                if element is not root:
                    self._say(element.tail)
            elif self._start(element):
                self._say(element.text)
            else:
                walker.skip_subtree()
        self._flush()
        return self._flow

    def _start(self, element: HtmlElement) -> bool:
        """Whether what is inside an element is still to be walked."""
        tag = element.tag
        frame = _Frame(tag, self._many)
        self._frames.append(frame)
        if tag in _UNSEEN or is_hidden(element):
            return False
        if tag == "dialog" and element.get("open") is None:
            return False
        if tag == "br":
            self._text.append("\n")
            return False
        if tag in _BLOCKS:
            self._flush()
            return self._start_block(element, frame)
        if tag == "q":
            frame.quotes = True
            self._say("“")
        elif tag == "button" or (
            tag == "a" and not _LEADS_TO_A_PLACE.match(element.get("href", ""))
        ):
            frame.links = True
            self._links += 1
        return True

    def _start_block(self, element: HtmlElement, frame: _Frame) -> bool:
        tag = element.tag
        if tag in _PREFORMATTED:
            self._add(Block("code", preformatted(element), _language(element)))
            return False
        if tag == "table" and not is_layout(element):
            self._table(element)
            return False
        if tag == "dl" and (pairs := records(element)):
            self._open(frame, "record")
            for term, described in pairs:
                self._add(Block("row", cells=[seen(described)], names=[seen(term)]))
            return False
        if tag in _LISTS:
            lead = self._lead_in()
            self._open(frame, "list")
            self._own(frame, _Owner("item", lead))
        elif tag == "li":
            above = self._owners[-1] if self._owners else _Owner("item")
            self._own(frame, _Owner("item", above.value if above.kind == "item" else ""))
        elif tag == "blockquote":
            self._open(frame, "quotation", _quoted(element))
            self._own(frame, _Owner("paragraph"))
        elif tag in _HEADINGS:
            self._own(frame, _Owner("heading", _HEADINGS[tag]))
        return True

    def _end(self, element: HtmlElement) -> None:
        frame = self._frames[-1]
        if frame.quotes:
            self._say("”")
        if frame.tag in _BLOCKS:
            self._flush()
        if frame.owns:
            self._owners.pop()
        if frame.opens:
            self._flow.items.append(Close())
        if frame.links:
            self._links -= 1
        if frame.tag in _BLOCKS and self._many > frame.first:
            is_main = frame.tag == "main" or element.get("role") == "main"
            about = Container(frame.first, self._many, furniture(element), is_main)
            self._flow.containers.append(about)
        self._frames.pop()

    def _open(self, frame: _Frame, kind: Kind, value: str = "") -> None:
        frame.opens = True
        self._flow.items.append(Open(kind, value))

    def _own(self, frame: _Frame, owner: _Owner) -> None:
        frame.owns = True
        self._owners.append(owner)

    def _say(self, text: str | None) -> None:
        if text:
            text = _SPACES.sub(" ", text)
            self._text.append(text)
            self._linked += len(text.strip()) if self._links else 0

    def _flush(self) -> None:
        """End the block that is being said."""
        text = "".join(self._text).translate(_WITHOUT_WIDTH)
        linked = self._linked
        self._text.clear()
        self._linked = 0
        for part in _PARAGRAPHS.split(text):
            if part.strip():
                block = self._block(part.strip())
                block.linked = min(linked, len(part))
                self._add(block)

    def _block(self, text: str) -> Block:
        owner = self._owners[-1] if self._owners else _Owner("paragraph")
        if owner.kind == "heading":
            return Block("heading", text.replace("\n", " "), owner.value)
        if owner.kind == "item" and not owner.said:
            owner.said = text
            return Block("item", text, owner.value)
        return Block("paragraph", text)

    def _add(self, block: Block) -> None:
        if block.says.strip():
            self._many += 1
            self._flow.items.append(block)

    def _lead_in(self) -> str:
        """The words above a list that it continues: an item's own, or a paragraph's."""
        if self._owners and self._owners[-1].said:
            return self._owners[-1].said
        above = self._flow.items[-1] if self._flow.items else None
        if isinstance(above, Block) and above.kind == "paragraph" and not above.linked:
            return "" if _ENDS_A_SENTENCE.search(above.text) else above.text
        return ""

    def _table(self, table: HtmlElement) -> None:
        rows, is_record = data_rows(table, seen)
        for caption in table.iterchildren("caption"):
            self._add(Block("paragraph", seen(caption)))
        self._flow.items.append(Open("record" if is_record else "table"))
        if is_record:
            for row in rows:
                self._add(Block("row", cells=[row.cells[1]], names=[row.cells[0]]))
        else:
            many = header_row_count(rows)
            headers = joined([row.spread for row in rows[:many]]) if many else []
            for row in rows[:many]:
                self._add(Block("row", cells=row.cells, value="header"))
            for row in rows[many:]:
                self._add(Block("row", cells=row.cells, headers=headers))
        self._flow.items.append(Close())


def seen(element: HtmlElement) -> str:
    """All that can be seen inside an element, on one line."""
    parts = (" " if part is None else part for part in _seen(element))
    return " ".join("".join(parts).translate(_WITHOUT_WIDTH).split())


def preformatted(element: HtmlElement) -> str:
    """The text of an element whose white space is meant."""
    return "".join(part or "" for part in _seen(element))


def _seen(element: HtmlElement) -> Iterator[str | None]:
    """The text inside an element, with None where blocks part it."""
    from lxml.etree import iterwalk

    walker = iterwalk(element, events=("start", "end"))
    for event, one in walker:
        if event == "start":
            if one.tag in _UNSEEN or is_hidden(one):
                walker.skip_subtree()
                continue
            yield one.text or ""
        elif one is not element:
            yield one.tail or ""
        if one.tag == "br":
            yield "\n" if event == "start" else ""
        elif one.tag in _BLOCKS:
            yield None


def _language(element: HtmlElement) -> str:
    code = element.find("code")
    for one in (element, code, element.getparent()):
        if one is not None and (found := _CODE_LANGUAGE.search(one.get("class", ""))):
            return str(found[1])
    return ""


def _quoted(element: HtmlElement) -> str:
    """Who is quoted, if the quotation says so."""
    for tag in ("cite", "footer"):
        for one in element.iter(tag):
            return seen(one).strip("—–- ")
    return ""
