from __future__ import annotations

import time
from collections.abc import Sequence

from footnoted.corpus.formats.tables import (
    MOST_COLUMNS,
    Cell,
    Table,
    header_rows,
    headers_of,
    is_form,
    laid_out,
)


def texts(table: Table) -> list[list[str]]:
    return [row.texts for row in laid_out(table)]


def test_cells_over_several_rows_and_columns() -> None:
    table = Table(
        [
            [Cell("a", across=2, down=2), Cell("b")],
            [Cell("c")],
            [Cell("d"), Cell("e"), Cell("f", down=2)],
            [Cell("g")],
        ]
    )
    assert texts(table) == [["a", "", "b"], ["a", "", "c"], ["d", "e", "f"], ["g", "", "f"]]


def test_long_words_are_not_repeated() -> None:
    long = "words " * 100
    assert texts(Table([[Cell(long, down=2), Cell("a")], [Cell("b")]])) == [
        [long, "a"],
        ["", "b"],
    ]


def test_headers() -> None:
    def many(*first: str, headers: int | None = None) -> int:
        table = Table([[Cell(text) for text in first], [Cell("7") for _ in first]], headers)
        return header_rows(table, laid_out(table))

    assert many("Boat", "Price") == 1
    assert many("", "Price") == 1
    assert many("Boat", "") == 0
    assert many("Boat:", "Yawl") == 0
    assert many("Boat") == 0
    assert many("Boat", "Price", headers=0) == 0
    assert many("Boat", "Price", headers=9) == 2
    rows = laid_out(Table([[Cell(""), Cell("Sum", across=2)], [Cell("Boat"), Cell("Day")]]))
    assert headers_of(rows) == ["Boat", "Sum Day", "Sum"]


def test_the_entries_of_a_form_are_not_said_of_each_other() -> None:
    def many(*rows: tuple[str, str], bold: str = "") -> int:
        table = Table([[Cell(text, is_bold=text in bold) for text in row] for row in rows])
        return header_rows(table, laid_out(table))

    form = (("Name", "Torben Ask"), ("Department", "Home care"), ("Alarm", "A-117"))
    assert many(*form) == 0
    assert many(*form, bold="Name Department Alarm") == 0
    assert many(("Country", "Capital"), ("Denmark", "Copenhagen"), bold="Country Capital") == 1
    assert many(("Country", "Capital"), ("Denmark", "Copenhagen"), bold="all of them") == 0
    assert many(("Boat", "Price"), ("Yawl", "10"), ("Ketch", "12")) == 1
    assert many(("Berth", "14"), ("Length", "9")) == 0


def test_forms_are_told_from_other_tables_of_two_columns() -> None:
    def is_one(*rows: Sequence[str], **about: bool) -> bool:
        table = Table(
            [[Cell(text, is_bold=about.get(text, False)) for text in row] for row in rows]
        )
        return is_form(table, laid_out(table))

    assert is_one(("Name", "Torben Ask"), ("Department", ""), ("Alarm:", "A-117"))
    assert not is_one(("Name", "Torben Ask"))
    assert not is_one(("Town", "Mayor"), ("Norvik", "Ida Holm"), Town=True, Mayor=True)
    assert not is_one(("1", "Open the valve"), ("2", "Close it again"))
    assert not is_one(("", "Norvik"), ("Mayor", "Ida Holm"))
    assert not is_one(("Dear all,", "word " * 50), ("Yours", "Ida"))
    assert not is_one(("Name", "Ask", "x"), ("Alarm", "A-117", "y"))


def test_cells_that_claim_to_be_huge_cost_little() -> None:
    begin = time.monotonic()
    huge = [[Cell("x", across=10**9, down=10**9)], *[[] for _ in range(100_000)]]
    rows = laid_out(Table(huge))
    assert len(rows[0].texts) == MOST_COLUMNS
    assert sum(len(row.texts) for row in rows) < 2_000_000
    assert time.monotonic() - begin < 20
