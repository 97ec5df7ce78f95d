"""Images of pages to their contents, by way of a PDF that shows them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import PIL.Image
import PIL.ImageOps
import PIL.ImageSequence
import pypdfium2 as pdfium

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.reading import contents_of
from footnoted.corpus.formats.pdf.recognition import POINTS_PER_INCH, Recogniser, Recognition
from footnoted.corpus.formats.zipped_xml import told_as_broken
from footnoted.corpus.types import Contents

# Cameras and programs that draw write 72 or 96 dots an inch, whatever they show.
_LEAST_TOLD = 100
# Where nothing is told, an image is taken for a sheet of A4, whose shorter side has so many inches.
_INCHES = 8.27
# Of all images of a file: they are held while they are read, a byte a pixel.
_MOST_PIXELS = 800_000_000


def read(path: Path, recogniser: Recogniser) -> Contents:
    """See ``corpus.protocols.Format.read``."""
    with closing(pdfium.PdfDocument.new()) as document:
        pixels = 0
        for image, dots_an_inch in _images(path):
            pixels += image.width * image.height
            if pixels > _MOST_PIXELS:
                million = _MOST_PIXELS // 1_000_000
                raise UnusableInput(f"holds more than {million} million pixels; split it")
            _add_page(document, image, dots_an_inch)
        contents = contents_of(document, Recognition(recogniser, path.stat().st_size))
    # The PDF was made just now, which says nothing of what it shows.
    return replace(contents, texts=tuple(replace(one, date=None) for one in contents.texts))


def _images(path: Path) -> Iterator[tuple[PIL.Image.Image, float]]:
    """The images of a file, upright as its camera says, in grey on white; each with its dots an
    inch."""
    with path.open("rb") as opened, told_as_broken("image"):
        try:
            with PIL.Image.open(opened, formats=("PNG", "JPEG", "TIFF")) as file:
                for image in PIL.ImageSequence.Iterator(file):
                    yield _grey(PIL.ImageOps.exif_transpose(image)), _dots_an_inch(image)
        except PIL.Image.DecompressionBombError:
            raise UnusableInput("has too many pixels; save it at 300 dots an inch") from None


def _grey(image: PIL.Image.Image) -> PIL.Image.Image:
    """An image in 8 bits a pixel."""
    if image.mode.startswith("I;16"):
        return image.point(lambda value: value / 256, "L")
    if not image.has_transparency_data:
        return image.convert("L")
    clear = image.convert("LA")
    grey = PIL.Image.new("L", image.size, "white")
    grey.paste(clear.getchannel("L"), mask=clear.getchannel("A"))
    return grey


def _dots_an_inch(image: PIL.Image.Image) -> float:
    try:
        told = float((image.info.get("dpi") or (0,))[0])
    except (TypeError, ValueError, ZeroDivisionError):
        told = 0.0
    return told if told >= _LEAST_TOLD else min(image.size) / _INCHES


def _add_page(document: pdfium.PdfDocument, image: PIL.Image.Image, dots_an_inch: float) -> None:
    width, height = (side * POINTS_PER_INCH / dots_an_inch for side in image.size)
    shown = pdfium.PdfImage.new(document)
    with closing(pdfium.PdfBitmap.from_pil(image)) as bitmap:
        shown.set_bitmap(bitmap)
    shown.set_matrix(pdfium.PdfMatrix().scale(width, height))
    with closing(document.new_page(width, height)) as page:
        page.insert_obj(shown)
        page.gen_content()
