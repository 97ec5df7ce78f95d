"""Answers, receipts and lists for a person at a terminal."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from footnoted.corpus.types import Document, Listed
from footnoted.index.types import Receipt
from footnoted.qa.types import Answer, Citation

if TYPE_CHECKING:
    from footnoted.qa.lookup.lookup import Difference, Match

Find = Callable[[str], Document | None]

# Characters shown before and after a quotation that is opened.
_SURROUNDINGS = 400

# Text from documents must not steer a terminal: control characters are shown as pictures, and
# marks that turn the direction of writing as a replacement character.
_CONTROLS = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}
_CONTROLS |= dict.fromkeys((*range(128, 160), *range(8234, 8239), *range(8294, 8298)), 65533)


@dataclass(frozen=True, slots=True)
class Style:
    """How to write for one terminal: in colour or plainly, and how wide."""

    colour: bool = False
    width: int = 80

    def bold(self, text: str) -> str:
        return f"\x1b[1m{text}\x1b[0m" if self.colour else text

    def dim(self, text: str) -> str:
        return f"\x1b[2m{text}\x1b[0m" if self.colour else text

    def number(self, number: int) -> str:
        return f"\x1b[36m[{number}]\x1b[0m" if self.colour else f"[{number}]"


def one_line(text: str) -> str:
    """``text`` on one line, with nothing in it that a terminal would obey."""
    return re.sub(r"\s+", " ", text).strip().translate(_CONTROLS)


def described(document: Document | Listed) -> str:
    """A document as it is named to people: title, publisher, date, as far as they are known."""
    parts = (document.title, document.publisher, document.date)
    return " · ".join(one_line(part) for part in parts if part)


def answer(answer: Answer, find: Find, style: Style) -> str:
    """An answer with its footnotes, or the nearest passages where there is none."""
    lines = []
    if answer.understood != answer.question:
        lines += [style.dim(f"Understood as: {one_line(answer.understood)}"), ""]
    if answer.answered:
        lines += [*_short_answers(answer, style), *_statements(answer, style)]
        footnotes = answer.citations
    else:
        lines += [style.bold("The documents do not answer this question."), ""]
        footnotes = answer.nearest
        if footnotes:
            lines += ["Nearest passages, which are not answers:", ""]
    quoted = {statement.text for statement in answer.statements}
    for citation in footnotes:
        lines += _footnote(citation, find, style, with_quote=citation.quote not in quoted)
    searched = answer.coverage
    unreadable = f"; {searched.unreadable} files unreadable" if searched.unreadable else ""
    lines += [
        style.dim(
            f"{searched.passages_read} of {searched.passages} passages in {searched.documents} "
            f"documents read{unreadable}; confidence {answer.confidence:.2f}"
        )
    ]
    return "\n".join(lines)


def _short_answers(answer: Answer, style: Style) -> list[str]:
    """A line for each answer that is shorter than the sentences that follow."""
    said = {statement.text for statement in answer.statements}
    lines = [
        f"• {style.bold(one_line(short.text))} {''.join(map(style.number, short.citations))}"
        for short in answer.answers
        if short.text not in said
    ]
    return [*lines, ""] if lines else []


def _statements(answer: Answer, style: Style) -> list[str]:
    lines: list[str] = []
    # What no short answer cites says more on the question, and is shown apart.
    cited = {number for short in answer.answers for number in short.citations}
    more = [s for s in answer.statements if cited.isdisjoint(s.citations)]
    first = [s for s in answer.statements if s not in more]
    for statement in (*first, *more):
        if first and more and statement is more[0]:
            lines += [style.dim("More on this:"), ""]
        marks = "".join(style.number(number) for number in statement.citations)
        # The marks are wrapped as plain text of the same length, so that colours do not count.
        plain = "".join(f"[{number}]" for number in statement.citations)
        wrapped = _wrap(f"{one_line(statement.text)} {plain}", style, indent="  ")
        lines += [*wrapped[:-1], wrapped[-1].removesuffix(plain) + marks, ""]
    return lines


def _footnote(citation: Citation, find: Find, style: Style, *, with_quote: bool) -> list[str]:
    document = find(citation.document)
    name = described(document) if document else one_line(citation.title)
    place = f"{one_line(citation.document)}, characters {citation.start} to {citation.end}"
    lines = [f"{style.number(citation.number)} {style.bold(name)}", f"    {style.dim(place)}"]
    if with_quote:
        lines += _wrap(one_line(citation.quote), style, indent="    ")
    return [*lines, ""]


def matches(matches: Sequence[Match], find: Find, style: Style) -> str:
    """The places where something stands, each with the words that differ; or that there is none.

    Words that are only in what was looked up are marked ``[-so-]``, the source's ``{+so+}``.
    """
    if not matches:
        return style.bold("The documents hold nothing like this.")
    lines = []
    if matches[0].match != "exact":
        lines += [style.bold("The documents do not hold this as it is given."), ""]
        lines += ["What is close: [-only in what you gave-] {+only in the source+}", ""]
    for match in matches:
        heading, place, _ = _footnote(match.citation, find, style, with_quote=False)
        alike = "exact" if match.match == "exact" else f"{match.similarity:.0%} alike"
        lines += [heading, f"{place}{style.dim(f', {alike}')}"]
        lines += [*_marked(match.differences, style), ""]
    return "\n".join(lines[:-1])


def _marked(differences: Sequence[Difference], style: Style) -> list[str]:
    """The source's words, with what differs marked."""
    parts: list[tuple[str, bool]] = []
    for run in differences:
        given, source = one_line(run.given), one_line(run.source)
        if run.kind == "same":
            parts.append((source, False))
            continue
        parts += [(f"[-{given}-]", True)] if given else []
        parts += [(f"{{+{source}+}}", True)] if source else []
    # Wrapped as plain text, so that colours do not count; letters stay in their order.
    marks = iter([marked for part, marked in parts for _ in part.replace(" ", "")])
    lines = _wrap(" ".join(part for part, _ in parts), style, indent="    ")
    return ["    " + " ".join(_bold_if(w, marks, style) for w in line.split()) for line in lines]


