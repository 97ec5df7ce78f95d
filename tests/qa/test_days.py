from __future__ import annotations

from datetime import date

import pytest

from footnoted.qa.days import Days, days

MARCH_12 = Days(date(2024, 3, 12), date(2024, 3, 12))
MARCH = Days(date(2024, 3, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2024-03-12", MARCH_12),
        (" 2024-03-12 18:30", MARCH_12),
        ("2024-03-12T18:30:00Z", MARCH_12),
        ("12 March 2024", MARCH_12),
        ("Tuesday, 12th of march, 2024", MARCH_12),
        ("March 12, 2024", MARCH_12),
        ("Mar. 12th 2024", MARCH_12),
        ("2024-03", MARCH),
        ("March 2024", MARCH),
        ("2024-02", Days(date(2024, 2, 1), date(2024, 2, 29))),
        ("2024", Days(date(2024, 1, 1), date(2024, 12, 31))),
        ("May 2024", Days(date(2024, 5, 1), date(2024, 5, 31))),
    ],
)
def test_what_is_written_spans_its_days(written: str, meant: Days) -> None:
    assert days(written) == meant


@pytest.mark.parametrize(
    "written",
    ["", "soon", "in spring", "2024-13", "2024-02-30", "31 June 2024", "0000", "20245", "2024-3-1"],
)
def test_what_is_no_day_is_none(written: str) -> None:
    assert days(written) is None
