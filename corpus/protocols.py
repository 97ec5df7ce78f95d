"""What a kind of file must offer to be read; ``corpus.formats`` holds those that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from footnoted.corpus.types import Contents


class Peek(Protocol):
    """A look into a file, by which its format is told; see ``corpus.formats.detection``."""

    @property
    def ending(self) -> str:
        """Of the file's name, in small letters, with its full stop: ``.txt``."""

    @property
    def head(self) -> bytes:
        """The first kilobytes."""

    @property
    def members(self) -> frozenset[str]:
        """The names of what a zip archive or an OLE file holds; none for other files."""

    @property
    def mimetype(self) -> str:
        """What the first member of an OpenDocument file or an EPUB says that it is; else ""."""


class Format(Protocol):
    """One kind of file."""

    @property
    def name(self) -> str:
        """As people call it: ``PDF``."""

    @property
    def endings(self) -> tuple[str, ...]:
        """Of the names of such files, in small letters, each with its full stop: ``.txt``."""

    @property
    def version(self) -> str:
        """Of what reads it. The same file gives the same text as long as this is the same."""

    def recognises(self, file: Peek) -> bool:
        """Whether a file is of this kind, by what stands in it."""

    def read(self, path: Path, password: str | None = None) -> Contents:
        """What the regular file at ``path`` holds.

        A warning that a part could not be read says so in these words: "cannot be read", "left
        unread" or, of pages, "hold no text"; such a file counts as not all read.

        Raises:
            UnusableInput: it is not such a file, or holds no text; the message goes on from the
                file's name.
            OSError: it cannot be opened.
        """
