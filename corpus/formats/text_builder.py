"""A canonical text, composed block by block by the readers of formats that have none themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from footnoted.corpus.spans import Annotation, Kind, Page, Span, in_order

BETWEEN_CELLS = " | "

# What no text holds: halves of surrogate pairs, which are no characters, and control characters.
_UNPRINTABLE = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")


@dataclass
class TextBuilder:
    """Appends blocks to a text and remembers what each of them is.

    Blocks stand a blank line apart, items and rows of the same list or table a line. White space is
    made single; line ends inside a block are kept. An empty block leaves nothing behind.
    """

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _annotations: list[Annotation] = field(default_factory=list)
    _pages: list[Page] = field(default_factory=list)
    _page: tuple[int, str] | None = None
    _open: list[Kind] = field(default_factory=list)
    _last: Kind | None = None

    @property
    def text(self) -> str:
        """Everything so far."""
        return "".join(self._parts)

    @property
    def length(self) -> int:
        """Of the text so far, in characters."""
        return self._length

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """In the order of their places, of those that begin together the outer first."""
        return in_order(self._annotations)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Where the pages stand; neighbouring stretches of one page are one."""
        return tuple(self._pages)

    def page(self, number: int, label: str = "") -> None:
        """What is appended from now on stands on this page."""
        self._page = (number, label)

    def block(self, kind: Kind, text: str, value: str = "") -> Span | None:
        """Append a block; None if there is nothing in it."""
        text = clean(text)
        if not text:
            return None
        span = self._append(kind, text)
        self._annotations.append(Annotation(*span, kind, value))
        return span

    def over_pages(
        self, kind: Kind, parts: Iterable[tuple[int, str, str]], value: str = ""
    ) -> Span | None:
        """Append a block that goes on from page to page; None if there is nothing in it.

        ``parts`` are the number and the label of each page with what stands on it; a blank is put
        between them.
        """
        span: Span | None = None
        for number, label, text in parts:
            text = clean(text)
            if not text:
                continue
            self.page(number, label)
            if span is None:
                span = self._append(kind, text)
                continue
            start = self._length + 1
            self._parts += [" ", text]
            self._length = start + len(text)
            self._put_on_page(start)
            span = Span(span.start, self._length)
        if span:
            self._annotations.append(Annotation(*span, kind, value))
        return span

    def row(
        self, cells: Sequence[str], headers: Sequence[str] = (), value: str = ""
    ) -> Span | None:
        """Append a row of a table, its cells on one line; each cell knows its header.

        ``value`` is "header" for a row that holds the headers.
        """
        flat = [" ".join(clean(cell).split()) for cell in cells]
        if not any(flat):
            return None
        line = BETWEEN_CELLS.join(flat)
        span = self._append("row", line.strip())
        self._annotations.append(Annotation(*span, "row", value))
        at = span.start - (len(line) - len(line.lstrip()))
        for number, cell in enumerate(flat):
            if cell:
                header = " ".join(headers[number].split()) if number < len(headers) else ""
                self._annotations.append(Annotation(at, at + len(cell), "cell", header))
            at += len(cell) + len(BETWEEN_CELLS)
        return span

    @contextmanager
    def within(self, kind: Kind, value: str = "") -> Iterator[None]:
        """What is appended inside it stands in one ``list``, ``table``, ``record``, ``quotation``.

        It begins with its first block; where none follows, there is no such thing.
        """
        first, before = len(self._parts), self._length
        self._open.append(kind)
        self._last = None
        try:
            yield
        finally:
            self._open.pop()
            self._last = None
            if len(self._parts) > first:
                # The first part is what keeps it apart from what stands above.
                start = before + len(self._parts[first])
                self._annotations.append(Annotation(start, self._length, kind, value))

    def annotate(self, span: Span, kind: Kind, value: str = "") -> None:
        """Say more of a stretch that was appended."""
        self._annotations.append(Annotation(*span, kind, value))

    def _append(self, kind: Kind, text: str) -> Span:
        together = kind == self._last and kind in ("item", "row", "turn")
        between = "" if not self._parts else "\n" if together else "\n\n"
        self._last = kind
        start = self._length + len(between)
        self._parts += [between, text]
        self._length = start + len(text)
        self._put_on_page(start)
        return Span(start, self._length)

    def _put_on_page(self, start: int) -> None:
        if not self._page:
            return
        if self._pages and (self._pages[-1].number, self._pages[-1].label) == self._page:
            self._pages[-1] = self._pages[-1]._replace(end=self._length)
        else:
            self._pages.append(Page(start, self._length, *self._page))


def clean(text: str) -> str:
    """``text`` as it can stand in a canonical text, without white space around it or in excess."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
