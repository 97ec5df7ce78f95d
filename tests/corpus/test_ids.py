from __future__ import annotations

import pytest

from footnoted.corpus.ids import Id, figures, ids


def only(text: str) -> Id:
    (found,) = ids(text)
    return found


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("What does ERR-4042 mean?", ["err-4042"]),
        ("Section 4.2(b) or 42(b)?", ["4-2-b", "42-b"]),
        ("v2.1.0, 2.1.10 and version 2.1", ["2-1-0", "2-1-10", "2-1"]),
        ("Is 10.0.0.42 or 88-1407-QX there?", ["10-0-0-42", "88-1407-qx"]),
        ("What is error 4042?", ["4042"]),
        ("RFC 2119 and RFC2119", ["2119", "rfc-2119"]),
        ("How many DB10s were made?", ["db-10"]),
    ],
)
def test_what_names_a_thing(text: str, keys: list[str]) -> None:
    assert [one.key for one in ids(text)] == keys


@pytest.mark.parametrize(
    "text",
    """What happened in 2019?|the mid-1990s and 2019-2023|a 20-minute talk on the 14th|5kg for €5
    12.5 % of 3,500 or 1.250.000|24.12.2024 and 2024-04-02 at 10:30|3/4 of 45 goals|in 5G and 3D
    Who has 312 employees?|Denmark’s U.S. friends""".replace("\n", "|").split("|"),
)
def test_amounts_and_times_name_nothing(text: str) -> None:
    assert not ids(text)


def test_figures_are_all_that_have_several_parts() -> None:
    found = figures("In C++, 12.5 kg of B-12 and 7 C# at 3-1")
    assert [one.key for one in found] == ["c-++", "12-5", "b-12", "c-#", "3-1"]


def test_a_megabyte_of_parts_is_no_word() -> None:
    assert not figures("1a" * 500_000) and not ids("1a" * 500_000)


@pytest.mark.parametrize(
    ("named", "text", "stands"),
    [
        ("ERR-4042", "see err 4042.", True),
        ("ERR-4042", "ERR4042s", True),
        ("ERR-4042", "ERR-4142 and E4042 of 4042", False),
        ("ERR-4042", "ERR-40421 or XERR-4042", False),
        ("KX-200-B", "KX-20-0B", False),
        ("2.1.0", "v2.1.0", True),
        ("2.1.0", "2.1.10, 12.1.0 or 2.1.0.4", False),
        ("Section 4.2", "4.2(b)", True),
        ("4.2(b)", "4.2 (b)", True),
        ("4.2(b)", "14.2(b) or 4.2(c)", False),
        ("error 4042", "ERR-4042", True),
        ("error 4042", "14042 or 4042.5 or A4042", False),
        ("H1N1", "the H1N1-based one", True),
    ],
)
def test_where_an_id_stands(named: str, text: str, stands: bool) -> None:
    assert only(named).is_in(text) == stands


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("ERR-4042", "ERR-4142", True),
        ("2.1.0", "Section 4.2(b)", True),
        ("error 4042", "ERR-4142", True),
        ("ERR-4042", "err 4042", False),
        ("ERR-4042", "KX-200-B", False),
        ("ERR-4042", "2.1.0", False),
        ("KX-200", "KX-200-B", False),
        ("KX-200-B", "KX-200", True),
    ],
)
def test_what_is_told_from_an_id(one: str, other: str, told: bool) -> None:
    assert any(only(one).is_told_from(found) for found in ids(other)) == told
