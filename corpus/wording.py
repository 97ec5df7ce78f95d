"""Numbers of things, in the singular and the plural."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str) -> str:
    """So many of what ``noun`` names: ``1 row``, ``2,000 rows``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def listed(noun: str, numbers: Sequence[int]) -> str:
    """``page 3``, ``pages 3, 4 and 7``."""
    if len(numbers) == 1:
        return f"{noun} {numbers[0]}"
    return f"{noun}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"