def _bold_if(word: str, marks: Iterator[bool], style: Style) -> str:
    marked = [next(marks) for _ in word]
    return style.bold(word) if marked[0] else word


def surroundings(citation: Citation, document: Document, style: Style) -> str:
    """A quotation marked in what stands before and after it; ``»`` and ``«`` where no colour is."""
    heading, place, _ = _footnote(citation, lambda _: document, style, with_quote=False)
    start = max(0, citation.start - _SURROUNDINGS)
    end = citation.end + _SURROUNDINGS
    before, after = document.text[start : citation.start], document.text[citation.end : end]
    # A word cut in half at either edge is left out.
    before = before.partition(" ")[2] if start else before
    after = after.rpartition(" ")[0] if end < len(document.text) else after
    opening, closing = ("", "") if style.colour else ("»", "«")
    quote = f"{opening}{one_line(citation.quote)}{closing}"
    lines = [heading, place, ""]
    lines += _wrap(f"… {one_line(before)}" if start else one_line(before), style, indent="    ")
    lines += [style.bold(line) for line in _wrap(quote, style, indent="    ")]
    lines += _wrap(
        f"{one_line(after)} …" if end < len(document.text) else one_line(after),
        style,
        indent="    ",
    )
    return "\n".join(lines)


def receipt(receipt: Receipt, style: Style) -> str:
    """What was read, file by file, and what the index holds now."""
    lines = []
    for file in receipt.files:
        name = one_line(file.path)
        if file.failure:
            change = style.bold(f"{file.change:<10}")
            lines.append(f"{change} {name}: {one_line(file.failure)}")
        elif file.change == "removed":
            lines.append(f"removed    {name}")
        else:
            many = f"{file.documents} documents, " if file.documents != 1 else ""
            lines.append(
                f"{file.change:<10} {name}: {many}{_count(file.characters, 'character')}, "
                f"{_count(file.passages, 'passage')}"
            )
        lines += [f"           warning: {one_line(warning)}" for warning in file.warnings]
    lines += [one_line(note) for note in receipt.notes]
    held = receipt.coverage
    lines.append(
        f"{_count(held.documents, 'document')} and {_count(held.passages, 'passage')} indexed; "
        f"{_count(receipt.embedded, 'passage')} embedded now; "
        f"{_count(held.unreadable, 'file')} unreadable"
    )
    return "\n".join(lines)


def documents(documents: Sequence[Listed], style: Style) -> str:
    """A line for each document; or what to do where there is none."""
    if not documents:
        return "No documents are indexed; footnoted index PATH adds some."
    width = max((len(one_line(document.id)) for document in documents), default=0)
    return "\n".join(
        f"{style.bold(one_line(document.id).ljust(width))}  {described(document)}"
        f"{style.dim(f', {document.characters:,} characters')}"
        for document in documents
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _wrap(text: str, style: Style, indent: str) -> list[str]:
    return textwrap.wrap(
        text, style.width, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    ) or [indent]
