"""Compound files, as Outlook and old Office programs write them; nothing else writes any."""

from __future__ import annotations

import struct
from collections.abc import Mapping

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
# Smaller streams would have to stand in sectors of their own kind.
_SMALLEST = 4096

Tree = Mapping[str, "bytes | Tree"]


def compound_file(tree: Tree) -> bytes:
    """A compound file that holds these streams, and storages of streams, by their names."""
    entries: list[tuple[str, int, int, int, int, int]] = []
    sectors: list[bytes] = []
    chains: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        count = max(1, -(-len(data) // _SECTOR))
        for at in range(count):
            sectors.append(data[at * _SECTOR : (at + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            chains.append(first + at + 1 if at + 1 < count else _END)
        return first

    def add(name: str, content: bytes | Tree, right: int) -> int:
        number = len(entries)
        entries.append((name, 0, 0, 0, 0, 0))
        if isinstance(content, bytes):
            padded = content.ljust(_SMALLEST, b"\0")
            entries[number] = (name, 2, right, _NONE, store(padded), max(len(content), _SMALLEST))
        else:
            entries[number] = (name, 5 if number == 0 else 1, right, children(content), 0, 0)
        return number

    def children(inside: Tree) -> int:
        # A chain to the right is a tree, too, if a poor one.
        last = _NONE
        for name in sorted(inside, key=lambda name: (len(name), name.upper()), reverse=True):
            last = add(name, inside[name], last)
        return last

    add("Root Entry", tree, _NONE)
    directory = store(b"".join(_entry(*entry) for entry in entries))
    fats = 1
    while (len(sectors) + fats) * 4 > fats * _SECTOR:
        fats += 1
    first_fat = len(sectors)
    table = chains + [_FAT] * fats
    table += [_FREE] * (fats * _SECTOR // 4 - len(table))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, fats, directory, 0, _SMALLEST, _END, 0, _END, 0, first_fat,
    )  # fmt: skip
    more = [first_fat + at for at in range(1, fats)]
    header += struct.pack(f"<{len(more)}I", *more)
    header = header.ljust(_SECTOR, b"\xff")
    return header + b"".join(sectors) + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, right: int, child: int, start: int, size: int) -> bytes:
    spelt = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI8x8xIII",
        spelt, len(spelt), kind, 1, _NONE, right, child, 0, start, size, 0,
    )  # fmt: skip
