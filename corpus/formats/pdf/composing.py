"""The blocks of all pages to one text: headings by their type, paragraphs over the pages' ends."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from footnoted.corpus.formats.pdf.blocks import Block
from footnoted.corpus.formats.pdf.hyphens import Vocabulary, parted
from footnoted.corpus.formats.text_builder import TextBuilder, clean
from footnoted.corpus.spans import Kind, Span
from footnoted.corpus.structure import HEADER

# In relation to the size of most of the text.
_HEADING, _BOLD_HEADING, _NOTE = 1.1, 0.85, 0.93
_OTHER_SIZE = 0.08
_MOST_LINES, _LONGEST_HEADING, _DEEPEST = 3, 200, 6
# A numbered item longer than this is a numbered paragraph.
_LONGEST_ITEM = 400
_SURE_BULLETS = frozenset("•‣▪◦●○■□◆❖➢✓")
# The number of a division of a law, which stands above its title.
_DIVISION = re.compile(
    r"(?:article|part|title|chapter|section|annex|appendix|schedule|rule|§)\s*"
    r"(?:\d{1,4}[a-z]?|[IVXLC]{1,7}|[A-Z])",
    re.I,
)
_NO_HEADING = re.compile(r"[.,;:]$")
# Figures that are raised after a word or a sentence, as marks of notes are.
_REFERENCE = re.compile(r"(?:(?<=[^\W\d_]{2})|(?<=[.,;:!?)\]'\"”’»]))[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_RAISED_MARK = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_NOTE_MARK = re.compile(r"\(?\d{1,3}(?![\d.,:/-]\d|\d)|[⁰¹²³⁴⁵⁶⁷⁸⁹*†‡§]")


@dataclass(slots=True)
class PageBlocks:
    """What a page holds: its columns, notes in its margin, and what is no part of the flow."""

    number: int
    label: str
    columns: list[list[Block]]
    notes: list[Block] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    foot: list[str] = field(default_factory=list)
    marks: frozenset[str] = frozenset()
    """The raised figures with which its notes begin."""

    def blocks(self) -> Iterator[Block]:
        """Those of all columns."""
        for column in self.columns:
            yield from column


@dataclass(slots=True)
class _Piece:
    """A block, perhaps on several pages: its parts, each with the page it stands on."""

    kind: Kind
    parts: list[tuple[PageBlocks, str]]
    value: str = ""
    block: Block | None = None


class Composer:
    """Pages to a text. They are handed in one after the other, then composed."""

    def __init__(self, outline: Iterable[str] = ()) -> None:
        self.pages: list[PageBlocks] = []
        self.title = ""
        self._vocabulary = Vocabulary()
        self._sizes: Counter[float] = Counter()
        self._bold: Counter[bool] = Counter()
        self._outline = frozenset(map(_folded, outline)) - {""}

    def add(self, page: PageBlocks) -> None:
        """The next page."""
        self.pages.append(page)
        for block in page.blocks():
            self._vocabulary.add(block.text)
            if block.what in ("text", "item"):
                self._sizes[block.size] += len(block.text)
                self._bold[block.bold] += len(block.text)

    def compose(self) -> TextBuilder:
        """The text; ``title`` is what stands in the largest type on the first page with any."""
        self._body = max(self._sizes, key=lambda one: (self._sizes[one], one), default=0.0)
        self._levels = self._ranked()
        self.title = self._largest()
        flow = _Flow(self._vocabulary)
        for page in self.pages:
            self._add_page(page, flow)
        flow.finish()
        return flow.builder

    def _add_page(self, page: PageBlocks, flow: _Flow) -> None:
        for text in page.head:
            flow.aside(_Piece("running", [(page, text)]))
        columns = [self._without_notes(column) for column in page.columns]
        notes = [block for _, below in columns for block in below]
        page.marks = frozenset(
            match.group() for block in notes if (match := _RAISED_MARK.match(block.text))
        )
        for body, _ in columns:
            for block in self._with_titles(body):
                flow.add(page, block, self._level(block))
        for block in (*notes, *page.notes):
            flow.aside(_Piece("note", [(page, block.text)]))
        for text in page.foot:
            flow.aside(_Piece("running", [(page, text)]))

    def _with_titles(self, column: Sequence[Block]) -> Iterator[Block]:
        """A column's blocks, the number of a division and the title below it as one heading."""
        number: Block | None = None
        for block in column:
            if number and self._is_heading(block) and not self._is_heading(number):
                block = replace(block, text=f"{number.text} {block.text}")
            elif number:
                yield number
            number = block if _DIVISION.fullmatch(block.text) else None
            if not number:
                yield block
        if number:
            yield number

    def _without_notes(self, column: list[Block]) -> tuple[list[Block], list[Block]]:
        """A column, and the footnotes at its foot: smaller type that begins with a mark."""
        start = len(column)
        while start and self._is_small(column[start - 1]):
            start -= 1
        while start < len(column) and not _NOTE_MARK.match(column[start].text):
            start += 1
        return (column[:start], column[start:]) if start else (column, [])

    def _is_small(self, block: Block) -> bool:
        return block.what in ("text", "item") and block.size < _NOTE * self._body

    def _is_heading(self, block: Block) -> bool:
        text = block.text
        if block.what not in ("text", "item") or not any(sign.isalpha() for sign in text):
            return False
        if block.lines > _MOST_LINES or len(text) > _LONGEST_HEADING:
            return False
        if _folded(text) in self._outline:
            return True
        if block.size >= _HEADING * self._body:
            return not _NO_HEADING.search(text)
        mostly_bold = self._bold[True] > self._bold[False]
        if not block.bold or mostly_bold or block.size < _BOLD_HEADING * self._body:
            return False
        return not _NO_HEADING.search(text) and block.marker not in _SURE_BULLETS

    def _ranked(self) -> dict[tuple[float, bool], int]:
        """The level of each type of heading, the largest first."""
        types = {
            (block.size, block.bold)
            for page in self.pages
            for block in page.blocks()
            if self._is_heading(block)
        }
        ranked = sorted(types, reverse=True)
        return {one: min(at, _DEEPEST) for at, one in enumerate(ranked, start=1)}

    def _level(self, block: Block) -> int:
        """Of a heading; 0 if a block is none."""
        return self._levels[block.size, block.bold] if self._is_heading(block) else 0

    def _largest(self) -> str:
        first = next((page for page in self.pages if any(page.blocks())), None)
        headings = [block for block in first.blocks() if self._is_heading(block)] if first else []
        if not headings:
            return ""
        size = max(block.size for block in headings)
        if size < _HEADING * self._body:
            return ""
        said = []
        for block in first.blocks() if first else ():
            if block.size == size and block in headings:
                said.append(self._vocabulary.resolve(block.text))
            elif said:
                break
        return " ".join(said)


