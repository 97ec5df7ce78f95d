"""Messages as Outlook saves them, written property by property."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from datetime import datetime

from support.compound import Tree, compound_file

_TEXT, _BYTES, _NUMBER, _TIME = 0x1F, 0x102, 3, 0x40
_EPOCH = datetime(1601, 1, 1)

Property = tuple[int, "str | bytes | int | datetime"]


def msg_file(
    properties: Sequence[Property],
    recipients: Sequence[Sequence[Property]] = (),
    attachments: Sequence[Sequence[Property]] = (),
) -> bytes:
    """A ``.msg`` file of properties, by their numbers."""
    counts = (len(recipients), len(attachments))
    tree = dict(_storage(struct.pack("<8x4I8x", *counts, *counts), properties))
    for number, one in enumerate(recipients):
        tree[f"__recip_version1.0_#{number:08X}"] = _storage(bytes(8), one)
    for number, one in enumerate(attachments):
        tree[f"__attach_version1.0_#{number:08X}"] = _storage(bytes(8), one)
    return compound_file(tree)


def _storage(header: bytes, properties: Sequence[Property]) -> Tree:
    streams: dict[str, bytes | Tree] = {}
    for number, value in properties:
        if isinstance(value, str | bytes):
            kind = _TEXT if isinstance(value, str) else _BYTES
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
            size = len(data) + (2 if kind == _TEXT else 0)
        elif isinstance(value, int):
            kind, size = _NUMBER, value
        else:
            kind, size = _TIME, int((value - _EPOCH).total_seconds() * 10_000_000)
        header += struct.pack("<HHIQ", kind, number, 6, size)
    return {**streams, "__properties_version1.0": header}
