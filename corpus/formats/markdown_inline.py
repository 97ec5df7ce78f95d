"""Markdown inside a block: which of its signs only say how it is set.

The parser tells what it found in a line, but not where. Its rules are wrapped, to note where each
began and ended; text in between stands as it was written, and is found from there on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin

from footnoted.corpus.spans import Span

_Rule = Callable[[StateInline, bool], bool]

_SPAN = "span"
_NOTED = "link", "image", "autolink", "html_inline", "backticks", "footnote_ref", "footnote_inline"


@cache
def parser() -> MarkdownIt:
    """CommonMark with tables, strikethrough, footnotes and definition lists."""
    made = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    made.use(footnote_plugin).use(deflist_plugin)
    made.core.ruler.disable(["text_join"])  # would hide how an escaped letter is written
    made.normalizeLink = str  # type: ignore[assignment]  # it takes long, and no link is followed
    rules = made.inline.ruler
    for rule in rules.__rules__:
        if rule.name in _NOTED:
            rules.at(rule.name, _noting(rule.fn))
    return made


def _noting(rule: _Rule) -> _Rule:
    """``rule``, which now leaves with its last token where what it found begins and ends."""

    def noted(state: StateInline, silent: bool) -> bool:
        start = state.pos
        found = rule(state, silent)
        if found and not silent and state.tokens:
            state.tokens[-1].meta = {**state.tokens[-1].meta, _SPAN: (start, state.pos)}
        return found

    return noted


def kept(content: str, tokens: Sequence[Token]) -> list[Span]:
    """The stretches of ``content`` that say something; the rest are signs."""
    found: list[Span] = []
    at = 0
    for token in tokens:
        for said in _said(token):
            start = content.find(said, at)
            if start >= 0 and said:
                found.append(Span(start, start + len(said)))
                at = start + len(said)
        if token.type == "text_special":
            start = content.find(token.markup, at)
            if start >= 0:
                escape = 1 if token.markup.startswith("\\") else 0
                found.append(Span(start + escape, start + len(token.markup)))
                at = start + len(token.markup)
        at = max(at, token.meta.get(_SPAN, (0, 0))[1])
    return found


def _said(token: Token) -> Iterator[str]:
    if token.type == "text":
        yield token.content
    elif token.type == "code_inline":
        yield from token.content.split("\n")
    elif token.type in ("softbreak", "hardbreak"):
        yield "\n"
    elif token.type == "image":
        for child in token.children or ():
            yield from _said(child)
