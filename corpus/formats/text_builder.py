"""A canonical text, composed block by block by the readers of formats that have none themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from textwrap import dedent

from footnoted.corpus.spans import AnnotationBuilder, Annotations, Kind, Page, Span

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
    _annotations: AnnotationBuilder = field(default_factory=AnnotationBuilder)
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
    def annotations(self) -> Annotations:
        """In the order of their places, of those that begin together the outer first."""
        return self._annotations.in_order()

    @property
    def pages(self) -> tuple[Page, ...]:
        """Where the pages stand; neighbouring stretches of one page are one."""
        return tuple(self._pages)

    def page(self, number: int, label: str = "") -> None:
        """What is appended from now on stands on this page."""
        self._page = (number, label)

    def block(self, kind: Kind, text: str, value: str = "") -> Span | None:
        """Append a block; None if there is nothing in it. Code keeps its white space."""
        text = clean_code(text) if kind == "code" else clean(text)
        if not text:
            return None
        span = self._append(kind, text)
        self._annotations.append(*span, kind, value)
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
            self._annotations.append(*span, kind, value)
        return span

    def row(
        self, cells: Sequence[str], headers: Sequence[str] = (), value: str = ""
    ) -> Span | None:
        """Append a row of a table, its cells on one line; each cell knows its header.

        ``value`` is "header" for a row that holds the headers.
        """
        flat = [one_line(cell) for cell in cells]
        if not any(flat):
            return None
        line = BETWEEN_CELLS.join(flat)
        span = self._append("row", line.strip())
        self._annotations.append(*span, "row", value)
        at = span.start - (len(line) - len(line.lstrip()))
        for number, cell in enumerate(flat):
            if cell:
                header = one_line(headers[number]) if number < len(headers) else ""
                self._annotations.append(at, at + len(cell), "cell", header)
            at += len(cell) + len(BETWEEN_CELLS)
        return span

    def fields(self, fields: Iterable[tuple[str, str]]) -> Span | None:
        """Append a row that names its cells: ``Header: cell | Header: cell``.

        A cell that is empty is left out; one whose header is, stands alone.
        """
        pairs = ((_named(one_line(header)), one_line(cell)) for header, cell in fields)
        named = [(header, cell) for header, cell in pairs if cell]
        if not named:
            return None
        said = [f"{header}: {cell}" if header else cell for header, cell in named]
        span = self._append("row", BETWEEN_CELLS.join(said))
        self._annotations.append(*span, "row")
        at = span.start
        for (header, cell), one in zip(named, said, strict=True):
            end = at + len(one)
            self._annotations.append(end - len(cell), end, "cell", header)
            at = end + len(BETWEEN_CELLS)
        return span

    @contextmanager
    def within(self, kind: Kind, value: str = "") -> Iterator[None]:
        """What is appended inside it stands in one ``list``, ``table``, ``record``, ``quotation``.

        It begins with its first block; where none follows, there is no such thing.
        """
        first, before = len(self._parts), self._length
        number = self._annotations.reserve(kind, value)
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
                self._annotations.place(number, start, self._length)
            else:
                self._annotations.withdraw(number)

    def annotate(self, span: Span, kind: Kind, value: str = "") -> None:
        """Say more of a stretch that was appended."""
        self._annotations.append(*span, kind, value)

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


def _named(header: str) -> str:
    """A header without the colon that is put after it."""
    return header.rstrip(":").rstrip()


def one_line(text: str) -> str:
    """``text`` as it can stand in a cell."""
    if text.isprintable() and "  " not in text:  # as most cells are, of which there may be millions
        return text.strip()
    return " ".join(_UNPRINTABLE.sub("", text).split())


def clean_code(text: str) -> str:
    """``text`` as it can stand in a canonical text, with the white space that code means."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in dedent(text).split("\n")).strip()


def clean(text: str) -> str:
    """``text`` as it can stand in a canonical text, without white space around it or in excess."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
