"""Who may read and change a collection."""

from __future__ import annotations

from pathlib import Path

import pytest

from footnoted.qa.accounts.access import ACCESS, EVERYBODYS, Access


@pytest.mark.parametrize(
    ("access", "reads", "changes", "manages", "shares"),
    [
        (EVERYBODYS, "anna bob carl", "anna bob carl", "anna bob carl", ""),
        (Access(owner="anna", readers=()), "anna", "anna", "anna", "anna"),
        (Access(owner="anna", readers=("bob",)), "anna bob", "anna", "anna", "anna"),
        (Access(owner="anna"), "anna bob carl", "anna", "anna", "anna"),
        (
            Access(owner="anna", readers=(), editors=("bob",)),
            *("anna bob", "anna bob", "anna", "anna"),
        ),
    ],
)
def test_who_may_do_what(
    access: Access, reads: str, changes: str, manages: str, shares: str, tmp_path: Path
) -> None:
    access.save(tmp_path)
    kept = Access.of(tmp_path)
    assert kept == access
    for names, lets in (
        (reads, kept.lets_read),
        (changes, kept.lets_change),
        (manages, kept.lets_manage),
        (shares, kept.lets_share),
    ):
        assert [name for name in ("anna", "bob", "carl") if lets(name)] == names.split()


def test_without_a_file_it_is_everybodys(tmp_path: Path) -> None:
    assert Access.of(tmp_path) == EVERYBODYS


@pytest.mark.parametrize("text", ["", "{", "[]", '{"readers": "all"}', '{"extra": 1}', "\xff"])
def test_a_broken_file_lets_nobody_in(
    tmp_path: Path, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / ACCESS).write_text(text, encoding="latin-1")
    kept = Access.of(tmp_path)
    for lets in (kept.lets_read, kept.lets_change, kept.lets_manage, kept.lets_share):
        assert not any(map(lets, ("anna", "everyone", "anyone")))
    assert "nobody is let in" in caplog.text
