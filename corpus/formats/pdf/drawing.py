"""A page as it is printed, with a quotation marked on it where its letters stand."""

from __future__ import annotations

import ctypes
import io
import math
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image, ImageChops, ImageDraw

from footnoted.corpus.errors import UnusableInput

_WIDTH = 1100
"""In pixels, of the drawing: a page is read well at that, and drawn in a tenth of a second."""

_MOST_PIXELS = 8_000_000
_MARK = (255, 231, 154)
# Of the height of a letter, around it.
_MARGIN = 0.12


@dataclass(frozen=True, slots=True)
class Drawing:
    """A PNG, and where the mark begins and ends in it, as shares of its height; nowhere where the
    quotation was not found on the page."""

    png: bytes
    top: float | None
    bottom: float | None


class _Box(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float


def draw(
    path: Path, number: int, quote: str = "", before: int = 0, password: str | None = None
) -> Drawing:
    """Page ``number``, from 1 on, with ``quote`` marked.

    Of several places where that stands, it is the one before which about as many letters as
    ``before`` stand on the page.

    Raises:
        UnusableInput: it is no PDF that can be read, or has no such page.
    """
    try:
        document = pdfium.PdfDocument(path, password=password)
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(_WIDTH / width, math.sqrt(_MOST_PIXELS / (width * height)))
            image = page.render(scale=scale).to_pil().convert("RGB")
            boxes = list(_lines(_boxes(page, image.size, quote, before))) if quote else []
        finally:
            document.close()
    except (pdfium.PdfiumError, IndexError, ZeroDivisionError, ValueError, OSError):
        raise UnusableInput(f"page {number} of {path.name} cannot be drawn") from None
    written = io.BytesIO()
    _marked(image, boxes).save(written, "PNG", compress_level=3)
    if not boxes:
        return Drawing(written.getvalue(), None, None)
    top, bottom = min(one.top for one in boxes), max(one.bottom for one in boxes)
    return Drawing(written.getvalue(), top / image.height, bottom / image.height)


def letters(text: str) -> str:
    """What two ways to write a text have in common: letters and figures, however they are set."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))


def _boxes(page: pdfium.PdfPage, size: tuple[int, int], quote: str, before: int) -> Sequence[_Box]:
    """Where the letters of a quotation stand on the drawing, in pixels."""
    text = page.get_textpage()
    of_letters: list[int] = []
    written: list[str] = []
    for index in range(text.count_chars()):
        for letter in letters(chr(pdfium_c.FPDFText_GetUnicode(text, index) or 0)):
            written.append(letter)
            of_letters.append(index)
    wanted = letters(quote)
    starts = list(_starts("".join(written), wanted)) if wanted else []
    if not starts:
        return ()
    start = min(starts, key=lambda one: abs(one - before))
    found = dict.fromkeys(of_letters[start : start + len(wanted)])
    return [_box(page, size, text.get_charbox(index, loose=True)) for index in found]


def _starts(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _box(
    page: pdfium.PdfPage, size: tuple[int, int], corners: tuple[float, float, float, float]
) -> _Box:
    """On the drawing, however the page is turned."""
    left, bottom, right, top = corners
    (x0, y0), (x1, y1) = (_placed(page, size, x, y) for x, y in ((left, top), (right, bottom)))
    return _Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _placed(page: pdfium.PdfPage, size: tuple[int, int], x: float, y: float) -> tuple[int, int]:
    at_x, at_y = ctypes.c_int(), ctypes.c_int()
    pdfium_c.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, at_x, at_y)
    return at_x.value, at_y.value


def _lines(boxes: Sequence[_Box]) -> Iterator[_Box]:
    """Boxes of letters that follow one another in a line, as one."""
    line: _Box | None = None
    for box in boxes:
        if (
            line
            and abs(box.top - line.top) < (line.bottom - line.top) / 2
            and (-2 < box.left - line.right < 3 * (line.bottom - line.top))
        ):
            line = _Box(line.left, min(line.top, box.top), box.right, max(line.bottom, box.bottom))
            continue
        if line:
            yield line
        line = box
    if line:
        yield line


def _marked(image: Image.Image, boxes: Sequence[_Box]) -> Image.Image:
    """As a highlighter does: what is dark stays dark."""
    if not boxes:
        return image
    ink = Image.new("RGB", image.size, "white")
    pen = ImageDraw.Draw(ink)
    for box in boxes:
        margin = _MARGIN * (box.bottom - box.top)
        corners = (box.left - margin, box.top - margin, box.right + margin, box.bottom + margin)
        pen.rectangle(corners, fill=_MARK)
    return ImageChops.multiply(image, ink)
