"""Which blocks of a page are its article, and which belong to the site."""

from __future__ import annotations

import logging
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from footnoted.corpus.formats.flow import Block, without_empty
from footnoted.corpus.formats.html.blocks import Container, Flow
from footnoted.corpus.formats.html.furniture import Furniture
from footnoted.corpus.formats.text_builder import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Extraction compares every paragraph with others; beyond this, a page is a book or a table.
_MOST_ELEMENTS = 20_000
_LIBRARIES = ("trafilatura", "htmldate", "courlan", "justext", "readability")
# Without a search of the text for dates, which finds those of other things; and no date is late.
_DATES = {"original_date": True, "extensive_search": False, "max_date": "2100-12-31"}

_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|\w+")
_TOGETHER = 4
# A block is of the article if the article has this share of its runs of words.
_ENOUGH = 0.5
# The extraction is an article if it has this share of what may be one.
_KEEPS = 0.4
_SHORTEST = 200
_MOSTLY = 0.9
_LINKS = 0.8


@dataclass(frozen=True, slots=True)
class About:
    """What a page tells of itself."""

    title: str = ""
    author: str | None = None
    publisher: str | None = None
    date: str | None = None


def about(root: HtmlElement, blocks: Sequence[Block]) -> About:
    """A page's title, author, site and date, as its head or its markup gives them."""
    named = next(filter(None, (one_line(one.text_content()) for one in root.iter("title"))), "")
    headings = [one.text for one in blocks if one.kind == "heading" and one.value == "1"]
    if _is_large(root):
        return About(_title(named, headings))
    with _quietly():
        from trafilatura.metadata import extract_metadata

        try:
            found = extract_metadata(deepcopy(root), date_config=_DATES)
        except Exception:  # whatever it stumbles over, the page can be read without it
            return About(_title(named, headings))
    site = one_line(found.sitename or "")
    if site:
        named = re.sub(rf"\s+[|–—·:»-]\s+{re.escape(site)}$", "", named) or named
    return About(
        _title(named, [*headings, one_line(found.title or "")]),
        one_line(found.author or "") or None,
        site or None,
        found.date or None,
    )


def _title(named: str, others: Sequence[str]) -> str:
    """A page's title without the site's, which a heading of the page tells; ``named`` has both."""
    whole = " ".join(_tokens(named))
    for other in others:
        words = " ".join(_tokens(other))
        if words and f" {words} " in f" {whole} ":
            return one_line(other)
    return named or next(filter(None, map(one_line, others)), "")


def mark_boilerplate(root: HtmlElement, page: Flow) -> None:
    """Make the blocks that belong to the site ``boilerplate``."""
    blocks = page.blocks
    sizes = [len(block.says) for block in blocks]
    levels = _levels(page.containers, sizes)
    article = _article(root)
    kept = [article.has(block) for block in blocks]
    if _is_article(blocks, sizes, levels, kept):
        of_site = _outside(page.containers, blocks, sizes, levels, kept)
    else:
        of_site = [bool(level & (Furniture.BESIDE | Furniture.SURE)) for level in levels]
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
        tokens = _tokens(text)
        self._runs = set(_runs(tokens))
        self._lines = {tuple(_tokens(line)) for line in re.split(r"[\n|]", text)}

    def has(self, block: Block) -> bool:
        tokens = _tokens(block.says)
        if len(tokens) < 2 * _TOGETHER:
            found = tuple(tokens) in self._lines
            cells = [tuple(_tokens(cell)) for cell in block.cells if cell]
            return found or (bool(cells) and all(cell in self._lines for cell in cells))
        runs = _runs(tokens)
        return sum(run in self._runs for run in runs) >= _ENOUGH * len(runs)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text.casefold())


def _runs(tokens: Sequence[str]) -> list[int]:
    return [hash(tuple(tokens[at : at + _TOGETHER])) for at in range(len(tokens) - _TOGETHER + 1)]


def _article(root: HtmlElement) -> _Words:
    if _is_large(root):
        return _Words("")
    with _quietly():
        from trafilatura import bare_extraction

        try:
            found = bare_extraction(_copy(root), include_comments=False, include_tables=True)
        except Exception:  # as above
            found = None
    text = found.text if found is not None and not isinstance(found, dict) else None
    return _Words(text or "")


def _copy(root: HtmlElement) -> HtmlElement:
    """For the extraction, which changes its tree, and lays out all cells that a page claims."""
    copy = deepcopy(root)
    for cell in copy.iter("td", "th"):
        for name in ("colspan", "rowspan"):
            cell.attrib.pop(name, None)
    return copy


def _is_large(root: HtmlElement) -> bool:
    return sum(1 for _ in zip(root.iter(), range(_MOST_ELEMENTS), strict=False)) == _MOST_ELEMENTS


def _levels(containers: Sequence[Container], sizes: Sequence[int]) -> list[Furniture]:
    """Of each block, how surely what is around it is of the site. Most of a page never is."""
    until = [0, *accumulate(sizes)]
    levels = [Furniture.NONE] * len(sizes)
    for one in containers:
        size = until[one.end] - until[one.start]
        if one.furniture and size <= until[-1] / 2:
            for at in range(one.start, one.end):
                levels[at] |= one.furniture
    return levels


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


@contextmanager
def _quietly() -> Iterator[None]:
    """What the libraries have to say of a page is for those who make them."""
    for name in _LIBRARIES:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    yield
