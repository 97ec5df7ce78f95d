"""Word, PowerPoint and Excel files that have a password, opened with it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import Protected, UnusableInput
from footnoted.corpus.formats.detection import FilePeek
from footnoted.corpus.protocols import Format, Peek
from footnoted.corpus.types import Contents

ASK = "is protected by a password; give it with --password"
WRONG = "is protected by another password than the one that --password gives"

_ENCRYPTED = "EncryptedPackage"
"""What Office keeps a document in that has a password, whatever kind of document it is."""


@dataclass(frozen=True)
class ProtectedOffice:
    """Files that are ``kinds`` once they are opened; see ``corpus.protocols.Format``."""

    kinds: Sequence[Format]
    name: str = "protected Office"
    endings: tuple[str, ...] = ()

    @property
    def version(self) -> str:
        inside = " or ".join(f"{one.name} {one.version}" for one in self.kinds)
        return f"1 msoffcrypto-tool {version('msoffcrypto-tool')}, then {inside}"

    def recognises(self, file: Peek) -> bool:
        return _ENCRYPTED in file.members

    def read(self, path: Path, password: str | None = None) -> Contents:
        if not password:
            raise Protected(ASK)
        with tempfile.TemporaryDirectory(prefix="footnoted-") as folder:
            opened = Path(folder, f"document{path.suffix}")
            _decrypt(path, password, opened)
            peek = FilePeek(opened)
            for one in self.kinds:
                if one.recognises(peek):
                    return one.read(opened)
        raise UnusableInput("is protected by a password, and no document that can be read")


def is_locked(path: Path) -> bool:
    """Whether an OLE file is a document that has a password, as far as it can be told."""
    from msoffcrypto import OfficeFile

    try:
        with path.open("rb") as file:
            return bool(OfficeFile(file).is_encrypted())
    except Exception:  # whatever it stumbles over in a broken file, which its reader tells
        return False


def _decrypt(path: Path, password: str, to: Path) -> None:
    from msoffcrypto import OfficeFile
    from msoffcrypto.exceptions import InvalidKeyError

    try:
        with path.open("rb") as file, to.open("wb") as opened:
            office = OfficeFile(file)
            office.load_key(password=password, verify_password=True)
            office.decrypt(opened)
    except InvalidKeyError:
        raise Protected(WRONG) from None
    except (MemoryError, OSError):
        raise
    except Exception as error:  # whatever it stumbles over in a broken file
        raise UnusableInput(f"is broken, or locked in an unknown way: {error}") from None
