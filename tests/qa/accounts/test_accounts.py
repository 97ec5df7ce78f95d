"""Accounts in their file: who proves to be whom, and what of it is kept."""

from __future__ import annotations

import json
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.accounts import accounts as module
from footnoted.qa.accounts.accounts import Accounts

PASSWORD = "correct horse battery"  # noqa: S105


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "accounts.json"


@pytest.fixture
def kept(tmp_path: Path) -> Accounts:
    accounts = Accounts(tmp_path / "home")
    accounts.add("Anna", PASSWORD, "editor")
    return accounts


def test_a_password_proves_its_account_alone(kept: Accounts) -> None:
    kept.add("bob", "another long one", "reader")
    found = kept.proved("anna", PASSWORD)
    assert found and (found.name, found.role) == ("anna", "editor")
    for name, password in [
        ("anna", "another long one"),
        ("anna", ""),
        ("anna", PASSWORD.upper()),
        ("anna", f"{PASSWORD}\0"),
        ("nobody", PASSWORD),
        ("", ""),
        ("anna", "x" * 100_000),
        ("\ud800", "\ud800"),
    ]:
        assert kept.proved(name, password) is None


def test_names_are_alike_in_great_and_small_letters(kept: Accounts) -> None:
    for name in ("ANNA", " anna ", "Ａnna"):
        with pytest.raises(UnusableInput, match="there is an account 'anna' already"):
            kept.add(name, PASSWORD, "reader")
        assert kept.proved(name, PASSWORD)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "a/b", "-a", "a" * 65, "everyone", "Anyone", "a\nb", "a\u202eb", "\0"]
)
def test_nobody_is_called_so(kept: Accounts, name: str) -> None:
    with pytest.raises(UnusableInput, match="nobody can be called") as refused:
        kept.add(name, PASSWORD, "editor")
    assert "\n" not in str(refused.value)


def test_a_short_password_is_refused(kept: Accounts) -> None:
    with pytest.raises(UnusableInput, match="has 9 characters; choose one of at least 10"):
        kept.add("bob", "x" * 9, "editor")
    with pytest.raises(UnusableInput, match="has 1,001 characters"):
        kept.add("bob", "x" * 1001, "editor")
    assert [one.name for one in kept.listed()] == ["anna"]


def test_the_file_holds_no_secret_and_is_nobody_elses(kept: Accounts, file: Path) -> None:
    token, _ = kept.new_token("anna", 1)
    text = file.read_text()
    assert PASSWORD not in text and token not in text and "$argon2id$" in text
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    others = [one for one in file.parent.iterdir() if one != file]
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in others)


def test_a_token_proves_until_its_day(
    kept: Accounts, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, until = kept.new_token("anna", 30)
    found = kept.of_token(token)
    assert found and found.name == "anna" and found.tokens == 1
    for wrong in ("", "fn_", token[:-1], f"{token}x", token.upper(), "\ud800"):
        assert kept.of_token(wrong) is None
    later = until + timedelta(seconds=1)
    monkeypatch.setattr(module, "_time", lambda: later)
    assert kept.of_token(token) is None
    kept.new_token("anna", 1)  # what has expired is not kept
    assert len(json.loads(file.read_text())["accounts"][0]["tokens"]) == 1
    assert datetime.now(UTC) < until


def test_a_change_of_another_process_is_seen_at_once(kept: Accounts, file: Path) -> None:
    other = Accounts(file.parent)
    (anna,) = other.listed()
    token, _ = kept.new_token("anna", 1)
    assert other.of_token(token) and other.of_id(anna.id)
    kept.remove("anna")
    assert other.of_token(token) is None and other.of_id(anna.id) is None
    again = kept.add("anna", PASSWORD, "editor")
    assert again.id != anna.id and other.of_id(anna.id) is None and other.of_token(token) is None


def test_what_was_closed_does_not_open_with_the_last_account(kept: Accounts, file: Path) -> None:
    assert kept.are_there
    kept.remove("anna")
    assert kept.are_there and kept.listed() == []
    file.unlink()
    assert kept.are_there
    assert not Accounts(file.parent).are_there


def test_accounts_that_are_added_at_once_are_all_kept(kept: Accounts, file: Path) -> None:
    names = [f"user{number}" for number in range(6)]
    adding = [
        threading.Thread(target=Accounts(file.parent).add, args=(name, PASSWORD, "reader"))
        for name in names
    ]
    for one in adding:
        one.start()
    for one in adding:
        one.join()
    assert [one.name for one in kept.listed()] == ["anna", *names]


@pytest.mark.parametrize("text", ["", "[]", "{", '{"accounts": [{}]}', '{"other": 1}', "\xff"])
def test_a_broken_file_lets_nobody_in(kept: Accounts, file: Path, text: str) -> None:
    file.write_text(text, encoding="latin-1")
    for do in (lambda: kept.are_there, kept.listed, lambda: kept.proved("anna", PASSWORD)):
        with pytest.raises(UnusableInput, match=r"accounts\.json is broken \(.*put back a copy"):
            do()
    with pytest.raises(UnusableInput, match="is broken"):
        kept.add("bob", PASSWORD, "reader")
    assert file.read_text(encoding="latin-1") == text


def test_a_write_that_fails_leaves_what_was_there(
    kept: Accounts, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    before = file.read_bytes()
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UnusableInput, match="cannot be written: No space left"):
        kept.add("bob", PASSWORD, "reader")
    assert file.read_bytes() == before
    assert not list(file.parent.glob("*.tmp")) and len(kept.listed()) == 1
