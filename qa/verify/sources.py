"""Documents read anew from their files, to check answers against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from footnoted.corpus.files import read
from footnoted.corpus.reading import Stamp
from footnoted.corpus.types import Document

Kept = Callable[[str], tuple[Document, str] | None]
"""By id, a document as an index keeps it, and the hash of the bytes of its file."""


class Sources:
    """The documents of a file or a folder as they are now.

    Another version of a reader may make another text of the very same file, in which quotations do
    not stand where they stood; a file with a password gives none without it. Where ``kept`` has the
    text that was made then, that is what counts, and ``say`` is told so, in one line.
    """

    def __init__(
        self,
        path: Path,
        kept: Kept = lambda _: None,
        say: Callable[[str], None] = lambda _: None,
        password: str | None = None,
    ) -> None:
        self._read: dict[str, tuple[Document, Stamp]] = {}
        self._unopened: dict[str, str] = {}
        for file in read(path, password):
            self._read |= {one.id: (one, file.stamp) for one in file.documents}
            if file.unopened:
                say(f"{file.path} {file.failure}")
                self._unopened[file.stamp.sha256] = file.failure or ""
        self._kept = kept
        self._say = say
        self._told: set[str] = set()

    def document(self, document_id: str) -> Document | None:
        """The document with this id, if there is one."""
        then, sha256 = self._kept(document_id) or (None, "")
        if document_id not in self._read:
            if then and sha256 and sha256 in self._unopened:
                self._note(document_id, self._unopened[sha256])
                return then
            return None
        now, stamp = self._read[document_id]
        if then is None or then.sha256 == now.sha256 or sha256 != stamp.sha256:
            return now
        self._note(
            document_id,
            f"is the file that was indexed, but {now.reader} makes another text of it than "
            f"{then.reader} did",
        )
        return then

    def _note(self, document_id: str, why: str) -> None:
        if document_id not in self._told:
            self._told.add(document_id)
            self._say(f"{document_id} {why}; checked against the text that the index keeps")
