"""Web pages saved with all that they show: the page of such an archive."""

from __future__ import annotations

import re
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats.html.page import PAGE_VERSION, extracted
from footnoted.corpus.formats.html.tree import to_text
from footnoted.corpus.formats.mail.parts import leaves, message_of
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents

_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.I | re.M)
_SAVED = re.compile(rb"^(?:snapshot-content-location:|from: *<?saved by)", re.I | re.M)


class Mhtml:
    """``.mhtml`` files; see ``corpus.protocols.Format``."""

    name = "MHTML"
    endings = (".mhtml", ".mht")
    version = PAGE_VERSION

    def recognises(self, file: Peek) -> bool:
        if not _RELATED.search(file.head):
            return False
        return file.ending in self.endings or _SAVED.search(file.head) is not None

    def read(self, path: Path, password: str | None = None) -> Contents:
        for part in leaves(message_of(path.read_bytes())):
            if part.content_type in ("text/html", "application/xhtml+xml"):
                text, warnings = to_text(part.data, part.charset)
                return Contents((extracted(text),), warnings)
        raise UnusableInput("holds no page")
