"""Who asks: today everybody is the same caller; accounts would tell them apart here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, slots=True)
class Caller:
    """On whose behalf something is done."""

    name: str


ANYONE = Caller("anyone")


def calling(request: gr.Request) -> Caller:
    """Who sent a request: the one place where that is decided."""
    return ANYONE
