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


def ranged(noun: str, numbers: Sequence[int], most: int = 10) -> str:
    """Such as ``pages 2 to 9 and 12``; of more than ``most`` stretches, how many there are."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    said: list[str] = []
    for a, b in runs[:most]:
        said += [str(a), str(b)][: b - a + 1] if b - a < 2 else [f"{a} to {b}"]
    if len(runs) > most:
        said.append(f"{len(runs) - most} further stretches")
    together = " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))
    return f"{noun} {together}" if len(numbers) == 1 else f"{noun}s {together}"
