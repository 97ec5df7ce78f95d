"""Text from documents made inert, for HTML."""

from __future__ import annotations

import html


def escape(text: object) -> str:
    """Make text inert and exact: the browser's ``textContent`` gives back the same characters.

    HTML parsers turn CR LF into LF unless CR is a character reference. NUL has no reference at all;
    the replacement character stands in for it, one for one, so that offsets stay true.
    """
    return html.escape(str(text)).replace("\r", "&#13;").replace("\0", "\ufffd")
