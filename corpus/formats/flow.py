"""Blocks one after another and what stands around them, before they become a canonical text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from footnoted.corpus.formats.text_builder import BETWEEN_CELLS, TextBuilder, one_line
from footnoted.corpus.spans import Kind


@dataclass(slots=True)
class Block:
    """A stretch of text and its kind, see ``Annotation``; a row has ``cells`` in place of a text.

    A row whose ``names`` are given says them: ``Header: cell``. ``linked`` counts the characters
    that are links.
    """

    kind: Kind
    text: str = ""
    value: str = ""
    cells: Sequence[str] = ()
    headers: Sequence[str] = ()
    names: Sequence[str] = ()
    linked: int = 0

    @property
    def says(self) -> str:
        """All its words."""
        return self.text or BETWEEN_CELLS.join(filter(None, (*self.names, *self.cells)))


@dataclass(slots=True)
class Open:
    """From here on, blocks stand inside a list, a table, a record or a quotation."""

    kind: Kind
    value: str = ""


@dataclass(slots=True)
class Close:
    """Up to here, blocks stand inside what was opened last."""


Item = Block | Open | Close


def without_empty(items: Sequence[Item]) -> list[Item]:
    """Without lists, tables and quotations of which nothing is left but boilerplate."""
    kept: list[Item] = []
    # Where each of those that are open stands, and whether anything else is in it.
    opened: list[tuple[int, bool]] = []
    for item in items:
        if isinstance(item, Open):
            opened.append((len(kept), False))
        elif isinstance(item, Close):
            at, is_filled = opened.pop()
            if not is_filled:
                del kept[at]
                continue
            opened[-1:] = [(opened[-1][0], True)] if opened else []
        elif item.kind != "boilerplate":
            opened[-1:] = [(opened[-1][0], True)] if opened else []
        kept.append(item)
    return kept


def write(builder: TextBuilder, items: Iterable[Item]) -> None:
    """Append blocks to a text, inside of what they stand in."""
    opened: list[AbstractContextManager[None]] = []
    for item in items:
        if isinstance(item, Open):
            opened.append(builder.within(item.kind, one_line(item.value)))
            opened[-1].__enter__()
        elif isinstance(item, Close):
            opened.pop().__exit__(None, None, None)
        elif item.kind == "row" and item.names:
            builder.fields(zip(item.names, item.cells, strict=True))
        elif item.kind == "row":
            builder.row(item.cells, item.headers, item.value)
        else:
            builder.block(item.kind, item.text or item.says, one_line(item.value))
    while opened:
        opened.pop().__exit__(None, None, None)
