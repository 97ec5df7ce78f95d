"""Answers, receipts and lists for a person at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from footnoted.corpus.structure import UNREAD
from footnoted.corpus.types import Document, Listed, Span
from footnoted.corpus.wording import counted
from footnoted.index.types import FileReceipt, Origin, Receipt
from footnoted.qa.escape import one_line, one_run
from footnoted.qa.place import date_in_words
from footnoted.qa.receipts import (
    about_document,
    about_file,
    in_other_languages,
    not_in_english,
    summed_up,
)
from footnoted.qa.show.laid_out import laid_out_lines
from footnoted.qa.show.outline import CONTAINERS, Node, Run, marker, outline
from footnoted.qa.show.style import Style, statement_lines, wrap
from footnoted.qa.types import Answer, Citation, Ledger

if TYPE_CHECKING:
    from footnoted.index.collections import Described
    from footnoted.qa.lookup.draft import Checked
    from footnoted.qa.lookup.lookup import Difference, Match

PLACES_SHOWN = 10
"""How many places a look-up shows where nobody asks for all of them."""

LISTING = "footnoted documents --unreadable"
"""The command that lists the files which were not read, or not as a whole."""

# Characters shown before and after a quotation that is opened.
_SURROUNDINGS = 400

_Painted = tuple[str, Callable[[str], str]]  # text, and what gives it its colour


def described(document: Document | Listed) -> str:
    """A document as it is named to people: title, publisher, date, as far as they are known."""
    parts = (document.title, document.publisher, date_in_words(document.date or ""))
    return " · ".join(one_line(part) for part in parts if part)


def answer(
    answer: Answer, style: Style, listing: str = LISTING, *, with_ledger: bool = False
) -> str:
    """An answer with its footnotes, or the nearest passages where there is none.

    ``listing`` is the command that lists the files which were not read. ``with_ledger``: also what
    was found for a list or a side and left out.
    """
    lines = []
    if answer.understood != answer.question:
        lines += [style.dim(f"Understood as: {one_line(answer.understood)}"), ""]
    if answer.corrected:
        lines += [style.dim(f"Read as: {one_line(answer.read_as)}"), ""]
    if answer.answered:
        if answer.laid_out:
            lines += [style.dim(answer.told_first), "", *laid_out_lines(answer, style)]
        else:
            lines += [*_short_answers(answer, style), *_statements(answer, style)]
        lines += [one_line(answer.note), ""] if answer.note else []
        lines += [style.bold(one_line(answer.not_found)), ""] if answer.not_found else []
        footnotes = answer.citations
    else:
        lines += [style.bold(answer.refusal), ""]
        if other := not_in_english(answer.coverage.languages, answer.coverage.documents):
            lines += [*wrap(other, style, indent=""), ""]
        footnotes = answer.nearest
        if footnotes:
            lines += [f"{answer.nearest_are}:", ""]
    quoted = {statement.text for statement in answer.statements}
    for citation in footnotes:
        lines += _footnote(citation, style, with_quote=citation.quote not in quoted)
    if answer.ledger:
        lines += [style.dim(_capital(answer.weighed))]
        lines += [*_left_out(answer.ledger, style), ""] if with_ledger else []
    if answer.written:
        lines += wrap(one_line(answer.written.said), style, indent="")
    if answer.within:
        lines += wrap(answer.within.said, style, indent="")
    searched = answer.coverage
    passed_over = f"; {counted(searched.unreadable, 'file')} unreadable"
    lines += [
        style.dim(
            f"{searched.passages_read} of {counted(searched.passages, 'passage')} in "
            f"{counted(searched.documents, 'document')} read"
            f"{passed_over if searched.unreadable else ''}; confidence {answer.confidence:.2f}"
        )
    ]
    if searched.unreadable:
        lines += [style.dim(f"what is unreadable may hold an answer; {listing} lists it")]
    return "\n".join(lines)


def _left_out(ledger: Ledger, style: Style) -> list[str]:
    return [
        line
        for one in ledger.left_out
        for line in wrap(
            f"{one_line(one.text)}: {one.why}, {one.confidence:.2f} ({one_line(one.document)})",
            style,
            indent="  ",
        )
    ]


def _capital(line: str) -> str:
    return line[:1].upper() + line[1:]


def _short_answers(answer: Answer, style: Style) -> list[str]:
    lines = [
        f"• {style.bold(one_line(short.said))} {''.join(map(style.number, short.citations))}"
        for short in answer.short
    ]
    return [*lines, ""] if lines else []


def _statements(answer: Answer, style: Style) -> list[str]:
    lines = [line for one in answer.main for line in statement_lines(one, answer, style)]
    if answer.further:
        lines += [style.dim("More on this:"), ""]
    return lines + [line for one in answer.further for line in statement_lines(one, answer, style)]


def _footnote(citation: Citation, style: Style, *, with_quote: bool) -> list[str]:
    place = f"{one_line(citation.document)}, {_place(citation)}"
    lines = [
        f"{style.number(citation.number)} {style.bold(_named(citation))}",
        *map(style.dim, wrap(place, style, indent="    ")),
    ]
    if with_quote:
        lines += wrap(one_line(citation.said), style, indent="    ")
    return [*lines, ""]


def _named(citation: Citation) -> str:
    """Title and publisher; the date is said with the place."""
    return " · ".join(one_line(part) for part in (citation.title, citation.publisher) if part)


def _place(citation: Citation) -> str:
    """Where in its document a quotation stands."""
    characters = f"characters {citation.start} to {citation.end}"
    return f"{one_line(citation.place)}, {characters}" if citation.place else characters


def matches(found: Sequence[Match], style: Style, most: int | None = None) -> str:
    """The places where something stands, each in its sentence; or that there is none.

    They are grouped by document; where there are more than ``most``, the rest are counted. Words
    that are only in what was looked up are marked ``[-so-]``, the source's ``{+so+}``.
    """
    if not found:
        return style.bold("The documents hold nothing like this.")
    lines = []
    if found[0].match != "exact":
        lines += [style.bold("The documents do not hold this as it is given."), ""]
        lines += ["What is close: [-only in what you gave-] {+only in the source+}", ""]
    shown = found[:most]
    by_document: dict[str, list[Match]] = {}
    for match in shown:
        by_document.setdefault(match.citation.document, []).append(match)
    for document, places in by_document.items():
        lines += [style.bold(_named(places[0].citation)), style.dim(one_line(document))]
        lines += [line for match in places for line in _match(match, style)]
        lines += [""]
    if more := len(found) - len(shown):
        lines += [f"and {counted(more, 'more place')}; --all shows them", ""]
    return "\n".join(lines[:-1])


def draft(checked: Sequence[Checked], style: Style) -> Iterator[str]:
    """What a text quotes, and whether the documents hold it: those first that they do not."""
    standing = [one for one in checked if one.stands]
    for one in (one for one in checked if not one.stands):
        yield style.bold(f"Not word for word: “{one_line(one.piece.text)}”")
        if one.matches:
            yield style.dim(_named(one.matches[0].citation))
            yield from _match(one.matches[0], style)
        else:
            yield style.dim("  The documents hold nothing like this.")
        yield ""
    for one in standing:
        where = _named(one.matches[0].citation)
        yield f"Stands: “{one_line(one.piece.text)}” {style.dim(where)}"
    total = counted(len(checked), "quotation")
    yield f"{len(standing)} of {total} {'stands' if len(checked) == 1 else 'stand'} word for word"


def _match(match: Match, style: Style) -> list[str]:
    alike = "exact" if match.match == "exact" else f"{match.similarity:.0%} alike"
    place = style.dim(f"{_place(match.citation)}, {alike}")
    return [f"{style.number(match.citation.number)} {place}", *_in_its_sentence(match, style)]


def _in_its_sentence(match: Match, style: Style) -> list[str]:
    """The source's words between ``»`` and ``«``, with what differs marked, and those around it."""
    before, after = one_line(match.before), one_line(match.after)
    before += " " if match.before[-1:].isspace() else ""
    after = f" {after}" if match.after[:1].isspace() else after
    if match.match == "exact":
        inside: list[_Painted] = [(one_line(match.said), style.bold)]
    else:
        inside = _woven(match.differences, style)
    parts: list[_Painted] = [(before, style.dim), ("»", style.bold)]
    for number, (said, paint) in enumerate(inside):
        parts.append((f" {said}" if number else said, paint))
    parts += [("«", style.bold), (after, style.dim)]
    return _painted(parts, style, indent="    ")


