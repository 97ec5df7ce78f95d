"""Markdown: CommonMark with tables, footnotes and settings at the head, as its parser reads it.

The canonical text is the file; the signs stay in it, as annotations that say that they are signs.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it.token import Token

from footnoted.corpus.formats.encoding import read_text
from footnoted.corpus.formats.line_blocks import blocks, introduces, records
from footnoted.corpus.formats.markdown_inline import kept, parser
from footnoted.corpus.formats.plain import HEAD, LONGEST_TITLE, first_line
from footnoted.corpus.protocols import Peek
from footnoted.corpus.spans import Annotation, Annotations, Kind, Span, in_order
from footnoted.corpus.structure import HEADER
from footnoted.corpus.types import Contents, Extracted

# Settings at the head of a file, between lines of three signs: hyphens for YAML, plus for TOML.
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(.*?\r?\n)??\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_LINE_END = re.compile(r"\r\n?|\n")
_TAG = re.compile(r"<!--.*?-->|<[^<>]*>", re.DOTALL)
_HTML_HEADING = re.compile(
    r"<h(?P<level>[1-6])\b[^<>]*>(?P<words>(?:(?!<h[1-6]\b).)*?)</h(?P=level)\s*>",
    re.DOTALL | re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]")
_BAR = re.compile(r"(?<!\\)\|")
_REFERENCE = re.compile(r"\s*\[[^\]^][^\]]*\]:\s")
_PUBLISHER = "publisher", "organization", "organisation", "source"


class Markdown:
    """``.md`` files; see ``corpus.protocols.Format``."""

    name = "Markdown"
    endings = (".md", ".markdown")
    version = "2"

    def recognises(self, file: Peek) -> bool:
        return False

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = read_text(path)
        settings, below = _front_matter(text)
        tokens = parser().parse(text[below:])
        extracted = Extracted(
            text,
            _title(settings, tokens),
            publisher=next((s for name in _PUBLISHER if (s := _setting(settings, name))), None),
            author=_setting(settings, "author") or None,
            date=_setting(settings, "date") or None,
            annotations=_annotations(text, below, tokens),
        )
        return Contents((extracted,), warnings)


# -- what the file tells of itself ----------------------------------------------------------------


def _front_matter(text: str) -> tuple[dict[str, Any], int]:
    """The settings at the head of ``text``, if there are any, and where the text below begins."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, 0
    # The base loader makes nothing but strings, lists and mappings.
    load = partial(yaml.load, Loader=yaml.BaseLoader) if found[1] == "---" else tomllib.loads
    try:
        settings = load(found[2] or "")
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        settings = {}
    # Two rules with prose between them are no settings.
    return (settings, found.end()) if isinstance(settings, dict) else ({}, 0)


def _setting(settings: dict[str, Any], name: str) -> str:
    """A setting of one line; several authors are named one after the other."""
    value = settings.get(name)
    if isinstance(value, list):
        value = ", ".join(one for one in value if isinstance(one, str))
    said = " ".join(str(value).split()) if isinstance(value, str) or value else ""
    said = said.encode("utf-8", "replace").decode("utf-8")  # YAML can spell half a surrogate pair
    return said if len(said) <= LONGEST_TITLE else said[: LONGEST_TITLE - 1] + "…"


def _title(settings: dict[str, Any], tokens: Sequence[Token]) -> str:
    given = settings.get("title")
    title = _setting(settings, "title") if isinstance(given, str) else ""
    title = title or _headline(tokens)
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _headline(tokens: Sequence[Token]) -> str:
    """The first heading; else the first paragraph if it looks like a title."""
    paragraphs = []
    for before, token in pairwise(tokens):
        if before.map and before.map[0] > HEAD:
            break
        heading = _HTML_HEADING.search(before.content) if before.type == "html_block" else None
        if heading and (title := " ".join(_TAG.sub(" ", heading["words"]).split())):
            return title
        if before.type in ("heading_open", "paragraph_open") and before.level == 0:
            text = "".join(_plain(token.children or ()))
            if before.type == "heading_open" and text.strip():
                return " ".join(text.split())
            paragraphs.append(text)
    return next((first_line(text) for text in paragraphs if text.strip()), "")


