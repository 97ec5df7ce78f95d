"""Paragraphs one after another, as word processors keep them, to the blocks of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from footnoted.corpus.formats.line_blocks import introduces
from footnoted.corpus.formats.plain import LONGEST_TITLE
from footnoted.corpus.formats.tables import Table, header_rows, headers_of, is_form, laid_out
from footnoted.corpus.formats.text_builder import TextBuilder
from footnoted.corpus.sentences import sentences
from footnoted.corpus.spans import Kind, Span

_OUTERMOST, _INNERMOST = 1, 6
_ENDS = re.compile(r"""[.…!?;:,。！？]["'”’»)\]]*\Z""")
_DEEPEST_ITEM = 8


class Composer:
    """Writes blocks and finds out what files do not say.

    Items that follow one another are a list, and know the words that they continue. A bold
    paragraph of a few words above one that is not bold is a heading. Notes stand below the
    paragraph, or the list, that they belong to.
    """

    def __init__(self, builder: TextBuilder) -> None:
        self.builder = builder
        self.title = ""
        """The first heading of the highest level, on one line."""
        self._level = 0
        self._held = ""
        self._above = ""
        self._leads: list[str] = []
        self._list: ExitStack | None = None
        self._of = ""
        self._notes: list[str] = []

    def heading(self, text: str, level: int) -> None:
        """``level`` counts from 1, the outermost."""
        if not text.strip():
            return
        self._settle()
        self._level = max(_OUTERMOST, min(_INNERMOST, level))
        text = " ".join(text.split())
        if self._level == _OUTERMOST and not self.title:
            self.title = text
        self.builder.block("heading", text, str(self._level))
        self._above = ""

    def paragraph(self, text: str, is_bold: bool = False) -> None:
        """``is_bold`` says that all of it is."""
        if not text.strip():
            return
        self._settle(is_followed=not is_bold)
        if is_bold and len(text) <= LONGEST_TITLE and not _ENDS.search(text.rstrip()):
            self._held = text
        else:
            self.builder.block("paragraph", text)
            self._above = text

    def item(self, text: str, depth: int = 0, mark: str = "", of: str = "") -> None:
        """An item of the list ``of``; ``mark`` is the number in front of it, if it has one."""
        if not text.strip():
            return
        if depth == 0:  # further in, a list may go on in the manner of another
            if of != self._of:
                self._settle(is_followed=True)
            self._of = of
        self._settle(is_followed=True, is_item=True)
        if self._list is None:
            self._list = ExitStack()
            self._list.enter_context(self.builder.within("list"))
            self._leads = [_last_sentence(self._above) if introduces(self._above) else ""]
        depth = min(depth, _DEEPEST_ITEM)
        del self._leads[depth + 1 :]
        self._leads += [self._leads[-1]] * (depth + 1 - len(self._leads))
        span = self.builder.block("item", f"{mark} {text.strip()}", self._leads[depth])
        if span and mark:
            self.builder.annotate(Span(span.start, span.start + len(mark) + 1), "markup")
        self._leads.append(_last_sentence(text))

    def note(self, text: str) -> None:
        """A note to what was written last."""
        self._notes.append(text)

    def block(self, kind: Kind, text: str, value: str = "") -> None:
        """A block of any other kind."""
        self._settle(is_followed=True)
        self.builder.block(kind, text, value)
        self._above = ""

    def table(self, table: Table) -> None:
        """A table, each of its inner tables below the row in which it stands."""
        rows = laid_out(table)
        if len(rows) == 1 and len(rows[0].texts) == 1:  # a frame around text
            for line in rows[0].texts[0].split("\n"):
                self.paragraph(line)
            for inner in rows[0].tables:
                self.table(inner)
            return
        self._settle(is_followed=True)
        if is_form(table, rows):
            with self.builder.within("record"):
                for label, value in (row.texts for row in rows):
                    self.builder.fields([(label, value)])
            self._above = ""
            return
        many = header_rows(table, rows)
        headers = headers_of(rows[:many])
        with self.builder.within("table"):
            for at, row in enumerate(rows):
                self.builder.row(row.texts, () if at < many else headers, "header" * (at < many))
                for inner in row.tables:
                    self.table(inner)
        self._above = ""

    def page(self, number: int) -> None:
        """What follows stands on another page or slide."""
        self._settle()
        self.builder.page(number)

    @contextmanager
    def within(self, kind: Kind) -> Iterator[None]:
        """What is written inside it stands in a ``quotation`` or the like."""
        self._settle()
        with self.builder.within(kind):
            yield
            self._settle()

    def finish(self) -> None:
        """Nothing follows."""
        self._settle()

    def _settle(self, is_followed: bool = False, is_item: bool = False) -> None:
        """Write what waited for the block to come; ``is_followed`` if that is text of its own."""
        held, self._held = self._held, ""
        if not is_item or held:
            self._end_list()
        if held and is_followed:
            level = min(_INNERMOST, self._level + 1)
            self.builder.block("heading", " ".join(held.split()), str(level))
            self.title = self.title or (held if level == _OUTERMOST else "")
            self._above = ""
        elif held:
            self.builder.block("paragraph", held)
            self._above = held
        if self._list is None:
            self._write_notes()

    def _end_list(self) -> None:
        if self._list:
            self._list.close()
            self._list, self._above = None, ""

    def _write_notes(self) -> None:
        for note in self._notes:
            self.builder.block("note", note)
        self._notes.clear()


def _last_sentence(text: str) -> str:
    return sentences(" ".join(text.split()))[-1].strip()
