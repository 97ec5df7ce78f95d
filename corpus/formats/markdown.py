"""Markdown, whose title stands in the settings at its head or in a heading."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from footnoted.corpus.formats.encoding import read_text
from footnoted.corpus.formats.plain import HEAD, LONGEST_TITLE, first_line
from footnoted.corpus.protocols import Peek
from footnoted.corpus.types import Contents, Extracted

# Settings at the head of a file, between lines of three signs: hyphens for YAML, plus for TOML.
_FRONT_MATTER = re.compile(r"(---|\+\+\+)[ \t]*\r?\n(.*?\r?\n)??\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)


class Markdown:
    """``.md`` files; see ``corpus.protocols.Format``."""

    name = "Markdown"
    endings = (".md", ".markdown")
    version = "1"

    def recognises(self, file: Peek) -> bool:
        return False

    def read(self, path: Path, password: str | None = None) -> Contents:
        text, warnings = read_text(path)
        return Contents((Extracted(text, _title(text[:HEAD])),), warnings)


def _title(text: str) -> str:
    settings, text = _front_matter(text)
    given = settings.get("title")
    title = " ".join(given.split()) if isinstance(given, str) else ""
    title = title or _headline(MarkdownIt().parse(text))
    title = title.encode("utf-8", "replace").decode("utf-8")  # YAML can spell half a surrogate pair
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    """The settings at the head of ``text``, if there are any, and the text below them."""
    found = _FRONT_MATTER.match(text)
    if not found:
        return {}, text
    # The base loader makes nothing but strings, lists and mappings.
    load = partial(yaml.load, Loader=yaml.BaseLoader) if found[1] == "---" else tomllib.loads
    try:
        settings = load(found[2] or "")
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError):
        settings = {}
    # Two rules with prose between them are no settings.
    return (settings, text[found.end() :]) if isinstance(settings, dict) else ({}, text)


def _headline(tokens: Sequence[Token]) -> str:
    """The first heading; else the first paragraph if it looks like a title."""
    paragraphs = []
    for before, token in pairwise(tokens):
        if before.type in ("heading_open", "paragraph_open") and before.level == 0:
            text = "".join(_plain(token.children or ()))
            if before.type == "heading_open" and text.strip():
                return " ".join(text.split())
            paragraphs.append(text)
    return next((first_line(text) for text in paragraphs if text.strip()), "")


def _plain(inline: Sequence[Token]) -> Iterator[str]:
    """Words alone: links are read for their text, images and HTML are passed over."""
    for token in inline:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
