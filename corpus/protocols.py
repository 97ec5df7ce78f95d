"""What a kind of file must offer to be read; ``corpus.formats`` holds those that there are."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from footnoted.corpus.types import Contents


class Format(Protocol):
    """One kind of file, known by the endings of its name."""

    @property
    def endings(self) -> tuple[str, ...]:
        """In small letters, each with its full stop: ``.txt``."""

    def read(self, path: Path) -> Contents:
        """What the regular file at ``path`` holds.

        Raises:
            UnusableInput: it is not such a file, or holds no text; the message goes on from the
                file's name.
            OSError: it cannot be opened.
        """
