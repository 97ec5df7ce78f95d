"""The page's HTML: every character from outside passes through one ``escape``.

Nothing here knows Gradio. Answers come as the published answer object, documents as ``Document``.
What a button opens stands in its data attributes, so a click needs no memory on the server.
"""

import base64
import html
import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.types import Document

MASTHEAD = "<header><h1>Footnoted</h1><p>Answers that prove themselves</p></header>"
LISTED = 300  # documents shown in the list; a browser chokes on a hundred thousand buttons
SUPPORT = {
    "supported": "Written by a language model and checked against its footnotes",
    "unsupported": "Not supported by the documents",
}


@dataclass(frozen=True, slots=True)
class Turn:
    """One question in the chat. Without ``answer`` and ``error``, it is still being read.

    ``made`` gives publisher and date of the documents that the answer names, by their ids.
    """

    question: str
    answer: dict[str, Any] | None = None
    error: str | None = None
    made: dict[str, str] = field(default_factory=dict)


def escape(text: object) -> str:
    """Make text inert and exact: the browser's ``textContent`` gives back the same characters.

    HTML parsers turn CR LF into LF unless CR is a character reference. NUL has no reference at all;
    the replacement character stands in for it, one for one, so that offsets stay true.
    """
    return html.escape(str(text)).replace("\r", "&#13;").replace("\0", "\ufffd")


# -- the chat ------------------------------------------------------------------------------------


def chat(turns: Sequence[Turn], examples: Iterable[str]) -> str:
    told = "".join(_turn(number, turn) for number, turn in enumerate(turns, 1))
    inner = told or _welcome(examples)
    return f'<div class="turns" role="log" aria-label="Questions and answers">{inner}</div>'


def _welcome(examples: Iterable[str]) -> str:
    buttons = "".join(f"<li>{_ask_button(example, example)}</li>" for example in examples)
    listed = (
        '<p class="label" id="examples">Try one of these</p>'
        f'<ul aria-labelledby="examples">{buttons}</ul>'
    )
    return (
        '<div class="welcome"><h2>Ask the documents</h2>'
        "<p>Every answer is footnoted. Choose a footnote and its quotation opens, marked, in the "
        "source. Where the documents do not answer, that is what you are told.</p>"
        f"{listed if buttons else ''}</div>"
    )


def _ask_button(question: str, label: str) -> str:
    target = f'data-ask="{escape(question)}"'
    return f'<button type="button" class="quiet" {target}>{escape(label)}</button>'


def _turn(number: int, turn: Turn) -> str:
    return (
        f'<article class="turn" aria-labelledby="turn-{number}">'
        f'<h3 class="question" id="turn-{number}" dir="auto">{escape(turn.question)}</h3>'
        f'<div class="reply">{_reply(number, turn)}</div></article>'
    )


def _reply(number: int, turn: Turn) -> str:
    if turn.error is not None:
        return (
            f'<p class="error" role="alert">{escape(turn.error)}</p>'
            f'<p class="actions">{_ask_button(turn.question, "Ask again")}</p>'
        )
    if turn.answer is None:
        return '<p class="pending" role="status">Reading …</p>'
    answer = turn.answer
    understood = ""
    if answer["understood"] != answer["question"]:
        meant = f'<span dir="auto">{escape(answer["understood"])}</span>'
        understood = f'<p class="understood">Understood as: {meant}</p>'
    body = _answered(answer, turn.made) if answer["answered"] else _declined(answer, turn.made)
    return understood + body + _facts(answer) + _actions(number, answer)


def _answered(answer: dict[str, Any], made: dict[str, str]) -> str:
    citations = {citation["number"]: citation for citation in answer["citations"]}
    # A reader that answers in whole sentences has nothing shorter to say than the statements.
    said = {statement["text"] for statement in answer["statements"]}
    short = "".join(
        f'<li><strong dir="auto">{escape(item["text"])}</strong>'
        f"{_notes(item['citations'], citations)} "
        f'<span class="sure" title="Confidence">{_percent(item["confidence"])}</span></li>'
        for item in answer["answers"]
        if item["text"] not in said
    )
    statements = "".join(_statement(item, citations) for item in answer["statements"])
    footnotes = _citation_list(answer["citations"], made)
    return (
        (f'<ul class="answers" aria-label="Answers">{short}</ul>' if short else "")
        + statements
        + f'<ol class="citations" aria-label="Footnotes">{footnotes}</ol>'
    )


def _statement(statement: dict[str, Any], citations: dict[int, dict[str, Any]]) -> str:
    support = str(statement["support"])
    label = f'<span class="support">{SUPPORT[support]}</span>' if support in SUPPORT else ""
    text = f'<span class="said" dir="auto">{escape(statement["text"])}</span>'
    notes = _notes(statement["citations"], citations)
    return f'<p class="statement {escape(support)}">{text}{notes}{label}</p>'


def _declined(answer: dict[str, Any], made: dict[str, str]) -> str:
    nearest = ""
    if answer["nearest"]:
        passages = _citation_list(answer["nearest"], made, kind="nearest")
        nearest = (
            '<p class="label" aria-hidden="true">Nearest passages, not answers</p>'
            '<ol class="citations nearest" aria-label="Nearest passages, not answers">'
            f"{passages}</ol>"
        )
    return f'<p class="declined">The documents do not answer this question.</p>{nearest}'


