"""Whether a page is still where it was when something began that is going to be shown in it.

Gradio shows what comes of an event however late it comes, and gives nothing up without a trace.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import gradio as gr

_MOST_PAGES = 10_000


class Visits:
    """How often each page, by the number that it has given itself, was turned to a place.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turned: OrderedDict[str, int] = OrderedDict()

    def turn(self, request: gr.Request) -> None:
        """The page is turned to a place, be it the same."""
        page = request.session_hash or ""
        with self._lock:
            self._turned[page] = self._turned.pop(page, 0) + 1
            while len(self._turned) > _MOST_PAGES:
                self._turned.popitem(last=False)

    def of(self, request: gr.Request) -> Callable[[], bool]:
        """Whether the page is still where it is now."""
        page = request.session_hash or ""
        before = self._turned.get(page)
        return lambda: self._turned.get(page) == before
