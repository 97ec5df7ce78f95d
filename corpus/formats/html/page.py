"""Web pages: what can be seen of them, with what belongs to the site and not to the page marked."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

from footnoted.corpus.errors import UnusableInput
from footnoted.corpus.formats import flow
from footnoted.corpus.formats.html.article import mark_boilerplate
from footnoted.corpus.formats.html.blocks import flow as flow_of
from footnoted.corpus.formats.html.metadata import about
from footnoted.corpus.formats.html.tree import parsed, to_text
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

PAGE_VERSION = f"3 resiliparse {version('resiliparse')} trafilatura {version('trafilatura')}"
_MARKUP = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype html|html)\b", re.I | re.S
)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


class Html:
    """``.html`` files; see ``corpus.protocols.Format``."""

    name = "HTML"
    endings = (".html", ".htm", ".xhtml", ".shtml")
    version = PAGE_VERSION

    def recognises(self, file: Peek) -> bool:
        return _MARKUP.match(file.head.removeprefix(_MARKS[0])) is not None

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = to_text(path.read_bytes())
        return Contents((extracted(text),), warnings)


def extracted(text: str) -> Extracted:
    """A page as it is seen.

    Raises:
        UnusableInput: it shows no text.
    """
    root = parsed(text)
    page = flow_of(root)
    if not page.blocks:
        raise UnusableInput("holds no text")
    told = about(root, page.blocks)
    mark_boilerplate(root, page, told.title)
    builder = TextBuilder()
    flow.write(builder, page.items)
    return Extracted(
        builder.text,
        told.title,
        publisher=told.publisher,
        author=told.author,
        date=told.date,
        annotations=builder.annotations,
    )
