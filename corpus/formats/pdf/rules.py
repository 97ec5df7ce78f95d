"""What is drawn on a page and tells of its text: lines, boxes, the dots before items of lists."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from footnoted.corpus.formats.pdf.characters import Word
from footnoted.corpus.formats.pdf.lines import Line

# A drawing of more parts than this is a picture.
_MOST_PARTS, _MOST_RULES, _MOST_SEGMENTS = 20_000, 5_000, 2_000
# The segments of a path that is a box, or a dot.
_OF_A_BOX = 6
# How thick a line may be and how long it must be, in points.
_THICK, _LONG = 2.5, 8.0
# How wide and high a dot may be, in points, and how far from the text that it belongs to, in sizes
# of its type.
_SMALLEST_DOT, _LARGEST_DOT, _FURTHEST_DOT = 1.5, 8.0, 2.5

_Box = tuple[float, float, float, float]
_Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class Rule:
    """A level or upright line, in the measure of the words of its page."""

    x0: float
    x1: float
    y0: float
    y1: float

    @property
    def level(self) -> bool:
        """Whether it goes across rather than down."""
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(slots=True)
class Drawn:
    """The rules of a page, edges of boxes among them, and its dots, as boxes."""

    rules: list[Rule] = field(default_factory=list)
    dots: list[_Box] = field(default_factory=list)


def drawn(page: pdfium.PdfPage, turns: int) -> Drawn:
    """What is drawn on a page that is read after ``turns`` quarters of a turn."""
    found = Drawn()
    for left, bottom, right, top in _boxes(page):
        x0, x1, y0, y1 = (
            (left, right, -top, -bottom),
            (bottom, top, left, right),
            (-right, -left, bottom, top),
            (-top, -bottom, -right, -left),
        )[turns]
        width, height = x1 - x0, y1 - y0
        if width < _LONG and height < _LONG:
            if abs(width - height) < 1 and _SMALLEST_DOT <= width <= _LARGEST_DOT:
                found.dots.append((x0, x1, y0, y1))
        elif min(width, height) <= _THICK:
            found.rules.append(Rule(x0, x1, y0, y1))
        else:
            found.rules += [Rule(x0, x1, y0, y0), Rule(x0, x1, y1, y1)]
            found.rules += [Rule(x0, x0, y0, y1), Rule(x1, x1, y0, y1)]
    if len(found.rules) > _MOST_RULES:
        return Drawn()
    found.rules = _connected(found.rules)
    return found


def _connected(rules: list[Rule]) -> list[Rule]:
    """Level rules that go on with each other as one: the cells of tables may have theirs each."""
    found = [rule for rule in rules if not rule.level]
    last: Rule | None = None
    for rule in sorted(
        (one for one in rules if one.level), key=lambda one: (round(one.y0), one.x0)
    ):
        if last and round(last.y0) == round(rule.y0) and rule.x0 <= last.x1 + _THICK:
            last.x1 = max(last.x1, rule.x1)
        else:
            last = rule
            found.append(rule)
    return found


def _boxes(page: pdfium.PdfPage) -> Iterator[_Box]:
    for thing, matrix in _things(page, pdf.FPDF_PAGEOBJ_PATH):
        if _OF_A_BOX < pdf.FPDFPath_CountSegments(thing) <= _MOST_SEGMENTS:
            yield from _straight(thing, matrix)
        else:
            yield from _bounds(thing, matrix)


def images(page: pdfium.PdfPage) -> Iterator[_Box]:
    """Where images stand on a page: left, bottom, right and top, in points."""
    for thing, matrix in _things(page, pdf.FPDF_PAGEOBJ_IMAGE):
        yield from _bounds(thing, matrix)


def has_unseen_text(page: pdfium.PdfPage) -> bool:
    """Whether there is text that is not to be seen, as behind the images of recognised pages."""
    return any(
        pdf.FPDFTextObj_GetTextRenderMode(thing) == pdf.FPDF_TEXTRENDERMODE_INVISIBLE
        for thing, _ in _things(page, pdf.FPDF_PAGEOBJ_TEXT)
    )


def _bounds(thing: Any, matrix: _Matrix) -> Iterator[_Box]:
    """Its box; none if it has none."""
    edges = [ctypes.c_float() for _ in range(4)]
    if pdf.FPDFPageObj_GetBounds(thing, *edges):
        left, bottom, right, top = (edge.value for edge in edges)
        yield _around(_placed(matrix, left, bottom), _placed(matrix, right, top))


def _things(page: pdfium.PdfPage, wanted: int) -> Iterator[tuple[Any, _Matrix]]:
    """What is of a kind, in forms on the page, too, each with where its form stands."""
    forms: list[tuple[Any, _Matrix]] = [(None, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))]
    parts = 0
    while forms:
        form, matrix = forms.pop(0)
        if form is None:
            count, thing_at, holder = pdf.FPDFPage_CountObjects, pdf.FPDFPage_GetObject, page.raw
        else:
            count, thing_at, holder = pdf.FPDFFormObj_CountObjects, pdf.FPDFFormObj_GetObject, form
        for at in range(max(count(holder), 0)):
            parts += 1
            if parts > _MOST_PARTS:
                return
            thing = thing_at(holder, at)
            kind = pdf.FPDFPageObj_GetType(thing)
            if kind == wanted:
                yield thing, matrix
            elif kind == pdf.FPDF_PAGEOBJ_FORM:
                forms.append((thing, _after(_matrix_of(thing), matrix)))


def _matrix_of(thing: Any) -> _Matrix:
    matrix = pdf.FS_MATRIX()
    if not pdf.FPDFPageObj_GetMatrix(thing, matrix):
        return 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _after(first: _Matrix, then: _Matrix) -> _Matrix:
    """Two transformations, one after the other."""
    a, b, c, d, e, f = first
    x, y = _placed(then, e, f)
    return (
        a * then[0] + b * then[2],
        a * then[1] + b * then[3],
        c * then[0] + d * then[2],
        c * then[1] + d * then[3],
        x,
        y,
    )


def _placed(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _around(*points: tuple[float, float]) -> _Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _straight(path: Any, form: _Matrix) -> Iterator[_Box]:
    """The level and upright parts of a path of many, as thin boxes; its own box if it has none."""
    matrix = _after(_matrix_of(path), form)
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    found = False
    for at in range(pdf.FPDFPath_CountSegments(path)):
        segment = pdf.FPDFPath_GetPathSegment(path, at)
        pdf.FPDFPathSegment_GetPoint(segment, x, y)
        points.append(_placed(matrix, x.value, y.value))
        if pdf.FPDFPathSegment_GetType(segment) != pdf.FPDF_SEGMENT_LINETO:
            continue
        (x0, y0), (x1, y1) = points[-2:] if len(points) > 1 else (points[0], points[0])
        if min(abs(x1 - x0), abs(y1 - y0)) < 0.5 and max(abs(x1 - x0), abs(y1 - y0)) >= _LONG:
            found = True
            yield _around((x0, y0), (x1, y1))
    if not found and points:
        yield _around(*points)


def with_bullets(lines: list[Line], dots: list[_Box]) -> None:
    """Put a bullet before each line that has a dot drawn to its left."""
    if not dots or len(dots) > len(lines):
        return
    for x0, x1, y0, y1 in dots:
        middle = (y0 + y1) / 2
        beside = [
            line
            for line in lines
            if line.y - 0.8 * line.size < middle < line.y
            and -0.1 * line.size < line.x0 - x1 < _FURTHEST_DOT * line.size
        ]
        if beside:
            line = min(beside, key=lambda one: one.x0)
            first = line.words[0]
            dot = Word("•", x0, x1, first.y, first.size, first.bold, first.fixed)
            line.words.insert(0, dot)
            line.x0 = x0
