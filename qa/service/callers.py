"""Who asks: somebody with an account or, on a server without any, anyone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from footnoted.qa.accounts.accounts import NOBODY, Account, Role

if TYPE_CHECKING:
    import gradio as gr
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done."""

    name: str
    role: Role = "reader"
    address: str = field(default="", compare=False)
    """Where the request came from; empty where there was none."""

    @classmethod
    def of(cls, account: Account, address: str = "") -> Caller:
        return cls(account.name, account.role, address)

    @property
    def is_known(self) -> bool:
        """Whether it is somebody, with an account."""
        return self.name != NOBODY

    @property
    def mark(self) -> str:
        """What stands before the names of what is theirs alone; nothing for anyone."""
        digest = hashlib.sha256(self.name.encode()).hexdigest()
        return f"{digest[:16]}-" if self.is_known else ""

    @property
    def may_edit(self) -> bool:
        """Whether collections may be made, and changed where their owners let."""
        return self.role == "editor"

    def is_let(self, lets: Callable[[str], bool]) -> bool:
        """Whether they may change something, which ``lets`` those who are called so."""
        return not self.is_known or (self.may_edit and lets(self.name))

    @property
    def asker(self) -> tuple[str, str]:
        """Among whom the turns go round (``qa.service.turns``)."""
        return self.name, "" if self.is_known else self.address


ANYONE = Caller(NOBODY, "editor")


def calling(request: Request | gr.Request) -> Caller:
    """Who sent a request, to a route or by an event of the page, as it was found out at the border
    of the server (``qa.page.signing_in``)."""
    caller = getattr(request.state, "caller", ANYONE)
    assert isinstance(caller, Caller)
    return caller
