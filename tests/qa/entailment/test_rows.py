"""Texts and claims as rows of tokens."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from footnoted.qa.entailment.rows import MOST_TOKENS, Rows, windows
from footnoted.qa.protocols import Pair
from footnoted.qa.reader.reader import SHIPPED_READER


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Rows(Tokenizer.from_file(str(SHIPPED_READER / "tokenizer.json")))


@given(st.lists(st.integers(1, 90), min_size=1, max_size=40), st.integers(1, 60))
def test_windows_leave_nothing_out(lengths: list[int], most: int) -> None:
    edges = [0]
    for length in lengths:
        edges.append(edges[-1] + length)
    found = list(windows(edges, most))
    assert found[0][0] == 0
    assert found[-1][1] == edges[-1]
    assert all(0 < end - start <= most for start, end in found)
    assert all(one[0] < two[0] <= one[1] < two[1] for one, two in pairwise(found))


def test_windows_are_whole_sentences_that_overlap() -> None:
    assert list(windows([0, 10, 20, 30, 40], 20)) == [(0, 20), (20, 40)]
    assert list(windows([0, 10, 20, 30, 40], 30)) == [(0, 30), (20, 40)]


def test_a_row_is_claim_and_text_in_two_segments(rows: Rows) -> None:
    (row,) = rows.of(Pair("Bo rests.", "Ann sails."))
    given = row.inputs(rows.pad)
    assert {array.shape for array in given.values()} == {(1, 16)}
    used = int(given["mask"].sum())
    assert used == len(row.ids)
    assert given["types"][0, row.text_from : used].all()
    assert not given["types"][0, : row.text_from].any()


def test_no_row_is_longer_than_what_was_trained(rows: Rows) -> None:
    found = rows.of(Pair("Ann sails to Varde, and Bo rests at home. " * 200, "Bo rests."))
    assert len(found) > 5
    assert max(len(row.ids) for row in found) <= MOST_TOKENS
