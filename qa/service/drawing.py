"""Pages as they are printed, drawn by a process of its own, since PDFs may be hostile."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.pdf.drawing import Drawing, letters
from footnoted.corpus.reader_process import ReaderProcess
from footnoted.corpus.types import Document, Span
from footnoted.index.types import Origin


def is_drawn(document: Document) -> bool:
    """Whether the pages of a document can be drawn: those of a PDF that is a file of its own."""
    return bool(document.pages) and document.reader.startswith("PDF") and "#" not in document.id


class Drawer:
    """Draws one page at a time. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: ReaderProcess | None = None

    def draw(self, document: Document, origin: Origin | None, span: Span) -> Drawing:
        """The page on which ``span`` begins, with what it holds of that marked.

        Raises:
            UnusableInput: the document has no pages that can be drawn, or its file is not what was
                read any more.
        """
        page = document.structure.page_at(span.start)
        if page is None or origin is None or not is_drawn(document):
            raise UnusableInput("this document has no pages that can be drawn")
        file = Path(origin.file.path)
        if not _is_unchanged(file, origin.file.sha256):
            raise UnusableInput("the file is not there any more as it was read, so it is not drawn")
        quote = document.text[span.start : min(span.end, page.end)]
        before = len(letters(document.text[page.start : span.start]))
        with self._lock:
            if self._process is None or not self._process.is_usable:
                self._close()
                self._process = ReaderProcess()
            return self._process.draw(file, page.number, quote, before)

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._process:
            self._process.close()
            self._process = None


def _is_unchanged(file: Path, sha256: str) -> bool:
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == sha256
    except OSError:
        return False
