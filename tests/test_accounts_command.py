"""``footnoted accounts``: accounts are made, listed and removed, and each mistake is one line."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import footnoted.cli
from footnoted.qa.accounts.accounts import Accounts

PASSWORD = "correct horse battery"  # noqa: S105


Run = Callable[..., tuple[int, str, str]]


class _Piped(io.StringIO):
    def isatty(self) -> bool:
        return False


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str, given: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", _Piped(given))
        with pytest.raises(SystemExit) as ended:
            footnoted.cli.main(["accounts", *arguments, "--home", str(tmp_path)])
        out, err = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, out, err

    return run


def test_accounts_are_added_listed_and_removed(run: Run, tmp_path: Path) -> None:
    code, out, err = run("add", "Anna", given=f"{PASSWORD}\n")
    assert (code, err) == (0, "") and out.startswith("added anna, editor")
    run("add", "bob", "--role", "reader", "--password-stdin", given=PASSWORD)
    assert Accounts(tmp_path).proved("anna", PASSWORD)
    code, out, _ = run("list")
    assert [line.split()[:2] for line in out.splitlines()] == [
        ["anna", "editor,"],
        ["bob", "reader,"],
    ]
    _, token, told = run("token", "bob", "--days", "3")
    account = Accounts(tmp_path).of_token(token.strip())
    assert account and account.name == "bob" and "not shown again" in told
    assert json.loads(run("list", "--json")[1]) == [
        {"name": "anna", "role": "editor", "tokens": 0},
        {"name": "bob", "role": "reader", "tokens": 1},
    ]
    assert run("remove", "bob")[0] == 0
    assert Accounts(tmp_path).of_token(token.strip()) is None
    _, _, told = run("remove", "anna")
    assert "no account is left" in told
    assert run("list")[1].startswith("there are no accounts")


def test_a_password_and_a_role_are_changed(run: Run, tmp_path: Path) -> None:
    run("add", "anna", given=PASSWORD)
    _, token, _ = run("token", "anna")
    before = Accounts(tmp_path).of_token(token.strip())
    assert before
    code, out, _ = run("role", "Anna", "reader")
    assert (code, out) == (0, "anna is a reader now\n")
    found = Accounts(tmp_path).of_token(token.strip())
    assert found and found.role == "reader"
    code, out, _ = run("password", "anna", given="another one, as long\n")
    assert code == 0 and out.startswith("anna has another password")
    accounts = Accounts(tmp_path)
    assert accounts.of_token(token.strip()) is None and accounts.of_id(before.id) is None
    assert accounts.proved("anna", PASSWORD) is None
    proved = accounts.proved("anna", "another one, as long")
    assert proved and proved.role == "reader"


@pytest.mark.parametrize(
    ("arguments", "given", "said"),
    [
        (["add", "anna"], "short\n", "has 5 characters; choose one of at least 10"),
        (["add", "anna"], "", "has 0 characters"),
        (["add", "anna"], f"{PASSWORD}\nanother one, as long\n", "these are two passwords"),
        (["add", "anna", "--role", "king"], PASSWORD, "--role is reader or editor, not 'king'"),
        (["add", "a b"], PASSWORD, "nobody can be called 'a b' here"),
        (["password", "nobody"], PASSWORD, "there is no account 'nobody'"),
        (["password", "nobody"], "short", "has 5 characters"),
        (["role", "nobody", "reader"], "", "there is no account 'nobody'"),
        (["role", "nobody", "king"], "", "the role is reader or editor, not 'king'"),
        (["remove", "nobody"], "", "there is no account 'nobody'; footnoted accounts list"),
        (["token", "nobody"], "", "there is no account 'nobody'"),
        (["token", "nobody", "--days", "0"], "", "--days"),
    ],
)
def test_mistakes_are_one_line(
    run: Run, arguments: list[str], given: str, said: str, tmp_path: Path
) -> None:
    code, out, err = run(*arguments, given=given)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err and PASSWORD not in err
    assert Accounts(tmp_path).listed() == []


def test_a_password_is_typed_twice_and_not_shown(tmp_path: Path) -> None:
    terminal, its_end = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "footnoted", "accounts", "add", "anna", "--home", str(tmp_path)],
        stdin=its_end,
        stdout=its_end,
        stderr=its_end,
        start_new_session=True,
        close_fds=True,
    )
    os.close(its_end)
    shown = b""
    for prompt in (b"Password: ", b"The same again: "):
        while prompt not in shown:
            shown += os.read(terminal, 1000)
        os.write(terminal, f"{PASSWORD}\n".encode())
    while b"added anna" not in shown:
        shown += os.read(terminal, 1000)
    assert process.wait(60) == 0 and PASSWORD.encode() not in shown
    assert Accounts(tmp_path).proved("anna", PASSWORD)
    os.close(terminal)
