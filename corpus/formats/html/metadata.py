"""What a page tells of itself: its title, who wrote and who published it, and when."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from footnoted.corpus.formats.flow import Block
from footnoted.corpus.formats.html import extraction
from footnoted.corpus.formats.html.article import tokens
from footnoted.corpus.formats.text_builder import one_line
from footnoted.corpus.spans import Span

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# Names of what heads of pages say, the most telling first.
_AUTHORS = """
    author article:author og:article:author dc.creator dcterms.creator citation_author
    parsely-author sailthru.author byl article_author
""".split()
_DATES = """
    article:published_time og:article:published_time datepublished dc.date.issued dcterms.issued
    citation_publication_date publishdate publish-date publish_date pubdate publication_date
    parsely-pub-date dc.date dcterms.created citation_date article_date_original date
""".split()
_SITES = "og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher"
_WRITTEN_WORKS = re.compile(r"Article|Posting|Report|Review|WebPage$|Recipe|Book$|NewsItem")
_ISO = re.compile(r"\s*(\d{4})[-/.]?(0[1-9]|1[0-2])[-/.]?(0[1-9]|[12]\d|3[01])(?!\d)")
_PARTED = re.compile(r"\s+[|–—·:»›«>/-]+\s+|\s*[|»]\s*")
# A sign that links a heading to itself.
_PERMALINK = re.compile(r"\s*[¶#§🔗]\s*$")
_BY = re.compile(r"^(?:written\s+by|by|von|par|por|di|door|av|af)\b[\s:]*", re.I)
_ADDRESS = re.compile(r"https?:|www\.|[@{}]|\w\.[a-z]{2,4}$", re.I)
_RIGHTS = re.compile(r"^(?:copyright\b|©|\(c\))", re.I)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_LONGEST_NAME = 120
_MOST_SCRIPTS, _DEEPEST = 20, 4


@dataclass(frozen=True, slots=True)
class About:
    """What a page tells of itself."""

    title: str = ""
    author: str | None = None
    publisher: str | None = None
    date: str | None = None


@dataclass(slots=True)
class _Linked:
    """What a page says of itself to search engines."""

    headline: str = ""
    authors: list[str] = field(default_factory=list)
    publisher: str = ""
    date: str = ""


def about(root: HtmlElement, blocks: Sequence[Block]) -> About:
    """A page's title, author, site and date: as its head says, else as its markup suggests."""
    linked, said, guessed = _linked(root), _said(root), extraction.metadata(root)
    shown = [one.says for one in blocks]
    sites = [*_first(said, _SITES[:1]), linked.publisher, *_first(said, _SITES[1:])]
    authors: list[str] = []
    dates = [linked.date, *_first(said, _DATES), *_times(root)]
    named = one_line(next((one.text_content() for one in root.iter("title")), ""))
    if guessed:
        name = one_line(guessed.sitename or "")
        # This may be no more than the name of an account.
        others = tokens("".join(said.get("twitter:site", ()))), tokens(named)
        sites.append(_as_shown(name, shown) if tokens(name) in others else name)
        authors += (_as_shown(one, shown) for one in (guessed.author or "").split("; "))
        dates.append(guessed.date or "")
    site = next(filter(_is_site, sites), "")
    given = [*_first(said, ("og:title", "twitter:title")), linked.headline]
    headings = [
        (_PERMALINK.sub("", one.text), one.value) for one in blocks if one.kind == "heading"
    ]
    return About(
        _title(named, site, given, headings),
        _author(linked, said, authors, site),
        site or None,
        _date(dates),
    )


# -- what the head says ----------------------------------------------------------------------------


def _said(root: HtmlElement) -> dict[str, list[str]]:
    """The values of a page's ``meta`` elements, by their names in small letters."""
    found: dict[str, list[str]] = {}
    for one in root.iter("meta"):
        # Some are escaped twice.
        value = one_line(unescape(one.get("content", "")))
        for kind in ("name", "property", "itemprop"):
            if value and (name := one.get(kind)):
                found.setdefault(name.strip().lower(), []).append(value)
    return found


def _first(said: Mapping[str, Sequence[str]], names: Iterable[str]) -> Iterator[str]:
    return (said[name][0] for name in names if name in said)


def _linked(root: HtmlElement) -> _Linked:
    """The first written work that a page's JSON-LD tells of."""
    found = _Linked()
    scripts = (one for one in root.iter("script") if "ld+json" in one.get("type", "").lower())
    for script, _ in zip(scripts, range(_MOST_SCRIPTS), strict=False):
        try:
            data = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue
        for work in _works(data, _DEEPEST):
            found.headline = found.headline or _named(work.get("headline"))
            found.publisher = found.publisher or next(_names(work.get("publisher")), "")
            found.authors = found.authors or list(_names(work.get("author") or work.get("creator")))
            found.date = found.date or _named(work.get("datePublished"))
    return found


