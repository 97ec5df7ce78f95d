"""Files that are broken as files break: cut short, or with bytes that have changed."""

from __future__ import annotations

import random
from collections.abc import Iterator


def damaged(data: bytes, seed: int = 1) -> Iterator[bytes]:
    """Of a file, beginnings of several lengths, and copies with some bytes changed."""
    for part in range(8):
        yield data[: len(data) * part // 8]
    chance = random.Random(seed)
    for _ in range(24):
        changed = bytearray(data)
        for _ in range(chance.choice((1, 5, 50))):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
        yield bytes(changed)
    yield chance.randbytes(5000)
