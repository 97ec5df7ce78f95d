"""Reading one file, in whichever process that happens: what it holds, or why it cannot be read."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from footnoted.corpus.errors import NoText, Protected, UnusableInput
from footnoted.corpus.formats import FORMATS, format_of
from footnoted.corpus.formats.detection import OLE, FilePeek
from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.formats.plain import PlainText
from footnoted.corpus.protocols import Format
from footnoted.corpus.types import Contents

LARGEST_FILE = 4 << 30
"""In bytes. Few texts are a hundredth of that; disk images and films that look like them are."""

_KINDS = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)

# What is read in this process while it is small. It takes a millisecond, and nothing but time and
# memory in proportion to the file; to start another process takes a third of a second.
_PLAIN = (PlainText, Markdown)
_SMALL = 1 << 20

# Of what went wrong in a parser, as much as a line should hold.
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of reading a file: its contents, or the reason that there are none.

    ``reader`` is the name and the version of what read it. ``unopened`` says that it cannot be
    opened now, or not without its password, so that nobody knows what it holds; ``empty``, that
    there is no text in it to be read.
    """

    contents: Contents | None = None
    reader: str = ""
    failure: str | None = None
    unopened: bool = False
    empty: bool = False


class Stamp(NamedTuple):
    """What tells whether a file is still the same: its bytes, and where and when they were put.

    ``sha256`` is "" where nobody has looked; ``size`` is in bytes.
    """

    sha256: str
    size: int
    identity: tuple[int, ...]


NO_STAMP = Stamp("", 0, ())
"""Of what was not opened."""


def attempt(path: Path, password: str | None = None, chosen: Format | None = None) -> Reply:
    """Read the regular file at ``path``; whatever goes wrong becomes the reason that it failed.

    ``chosen`` is its format, where that is known.

    Raises:
        MemoryError: there is not enough of it.
    """
    try:
        chosen = chosen or format_of(path)
        return Reply(chosen.read(path, password), _label(chosen))
    except UnusableInput as error:
        unopened, empty = isinstance(error, Protected), isinstance(error, NoText)
        return Reply(failure=str(error), unopened=unopened, empty=empty)
    except OSError as error:
        return not_opened(error)
    except MemoryError:
        raise
    except Exception as error:  # of a parser's own, which one file must not end the others by
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST_REASON]
        return Reply(failure=f"made its reader fail ({reason}); it may be broken: save it anew")


def detected(path: Path) -> Format | None:
    """The format of a file; None where an archive would have to be opened to find out.

    Raises:
        UnusableInput: there is no reader for it.
        OSError: it cannot be opened.
    """
    return None if FilePeek(path).head.startswith((b"PK", OLE)) else format_of(path)


def is_read_here(chosen: Format | None, size: int) -> bool:
    """Whether a file of this format and of ``size`` bytes needs no process of its own."""
    return isinstance(chosen, _PLAIN) and size <= _SMALL


@cache
def readers() -> frozenset[str]:
    """The names, with their versions, of all that can read now."""
    return frozenset(map(_label, FORMATS))


def _label(reader: Format) -> str:
    return f"{reader.name} {reader.version}"


def stamped(path: Path, *, hashed: bool = True) -> Stamp:
    """The stamp of a regular file, which alone is opened; not ``hashed``, nothing is read of it.

    Raises:
        UnusableInput: it is no regular file, or too large.
        OSError: it cannot be opened.
    """
    _check_regular(path.stat())  # to open a pipe would wait until somebody writes into it
    # Should one take its place now, the opening does not wait, and it is noticed.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        found = os.fstat(file.fileno())
        _check_regular(found)
        if not hashed:
            return Stamp("", found.st_size, _identity(found))
        if found.st_size > LARGEST_FILE:
            raise UnusableInput(
                f"is larger than {LARGEST_FILE >> 30} GB, which nothing here reads; split it"
            )
        return Stamp(
            hashlib.file_digest(file, "sha256").hexdigest(), found.st_size, _identity(found)
        )


def has_changed(path: Path, since: Stamp) -> bool:
    """Whether a file is not any more what it was, as far as its size, place and time tell."""
    try:
        return _identity(path.stat()) != since.identity
    except OSError:
        return True


def not_opened(error: OSError) -> Reply:
    # What is not there any more, as where a link leads nowhere, will not come back by itself.
    unopened = not isinstance(error, FileNotFoundError)
    return Reply(failure=f"cannot be opened: {error.strerror or error}", unopened=unopened)


def _check_regular(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        kind = next((kind for is_such, kind in _KINDS if is_such(found.st_mode)), "something else")
        raise UnusableInput(f"is no file but {kind}; left unopened")


def _identity(found: os.stat_result) -> tuple[int, ...]:
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)