def _works(data: Any, deepest: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list) and deepest:
        for one in data:
            yield from _works(one, deepest - 1)
    elif isinstance(data, dict) and deepest:
        if _WRITTEN_WORKS.search(str(data.get("@type"))):
            yield data
        yield from _works([data.get("@graph"), data.get("mainEntity")], deepest - 1)


def _names(value: Any) -> Iterator[str]:
    for one in value if isinstance(value, list) else [value]:
        if name := _named(one.get("name") if isinstance(one, dict) else one):
            yield name


def _named(value: Any) -> str:
    said = value[0] if isinstance(value, list) and value else value
    return one_line(unescape(said))[:500] if isinstance(said, str) else ""


# -- title, author, site, date ---------------------------------------------------------------------


def _title(named: str, site: str, given: Sequence[str], headings: Sequence[tuple[str, str]]) -> str:
    """A page's title without the site's: as a heading shows it, else as it is named.

    ``named`` has both; ``given`` are the titles for those who link to it.
    """
    bare = [_without_site(one, site) for one in (named, *given) if one]
    known = [tokens(one) for one in bare]
    first = [text for text, level in headings if level == "1"]
    for heading in first:
        if tokens(heading) in known and not _is_of(heading, site):
            return one_line(heading)
    whole = f" {' '.join(tokens(named))} "
    second = [text for text, level in headings if level == "2"]
    heading, given_title = (
        max((one for one in some if f" {' '.join(tokens(one))} " in whole), key=_length, default="")
        for some in ([one for one in (*first, *second) if not _is_of(one, site)], bare[1:])
    )
    best = heading if 2 * _length(heading) >= _length(given_title) else given_title
    return one_line(best or next(iter(bare), "") or next(iter(first), ""))


def _length(title: str) -> int:
    return len(tokens(title))


def _without_site(title: str, site: str) -> str:
    """``title`` without the name of the site at its end or its beginning."""
    parts = [Span(0, 0), *(Span(*one.span()) for one in _PARTED.finditer(title))]
    ends = [*(one.start for one in parts[1:]), len(title)]
    first, last = 0, len(parts) - 1
    while first < last and _is_of(title[parts[last].end : ends[last]], site):
        last -= 1
    while first < last and _is_of(title[parts[first].end : ends[first]], site):
        first += 1
    return title[parts[first].end : ends[last]].strip()


def _is_of(words: str, site: str) -> bool:
    """Whether words name a site, by its name or its address."""
    a, b = "".join(tokens(words)), "".join(tokens(site))
    return bool(a and b) and (a in b or b in a) and len(a) <= 3 * len(b)


def _is_site(name: str) -> bool:
    return bool(_LETTERS.search(name)) and len(name) <= _LONGEST_NAME and not _RIGHTS.match(name)


def _author(
    linked: _Linked, said: Mapping[str, Sequence[str]], guessed: Sequence[str], site: str
) -> str | None:
    """Those who wrote a page; who publishes it, only where nobody else is named."""
    of_head = [said[name] for name in _AUTHORS if name in said]
    every = "; ".join(one for names in of_head for one in names)
    others = [one for one in guessed if one not in every]
    publishers = [set(tokens(one)) for one in (site, linked.publisher) if one]
    for names in (linked.authors, *of_head, others):
        kept = dict.fromkeys(_BY.sub("", name).strip(" ,;") for name in names)
        people = [one for one in kept if _is_person(one)]
        people = [one for one in people if not any(p <= set(tokens(one)) for p in publishers)]
        if people:
            return "; ".join(people)
    named = (name for names in (linked.authors, *of_head) for name in names)
    return next(filter(_is_person, named), None)


def _is_person(name: str) -> bool:
    return 1 < len(name) <= _LONGEST_NAME and not _ADDRESS.search(name)


def _as_shown(name: str, shown: Sequence[str]) -> str:
    """A name as it is spelt in a page, "" if it is not there."""
    words = re.findall(r"\w+", name)
    pattern = re.compile(r"\b" + r"\W{1,4}".join(map(re.escape, words)) + r"\b\.?", re.I)
    found = (pattern.search(one) for one in shown) if words else ()
    return next((match[0] for match in found if match), "")


def _times(root: HtmlElement) -> Iterator[str]:
    """The times in a page that are marked as that of its publication."""
    for one in root.iter("time"):
        if one.get("pubdate") is not None or "datePublished" in one.get("itemprop", ""):
            yield one.get("datetime", "")


def _date(said: Iterable[str]) -> str | None:
    """The first of what may be dates that is one, as ``YYYY-MM-DD``."""
    found = filter(None, map(_ISO.match, said))
    return next(("-".join(match.groups()) for match in found), None)
