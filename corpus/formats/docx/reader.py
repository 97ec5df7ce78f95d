"""Word's documents, read paragraph by paragraph from their package."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.docx.numbering import Numbering
from footnoted.corpus.formats.docx.paragraphs import Paragraph, Spoken
from footnoted.corpus.formats.docx.styles import Style, Styles, is_on
from footnoted.corpus.formats.office_package import (
    charted,
    chosen,
    part_of_kind,
    properties,
    relations,
)
from footnoted.corpus.formats.tables import Cell, Table
from footnoted.corpus.formats.text_builder import TextBuilder, clean
from footnoted.corpus.formats.zipped_xml import (
    Element,
    ZippedXml,
    attribute,
    child,
    children,
    local,
    opened,
    walk,
)
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted
from footnoted.corpus.wording import counted

_BLOCKS = ("p", "tbl", "altChunk")
# Of tables in which no row is set otherwise.
_PLAIN_TABLES = (None, "TableNormal", "TableGrid")
# What may stand around blocks and leaves them as they are.
_AROUND = ("sdt", "customXml", "ins", "moveTo", "smartTag", "AlternateContent")
_NO_BLOCKS = frozenset((*_BLOCKS, "del", "moveFrom", "sdtPr", "sectPr", "tblPr", "trPr", "tcPr"))
_NO_NOTES = ("separator", "continuationSeparator", "continuationNotice")
_TITLE_LEVEL = 1


class Docx:
    """``.docx`` files; see ``corpus.protocols.Format``."""

    name = "Word"
    endings = (".docx", ".docm")

    @property
    def version(self) -> str:
        return f"3 lxml {version('lxml')}"

    def recognises(self, file: Peek) -> bool:
        return any(name.startswith("word/document") for name in file.members)

    def read(self, path: Path, password: str | None = None) -> Contents:
        with opened(path, self.name) as archive:
            return _Document(archive).contents()


class _Document:
    """One document, while it is read."""

    def __init__(self, archive: ZippedXml) -> None:
        self._archive = archive
        self._main = part_of_kind(relations(archive), "officeDocument") or "word/document.xml"
        self._related = relations(archive, self._main)
        self._styles = Styles(self._part("styles"))
        self._numbering = Numbering(self._part("numbering"))
        self._spoken = Spoken(self._styles)
        self._notes = {
            (kind, attribute(note, "id") or ""): note
            for kind in ("footnote", "endnote", "comment")
            for note in children(self._part(f"{kind}s"))
            if attribute(note, "type") not in _NO_NOTES
        }
        self._builder = TextBuilder()
        self._composer = Composer(self._builder)
        self._unread = 0
        self._carried = ""

    def contents(self) -> Contents:
        self._running("header")
        blocks = (*_BLOCKS, *_AROUND)
        for element in self._archive.stream(self._main, [("document", "body")], blocks):
            for block in _blocks([element]):
                self._write(block)
        self._write_paragraph(self._carried, Style(), Paragraph())
        self._composer.finish()
        self._running("footer")
        if not self._builder.length:
            raise UnusableInput("holds no text")
        told = properties(self._archive)
        text = Extracted(
            self._builder.text,
            told.title or self._composer.title,
            author=told.author,
            date=told.date,
            annotations=self._builder.annotations,
        )
        lost = tuple(self._lost())
        return Contents((text,), (*self._left_out(), *lost), lost=lost)

    def _left_out(self) -> Iterator[str]:
        if self._spoken.deletions:
            yield f"{counted(self._spoken.deletions, 'tracked deletion')} left out"
        if self._spoken.hidden:
            yield f"hidden text left out in {counted(self._spoken.hidden, 'place')}"
        if self._spoken.symbols:
            yield f"{counted(self._spoken.symbols, 'sign')} of fonts of signs left out"

    def _lost(self) -> Iterator[str]:
        if self._unread:
            yield f"{counted(self._unread, 'embedded document')} left unread"

    def _part(self, kind: str) -> Element | None:
        return self._archive.tree(part_of_kind(self._related, kind))

    def _running(self, kind: str) -> None:
        """The headers, or the footers, of all sections, each once."""
        parts = sorted({one.part for one in self._related.values() if one.kind == kind})
        said = (self._lines(self._archive.tree(part)) for part in parts)
        for text in dict.fromkeys(map(clean, said)):
            self._builder.block("running", text)

    def _write(self, block: Element) -> None:
        name = local(block)
        if name == "p":
            properties = child(block, "pPr")
            style = self._styles.of_paragraph(properties)
            read = self._spoken.paragraph(block, style)
            text, self._carried = self._carried + read.text, ""
            if _goes_on(properties):
                self._carried = text
                text = ""
            self._write_paragraph(text, style, read)
        elif name == "tbl":
            hanging: list[Paragraph] = []
            self._composer.table(self._table(block, hanging))
            for read in hanging:
                self._write_hanging(read)
        else:
            self._unread += 1

    def _write_paragraph(self, text: str, style: Style, read: Paragraph) -> None:
        number = self._number(style) if text.strip() else ""
        if style.is_title:
            self._composer.heading(text, _TITLE_LEVEL)
        elif style.level:
            self._composer.heading(f"{number} {text}" if text.strip() else "", style.level)
        elif style.is_contents:
            self._composer.block("boilerplate", text)
        elif _is_listed(style):
            self._composer.item(text, style.list_level or 0, number, style.list_id or "")
        elif style.is_quoted:
            with self._composer.within("quotation"):
                self._composer.paragraph(text)
        else:
            self._composer.paragraph(text, read.is_bold)
        self._write_hanging(read)

    def _write_hanging(self, read: Paragraph) -> None:
        """Notes, boxes and drawings, which stand below what they hang on."""
        for key in read.notes:
            if note := self._lines(self._notes.pop(key, None)):
                self._composer.note(note)
        for box in read.boxes:
            for block in _blocks(box):
                self._write(block)
        for relation in read.drawings:
            if relation in self._related:
                self._write_drawing(self._archive.tree(self._related[relation].part))

    def _write_drawing(self, root: Element | None) -> None:
        if root is None:
            return
        if local(root) == "chartSpace":
            title, rows = charted(root)
            self._composer.paragraph(title)
            self._composer.table(Table([[Cell(text) for text in row] for row in rows], 1))
        else:  # the words of a diagram
            for one in root.iter("{*}p"):
                self._composer.paragraph("".join(part.text or "" for part in one.iter("{*}t")))

    def _number(self, style: Style) -> str:
        if not style.list_id:
            return ""
        return self._numbering.next_of(style.list_id, style.list_level or 0)

    def _lines(self, element: Element | None) -> str:
        """The paragraphs of a note, a header or a footer, a line each; tables' cells, too."""
        if element is None:
            return ""
        lines = (self._line(one) for one in element.iter("{*}p"))
        return "\n".join(line for line in lines if line.strip())

    def _line(self, paragraph: Element) -> str:
        style = self._styles.of_paragraph(child(paragraph, "pPr"))
        return self._spoken.paragraph(paragraph, style).text

    def _table(self, element: Element, hanging: list[Paragraph]) -> Table:
        """``hanging`` takes up what hangs on the paragraphs of the cells."""
        table, headers, above = Table(), 0, dict[int, Cell]()
        for row in _inside(element, "tr"):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                self._spoken.deletions += 1
                continue
            if headers == len(table.rows) and _is_set(child(properties, "tblHeader")):
                headers += 1
            table.rows.append(self._row(row, above, hanging))
        look = child(element, "tblPr", "tblLook")
        is_plain = _is_set(look, "firstColumn") and not _is_set(look, "firstRow")
        table.headers = headers or (0 if is_plain else None)
        style = attribute(child(element, "tblPr", "tblStyle"), "val")
        if table.rows and _is_set(look, "firstRow") and style not in _PLAIN_TABLES:
            for cell in table.rows[0]:
                cell.is_bold = True
        return table

    def _row(self, row: Element, above: dict[int, Cell], hanging: list[Paragraph]) -> list[Cell]:
        """``above`` holds, by their columns, the cells that reach down to here."""
        before = attribute(child(row, "trPr", "gridBefore"), "val") or "0"
        at = _number_of(before, 0)
        cells = [Cell("", at)] if at else []
        for element in _inside(row, "tc"):
            properties = child(element, "tcPr")
            merge = child(properties, "vMerge")
            across = _number_of(attribute(child(properties, "gridSpan"), "val") or "1", 1)
            is_below = merge is not None and (attribute(merge, "val") or "") != "restart"
            if is_below and at in above:
                above[at].down += 1
            else:
                cell = self._cell(element, hanging)
                cell.across = across
                cells.append(cell)
                above.pop(at, None)
                if merge is not None:
                    above[at] = cell
            at += across
        return cells

    def _cell(self, element: Element, hanging: list[Paragraph]) -> Cell:
        lines, tables, is_bold = [], [], True
        for block in _blocks(element):
            if local(block) == "p":
                style = self._styles.of_paragraph(child(block, "pPr"))
                read = self._spoken.paragraph(block, style)
                hanging.append(read)
                number = self._number(style) if read.text.strip() else ""
                lines.append(f"{number} {read.text}".strip())
                is_bold &= read.is_bold
            elif local(block) == "tbl":
                tables.append(self._table(block, hanging))
            else:
                self._unread += 1
        return Cell("\n".join(filter(None, lines)), tables=tables, is_bold=is_bold)


