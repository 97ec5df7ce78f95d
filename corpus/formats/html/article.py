"""Which blocks of a page are its article, and which belong to the site."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from footnoted.corpus.formats.flow import Block, without_empty
from footnoted.corpus.formats.html.blocks import Container, Flow
from footnoted.corpus.formats.html.extraction import articles
from footnoted.corpus.formats.html.furniture import Furniture
from footnoted.corpus.formats.text_builder import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_TOGETHER = 4
# A block is of the article if the article has this share of its runs of words.
_ENOUGH = 0.5
# The extraction is an article if it has this share of what may be one.
_KEEPS = 0.4
_SHORTEST = 200
_MOSTLY = 0.9
_LINKS = 0.8
# What nearly every site asks of those who come, and hardly any article tells of.
_COOKIES = re.compile(r"\bcookies?\b|sīkdat|クッキー", re.I)


def mark_boilerplate(root: HtmlElement, page: Flow, title: str) -> None:
    """Make the blocks that belong to the site ``boilerplate``; ``title`` is that of the page."""
    blocks = page.blocks
    sizes = [len(block.says) for block in blocks]
    of_title = _of_title(blocks, title)
    levels = _levels(page.containers, sizes, of_title)
    if not _COOKIES.search(title):
        levels = [level | _consent(blocks[at], at < of_title) for at, level in enumerate(levels)]
    for article in map(_Words, articles(root)):
        kept = _of_writer([article.has(block) for block in blocks], levels, sizes)
        if _is_article(blocks, sizes, levels, kept):
            of_site = _outside(page.containers, blocks, sizes, levels, kept)
            break
    else:
        of_site = [
            bool(level & (Furniture.BESIDE | Furniture.SURE | Furniture.READERS))
            or (bool(level & Furniture.NAMED) and _is_link(block))
            for block, level in zip(blocks, levels, strict=True)
        ]
        if all(of_site):
            return
    _with_headings(blocks, of_site)
    for block, is_of_site in zip(blocks, of_site, strict=True):
        if is_of_site:
            block.text, block.kind, block.value = block.says, "boilerplate", ""
    page.items = without_empty(page.items)


class _Words:
    """The words of an extraction, to be found again."""

    def __init__(self, text: str) -> None:
        self._runs = set(_runs(tokens(text)))
        self._lines = {tuple(tokens(line)) for line in re.split(r"[\n|]", text)}

    def has(self, block: Block) -> bool:
        words = tokens(block.says)
        if len(words) < 2 * _TOGETHER:
            found = tuple(words) in self._lines
            cells = [tuple(tokens(cell)) for cell in block.cells if cell]
            return found or (bool(cells) and all(cell in self._lines for cell in cells))
        runs = _runs(words)
        return sum(run in self._runs for run in runs) >= _ENOUGH * len(runs)


def tokens(text: str) -> list[str]:
    """The words of a text, without what sets them apart or writes them large."""
    return _TOKEN.findall(text.casefold())


def _runs(words: Sequence[str]) -> list[int]:
    return [hash(tuple(words[at : at + _TOGETHER])) for at in range(len(words) - _TOGETHER + 1)]


def _of_title(blocks: Sequence[Block], title: str) -> int:
    """The number of the heading that says what the page's title says, -1 if none does."""
    words = set(tokens(title))
    for at, block in enumerate(blocks):
        if block.kind != "heading" or (block.value != "1" and one_line(block.text) != title):
            continue
        said = tokens(block.text)
        if 2 * sum(word in words for word in said) > len(said):
            return at
    return -1


def _levels(containers: Sequence[Container], sizes: Sequence[int], title: int) -> list[Furniture]:
    """Of each block, how surely what is around it is of the site.

    Most of a page never is, and what holds its title is not for its name alone.
    """
    until = [0, *accumulate(sizes)]
    levels = [Furniture.NONE] * len(sizes)
    for one in containers:
        size = until[one.end] - until[one.start]
        holds_title = one.start <= title < one.end
        furniture = one.furniture & ~Furniture.NAMED if holds_title else one.furniture
        if furniture and size <= until[-1] / 2:
            for at in range(one.start, one.end):
                levels[at] |= furniture
    return levels


