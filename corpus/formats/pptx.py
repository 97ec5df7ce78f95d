"""PowerPoint's presentations: slides as pages, their shapes in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.composer import Composer
from footnoted.corpus.formats.office_package import Properties, charted, chosen, properties
from footnoted.corpus.formats.tables import Cell, Table
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.formats.zipped_xml import (
    LARGEST,
    TOO_LARGE,
    Element,
    attribute,
    child,
    children,
    local,
    opened,
    parse_xml,
)
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted
from footnoted.corpus.wording import listed

_SHAPES = frozenset(("sp", "grpSp", "graphicFrame", "pic", "cxnSp", "contentPart"))
_TITLES = ("title", "ctrTitle", "vertTitle")
_FOOTERS = ("ftr", "hdr")
_NUMBERS = ("sldNum", "dt")
# Placeholders whose paragraphs have bullets unless they say otherwise.
_LISTS = ("", "body", "obj")
# Shapes whose tops differ by less than a quarter of an inch stand side by side.
_SIDE_BY_SIDE = 914400 // 4


class Pptx:
    """``.pptx`` files; see ``corpus.protocols.Format``."""

    name = "PowerPoint"
    endings = (".pptx", ".pptm", ".ppsx")

    @property
    def version(self) -> str:
        return f"2 python-pptx {version('python-pptx')}"

    def recognises(self, file: Peek) -> bool:
        return "ppt/presentation.xml" in file.members

    def read(self, path: Path, password: str | None = None) -> Contents:
        from pptx.package import Package

        with opened(path, self.name) as archive:
            if archive.size() > LARGEST:
                raise UnusableInput(TOO_LARGE)
            told = properties(archive)
            with path.open("rb") as file:
                # pptx.Presentation would refuse a slide show.
                package: Any = Package.open(file)
                return _Presentation(package.presentation_part.presentation, told).contents()


class _Presentation:
    """One presentation, while it is read."""

    def __init__(self, presentation: Any, told: Properties) -> None:
        self._slides = list(presentation.slides)
        self._told = told
        self._builder = TextBuilder()
        self._composer = Composer(self._builder)
        self._footers: dict[str, None] = {}
        self._title = ""

    def contents(self) -> Contents:
        hidden, silent = [], []
        for number, slide in enumerate(self._slides, 1):
            before = self._builder.length
            self._composer.page(number)
            self._write_slide(slide)
            self._composer.finish()
            if self._builder.length == before:
                silent.append(number)
            elif slide._element.get("show") in ("0", "false"):
                hidden.append(number)
        if not self._builder.length:
            raise UnusableInput("holds no text; are its slides pictures?")
        text = Extracted(
            self._builder.text,
            self._told.title or self._title,
            author=self._told.author,
            date=self._told.date,
            pages=self._builder.pages,
            annotations=self._builder.annotations,
        )
        lost = tuple(_without_text(silent))
        return Contents((text,), (*_read_though_hidden(hidden), *lost), lost=lost)

    def _write_slide(self, slide: Any) -> None:
        for alternatives in list(slide._element.iter("{*}AlternateContent")):
            _settle(alternatives)
        shapes = sorted(_flat(slide.shapes), key=_is_title, reverse=True)
        is_chapter = slide.slide_layout.element.get("type") in ("title", "secHead")
        for shape in shapes:
            self._write_shape(shape, 1 if is_chapter else 2)
        for text in _comments(slide):
            self._composer.note(text)
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            self._composer.note("\n".join(_lines(slide.notes_slide.notes_text_frame)))

    def _write_shape(self, shape: Any, level: int) -> None:
        kind = _placeholder(shape)
        if getattr(shape, "has_table", False):
            self._write_table(shape.table)
        elif getattr(shape, "has_chart", False):
            title, rows = charted(shape.chart._chartSpace)
            self._composer.paragraph(title)
            self._composer.table(Table([[Cell(text) for text in row] for row in rows], 1))
        elif (diagram := _diagram(shape)) is not None:
            for one in diagram.iter("{*}p"):
                self._composer.paragraph("".join(part.text or "" for part in one.iter("{*}t")))
        elif not getattr(shape, "has_text_frame", False) or kind in _NUMBERS:
            return
        elif kind in _TITLES:
            text = " ".join(_lines(shape.text_frame))
            self._title = self._title or " ".join(text.split())
            self._composer.heading(text, level)
        elif kind in _FOOTERS:
            text = "\n".join(_lines(shape.text_frame))
            if text not in self._footers:
                self._footers[text] = None
                self._composer.block("running", text)
        else:
            self._write_text(shape.text_frame, kind in _LISTS)

    def _write_text(self, frame: Any, is_list: bool) -> None:
        for paragraph in frame.paragraphs:
            text = _said(paragraph)
            if _is_item(paragraph._p, is_list):
                self._composer.item(text, paragraph.level)
            else:
                self._composer.paragraph(text)

    def _write_table(self, table: Any) -> None:
        rows = [[_cell(cell) for cell in row.cells if not cell.is_spanned] for row in table.rows]
        self._composer.table(Table(rows, 1 if table.first_row else 0))


def _read_though_hidden(hidden: list[int]) -> Iterator[str]:
    if hidden:
        yield f"{listed('slide', hidden)} {'are' if len(hidden) > 1 else 'is'} hidden, and read too"


def _without_text(silent: list[int]) -> Iterator[str]:
    if silent:
        yield f"{listed('slide', silent)} {'hold' if len(silent) > 1 else 'holds'} no text"


def _settle(alternatives: Element) -> None:
    """Put what is read of alternatives in their place, for python-pptx passes over them."""
    parent = alternatives.getparent()
    if parent is not None:
        at = parent.index(alternatives)
        parent[at : at + 1] = chosen(alternatives)


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    """All shapes, those of groups in the place of their group, from the top left on."""
    stack = [iter(_in_order(shapes))]
    while stack:
        shape = next(stack[-1], None)
        if shape is None:
            stack.pop()
        elif local(shape._element) == "grpSp":
            stack.append(iter(_in_order(shape.shapes)))
        else:
            yield shape


def _in_order(shapes: Iterable[Any]) -> list[Any]:
    """From top to bottom, what stands side by side from left to right."""
    placed = sorted(((shape.top or 0, shape.left or 0, shape) for shape in shapes), key=_place)
    ordered: list[Any] = []
    row: list[tuple[int, int, Any]] = []
    for one in placed:
        if row and one[0] - row[0][0] >= _SIDE_BY_SIDE:
            ordered += [shape for *_, shape in sorted(row, key=_left)]
            row = []
        row.append(one)
    return ordered + [shape for *_, shape in sorted(row, key=_left)]


def _place(placed: tuple[int, int, Any]) -> tuple[int, int]:
    return placed[:2]


def _left(placed: tuple[int, int, Any]) -> int:
    return placed[1]


def _placeholder(shape: Any) -> str | None:
    """The type of a placeholder, "" for one of no special type; None for other shapes."""
    for one in shape._element.iter("{*}nvPr"):
        found = child(one, "ph")
        return None if found is None else str(found.get("type", ""))
    return None


def _is_title(shape: Any) -> bool:
    return _placeholder(shape) in _TITLES


def _is_item(paragraph: Element, otherwise: bool) -> bool:
    told = {local(one) for one in children(child(paragraph, "pPr"))}
    if told & {"buChar", "buAutoNum", "buBlip"}:
        return True
    return otherwise and "buNone" not in told


def _said(paragraph: Any) -> str:
    """A paragraph's words with its line breaks."""
    return str(paragraph.text).replace("\v", "\n").replace("\xad", "")


def _lines(frame: Any) -> list[str]:
    return [text for text in map(_said, frame.paragraphs) if text.strip()]


def _cell(cell: Any) -> Cell:
    text = "\n".join(_lines(cell.text_frame))
    return Cell(text, cell.span_width, cell.span_height)


def _diagram(shape: Any) -> Element | None:
    """The part in which a diagram keeps its words."""
    for one in shape._element.iter("{*}relIds"):
        relation = attribute(one, "dm")
        if relation in shape.part.rels:
            return parse_xml(shape.part.related_part(relation).blob)
    return None


def _comments(slide: Any) -> Iterator[str]:
    """What people wrote on the slide, in the form of before and of after 2021."""
    for relation in slide.part.rels.values():
        if relation.reltype.endswith("/comments") and not relation.is_external:
            for one in parse_xml(relation.target_part.blob).iter("{*}text", "{*}txBody"):
                yield " ".join(part.text or "" for part in one.iter("{*}text", "{*}t"))