def _blocks(elements: Iterable[Element]) -> Iterator[Element]:
    """The paragraphs and tables among and inside elements, in their order."""
    return (one for one in walk(elements, _below) if local(one) in _BLOCKS)


def _below(name: str, element: Element) -> Iterable[Element]:
    if name == "AlternateContent":
        return chosen(element)
    return () if name in _NO_BLOCKS else element


def _inside(element: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table, or the cells of a row, also those in content controls and insertions."""
    found = walk(element, lambda name, one: () if name in ("tr", "tc", *_NO_BLOCKS) else one)
    return (one for one in found if local(one) == wanted)


def _goes_on(properties: Element | None) -> bool:
    """Whether the next paragraph is its rest: its end is deleted, or it is a large first letter."""
    large = attribute(child(properties, "framePr"), "dropCap") in ("drop", "margin")
    return large or child(properties, "rPr", "del") is not None


def _is_listed(style: Style) -> bool:
    return style.list_id not in (None, "", "0")


def _is_set(element: Element | None, name: str = "val") -> bool:
    if element is None:
        return False
    value = attribute(element, name)
    return is_on(value) if name == "val" else value is not None and is_on(value)


def _number_of(value: str, otherwise: int) -> int:
    return int(value) if value.isdecimal() and 0 < len(value) < 4 else otherwise