def _painted(parts: Sequence[_Painted], style: Style, indent: str) -> list[str]:
    """Parts that follow one another, wrapped as plain text, so that colours do not count."""
    lines = wrap("".join(part for part, _ in parts), style, indent)
    # Letters stay in their order.
    paints = iter([paint for part, paint in parts for _ in "".join(part.split())])
    return [indent + " ".join(_paint(w, paints) for w in line.split()) for line in lines]


def _woven(differences: Sequence[Difference], style: Style) -> list[_Painted]:
    parts: list[_Painted] = []
    for run in differences:
        given, source = one_line(run.given), one_line(run.source)
        if run.kind == "same":
            parts.append((source, str))
            continue
        parts += [(f"[-{given}-]", style.bold)] if given else []
        parts += [(f"{{+{source}+}}", style.bold)] if source else []
    return parts


def _paint(word: str, paints: Iterator[Callable[[str], str]]) -> str:
    painted = [(next(paints), letter) for letter in word]
    runs = groupby(painted, key=itemgetter(0))
    return "".join(paint("".join(letter for _, letter in run)) for paint, run in runs)


def surroundings(citation: Citation, document: Document, style: Style) -> str:
    """A quotation, between ``»`` and ``«``, in what stands before and after it, block by block."""
    mark = Span(citation.start, citation.end)
    within = _near(document.text, mark)
    shown = list(_blocks(outline(document, mark, within)))
    marked = [number for number, block in enumerate(shown) if block.node.marked]
    *lines, _ = _footnote(citation, style, with_quote=False)
    for number, (node, lead, depth) in enumerate(shown):
        above = shown[number - 1].node.kind if number else ""
        lines += [] if node.kind == above in ("item", "row") else [""]
        parts = [(lead, style.dim), *_runs(node, style, marked[0] == number, marked[-1] == number)]
        if number == 0 and within.start:
            parts.insert(0, ("… ", style.dim))
        if number == len(shown) - 1 and within.end < len(document.text):
            parts.append((" …", style.dim))
        lines += _painted(parts, style, indent="    " + "  " * depth)
    return "\n".join(lines)


