"""What is counted on paper, from what was measured: the same each time, and as the guide tells."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from costs import END, SIZES, START, Assumed, Measured, Size, costs, measured

GUIDE = Path(__file__).parents[2] / "docs" / "scale-out.md"


@pytest.fixture(scope="module")
def found() -> Measured:
    return measured()


def test_the_guide_tells_what_is_counted(found: Measured) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    told = text.partition(START)[2].partition(END)[0].strip()
    assert told == costs([Size(passages, found, Assumed()) for passages in SIZES])


def test_more_passages_cost_more(found: Measured) -> None:
    sizes = [Size(10**power, found, Assumed()) for power in (6, 7, 8, 9)]
    for less, more in pairwise(sizes):
        assert more.memory > less.memory and more.disk > less.disk
        assert more.monthly > less.monthly and more.change >= less.change
        assert more.shards >= less.shards
        for are_new in (False, True):
            before, after = less.latency(are_new=are_new), more.latency(are_new=are_new)
            assert after[0] >= before[0] and after[1] >= before[1] > before[0]
        assert less.latency(are_new=True)[0] > less.latency(are_new=False)[0]


def test_what_is_assumed_counts(found: Measured) -> None:
    size = Size(100_000_000, found, Assumed())
    twice = Size(100_000_000, found, replace(Assumed(), copies=4))
    assert twice.machines == 2 * size.machines and twice.busy < size.busy
    larger = Size(100_000_000, found, replace(Assumed(), gib=256))
    assert larger.machines < size.machines
    far = Size(100_000_000, found, replace(Assumed(), network_ms=20))
    assert far.latency(are_new=False)[0] > size.latency(are_new=False)[0] + 100
    asked = Size(100_000_000, found, replace(Assumed(), questions=10**6))
    assert asked.busy > 1 and "processors" in asked.beyond


def test_bytes_are_those_of_vectors_and_more(found: Measured) -> None:
    """A quantised vector has a byte for each of its 384 numbers, and one as it is four."""
    assert 384 < found.in_memory < found.on_disk
    assert found.on_disk > 5 * 384
