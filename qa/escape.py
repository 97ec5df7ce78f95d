"""Text from documents made inert, for HTML and for terminals."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# Text from documents must not steer a terminal: control characters are shown as pictures, and
# marks that turn the direction of writing as a replacement character.
_CONTROLS = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
_CONTROLS |= dict.fromkeys((*range(128, 160), *range(8234, 8239), *range(8294, 8298)), 65533)
_CONTROLS_IN_LINES = {code: shown for code, shown in _CONTROLS.items() if chr(code) not in "\n\t"}


def escape(text: object) -> str:
    """Make text inert and exact: the browser's ``textContent`` gives back the same characters.

    HTML parsers turn CR LF into LF unless CR is a character reference. NUL has no reference at all;
    the replacement character stands in for it, one for one, so that offsets stay true.
    """
    return html.escape(str(text)).replace("\r", "&#13;").replace("\0", "\ufffd")


def one_line(text: str) -> str:
    """``text`` on one line, with nothing in it that a terminal would obey."""
    return one_run(text).strip()


def one_run(text: str) -> str:
    """The same of a part of a line: it may begin and end with a blank."""
    return re.sub(r"\s+", " ", text).translate(_CONTROLS)


def lines_for_terminal(text: str) -> str:
    """The same of several lines, which stay as they are."""
    return text.replace("\r\n", "\n").translate(_CONTROLS_IN_LINES)


def environment() -> Environment:
    """For templates of HTML: all that they print passes through ``escape``, but for ``Markup``."""
    from jinja2 import Environment, StrictUndefined

    return Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=_inert,
    )


def _inert(value: object) -> Markup:
    from markupsafe import Markup

    return value if isinstance(value, Markup) else Markup(escape(value))  # noqa: S704
