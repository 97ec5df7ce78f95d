"""OpenDocument texts and presentations, read paragraph by paragraph from their archive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.given import given_title
from footnoted.corpus.formats.opendocument.styles import Look, Styles
from footnoted.corpus.formats.tables import MOST_COLUMNS, Cell, Table
from footnoted.corpus.formats.text_builder import TextBuilder, clean
from footnoted.corpus.formats.zipped_xml import (
    Element,
    ZippedXml,
    attribute,
    beside,
    check_unlocked,
    child,
    children,
    local,
    opened,
    walk,
)
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted
from footnoted.corpus.wording import counted, listed

_CONTENT = "content.xml"
_PARENTS = (
    ("document-content", "automatic-styles"),
    ("body", "text"),
    ("body", "presentation"),
)
_STYLES = ("style", "list-style", "outline-style")
_INDEXES = frozenset(
    "table-of-content alphabetical-index illustration-index table-index object-index"
    " user-index".split()
)
# What stands in a line of text and holds blocks of its own.
_SHAPES = frozenset(
    "frame custom-shape rect ellipse circle line polyline polygon path regular-polygon connector"
    " caption g text-box".split()
)
_LEAVES = frozenset(("p", "h", "list", "table", "page", "tracked-changes", *_INDEXES))
# A file in the archive that holds a chart, a table or a formula.
_OBJECT = "object"
_AROUND = frozenset(("section", "numbered-paragraph", "bibliography", "index-body", "a", *_SHAPES))
_SKIPPED = frozenset(
    "note annotation ruby-text hidden-text tracked-changes script title desc".split()
)
_RUNNING = frozenset("header header-left header-first footer footer-left footer-first".split())
# What programs put on slides by themselves.
_NUMBERS = ("page-number", "date-time")
_SIGNS = {"s": " ", "tab": "\t", "line-break": "\n"}
# Of formulas in MathML: what holds signs, and what stands between the two parts of others.
_SPOKEN = ("mi", "mn", "mo", "mtext")
_FORMULA = {"mfrac": "/", "msup": "^"}
_SPACE = re.compile(r"[\t\n\r ]+")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_MOST_ROWS = 100  # that one row may stand for


class OpenDocument:
    """``.odt`` and ``.odp`` files; see ``corpus.protocols.Format``."""

    name = "OpenDocument"
    endings = (".odt", ".odp")

    @property
    def version(self) -> str:
        return f"3 lxml {version('lxml')}"

    def recognises(self, file: Peek) -> bool:
        kind = file.mimetype.removeprefix("application/vnd.oasis.opendocument.")
        return kind.startswith(("text", "presentation"))

    def read(self, path: Path, password: str | None = None) -> Contents:
        with opened(path, self.name) as archive:
            check_unlocked(archive)
            return _Document(archive).contents()


@dataclass(slots=True)
class _Paragraph:
    """Its words, and what hangs on it: notes and shapes."""

    parts: list[str] = field(default_factory=list)
    is_bold: bool = True
    notes: list[Element] = field(default_factory=list)
    shapes: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)


class _Document:
    """One document, while it is read."""

    def __init__(self, archive: ZippedXml) -> None:
        self._archive = archive
        self._styles = Styles()
        self._builder = TextBuilder()
        self._composer = Composer(self._builder)
        self._deletions = 0
        self._hidden = 0
        self._slides = 0
        self._lists = 0
        self._silent: list[int] = []

    def contents(self) -> Contents:
        common = self._archive.tree("styles.xml")
        for one in common.iter(*(f"{{*}}{name}" for name in _STYLES)) if common is not None else ():
            self._styles.add(one)
        self._running(common, "header")
        wanted = (*_LEAVES, *_AROUND, *_STYLES)
        for element in self._archive.stream(_CONTENT, _PARENTS, wanted):
            if local(element) in _STYLES:
                self._styles.add(element)
            else:
                self._write_all([element])
        self._composer.finish()
        self._running(common, "footer")
        if not self._builder.length:
            raise UnusableInput("holds no text")
        lost = tuple(self._lost())
        return Contents((self._extracted(),), (*self._left_out(), *lost), lost=lost)

    def _extracted(self) -> Extracted:
        root = self._archive.tree("meta.xml")
        told = {
            local(one): " ".join((one.text or "").split()) for one in children(child(root, "meta"))
        }
        written = _DATE.match(told.get("date", "")) or _DATE.match(told.get("creation-date", ""))
        return Extracted(
            self._builder.text,
            given_title(told.get("title", "")) or self._composer.title,
            author=told.get("initial-creator") or told.get("creator") or None,
            date=written[0] if written else None,
            pages=self._builder.pages,
            annotations=self._builder.annotations,
        )

    def _left_out(self) -> Iterator[str]:
        if self._deletions:
            yield f"{counted(self._deletions, 'tracked deletion')} left out"
        if self._hidden:
            yield f"hidden text left out in {counted(self._hidden, 'place')}"

    def _lost(self) -> Iterator[str]:
        if self._silent:
            hold = "hold" if len(self._silent) > 1 else "holds"
            yield f"{listed('slide', self._silent)} {hold} no text"

    def _running(self, common: Element | None, kind: str) -> None:
        """The headers, or the footers, of all pages, each once."""
        found = (
            (one for one in common.iter() if local(one) in _RUNNING) if common is not None else ()
        )
        said = ["\n".join(self._lines(one)) for one in found if local(one).startswith(kind)]
        for text in dict.fromkeys(map(clean, said)):
            self._builder.block("running", text)

    def _write_all(self, elements: Iterable[Element]) -> None:
        for block in walk(elements, self._below):
            self._write(block)

    def _below(self, name: str, element: Element) -> Iterable[Element]:
        if name == "section" and attribute(element, "display") == "none":
            self._hidden += 1
            return ()
        return element if name in _AROUND else ()

    def _write(self, block: Element) -> None:
        name = local(block)
        if name in ("p", "h"):
            self._write_paragraph(block, self._paragraph(block))
        elif name == "list":
            self._write_list(block)
        elif name == "table":
            hanging: list[_Paragraph] = []
            self._composer.table(self._table(block, hanging))
            for read in hanging:
                self._write_hanging(read)
        elif name == "page":
            self._write_slide(block)
        elif name == _OBJECT:
            self._write_object(block)
        elif name == "tracked-changes":
            self._deletions += sum(1 for _ in block.iter("{*}deletion"))
        elif name in _INDEXES:
            for line in self._lines(child(block, "index-body")):
                self._composer.block("boilerplate", line)

    def _write_paragraph(
        self, element: Element, read: _Paragraph, number: str | None = None
    ) -> None:
        """``number`` is that of the item of a list in which it stands, if it stands in one."""
        style = attribute(element, "style-name") or ""
        if self._styles.is_title(style):
            self._composer.heading(read.text, 1)
        elif local(element) == "h":
            level = _number(element, "outline-level", 9)
            is_counted = read.text.strip() and attribute(element, "is-list-header") is None
            if number is None and is_counted:
                number = self._styles.next_heading(style, level - 1)
            self._composer.heading(f"{number or ''} {read.text}", level)
        elif self._styles.is_quoted(style):
            with self._composer.within("quotation"):
                self._composer.paragraph(read.text)
        else:
            self._composer.paragraph(read.text, read.is_bold)
        self._write_hanging(read)

    def _write_hanging(self, read: _Paragraph) -> None:
        for note in read.notes:
            if lines := self._lines(note):
                self._composer.note("\n".join(lines))
        self._write_all(read.shapes)

    def _write_list(self, element: Element, depth: int = 0, style: str = "") -> None:
        style = attribute(element, "style-name") or style
        continued = attribute(element, "continue-list"), attribute(element, "continue-numbering")
        if depth == 0 and continued[0] is None and continued[1] != "true":
            self._styles.restart(style)
            self._lists += 1
        for item in element:
            is_first = local(item) == "list-item"
            for block in walk(item, self._below) if local(item) else ():
                if local(block) == "list":
                    self._write_list(block, depth + 1, style)
                elif local(block) in ("p", "h"):
                    read = self._paragraph(block)
                    number = ""
                    if is_first and read.text.strip():
                        number = self._styles.next_of(style, depth, attribute(item, "start-value"))
                        is_first = False
                    if local(block) == "h":
                        self._write_paragraph(block, read, number)
                    else:
                        self._composer.item(read.text, depth, number, str(self._lists))
                        self._write_hanging(read)
                else:
                    self._write(block)

    def _write_slide(self, slide: Element) -> None:
        self._slides += 1
        before = self._builder.length
        self._composer.page(self._slides)
        shapes = [one for one in slide if attribute(one, "class") not in _NUMBERS]
        titles = [one for one in shapes if attribute(one, "class") == "title"]
        for one in titles:
            self._composer.heading(" ".join(self._lines(one)), 1 if self._slides == 1 else 2)
        self._write_all(one for one in shapes if one not in titles)
        for one in children(child(slide, "notes")):
            if attribute(one, "class") not in _NUMBERS:
                self._composer.note("\n".join(self._lines(one)))
        self._composer.finish()
        if self._builder.length == before:
            self._silent.append(self._slides)

    def _write_object(self, element: Element) -> None:
        member = beside(_CONTENT, attribute(element, "href") or "")
        root = self._archive.tree(f"{member}/{_CONTENT}")
        if root is None:
            return
        if local(root) == "math":
            self._composer.paragraph(_formula(root))
        for chart in root.iter("{*}chart"):
            self._composer.paragraph(" ".join(self._lines(child(chart, "title"))))
            for label in chart.iter("{*}list"):  # says once more what its cell says
                label.clear()
        for table in root.iter("{*}table"):
            self._composer.table(self._table(table, []))

    def _lines(self, element: Element | None) -> list[str]:
        """The paragraphs inside an element that hold words."""
        if element is None:
            return []
        lines = (self._paragraph(one).text for one in element.iter("{*}p", "{*}h"))
        return [line for line in lines if line.strip()]

    def _paragraph(self, element: Element) -> _Paragraph:
        from lxml import etree

        read = _Paragraph()
        looks = [Look()]
        walker = etree.iterwalk(element, events=("start", "end"))
        for event, one in walker:
            name = local(one)
            if event == "start":
                style = attribute(one, "style-name") if name in ("p", "h", "span", "a") else None
                looks.append(self._styles.look(style, looks[-1]) if style else looks[-1])
                if name in _SIGNS:
                    self._say(read, _SIGNS[name], looks[-1])
                if name in ("note", "annotation"):
                    read.notes.append(child(one, "note-body") if name == "note" else one)
                if name in _SHAPES:
                    read.shapes.append(one)
                if name in _SKIPPED or name in _SHAPES:
                    walker.skip_subtree()
                else:
                    self._say(read, _SPACE.sub(" ", one.text or ""), looks[-1])
            else:
                looks.pop()
                if one is not element:
                    self._say(read, _SPACE.sub(" ", one.tail or ""), looks[-1])
        return read

    def _say(self, read: _Paragraph, said: str, look: Look) -> None:
        if not said:
            return
        if look.hidden:
            self._hidden += not said.isspace()
        else:
            read.parts.append(said.replace("\xad", ""))
            read.is_bold &= bool(look.bold) or said.isspace()

    def _table(self, element: Element, hanging: list[_Paragraph]) -> Table:
        """``hanging`` takes up what hangs on the paragraphs of the cells."""
        table, headers = Table(), 0
        found = walk(element, lambda name, one: () if name in ("table-row", "table-cell") else one)
        for row in found:
            if local(row) != "table-row":
                continue
            cells = [cell for one in row for cell in self._cells(one, hanging)]
            while cells and not cells[-1].text and not cells[-1].tables:
                cells.pop()
            repeated = _number(row, "number-rows-repeated", 1) if cells else 1
            table.rows += [cells] * min(repeated, _MOST_ROWS)
            if local(row.getparent()) == "table-header-rows":
                headers = len(table.rows)
        table.headers = headers or None
        return table

    def _cells(self, element: Element, hanging: list[_Paragraph]) -> list[Cell]:
        """The cells for which an element of a row stands; none for one that another covers."""
        if local(element) != "table-cell":
            return []
        lines: list[str] = []
        tables: list[Table] = []
        is_bold = True
        below = lambda name, one: () if name in ("p", "h", "table") else one  # noqa: E731
        for block in walk(element, below):
            if local(block) in ("p", "h"):
                read = self._paragraph(block)
                hanging.append(read)
                lines.append(read.text)
                is_bold &= read.is_bold
            elif local(block) == "table":
                tables.append(self._table(block, hanging))
        cell = Cell(
            "\n".join(line for line in lines if line.strip()),
            _number(element, "number-columns-spanned", 1),
            _number(element, "number-rows-spanned", 1),
            tables,
            is_bold,
        )
        return [cell] * min(_number(element, "number-columns-repeated", 1), MOST_COLUMNS)


def _formula(root: Element) -> str:
    """A formula of MathML on one line."""
    parts = []
    for one in root.iter():
        around = one.getparent()
        sign = _FORMULA.get(local(around), "") if around is not None else ""
        parts.append(sign if sign and one is around[1] else "")
        parts.append(one.text or "" if local(one) in _SPOKEN else "")
    return "".join(parts)


def _number(element: Element, name: str, otherwise: int) -> int:
    value = attribute(element, name) or ""
    return int(value) if value.isdecimal() and int(value[:6]) > 0 else otherwise