def _of_writer(kept: list[bool], levels: Sequence[Furniture], sizes: Sequence[int]) -> list[bool]:
    """What is kept without what readers say of it, unless it is hardly anything else."""
    without = [
        one and not level & Furniture.READERS for one, level in zip(kept, levels, strict=True)
    ]
    size = sum(size for size, is_kept in zip(sizes, without, strict=True) if is_kept)
    return without if size >= _SHORTEST else kept


def _is_article(
    blocks: Sequence[Block],
    sizes: Sequence[int],
    levels: Sequence[Furniture],
    kept: Sequence[bool],
) -> bool:
    may_be = sum(
        size
        for block, size, level in zip(blocks, sizes, levels, strict=True)
        if level == Furniture.NONE and not _is_link(block)
    )
    found = sum(size for size, is_kept in zip(sizes, kept, strict=True) if is_kept)
    return found >= _SHORTEST and found >= _KEEPS * may_be


def _outside(
    containers: Sequence[Container],
    blocks: Sequence[Block],
    sizes: Sequence[int],
    levels: Sequence[Furniture],
    kept: Sequence[bool],
) -> list[bool]:
    """Of each block, whether it is of the site, by where the blocks of the article stand."""
    start, end = _place(containers, blocks, sizes, kept, levels)
    found = []
    for at, (block, level, is_kept) in enumerate(zip(blocks, levels, kept, strict=True)):
        if level & Furniture.SURE:
            found.append(True)
        elif is_kept:
            found.append(False)
        else:
            is_named = bool(level & Furniture.NAMED)
            found.append(not start <= at < end or is_named or _is_link(block))
    return found


def _place(
    containers: Sequence[Container],
    blocks: Sequence[Block],
    sizes: Sequence[int],
    kept: Sequence[bool],
    levels: Sequence[Furniture],
) -> tuple[int, int]:
    """From the title of the article to its last block, or that of the element that holds it."""
    until = [0, *accumulate(size * is_kept for size, is_kept in zip(sizes, kept, strict=True))]
    holding = [
        one for one in containers if until[one.end] - until[one.start] >= _MOSTLY * until[-1]
    ]
    innermost = min(holding, key=lambda one: one.end - one.start)
    titles = [
        at
        for at, block in enumerate(blocks)
        if block.kind == "heading" and block.value == "1" and not levels[at] & Furniture.SURE
    ]
    before = bisect_right(titles, innermost.start)
    start = titles[before - 1] if before else innermost.start
    places = [at for at, is_kept in enumerate(kept) if is_kept]
    mains = [one for one in containers if one.is_main]
    main = mains[0] if len(mains) == 1 else innermost
    return min(start, places[0], main.start), max(innermost.end, places[-1] + 1, main.end)


def _is_link(block: Block) -> bool:
    return block.kind != "row" and block.linked >= _LINKS * len(block.says)


def _consent(block: Block, is_above: bool) -> Furniture:
    """What tells of cookies is the site's, surely if it stands above the title."""
    if not _COOKIES.search(block.says):
        return Furniture.NONE
    return Furniture.SURE if is_above else Furniture.NAMED | Furniture.BESIDE


def _with_headings(blocks: Sequence[Block], of_site: list[bool]) -> None:
    """A heading is of the site where all below it is."""
    below: dict[int, bool] = {}
    rest = True
    for at in range(len(blocks) - 1, -1, -1):
        block = blocks[at]
        if block.kind != "heading":
            rest = rest and of_site[at]
            continue
        level = int(block.value)
        inner = [is_of_site for other, is_of_site in below.items() if other > level]
        whole = rest and all(inner)
        is_last = at == len(blocks) - 1 or blocks[at + 1].kind == "heading"
        if whole and not (is_last and not inner):
            of_site[at] = of_site[at] or level > 1
        below = {other: said for other, said in below.items() if other <= level}
        below[level] = whole and of_site[at] and below.get(level, True)
        rest = True
