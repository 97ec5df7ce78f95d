"""Which language model writes, as whoever runs the server chose it in the page."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import NamedTuple

from footnoted.corpus.errors import FootnotedError, UnusableInput
from footnoted.qa.accounts.private_file import write_private
from footnoted.qa.protocols import Writer

log = logging.getLogger(__name__)

_FILE = "generator.json"
_NAME = "generator"


class Options(NamedTuple):
    """How what is written is treated, whichever model writes; see ``qa.writing.named``."""

    shows: bool = True
    doubts: bool = False


class Writers:
    """The choice, kept in a file of ``folder``. Nothing of language models is imported before one
    is named."""

    def __init__(self, folder: Path, options: Options) -> None:
        self._file = folder / _FILE
        self._options = options

    def kept(self) -> tuple[str, Writer | None]:
        """The name that was chosen last, and what writes by it; "" and None where answers are to be
        quoted, or it cannot be used any more."""
        try:
            name = json.loads(self._file.read_text(encoding="utf-8"))[_NAME]
            return name, self.named(name) if name else None
        except FileNotFoundError:
            return "", None
        except (OSError, ValueError, TypeError, KeyError, FootnotedError) as error:
            log.warning("answers are quoted: what was chosen to write cannot be used: %s", error)
            return "", None

    def named(self, name: str) -> Writer:
        """What writes by ``URL#MODEL``.

        Raises:
            UnusableInput: this is no address, or a package is not installed.
        """
        from footnoted.qa.writing.named import named_writer
        from footnoted.qa.writing.remote import api_address

        name = _with_scheme(name)
        api_address(name.partition("#")[0])  # what lies in the server's folders is not for the page
        return named_writer(name, **self._options._asdict())

    def models(self, address: str) -> list[str]:
        """The models of a server.

        Raises:
            UnusableInput: this is no address, or a package is not installed.
            NotWritten: nothing answers there, or something else does.
        """
        from footnoted.qa.writing.remote import Patience, RemoteGenerator

        url = _with_scheme(address).partition("#")[0]
        return RemoteGenerator(url, patience=Patience(silence=10, retries=0)).models()

    def keep(self, name: str) -> None:
        """
        Raises:
            UnusableInput: it cannot be written.
        """
        try:
            write_private(self._file, json.dumps({_NAME: name}))
        except OSError as error:
            raise UnusableInput(
                f"what writes cannot be kept: {error.strerror}; it writes until the server stops"
            ) from None


def _with_scheme(address: str) -> str:
    """An address as it is typed, "localhost:11434", as one that is called."""
    typed = address.strip()
    return typed if "://" in typed else f"http://{typed}"
