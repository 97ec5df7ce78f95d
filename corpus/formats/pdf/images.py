"""Images of pages, which are read as a PDF that shows them: photographs, scans, faxes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents

if TYPE_CHECKING:
    import PIL.Image
    import pypdfium2 as pdfium

    from footnoted.corpus.formats.pdf.recognition import Recogniser

_SIGNATURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"II*\0",  # TIFF, as the next
    b"MM\0*",
)
_POINTS_PER_INCH = 72
# Cameras and programs that draw write 72 or 96 dots an inch, whatever they show.
_LEAST_TOLD = 100
# Where nothing is told, an image is taken for a sheet of A4, whose shorter side has so many inches.
_INCHES = 8.27
# Of all images of a file: they are held while they are read, a byte a pixel.
_MOST_PIXELS = 800_000_000


class PageImage:
    """Images, of which a TIFF may hold several; see ``corpus.protocols.Format``.

    Args:
        recogniser: reads them.
    """

    name = "images of pages"
    endings = (".png", ".jpg", ".jpeg", ".tif", ".tiff")

    def __init__(self, recogniser: Recogniser | None = None) -> None:
        self._recogniser = recogniser or Tesseract()

    @cached_property
    def version(self) -> str:
        libraries = (f"{name} {version(name)}" for name in ("pillow", "pypdfium2"))
        return ", ".join(filter(None, (f"1 {' '.join(libraries)}", self._recogniser.version)))

    def recognises(self, file: Peek) -> bool:
        return file.head.startswith(_SIGNATURES)

    def read(self, path: Path, password: str | None = None) -> Contents:
        import pypdfium2 as pdfium

        from footnoted.corpus.formats.pdf.reading import contents_of
        from footnoted.corpus.formats.pdf.recognition import Recognition

        if not self._recogniser.version:
            raise UnusableInput(
                f"is an image; to have its text recognised: {self._recogniser.remedy}"
            )
        with closing(pdfium.PdfDocument.new()) as document:
            for image in _images(path):
                _add_page(document, image)
            contents = contents_of(document, Recognition(self._recogniser, path.stat().st_size))
        # The PDF was made just now, which says nothing of what it shows.
        return replace(contents, texts=tuple(replace(one, date=None) for one in contents.texts))


def _images(path: Path) -> Iterator[PIL.Image.Image]:
    """The images of a file, upright as its camera says, in shades of grey on white."""
    import PIL.Image
    import PIL.ImageOps
    import PIL.ImageSequence

    try:
        with PIL.Image.open(path, formats=("PNG", "JPEG", "TIFF")) as file:
            pixels = 0
            for image in PIL.ImageSequence.Iterator(file):
                pixels += image.width * image.height
                if pixels > _MOST_PIXELS:
                    million = _MOST_PIXELS // 1_000_000
                    raise UnusableInput(f"holds more than {million} million pixels; split it")
                upright = PIL.ImageOps.exif_transpose(image)
                upright.info["dpi"] = image.info.get("dpi")
                yield _grey(upright)
    except UnusableInput:
        raise
    except PIL.Image.DecompressionBombError:
        raise UnusableInput("has too many pixels; save it at 300 dots an inch") from None
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        # Pillow raises whatever its decoders stumble over.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise UnusableInput("is broken: a part of the image is missing or damaged") from None


def _grey(image: PIL.Image.Image) -> PIL.Image.Image:
    """An image in 8-bit grey, which keeps what it tells of its size."""
    import PIL.Image

    if image.mode.startswith("I;16"):
        grey = image.point(lambda value: value / 256, "L")
    elif image.has_transparency_data:
        clear = image.convert("LA")
        grey = PIL.Image.new("L", image.size, "white")
        grey.paste(clear.getchannel("L"), mask=clear.getchannel("A"))
    else:
        grey = image.convert("L")
    grey.info["dpi"] = image.info.get("dpi")
    return grey


def _add_page(document: pdfium.PdfDocument, image: PIL.Image.Image) -> None:
    import pypdfium2 as pdfium

    width, height = (side * _POINTS_PER_INCH / _dots_an_inch(image) for side in image.size)
    shown = pdfium.PdfImage.new(document)
    with closing(pdfium.PdfBitmap.from_pil(image)) as bitmap:
        shown.set_bitmap(bitmap)
    shown.set_matrix(pdfium.PdfMatrix().scale(width, height))
    with closing(document.new_page(width, height)) as page:
        page.insert_obj(shown)
        page.gen_content()


def _dots_an_inch(image: PIL.Image.Image) -> float:
    try:
        told = float((image.info.get("dpi") or (0,))[0])
    except (TypeError, ValueError, ZeroDivisionError):
        told = 0.0
    return told if told >= _LEAST_TOLD else min(image.size) / _INCHES
