"""OLE files as old programs write them, with streams that hold as good as nothing."""

from __future__ import annotations

import struct
from pathlib import Path

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_SECTOR = 512


def ole(path: Path, *streams: str) -> Path:
    """Write a file with streams of these names, up to three, that are empty."""
    head = struct.pack(
        "<8s16s5H6s9I",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b""),
        *(0, 1, 1, 0, 4096, _END, 0, _END, 0),
    )
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    table = struct.pack("<128I", _TABLE, _END, *[_FREE] * 126)
    entries = [_entry("Root Entry", 5, child=1 if streams else _FREE)]
    for at, name in enumerate(streams, 1):
        entries.append(_entry(name, 2, right=at + 1 if at < len(streams) else _FREE))
    directory = b"".join(entries).ljust(_SECTOR, b"\0")
    path.write_bytes(head + table + directory)
    return path


def _entry(name: str, kind: int, child: int = _FREE, right: int = _FREE) -> bytes:
    spelt = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBB3I16sI8s8sIQ",
        *(spelt, len(spelt), kind, 1, _FREE, right, child, b"", 0, b"", b"", _END, 0),
    )
