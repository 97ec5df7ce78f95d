"""Documents read anew from their files, to check answers against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from footnoted.corpus.files import read
from footnoted.corpus.types import Document

Kept = Callable[[str], tuple[Document, str] | None]
"""By id, a document as an index keeps it, and the hash of the bytes of its file."""


class Sources:
    """The documents of a file or a folder as they are now.

    Another version of a reader may make another text of the very same file, in which quotations do
    not stand where they stood. Where ``kept`` has the text that was made then, that is what counts,
    and ``say`` is told so, in one line.
    """

    def __init__(
        self, path: Path, kept: Kept = lambda _: None, say: Callable[[str], None] = lambda _: None
    ) -> None:
        self._read = {one.id: (one, file.stamp) for file in read(path) for one in file.documents}
        self._kept = kept
        self._say = say
        self._told: set[str] = set()

    def document(self, document_id: str) -> Document | None:
        """The document with this id, if there is one."""
        if document_id not in self._read:
            return None
        now, stamp = self._read[document_id]
        then, sha256 = self._kept(document_id) or (None, "")
        if then is None or then.sha256 == now.sha256 or sha256 != stamp.sha256:
            return now
        if document_id not in self._told:
            self._told.add(document_id)
            self._say(
                f"{document_id} is the file that was indexed, but {now.reader} makes another text "
                f"of it than {then.reader} did; checked against the text that the index keeps"
            )
        return then
