"""What a file is, told by its content; its name decides only between kinds of text."""

from __future__ import annotations

import zipfile
from functools import cached_property
from pathlib import Path

import olefile

_HEAD = 4096
_LONGEST_MIMETYPE = 200
OLE = olefile.MAGIC


class FilePeek:
    """See ``corpus.protocols.Peek``. Raises OSError where the file cannot be opened."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ending = path.suffix.lower()
        with path.open("rb") as file:
            self.head = file.read(_HEAD)

    @cached_property
    def members(self) -> frozenset[str]:
        try:
            if self.head.startswith(b"PK"):
                with zipfile.ZipFile(self._path) as archive:
                    return frozenset(archive.namelist())
            if self.head.startswith(OLE):
                with olefile.OleFileIO(self._path) as file:
                    return frozenset("/".join(name) for name in file.listdir())
        except Exception:  # broken archives raise whatever their parsers stumble over
            return frozenset()
        return frozenset()

    @cached_property
    def mimetype(self) -> str:
        if "mimetype" not in self.members:
            return ""
        try:
            with zipfile.ZipFile(self._path) as archive, archive.open("mimetype") as file:
                return file.read(_LONGEST_MIMETYPE).decode("ascii", "replace").strip()
        except Exception:
            return ""
