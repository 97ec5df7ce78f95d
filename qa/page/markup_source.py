"""The source panel: a document with its quotation marked, or the list of documents."""

import time
from collections.abc import Sequence
from typing import Any

from footnoted.corpus.types import Document, Listed
from footnoted.qa.escape import escape
from footnoted.qa.page.markup import count, made, made_line

LISTED = 300  # documents shown in the list; a browser chokes on a hundred thousand buttons
PLACES = {  # what the line above a marked quotation calls it, by the kind of button that opened it
    "citation": "Footnote {}",
    "nearest": "Nearest passage, not an answer",
    "match": "Found",
}


def source(document: Document, target: dict[str, Any]) -> str:
    """The whole document; the span that ``target`` may name is marked by its offsets alone."""
    cited = "start" in target
    marked = cited and target["sha256"] == document.sha256
    start, end = (int(target["start"]), int(target["end"])) if marked else (0, 0)
    if not 0 <= start <= end <= len(document.text):
        raise ValueError(f"characters {start} to {end} lie outside {document.id}")
    before, quote, after = document.text[:start], document.text[start:end], document.text[end:]
    mark = f'<mark id="quote" tabindex="-1">{escape(quote)}</mark>' if marked else ""
    return _panel(
        "quote" if marked else "heading",
        _heading(document.title)
        + _byline(document)
        + (_place(document, target, marked) if cited else ""),
        '<div class="text" id="document-text" dir="auto">'
        f"{escape(before)}{mark}{escape(after)}</div>",
        _BROWSE + (_back(target["kind"]) if cited else ""),
    )


def _heading(title: str) -> str:
    text = escape(title)
    return f'<h2 id="source-title" tabindex="-1" dir="auto" title="{text}">{text}</h2>'


def _byline(document: Document | Listed) -> str:
    return (
        f'<span class="byline">{made_line(made(document))}<code>{escape(document.id)}</code></span>'
    )


def _place(document: Document, target: dict[str, Any], marked: bool) -> str:
    if not marked:
        return (
            '<p class="place error">This document has changed since its quotation was shown, which '
            "is therefore not marked. Ask or look it up again to have it read anew.</p>"
        )
    name = PLACES[target["kind"]].format(escape(target["number"]))
    span = f"characters {int(target['start'])} to {int(target['end'])} of {len(document.text)}"
    return f'<p class="place"><b>{name}</b>: {span}</p>'


def documents(listed: Sequence[Listed], focus: bool) -> str:
    rows = "".join(
        f'<li><button type="button" class="document" data-document="{escape(document.id)}">'
        f'<span class="where" dir="auto">{escape(document.title)}</span>'
        f"{_byline(document)}</button></li>"
        for document in listed[:LISTED]
    )
    more = len(listed) - LISTED
    rest = (
        f'<p class="facts">and {more:,} more; <code>footnoted documents</code> lists them all</p>'
        if more > 0
        else ""
    )
    total = f'<p class="byline">{count(len(listed), "document")}</p>'
    return _panel(
        "heading" if focus else "",
        _heading("Documents") + total,
        f'<ul class="documents">{rows}</ul>{rest}',
    )


def missing(target: dict[str, Any]) -> str:
    name = f"<code>{escape(target['document'])}</code>"
    gone = f'<p class="place error">The document {name} is no longer in the index.</p>'
    back = _back(target["kind"]) if "kind" in target else ""
    return _panel("heading", _heading("Not found") + gone, "", _BROWSE + back)


_BROWSE = '<button type="button" class="quiet" data-documents="">Documents</button>'


def _back(kind: str) -> str:
    where = "the matches" if kind == "match" else "the answer"
    return f'<button type="button" class="quiet" data-back="">Back to {where}</button>'


def _panel(focus: str, head: str, body: str, buttons: str = "") -> str:
    # The stamp makes each view a new value: choosing the same footnote again scrolls to it again.
    bar = f'<div class="bar">{buttons}</div>' if buttons else ""
    return (
        f'<section class="source" data-focus="{focus}" data-stamp="{time.monotonic_ns()}" '
        f'aria-labelledby="source-title"><header>{bar}{head}</header>{body}</section>'
    )