def _notes(numbers: Iterable[int], citations: dict[int, dict[str, Any]]) -> str:
    buttons = (
        '<button type="button" class="note"'
        f' aria-label="Footnote {escape(number)}: {escape(citations[number]["title"])}"'
        f"{_target(citations[number], 'citation')}>{escape(number)}</button>"
        for number in numbers
    )
    return f'<span class="notes">{"".join(buttons)}</span>'


def _citation_list(
    citations: Iterable[dict[str, Any]], made: dict[str, str], kind: str = "citation"
) -> str:
    return "".join(
        f'<li><button type="button" class="citation"{_target(citation, kind)}>'
        f'<span class="number">{escape(citation["number"])}</span>'
        f'<span class="where" dir="auto">{escape(citation["title"])}{_page(citation)}'
        f"{_made(made.get(citation['document']))}</span>"
        f'<span class="short" dir="auto">{escape(citation["quote"])}</span></button></li>'
        for citation in citations
    )


def _made(details: str | None) -> str:
    return f' <span class="made">{escape(details)}</span>' if details else ""


def _page(citation: dict[str, Any]) -> str:
    return "" if citation["page"] is None else f", p. {escape(citation['page'])}"


def _target(citation: dict[str, Any], kind: str) -> str:
    fields = {key: citation[key] for key in ("document", "start", "end", "sha256", "number")}
    fields["kind"] = kind
    return "".join(f' data-{key}="{escape(value)}"' for key, value in fields.items())


def _facts(answer: dict[str, Any]) -> str:
    cover, confidence = answer["coverage"], float(answer["confidence"])
    about = "" if answer["answered"] else " that the documents do not answer"
    unreadable = _count(cover["unreadable"], "file") + " unreadable"
    if cover["unreadable"]:
        unreadable = f"<strong>{unreadable}</strong>"  # what was not read may hold the answer
    return (
        f'<p class="facts">Confidence{about}: {_in_words(confidence)} ({_percent(confidence)}). '
        f"{cover['passages_read']} of {_count(cover['passages'], 'passage')} of "
        f"{_count(cover['documents'], 'document')} read; {unreadable}.</p>"
    )


def _actions(number: int, answer: dict[str, Any]) -> str:
    saved = base64.b64encode(json.dumps(answer, ensure_ascii=False, indent=2).encode()).decode()
    # A data link needs no route on the server and no script, and outlives a restart of either.
    return (
        f'<p class="actions"><a class="quiet" download="answer-{number}.json" '
        f'href="data:application/json;base64,{saved}" '
        f'title="Re-check it with: footnoted verify answer-{number}.json">Save answer</a>'
        '<button type="button" class="quiet" data-copy="">Copy JSON</button></p>'
    )


def _in_words(confidence: float) -> str:
    return "high" if confidence >= 0.85 else "moderate" if confidence >= 0.6 else "low"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


# -- the source panel ----------------------------------------------------------------------------


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
        _BROWSE + (_BACK if cited else ""),
    )


def _heading(title: str) -> str:
    text = escape(title)
    return f'<h2 id="source-title" tabindex="-1" dir="auto" title="{text}">{text}</h2>'


def _byline(document: Document) -> str:
    return f'<span class="byline">{_made(made(document))}<code>{escape(document.id)}</code></span>'


def made(document: Document) -> str:
    """Who published a document and when, as far as that is known."""
    return " · ".join(part for part in (document.publisher, document.date) if part)


def _place(document: Document, target: dict[str, Any], marked: bool) -> str:
    if not marked:
        return (
            '<p class="place error">This document has changed since the answer was given, so its '
            "quotation is not marked. Ask again to have it read anew.</p>"
        )
    name = (
        f"Footnote {escape(target['number'])}"
        if target["kind"] == "citation"
        else "Nearest passage, not an answer"
    )
    span = f"characters {int(target['start'])} to {int(target['end'])} of {len(document.text)}"
    return f'<p class="place"><b>{name}</b>: {span}</p>'


def documents(listed: Sequence[Document], focus: bool) -> str:
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
    count = f'<p class="byline">{_count(len(listed), "document")}</p>'
    return _panel(
        "heading" if focus else "",
        _heading("Documents") + count,
        f'<ul class="documents">{rows}</ul>{rest}',
    )


def missing(document: str) -> str:
    name = f"<code>{escape(document)}</code>"
    gone = f'<p class="place error">The document {name} is no longer in the index.</p>'
    return _panel("heading", _heading("Not found") + gone, "", _BROWSE + _BACK)


_BROWSE = '<button type="button" class="quiet" data-documents="">Documents</button>'
_BACK = '<button type="button" class="quiet" data-back="">Back to the answer</button>'


def _panel(focus: str, head: str, body: str, buttons: str = "") -> str:
    # The stamp makes each view a new value: choosing the same footnote again scrolls to it again.
    bar = f'<div class="bar">{buttons}</div>' if buttons else ""
    return (
        f'<section class="source" data-focus="{focus}" data-stamp="{time.monotonic_ns()}" '
        f'aria-labelledby="source-title"><header>{bar}{head}</header>{body}</section>'
    )
