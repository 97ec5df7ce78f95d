"""Who asks: today everybody is the same caller; accounts would tell them apart here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr
    from starlette.requests import Request


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done."""

    name: str
    address: str = field(default="", compare=False)
    """Where the calls come from."""

    @property
    def asker(self) -> tuple[str, str]:
        """Among whom the turns go round (``qa.service.turns``)."""
        return self.name, self.address


ANYONE = Caller("anyone")


def calling(request: Request | gr.Request) -> Caller:
    """Who sent a request, to a route or by an event of the page: the one place where that is
    decided."""
    return Caller(ANYONE.name, request.client.host if request.client else "")
