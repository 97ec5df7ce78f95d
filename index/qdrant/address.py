"""Where an index in Qdrant lies: a folder of this machine's, or a collection of a server's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from footnoted.corpus.errors import UnusableInput
from footnoted.index.qdrant.options import Options

_FOLDER = "qdrant:"
_SERVER = re.compile(r"qdrant\+(https?://.+)", re.IGNORECASE)
# What a server lets a collection be called, and what a URL says plainly.
_NAME = re.compile(r"[\w.-]{1,200}", re.ASCII)
_OWN_COLLECTION = "footnoted"
# A server's, as it is mistyped: a folder is called so by nobody.
_NO_FOLDER = re.compile(r"//|[\w.-]+:\d+(/|\Z)")
# What is meant for an address, right or wrong, where a folder could stand, too.
_MEANT = re.compile(r"qdrant[:+]|[a-z][a-z\d+.-]*://", re.IGNORECASE)

_WANTED = (
    "name a folder, as in qdrant:PATH, or a server's collection, as in "
    "qdrant+http://HOST:6333/COLLECTION"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A collection of a server's at ``url``, or in a ``folder``; one of the two is None.

    ``home`` is a folder on this machine, if not the user's own, for what lies beside a server's.
    ``options`` count where a server makes the collection.
    """

    collection: str
    url: str | None = None
    folder: Path | None = None
    home: Path | None = field(default=None, compare=False)
    options: Options = field(default=Options(), compare=False)

    @classmethod
    def parse(cls, text: str) -> Address:
        """The address that ``--store`` names.

        Raises:
            UnusableInput: it is none.
        """
        if found := _SERVER.fullmatch(text):
            return cls._of_server(text, found[1])
        folder = text.removeprefix(_FOLDER)
        if folder == text or not folder.strip() or _NO_FOLDER.match(folder):
            raise UnusableInput(f"{text!r} is no store; {_WANTED}")
        return cls(_OWN_COLLECTION, folder=Path(folder).absolute())

    @classmethod
    def _of_server(cls, text: str, url: str) -> Address:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            raise UnusableInput(f"{text[:80]!r} has no host and port; {_WANTED}") from None
        if parts.username or parts.password or parts.fragment:
            raise UnusableInput(
                "the address of a store holds no key, which every list of processes would show; "
                "put it into the environment, as QDRANT_API_KEY"
            )
        *above, name = parts.path.rstrip("/").split("/")
        if not host or not _NAME.fullmatch(name):
            raise UnusableInput(f"{text!r} names no collection of a server; {_WANTED}")
        port = port or (443 if parts.scheme == "https" else 6333)
        shown = f"[{host}]" if ":" in host else host
        return cls(
            name,
            url=f"{parts.scheme}://{shown}:{port}{'/'.join(above)}",
            options=Options.parse(parts.query),
        )

    @property
    def name(self) -> str:
        """What people call it, on whichever machine."""
        return self.folder.name if self.folder else self.collection

    @property
    def is_open(self) -> bool:
        """Whether what is sent there may be read on the way."""
        parts = urlsplit(self.url or "https://")
        return parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1")

    def __str__(self) -> str:
        """As ``--store`` takes it, without options."""
        return f"{_FOLDER}{self.folder}" if self.folder else f"qdrant+{self.url}/{self.collection}"


def is_address(text: str) -> bool:
    """Whether a store is meant by what may also be the name of a folder."""
    return bool(_MEANT.match(text))
