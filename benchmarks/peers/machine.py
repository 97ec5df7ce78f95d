"""How fast this machine multiplies matrices, which no indexing can exceed."""

from __future__ import annotations

import statistics
import time

# The shapes of a large batch's tokens and of MiniLM-L6's widest layers.
_ROWS, _WIDTH = 4096, 1536
_TIMES = 5


def peaks() -> dict[str, float]:
    """Billions of floating-point operations a second, by the type of the numbers."""
    return {number_type: round(_peak(number_type), 1) for number_type in ("bfloat16", "float32")}


def _peak(number_type: str) -> float:
    import torch

    dtype = getattr(torch, number_type)
    left, right = torch.rand(_ROWS, _WIDTH, dtype=dtype), torch.rand(_WIDTH, _WIDTH, dtype=dtype)
    torch.mm(left, right)
    seconds = []
    for _ in range(_TIMES):
        started = time.perf_counter()
        torch.mm(left, right)
        seconds.append(time.perf_counter() - started)
    return 2 * _ROWS * _WIDTH**2 / statistics.median(seconds) / 1e9