def _plain(inline: Sequence[Token]) -> Iterator[str]:
    """Words alone: links are read for their text, images and HTML are passed over."""
    for token in inline:
        if token.type in ("text", "text_special", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"


# -- what stands where ----------------------------------------------------------------------------


def _annotations(text: str, below: int, tokens: Sequence[Token]) -> Annotations:
    walk = _Walk(text, below)
    if text[:below].strip():
        end = len(text[:below].rstrip())
        walk.found.append(Annotation(0, end, "metadata", "settings"))
    for token, after in pairwise([*tokens, Token("end", "", 0)]):
        walk.enter(token, after)
    walk.found += walk.left_over()
    walk.found += records(text, in_order(walk.found))
    return in_order(walk.found)


_CONTAINERS: dict[str, Kind] = {
    "bullet_list": "list",
    "ordered_list": "list",
    "blockquote": "quotation",
    "table": "table",
    "dl": "record",
}


@dataclass
class _Walk:
    """Through the parser's tokens, with an eye on the lines of the file."""

    text: str
    offset: int
    found: list[Annotation] = field(default_factory=list)
    _lines: list[Span] = field(init=False)
    _read: set[int] = field(default_factory=set)
    """The lines that some token stands for."""
    _inside: list[str] = field(default_factory=list)
    _lead_ins: list[str] = field(default_factory=lambda: [""])
    """What lists would continue, for each list that is open and the text around them."""
    _level: str = "1"
    _item_is_new: bool = False
    _cells: list[Span] = field(default_factory=list)
    """Of the row that is open, all; ``_row`` are the words of those that were met."""
    _row: list[str] = field(default_factory=list)
    _headers: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        ends = [one.end() for one in _LINE_END.finditer(self.text, self.offset)]
        edges = [self.offset, *ends, len(self.text)]
        self._lines = [Span(a, b) for a, b in pairwise(edges)]

    def enter(self, token: Token, after: Token) -> None:
        name = token.type.removesuffix("_open").removesuffix("_close")
        if token.nesting == 1:
            self._open(name, token, after)
        elif token.nesting == -1:
            self._close(name)
        elif token.type in ("fence", "code_block"):
            self._code(token)
        elif token.type == "html_block":
            self._html(token)
        elif token.type == "inline" and token.map:
            first, last = token.map[0], max(token.map[1], token.map[0] + 1)
            self._read.update(range(first, last))
            self._text(token, first, last)

    def _open(self, name: str, token: Token, after: Token) -> None:
        self._inside.append(name)
        if name in _CONTAINERS and token.map:
            span = self._stretch(*token.map)
            self.found.append(Annotation(*span, _CONTAINERS[name]))
        if name.endswith("_list"):
            self._lead_ins.append(self._lead_ins[-1])
        self._item_is_new = name == "list_item" or (self._item_is_new and name == "paragraph")
        if name == "heading":
            self._level = token.tag.removeprefix("h")
        elif name == "table":
            self._headers = []
        elif name == "tr" and token.map:
            self._row, self._cells = [], _cells(self.text, self._lines[token.map[0]])

    def _close(self, name: str) -> None:
        if name in self._inside:
            while self._inside.pop() != name:
                pass
        if name.endswith("_list"):
            self._lead_ins.pop()
        if name == "tr" and any(self._row):
            is_header = not self._headers
            self._headers = self._headers or self._row
            start, end = self._cells[0].start, self._cells[-1].end
            self.found.append(Annotation(start, end, "row", HEADER if is_header else ""))

    def _stretch(self, first: int, last: int) -> Span:
        """Lines, without blank ones at either end."""
        lines = self._lines[first:last]
        start, end = lines[0].start, lines[-1].end
        said = self.text[start:end]
        return Span(start + len(said) - len(said.lstrip()), start + len(said.rstrip()))

    # -- blocks of text ---------------------------------------------------------------------------

    def _text(self, token: Token, first: int, last: int) -> None:
        if self._inside[-1] in ("td", "th"):
            self._cell(token)
            return
        places = self._places(token.content, self._lines[first:last])
        if places is None or not token.content.strip():
            return
        span = Span(places[0], places[-1] + 1)
        self._block(span, self._words(span, self._signs(token, places, span)))

    def _block(self, span: Span, said: str) -> None:
        inside = self._inside[-2:]
        if self._inside[-1] == "heading":
            self.found.append(Annotation(*span, "heading", self._level))
        elif "footnote" in self._inside:
            self.found.append(Annotation(*span, "note"))
        elif inside == ["list_item", "paragraph"] and self._item_is_new:
            self._item_is_new = False
            self.found.append(Annotation(*span, "item", self._lead_ins[-2]))
        elif self._inside[-1] == "dt" or "dd" in self._inside:
            self.found.append(Annotation(*span, "paragraph"))
        else:
            # Markdown knows no lines ``key: value`` and no speakers, but those who write it do.
            plain = [one for one in blocks(self.text, span) if one.kind != "heading"]
            self.found += plain or [Annotation(*span, "paragraph")]
        self._lead_ins[-1] = said if introduces(said) or "list_item" in self._inside else ""

    def _cell(self, token: Token) -> None:
        span = self._cells[len(self._row)] if len(self._row) < len(self._cells) else None
        if span is None:  # the parser fills up rows that are too short
            return
        number = len(self._row)
        signs: list[Span] = []
        if self.text[slice(*span)] == token.content:
            signs = self._signs(token, range(*span), span)
        self._row.append(self._words(span, signs))
        if span.start < span.end:
            header = self._headers[number] if number < len(self._headers) else ""
            self.found.append(Annotation(*span, "cell", header))

    def _code(self, token: Token) -> None:
        if not token.map:
            return
        self._read.update(range(*token.map))
        first, last = token.map
        if token.type == "fence":
            closed = self.text[slice(*self._lines[last - 1])].strip(" >\t\r\n")
            first, last = (
                first + 1,
                last - bool(last - first > 1 and not closed.strip(token.markup[0])),
            )
        if first < last and token.content.strip():
            language = token.info.split()[0] if token.info.strip() else ""
            self.found.append(Annotation(*self._stretch(first, last), "code", language))

    def _html(self, token: Token) -> None:
        if not token.map:
            return
        self._read.update(range(*token.map))
        at, end = self._stretch(*token.map)
        for heading in _HTML_HEADING.finditer(self.text, at, end):
            self._tagged(Span(at, heading.start()), "paragraph")
            self._tagged(Span(*heading.span("words")), "heading", heading["level"])
            at = heading.end()
        self._tagged(Span(at, end), "paragraph")

    def _tagged(self, span: Span, kind: Kind, value: str = "") -> None:
        """Annotate HTML, if it says anything, and its tags."""
        span = _trimmed(self.text, span)
        said = self.text[slice(*span)]
        if _WORD.search(_TAG.sub(" ", said)):
            self.found.append(Annotation(*span, kind, value))
            tags = (
                Span(span.start + a, span.start + b)
                for a, b in map(re.Match.span, _TAG.finditer(said))
            )
            self.found += [Annotation(*tag, "markup") for tag in tags]

    def left_over(self) -> Iterator[Annotation]:
        """Lines that say something although the parser passes over them: notes without a mark."""
        for number, line in enumerate(self._lines):
            said = self.text[slice(*line)]
            if number not in self._read and _WORD.search(said) and not _REFERENCE.match(said):
                start = line.start + len(said) - len(said.lstrip())
                yield Annotation(start, line.start + len(said.rstrip()), "note")

    # -- places -----------------------------------------------------------------------------------

    def _places(self, content: str, lines: Sequence[Span]) -> list[int] | None:
        """Where each letter of a block's text stands; None if that cannot be told."""
        places: list[int] = []
        said = content.split("\n")
        if len(said) > len(lines):
            return None
        for line, (start, end) in zip(said, lines, strict=False):
            bare = line.strip()
            at = self.text.find(bare, start, end)
            if at < 0:
                return None
            lead = len(line) - len(line.lstrip())
            if places:
                places.append(places[-1] + 1)  # the line end
            places += [max(at - lead + n, start) for n in range(lead)]
            places += range(at, at + len(bare))
            places += [at + len(bare)] * (len(line) - lead - len(bare))
        return places

    def _signs(self, token: Token, places: Sequence[int], span: Span) -> list[Span]:
        """Annotate what stands in ``span`` and is none of the words."""
        signs, at = [], span.start
        for start, end in kept(token.content, token.children or ()):
            if at < places[start]:
                signs.append(Span(at, places[start]))
            at = max(at, places[end - 1] + 1)
        if at < span.end:
            signs.append(Span(at, span.end))
        self.found += [Annotation(*sign, "markup") for sign in signs]
        return signs

    def _words(self, span: Span, signs: Sequence[Span]) -> str:
        """What stands in ``span``, on one line, without its signs."""
        edges = [span.start, *(edge for sign in signs for edge in sign), span.end]
        said = (self.text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))
        return " ".join("".join(said).split())


def _cells(text: str, line: Span) -> list[Span]:
    """The cells of a row, trimmed: what stands between bars that no backslash escapes."""
    bars = [bar.start() for bar in _BAR.finditer(text, *line)]
    edges = [line.start - 1, *bars, line.end]
    spans = [_trimmed(text, Span(a + 1, b)) for a, b in pairwise(edges)]
    # A bar at either end closes the row; the signs of a quotation may stand before the first.
    if bars and not _WORD.search(text[line.start : bars[0]]):
        spans = spans[1:]
    return spans[:-1] if bars and not text[bars[-1] + 1 : line.end].strip() else spans


def _trimmed(text: str, span: Span) -> Span:
    said = text[slice(*span)]
    lead = len(said) - len(said.lstrip())
    return Span(span.start + lead, max(span.start + lead, span.start + len(said.rstrip())))
