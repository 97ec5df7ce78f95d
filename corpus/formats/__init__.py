"""The kinds of file that can be read. To add one, write a ``Format`` and name it here."""

from __future__ import annotations

from footnoted.corpus.formats.beir import Beir
from footnoted.corpus.formats.markdown import Markdown
from footnoted.corpus.formats.plain import PlainText
from footnoted.corpus.protocols import Format

_FORMATS: tuple[Format, ...] = (PlainText(), Markdown(), Beir())

FORMATS: dict[str, Format] = {ending: one for one in _FORMATS for ending in one.endings}
"""Each ending of a file's name with its format."""
