"""The matches of a look-up, each with the words in which it differs from what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from footnoted.corpus.types import Document
from footnoted.qa.escape import escape
from footnoted.qa.lookup.lookup import Difference, Match
from footnoted.qa.page.markup import count, made, made_line, opens, page_number

WELCOME = (
    '<div class="welcome"><h2>Where does it say that?</h2>'
    "<p>Give a quotation, and every place where it stands is found: word for word first, then "
    "places that come close, with the words that differ.</p></div>"
)
LOOKING = '<p class="pending" role="status">Looking …</p>'
NOTHING = (
    '<p class="declined" role="status">This stands nowhere in the documents, and nothing there '
    "comes close to it.</p>"
)
LEGEND = (
    '<p class="legend"><del>struck through</del>: only in what you gave; '
    "<ins>underlined</ins>: only in the document</p>"
)


def matches(found: Sequence[Match], documents: Mapping[str, Document]) -> str:
    """``documents`` are those that the matches name, by their ids."""
    if not found:
        return NOTHING
    legend = LEGEND if any(match.match == "close" for match in found) else ""
    items = "".join(_match(match, documents) for match in found)
    return (
        f'<p class="facts" role="status">{_summary(found)}</p>{legend}'
        f'<ol class="matches" aria-label="Places">{items}</ol>'
    )


def _summary(found: Sequence[Match]) -> str:
    exact = sum(match.match == "exact" for match in found)
    close = len(found) - exact
    parts = [f"{count(exact, 'place')} word for word"] if exact else ["Nowhere word for word"]
    return ", ".join([*parts, *([f"{close:,} close"] if close else [])])


def _match(match: Match, documents: Mapping[str, Document]) -> str:
    citation = match.as_dict()
    document = documents.get(match.citation.document)
    how = match.match if match.match == "exact" else f"close, {_percent(match.similarity)} %"
    return (
        f'<li class="match"><button type="button" class="place"{opens(citation, "match")}>'
        f'<span class="where" dir="auto">{escape(citation["title"])}{page_number(citation)}'
        f"{made_line(made(document)) if document else ''}</span>"
        f'<span class="how {escape(match.match)}">{escape(how)}</span>'
        f'<span class="span">characters {citation["start"]} to {citation["end"]}</span></button>'
        f'<blockquote dir="auto">{_words(match)}</blockquote></li>'
    )


def _percent(similarity: float) -> int:
    return 100 if similarity >= 1 else min(99, round(100 * similarity))


def _words(match: Match) -> str:
    """The quotation; where it is close, woven with what was given instead."""
    if match.match == "exact":
        return escape(match.citation.quote)
    return "".join(map(_run, match.differences))


def _run(run: Difference) -> str:
    if run.kind == "same":
        return escape(run.source)
    return _marked("del", run.given) + _marked("ins", run.source)


def _marked(tag: str, text: str) -> str:
    words = text.rstrip()
    return f"<{tag}>{escape(words)}</{tag}>{escape(text[len(words) :])}" if words else escape(text)