def _near(text: str, mark: Span) -> Span:
    """A quotation with some characters on either side; no word is cut in half."""
    start, end = max(0, mark.start - _SURROUNDINGS), min(mark.end + _SURROUNDINGS, len(text))
    if start:
        start = min((text.find(" ", start, mark.start) + 1) or mark.start, mark.start)
    if end < len(text):
        end = max(text.rfind(" ", mark.end, end), mark.end)
    return Span(start, end)


class _Block(NamedTuple):
    """A block, what it is headed with, and inside how many lists and quotations it stands."""

    node: Node
    lead: str
    depth: int


def _blocks(node: Node, depth: int = -1) -> Iterator[_Block]:
    """The blocks in a container or a document that hold something to be shown."""
    hidden = ""
    for child in node.children:
        if isinstance(child, Run):
            hidden = child.text
        elif isinstance(child, Node) and child.kind in CONTAINERS:
            yield from _blocks(child, depth + (child.kind in ("list", "quotation")))
        elif isinstance(child, Node) and child.text.strip():
            lead = f"{marker(hidden, child)} " if child.kind == "item" else ""
            yield _Block(child, lead, max(depth, 0))


def _runs(block: Node, style: Style, opens: bool, closes: bool) -> list[_Painted]:
    """What a block says, cells apart; the mark ``opens`` or ``closes`` in it."""
    plain = style.bold if block.kind == "heading" else style.dim if block.kind in UNREAD else str
    parts: list[_Painted] = []
    marked: list[int] = []
    for child in block.children:
        if isinstance(child, Node) and child.kind == "cell" and parts:
            parts.append((" | ", style.dim))
        for run in child.runs() if isinstance(child, Node) else [child]:
            if isinstance(run, Run) and run.shown:
                marked += [len(parts)] if run.marked else []
                parts.append((one_run(run.text), style.bold if run.marked else plain))
    if closes:
        parts.insert(marked[-1] + 1, ("«", style.bold))
    if opens:
        parts.insert(marked[0], ("»", style.bold))
    return parts


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
        elif file.same_as:
            lines.append(f"{file.change:<10} {name}: same as {one_line(file.same_as)}")
        else:
            many = f"{counted(file.documents, 'document')}, " if file.documents != 1 else ""
            pages = f"{counted(file.pages, 'page')}, " if file.pages else ""
            spoken = in_other_languages(file.languages)
            lines.append(
                f"{file.change:<10} {name}: {many}{pages}{counted(file.characters, 'character')}, "
                f"{counted(file.passages, 'passage')}{f', {spoken}' if spoken else ''}"
            )
        lines += [f"           warning: {one_line(warning)}" for warning in file.warnings]
        if file.near:
            lines.append(f"           nearly the same as {one_line(file.near)}")
    if others := sum(bool(in_other_languages(file.languages)) for file in receipt.files):
        lines.append(
            f"{counted(others, 'file')} not, or not only, in English, which alone is read well"
        )
    lines += [one_line(note) for note in receipt.notes]
    held = receipt.coverage
    lines.append(
        f"{counted(held.documents, 'document')} and {counted(held.passages, 'passage')} indexed; "
        f"{counted(receipt.embedded, 'passage')} embedded now; "
        f"{counted(held.unreadable, 'file')} unreadable"
    )
    return "\n".join(lines)


