"""A document as it is shown: what holds what, and in it runs of text, marked or not, shown or not.

Terminal and page show the same tree, each in its way. Nothing is lost in it: all runs, joined, are
the text, also what is not shown, as signs and what stands between blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise, takewhile
from typing import Literal, NamedTuple

from footnoted.corpus.spans import Annotation, Kind, Span
from footnoted.corpus.structure import UNREAD
from footnoted.corpus.types import Document
from footnoted.qa.place import page_in_words

# Containers inside more others than a screen has room for are shown as if they were not there.
_DEEPEST = 8

_SIGNS_BEFORE_NAME = 8
_WORD = re.compile(r"[^\W_]")
_WORDS = re.compile(r"[^\W_]+")

CONTAINERS = "document", "list", "table", "record", "quotation"
"""The kinds of nodes that hold blocks."""


class Run(NamedTuple):
    """Neighbouring letters of a document that are shown alike."""

    text: str
    marked: bool = False
    shown: bool = True
    start: int = 0
    """Where in the document it stands."""


class PageBreak(NamedTuple):
    """Here a page begins; ``label`` is how it is called."""

    label: str


@dataclass(slots=True, eq=False)
class Node:
    """The document, what stands around blocks, a block, or a cell; in the order of their places.

    ``kind`` and ``value`` are those of ``corpus.spans.Annotation``; "speaker" is the name that a
    turn begins with, "text" what nothing but its letters is known of.
    """

    kind: Kind | Literal["document", "speaker", "text"]
    value: str = ""
    children: list[Node | Run | PageBreak] = field(default_factory=list)

    def runs(self) -> Iterator[Run]:
        """All runs in it, in their order."""
        for child in self.children:
            if isinstance(child, Node):
                yield from child.runs()
            elif isinstance(child, Run):
                yield child

    @property
    def marked(self) -> bool:
        """Whether something in it is shown and marked."""
        return any(run.marked and run.shown for run in self.runs())

    @property
    def text(self) -> str:
        """What of it is shown."""
        return "".join(run.text for run in self.runs() if run.shown)


def outline(
    document: Document,
    mark: Span | None = None,
    within: Span | None = None,
    in_columns: bool = False,
) -> Node:
    """What stands in ``document``, or in a stretch of it; ``mark`` is the quotation to mark.

    Of a quotation that is nothing but signs, the signs are shown: else there would be no mark.
    ``in_columns``: a table's headers stand above its rows, so that none is shown in a row again.
    """
    whole = within or Span(0, len(document.text))
    root = _Walk(document, mark or Span(0, 0), whole, in_columns).root
    if mark and not root.marked:
        _show_marked(root)
    return root


@dataclass(slots=True)
class _Open:
    """A container that the walk is inside; it is a node once something is to be read in it."""

    annotation: Annotation
    end: int
    node: Node | None = None


class _Walk:
    """From block to block, in and out of what stands around them."""

    def __init__(self, document: Document, mark: Span, whole: Span, in_columns: bool) -> None:
        self.root = Node("document")
        self._in_columns = in_columns
        self._text = document.text
        self._mark = mark
        self._at = whole.start
        self._end = whole.end
        self._open: list[_Open] = []
        structure = document.structure
        # Each from its end, where it is popped when it is passed.
        self._holders = structure.within(whole, "list", "table", "record", "quotation")[::-1]
        self._cells = structure.within(whole, "cell")[::-1]
        self._signs = structure.within(whole, "markup")[::-1]
        self._pages = [page for page in document.pages if whole.start <= page.start < whole.end]
        self._pages.reverse()
        blocks = structure.blocks_in(whole)
        for block in blocks:
            self._block(block)
        if blocks:
            self._leave(whole.end)
            self._between(self.root, whole.end)
        else:
            self._stretch(self._node(self.root, "text"), whole.end)

    def _block(self, block: Annotation) -> None:
        start, end = max(block.start, self._at), min(block.end, self._end)
        self._leave(start)
        while self._holders and self._holders[-1].start <= start:
            holder = self._holders.pop()
            reach = min(holder.end, self._open[-1].end if self._open else self._end)
            if start < reach and len(self._open) < _DEEPEST:
                self._open.append(_Open(holder, reach))
        # What is not read, as what a site puts around its article, needs no lists and tables.
        parent = self._inside() if block.kind in UNREAD else self._entered()
        self._between(parent, start)
        self._breaks(parent, start)
        node = self._node(parent, block.kind, block.value)
        if block.kind == "row":
            self._row(node, end, self._in_columns and parent.kind == "table")
        elif block.kind == "turn" and block.value:
            self._speaker(node, block.value, end)
        if block.kind == "row" and node.children:
            self._between(node, end)
        else:
            self._stretch(node, end)

    def _row(self, row: Node, end: int, in_columns: bool) -> None:
        while self._cells and self._cells[-1].end <= self._at:
            self._cells.pop()
        cells = []
        while self._cells and self._cells[-1].start < end:
            cells.append(self._cells.pop())
        edges = [self._at, *(edge for cell in cells for edge in (cell.start, cell.end)), end]
        between = [self._text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]
        headers = [*(cell.value for cell in cells), ""]
        if any(
            _WORD.search(gap) and not (in_columns and _says(gap, header))
            for gap, header in zip(between, headers, strict=True)
        ):
            return  # a line such as ``key: value``, of which the key is to be seen
        for cell in cells:
            self._between(row, cell.start)
            self._stretch(self._node(row, "cell", cell.value), min(cell.end, end))

    def _speaker(self, turn: Node, name: str, end: int) -> None:
        found = self._text.find(name, self._at, min(self._at + len(name) + _SIGNS_BEFORE_NAME, end))
        if found >= 0:
            self._stretch(self._node(turn, "speaker"), found + len(name))

    # -- where what comes next belongs ------------------------------------------------------------

    def _leave(self, at: int) -> None:
        while self._open and self._open[-1].end <= at:
            self._open.pop()

    def _inside(self) -> Node:
        """The innermost container in which something was read."""
        return next((one.node for one in reversed(self._open) if one.node), self.root)

    def _entered(self) -> Node:
        """The innermost container, in which something is read now."""
        parent = self.root
        for one in self._open:
            if one.node is None:
                self._between(parent, one.annotation.start)
                self._breaks(parent, one.annotation.start)
                one.node = self._node(parent, one.annotation.kind, one.annotation.value)
            parent = one.node
        return parent

    @staticmethod
    def _node(parent: Node, kind: Kind | Literal["speaker", "text"], value: str = "") -> Node:
        node = Node(kind, value)
        parent.children.append(node)
        return node

    # -- text --------------------------------------------------------------------------------------

    def _between(self, parent: Node, end: int) -> None:
        """Up to ``end``, nothing is shown."""
        while self._pages and self._pages[-1].start < end:
            self._run(parent, self._pages[-1].start, shown=False)
            self._breaks(parent, self._at)
        self._run(parent, end, shown=False)

    def _stretch(self, node: Node, end: int) -> None:
        """Up to ``end``, all is shown but signs."""
        while self._at < end:
            self._breaks(node, self._at)
            while self._signs and self._signs[-1].end <= self._at:
                self._signs.pop()
            edges = [end]
            if self._pages:
                edges.append(self._pages[-1].start)
            is_sign = bool(self._signs) and self._signs[-1].start <= self._at
            if self._signs:
                edges.append(self._signs[-1].end if is_sign else self._signs[-1].start)
            self._run(node, min(edges), shown=not is_sign)

    def _breaks(self, parent: Node, at: int) -> None:
        while self._pages and self._pages[-1].start <= at:
            page = self._pages.pop()
            parent.children.append(PageBreak(page_in_words(page.number, page.label)))

    def _run(self, parent: Node, end: int, shown: bool) -> None:
        """Up to ``end``, in one run or, where the mark begins or ends in it, several."""
        end = max(end, self._at)
        edges = [edge for edge in self._mark if self._at < edge < end]
        for start, stop in pairwise([self._at, *edges, end]):
            if start < stop:
                marked = self._mark.start <= start and stop <= self._mark.end
                parent.children.append(Run(self._text[start:stop], marked, shown, start))
        self._at = end


def _says(gap: str, header: str) -> bool:
    """Whether what stands before a cell is its header, and nothing else."""
    return _WORDS.findall(gap) == _WORDS.findall(header)


_NUMBER = re.compile(r"\(?\w{1,5}[.)]\s*\Z")


def marker(before: str, item: Node) -> str:
    """What an item of a list is headed with: its number, where it has one, or a bullet.

    Numbers are signs and not shown; ``before`` is what is not shown before the item.
    """
    signs = takewhile(lambda run: not run.shown, item.runs())
    number = _NUMBER.search("".join([before, *(run.text for run in signs)]))
    return number.group().strip() if number else "•"


def _show_marked(node: Node) -> None:
    """Show what is marked, also between blocks: there it becomes a block of its own."""
    for number, child in enumerate(node.children):
        if isinstance(child, Node):
            _show_marked(child)
        elif isinstance(child, Run) and child.marked:
            run = child._replace(shown=True)
            is_between = node.kind in CONTAINERS
            node.children[number] = Node("text", children=[run]) if is_between else run
