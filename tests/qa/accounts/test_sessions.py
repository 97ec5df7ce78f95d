"""Sessions: they end when nobody uses them, and at the latest after a while."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from footnoted.qa.accounts.sessions import IDLE_SECONDS, LONGEST_SECONDS, Sessions


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path, clock: Clock) -> Sessions:
    return Sessions(tmp_path / "sessions.sqlite", clock)


def test_a_session_is_its_accounts_until_it_ends(kept: Sessions, tmp_path: Path) -> None:
    one, other = kept.begin("anna's"), kept.begin("bob's")
    assert (kept.account(one), kept.account(other)) == ("anna's", "bob's")
    for wrong in ("", one[:-1], one.upper(), "' OR 1=1 --", "\ud800"):
        assert kept.account(wrong) is None
    assert Sessions(tmp_path / "sessions.sqlite", kept._now).account(one) == "anna's"  # a restart
    kept.end(one)
    assert kept.account(one) is None and kept.account(other) == "bob's"


def test_it_ends_when_it_is_not_used(kept: Sessions, clock: Clock) -> None:
    token = kept.begin("anna's")
    clock.now += IDLE_SECONDS - 1
    assert kept.account(token)  # this is a use
    clock.now += IDLE_SECONDS - 1
    assert kept.account(token)
    clock.now += IDLE_SECONDS + 1
    assert kept.account(token) is None


def test_it_ends_however_much_it_is_used(kept: Sessions, clock: Clock) -> None:
    token, began = kept.begin("anna's"), clock.now
    while clock.now - began < LONGEST_SECONDS - IDLE_SECONDS / 2:
        assert kept.account(token)
        clock.now += IDLE_SECONDS / 2
    clock.now = began + LONGEST_SECONDS + 1
    assert kept.account(token) is None


def test_the_file_holds_no_token_and_is_nobody_elses(kept: Sessions, tmp_path: Path) -> None:
    token = kept.begin("anna's")
    files = list(tmp_path.iterdir())
    assert files and all(token.encode() not in one.read_bytes() for one in files)
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}
