"""txtai again, with a BM25 index of its own beside the vectors."""

from __future__ import annotations

from functools import partial

from measuring import measure
from peer_txtai import PACKAGES, Txtai

if __name__ == "__main__":
    measure("txtai, hybrid", partial(Txtai, hybrid=True), PACKAGES)
