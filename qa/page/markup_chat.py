"""The chat: questions, answers with their footnotes, what was declined."""

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from footnoted.qa.escape import escape
from footnoted.qa.page.markup import count, error_line, made_line, opens, page_number, percent

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
            error_line(turn.error)
            + f'<p class="actions">{_ask_button(turn.question, "Ask again")}</p>'
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
        f'<span class="sure" title="Confidence">{percent(item["confidence"])}</span></li>'
        for item in answer["answers"]
        if item["text"] not in said
    )
    # What no short answer cites says more on the question, and is shown apart.
    cited = {number for item in answer["answers"] for number in item["citations"]}
    first: list[dict[str, Any]] = []
    more: list[dict[str, Any]] = []
    for statement in answer["statements"]:
        (more if cited.isdisjoint(statement["citations"]) else first).append(statement)
    statements = "".join(_statement(item, citations) for item in first)
    if first and more:
        statements += '<p class="label">More on this</p>'
    statements += "".join(_statement(item, citations) for item in more)
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
        f"{opens(citations[number], 'citation')}>{escape(number)}</button>"
        for number in numbers
    )
    return f'<span class="notes">{"".join(buttons)}</span>'


def _citation_list(
    citations: Iterable[dict[str, Any]], made: dict[str, str], kind: str = "citation"
) -> str:
    return "".join(
        f'<li><button type="button" class="citation"{opens(citation, kind)}>'
        f'<span class="number">{escape(citation["number"])}</span>'
        f'<span class="where" dir="auto">{escape(citation["title"])}{page_number(citation)}'
        f"{made_line(made.get(citation['document']))}</span>"
        f'<span class="short" dir="auto">{escape(citation["quote"])}</span></button></li>'
        for citation in citations
    )


def _facts(answer: dict[str, Any]) -> str:
    cover, confidence = answer["coverage"], float(answer["confidence"])
    about = "" if answer["answered"] else " that the documents do not answer"
    unreadable = count(cover["unreadable"], "file") + " unreadable"
    if cover["unreadable"]:
        unreadable = f"<strong>{unreadable}</strong>"  # what was not read may hold the answer
    return (
        f'<p class="facts">Confidence{about}: {_in_words(confidence)} ({percent(confidence)}). '
        f"{cover['passages_read']} of {count(cover['passages'], 'passage')} of "
        f"{count(cover['documents'], 'document')} read; {unreadable}.</p>"
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
