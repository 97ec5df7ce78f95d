"""Files inside a file, as mail has them, read as if they stood beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from footnoted.corpus.reading import Reply
from footnoted.corpus.types import Attachment, Contents

# Control characters, halves of surrogate pairs, what reverses the direction of writing, and what
# means something in names of files.
_UNSAFE = re.compile(
    r'[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:"|?*#/]'
)
_LONGEST_NAME = 100
_DEEPEST = 3

Read = Callable[[Path, int], Reply]
"""Reads the file at a path, of so many bytes."""


@dataclass(frozen=True, slots=True)
class Attached:
    """What an attachment holds. ``id`` is that of what holds it, ``/`` and ``name``, its own."""

    id: str
    name: str
    contents: Contents
    reader: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The attachments that could be read, and what is to be said of all of them."""

    files: list[Attached] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    """Those of the warnings that tell of what could not be read."""

    def lose(self, warning: str) -> None:
        self.warnings.append(warning)
        self.lost.append(warning)


def opened(attachments: Sequence[Attachment], inside: str, read: Read, depth: int = 1) -> Opened:
    """All that a file of the id ``inside`` holds, and what that holds in turn."""
    found = Opened()
    if attachments and depth > _DEEPEST:
        found.lose(f"{len(attachments)} attachments inside attachments left out")
    elif attachments:
        with TemporaryDirectory() as folder:
            names: set[str] = set()
            for number, one in enumerate(attachments):
                name = _safe(one.name, names)
                path = Path(folder, f"{number}{Path(name).suffix.lower()}")
                path.write_bytes(one.data)
                _open(found, path, name, f"{inside}/{name}", read, depth)
    return found


def _open(found: Opened, path: Path, name: str, place: str, read: Read, depth: int) -> None:
    reply = read(path, path.stat().st_size)
    if reply.contents is None:
        found.warnings.append(f"attachment {name}: {reply.failure}")
        if not reply.empty:
            found.lost.append(found.warnings[-1])
        return
    found.files.append(Attached(place, name, reply.contents, reply.reader))
    inner = opened(reply.contents.attachments, place, read, depth + 1)
    found.files.extend(inner.files)
    said = [*reply.contents.warnings, *inner.warnings]
    found.warnings.extend(f"attachment {name}: {one}" for one in said)
    lost = [*reply.contents.lost, *inner.lost]
    found.lost.extend(f"attachment {name}: {one}" for one in lost)


def _safe(name: str, taken: set[str]) -> str:
    """A name that stays in its place, is no other's, and shows as it is."""
    name = _UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    stem = Path(name).stem[:_LONGEST_NAME] or "attachment"
    ending = Path(name).suffix[:_LONGEST_NAME]
    name, number = f"{stem}{ending}", 2
    while name in taken:
        name, number = f"{stem} ({number}){ending}", number + 1
    taken.add(name)
    return name
