"""PDF and images: what stands on their pages, in the order in which a person reads it."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents

if TYPE_CHECKING:
    from footnoted.corpus.formats.pdf.recognition import Recogniser

_SIGNATURE = b"%PDF-"
# Readers of PDF look for the signature in as many bytes.
_FIRST_BYTES = 1024
IMAGES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"II*\0",  # TIFF, as the next
    b"MM\0*",
)
"""With what the images begin that are read."""


class Pdf:
    """``.pdf`` files; see ``corpus.protocols.Format``.

    PDFium may be used in one thread of a process alone.

    Args:
        recogniser: reads pages that are images.
    """

    name = "PDF"
    endings = (".pdf",)

    def __init__(self, recogniser: Recogniser | None = None) -> None:
        self._recogniser = recogniser or Tesseract()

    @cached_property
    def version(self) -> str:
        parts = f"3 pypdfium2 {version('pypdfium2')}", self._recogniser.version
        return ", ".join(filter(None, parts))

    def recognises(self, file: Peek) -> bool:
        head = file.head[:_FIRST_BYTES]
        return head.lstrip().startswith(_SIGNATURE) or (
            file.ending == ".pdf" and _SIGNATURE in head
        )

    def read(self, path: Path, password: str | None = None) -> Contents:
        from footnoted.corpus.formats.pdf.reading import read

        return read(path, password, self._recogniser)


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
        return file.head.startswith(IMAGES)

    def read(self, path: Path, password: str | None = None) -> Contents:
        if not self._recogniser.version:
            raise UnusableInput(
                f"is an image; to have its text recognised: {self._recogniser.remedy}"
            )
        from footnoted.corpus.formats.pdf.images import read

        return read(path, self._recogniser)
