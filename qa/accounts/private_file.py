"""Small texts that hold what is nobody else's, read and replaced as a whole; here, in a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple, Protocol

from filelock import FileLock

from footnoted.corpus.errors import UnusableInput


class Read(NamedTuple):
    """A text, and its ``stamp``, which is another after each change; both are None where there is
    no text, and the text is None where its stamp is known."""

    stamp: Hashable
    text: bytes | None


class Whole(Protocol):
    """A text wherever it is kept."""

    @property
    def place(self) -> str:
        """How it is named to whoever keeps it."""

    def read(self, known: Hashable = None) -> Read:
        """What it is now.

        Raises:
            FootnotedError: it cannot be read.
        """

    def changing(self) -> AbstractContextManager[Callable[[str], None]]:
        """Inside, nobody else changes it; what is yielded replaces it.

        Raises:
            FootnotedError: it cannot be written.
        """


class PrivateFile:
    """A text in a file."""

    def __init__(self, file: Path) -> None:
        self.file = file

    @property
    def place(self) -> str:
        return str(self.file)

    def read(self, known: Hashable = None) -> Read:
        try:
            found = self.file.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            return Read(stamp, None if stamp == known else self.file.read_bytes())
        except FileNotFoundError:
            return Read(None, None)
        except OSError as error:
            raise UnusableInput(f"{self.file} cannot be read: {error.strerror}") from None

    @contextmanager
    def changing(self) -> Iterator[Callable[[str], None]]:
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(self.file.with_name(f".{self.file.name}.lock"), mode=0o600):
                yield lambda text: write_private(self.file, text)
        except OSError as error:
            raise UnusableInput(f"{self.file} cannot be written: {error.strerror}") from None


def write_private(file: Path, text: str) -> None:
    """Put ``text`` where ``file`` is, whole or not at all; nobody but its owner can read it.

    Raises:
        OSError: it cannot be written.
    """
    number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)  # of mode 0600
    try:
        with os.fdopen(number, "w", encoding="utf-8") as beside:
            beside.write(text)
            beside.flush()
            os.fsync(beside.fileno())
        Path(name).replace(file)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