class _Flow:
    """Writes blocks down as soon as it is known that none goes on with them.

    What stands aside of the flow waits until then, too: so a paragraph that goes on over the end
    of a page is one block all the same.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.builder = TextBuilder()
        self._vocabulary = vocabulary
        self._open: _Piece | None = None
        self._waiting: list[_Piece] = []
        self._list: list[_Piece] = []
        self._leads: list[tuple[tuple[str, int], str]] = []
        self._before = ""
        self._headers: list[str] = []

    def aside(self, piece: _Piece) -> None:
        """What is no part of the flow."""
        self._waiting.append(piece)

    def add(self, page: PageBlocks, block: Block, level: int) -> None:
        """The next block of the flow; a heading if it has a level."""
        if not level and self._goes_on_with(block):
            assert self._open is not None
            self._open.parts.append((page, block.text))
            self._open.block = block
            return
        self._flush()
        if block.table:
            self._end_list()
        if not self._list:
            self._write_aside()
        if block.table:
            self._write_table(page, block)
            return
        kinds: dict[str, Kind] = {"code": "code", "contents": "boilerplate", "item": "item"}
        kind: Kind = "heading" if level else kinds.get(block.what, "paragraph")
        self._open = _Piece(kind, [(page, block.text)], str(level) if level else "", block)

    def finish(self) -> None:
        """Nothing comes any more."""
        self._flush()
        self._end_list()
        self._write_aside()

    def _goes_on_with(self, block: Block) -> bool:
        """Whether a block goes on with a sentence that the last one broke off."""
        piece = self._open
        if not piece or not piece.block or piece.kind not in ("paragraph", "item"):
            return False
        before = piece.block
        if block.what != "text" or before.ends_sentence or block.bold != before.bold:
            return False
        if block.text[:1].islower():
            return abs(block.size / before.size - 1) <= _OTHER_SIZE
        return before.full and block.lines > 1 and block.size == before.size

    def _flush(self) -> None:
        piece, self._open = self._open, None
        if piece is None:
            return
        self._headers = []
        if piece.kind == "item" and self._is_item(piece):
            piece.value = self._lead_in(piece)
            self._list += [piece, *self._waiting]
            self._waiting = []
            return
        self._end_list()
        if piece.kind == "item":
            piece.kind = "paragraph"
        self._write(piece)
        self._write_aside()
        if piece.kind == "paragraph":
            self._before = self._said(piece)
        elif piece.kind == "heading":
            self._before = ""

    def _said(self, piece: _Piece) -> str:
        return " ".join(filter(None, (text for _, _, text in self._parts(piece))))

    def _is_item(self, piece: _Piece) -> bool:
        """Whether it is one of a list, and no paragraph that has a number."""
        assert piece.block is not None
        if piece.block.marker in _SURE_BULLETS:
            return True
        return sum(len(text) for _, text in piece.parts) <= _LONGEST_ITEM

    def _lead_in(self, piece: _Piece) -> str:
        """The words that an item continues: those above its list, or the item above its own."""
        assert piece.block is not None
        marker = piece.block.marker, piece.block.indent
        for at, (known, lead) in enumerate(self._leads):
            if known == marker:
                del self._leads[at + 1 :]
                return lead
        items = [one for one in self._list if one.kind == "item"]
        above = self._said(items[-1]) if items else self._before
        if items and not above.endswith(":"):
            above = self._leads[-1][1]
        self._leads.append((marker, above))
        return above

    def _end_list(self) -> None:
        pieces, self._list, self._leads = self._list, [], []
        if not pieces:
            return
        last = max(at for at, piece in enumerate(pieces) if piece.kind == "item")
        items = [piece for piece in pieces if piece.kind == "item"]
        marker = items[0].block.marker if items[0].block else ""
        if len(items) == 1 and marker not in _SURE_BULLETS and not items[0].value.endswith(":"):
            items[0].kind, items[0].value = "paragraph", ""
            self._before = self._said(items[0])
            for piece in pieces:
                self._write(piece)
            return
        with self.builder.within("list"):
            for piece in pieces[: last + 1]:
                self._write(piece)
        for piece in pieces[last + 1 :]:
            self._write(piece)

    def _write_aside(self) -> None:
        waiting, self._waiting = self._waiting, []
        for piece in waiting:
            self._write(piece)

    def _write(self, piece: _Piece) -> None:
        parts = self._parts(piece)
        span = self.builder.over_pages(piece.kind, parts, piece.value)
        if not span:
            return
        if piece.kind == "item" and piece.block:
            self._mark_bullet(span, piece)
        marks = frozenset[str]().union(*(page.marks for page, _ in piece.parts))
        if marks and piece.kind != "note":
            said = " ".join(filter(None, (clean(text) for _, _, text in parts)))
            for match in _REFERENCE.finditer(said):
                if match.group() in marks:
                    a, b = match.span()
                    self.builder.annotate(Span(span.start + a, span.start + b), "markup")

    def _parts(self, piece: _Piece) -> list[tuple[int, str, str]]:
        """The number and the label of each page with what stands on it.

        A word that is broken by the end of a page stands where it begins.
        """
        texts: list[str] = []
        for _, text in piece.parts:
            if texts:
                texts[-1], between = parted(texts[-1], text)
                if not between:
                    rest, _, text = text.partition(" ")
                    texts[-1] += rest
            texts.append(text)
        return [
            (page.number, page.label, self._vocabulary.resolve(text))
            for (page, _), text in zip(piece.parts, texts, strict=True)
        ]

    def _mark_bullet(self, span: Span, piece: _Piece) -> None:
        assert piece.block is not None
        marker = piece.block.marker
        text = piece.parts[0][1]
        if len(marker) == 1 and not marker.isalnum() and text.startswith(marker + " "):
            self.builder.annotate(Span(span.start, span.start + 2), "markup")

    def _write_table(self, page: PageBlocks, block: Block) -> None:
        table = block.table
        assert table is not None
        rows = [[self._vocabulary.resolve(cell) for cell in row] for row in table.rows]
        headers = _headers([[self._vocabulary.resolve(cell) for cell in row] for row in table.over])
        if not headers and len(self._headers) == len(rows[0]):
            headers = self._headers
        self.builder.page(page.number, page.label)
        with self.builder.within("table"):
            for at, row in enumerate(rows):
                is_header = at < table.headers
                self.builder.row(row, () if is_header else headers, HEADER if is_header else "")
        self._headers = headers


def _headers(rows: Sequence[Sequence[str]]) -> list[str]:
    """What stands above each column."""
    return [" ".join(dict.fromkeys(filter(None, column))) for column in zip(*rows, strict=True)]


def _folded(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", text.lower()).split())