def documents(
    documents: Sequence[Listed],
    origins: Mapping[str, Origin],
    unreadable: Sequence[FileReceipt],
    style: Style,
) -> Iterator[str]:
    """A line for each document with what is like it below, and the files that could not be read.

    Where there is no document, what to do. ``origins`` are by the documents' ids.
    """
    if not documents:
        yield "No documents are indexed; footnoted index PATH adds some."
    width = max((len(one_line(document.id)) for document in documents), default=0)
    for document in documents:
        origin = origins.get(document.id)
        about = one_line(", ".join(about_document(document, origin)))
        name = style.bold(one_line(document.id).ljust(width))
        yield f"{name}  {described(document)}{style.dim(', ' + about)}"
        yield from (f"    {style.dim(line)}" for line in _others_like(origin))
    failed = [file for file in unreadable if file.failure]
    if failed:
        yield ""
        yield f"{counted(len(failed), 'file')} could not be read:"
        yield from (f"    {one_line(file.path)}: {one_line(file.failure or '')}" for file in failed)
    if partly := len(unreadable) - len(failed):
        yield ""
        yield f"{counted(partly, 'file')} partly read; {LISTING} says what is missing"


def collections(found: Sequence[Described], style: Style, makes: str) -> Iterator[str]:
    """A line for each collection; where there is none, what ``makes`` one."""
    if not found:
        yield f"There are no collections; {makes}."
    width = max((len(one_line(one.name)) for one in found), default=0)
    for one in found:
        name = style.bold(one_line(one.name).ljust(width))
        held = one_line(one.failure or counted(one.documents or 0, "document"))
        yield f"{name}  {held}  {style.dim(one_line(str(one.place)))}"


def suggestions(found: Sequence[tuple[str, str, str]], style: Style) -> Iterator[str]:
    """Questions, each with its answer and the document that it is from."""
    for question, answer, document in found:
        yield style.bold(one_line(question))
        said = textwrap.shorten(one_line(answer), style.width - 4, placeholder=" …")
        yield f"  {said} {style.dim(one_line(document))}"
    if not found:
        yield "Nothing is suggested: of no question is it sure that these documents answer it."


def _others_like(origin: Origin | None) -> Iterator[str]:
    if origin:
        yield from (f"also at {one_line(path)}" for path in origin.copies)
        yield from (f"nearly the same as {one_line(path)}" for path in origin.near)


def origin(document: Document, origin: Origin | None) -> str:
    """Where a document comes from, and how it was read, on one line."""
    parts = [*about_document(document, origin), *_others_like(origin)]
    return one_line(", ".join([*([origin.file.path] if origin else []), *parts]))


def files(files: Sequence[FileReceipt], style: Style) -> Iterator[str]:
    """A line for each file with its state, and below it what there is to be said of it."""
    width = max((len(file.state) for file in files), default=0)
    for file in files:
        state = file.state.ljust(width)
        name = one_line(file.path)
        said = (
            file.failure
            or (f"same as {file.same_as}" if file.same_as else "")
            or ", ".join(about_file(file))
        )
        yield f"{style.bold(state) if file.is_unreadable else state}  {name}: {one_line(said)}"
        near = [f"nearly the same as {file.near}"] if file.near else []
        for more in (*file.warnings, *near):
            yield f"{' ' * width}  {style.dim(one_line(more))}"
    yield summed_up(files)
