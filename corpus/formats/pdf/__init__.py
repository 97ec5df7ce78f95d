"""PDF: what is printed on its pages, in the order in which a person reads it."""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from footnoted.corpus.formats.pdf.tesseract import Tesseract
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents

if TYPE_CHECKING:
    from footnoted.corpus.formats.pdf.recognition import Recogniser

_SIGNATURE = b"%PDF-"
# Readers of PDF look for the signature in as many bytes.
_FIRST_BYTES = 1024


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
        parts = f"2 pypdfium2 {version('pypdfium2')}", self._recogniser.version
        return ", ".join(filter(None, parts))

    def recognises(self, file: Peek) -> bool:
        head = file.head[:_FIRST_BYTES]
        return head.lstrip().startswith(_SIGNATURE) or (
            file.ending == ".pdf" and _SIGNATURE in head
        )

    def read(self, path: Path, password: str | None = None) -> Contents:
        from footnoted.corpus.formats.pdf.reading import read

        return read(path, password, self._recogniser)
