"""Who could reach a server that is about to start, and whether that is meant."""

from __future__ import annotations

import shlex
import socket
from collections.abc import Sequence
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.qa.accounts.accounts import Accounts
from footnoted.qa.page.server import Certificate, is_of_this_machine


def check(
    listener: socket.socket,
    accounts: Accounts,
    home: Path | None,
    proxies: Sequence[str],
    tls: Certificate | None,
    open_to_everyone: bool,
    state: str | None = None,
) -> str | None:
    """A line to warn of passwords that go in the clear, if they do.

    ``home`` and ``state`` are what was given for them.

    Raises:
        UnusableInput: others could reach it, and it would let everyone do everything.
    """
    if open_to_everyone and accounts.are_there:
        raise UnusableInput(
            f"{accounts.place} holds accounts, so everybody signs in; leave out "
            f"--open-to-everyone, or name a {'--state' if state else '--home'} without any"
        )
    is_reached = not is_of_this_machine(listener)
    if not (accounts.are_there or open_to_everyone) and (is_reached or proxies):
        of = f" --home {shlex.quote(str(home))}" if home else ""
        of = f" --state {shlex.quote(state)}" if state else of
        raise UnusableInput(
            "others could reach this server, and there are no accounts: whoever does could read "
            f"and change everything; make one: footnoted accounts add NAME{of}, or say "
            "--open-to-everyone"
        )
    if is_reached and not (tls or proxies):
        return (
            "what is sent to this server, passwords too, can be read on the way; give --tls-cert "
            "and --tls-key, or put it behind a proxy that has them (--behind ADDRESS)"
        )
    return None
